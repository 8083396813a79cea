#include "render/CorrectionWeights.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace pump::render {

namespace {

constexpr float kTurnScale = 1.5f; // a turn of 40 degrees weighs as much as full activation
constexpr std::array<std::string_view, 5> kGroups = {"SOLEUS", "GASTROC", "DEEP", "ANT", "PLANTAR"};

} // namespace

CorrectionWeights::CorrectionWeights(const anatomy::LegModel& leg) : m_leg(leg) {
    const auto joint = [&](std::string_view id) {
        for (std::size_t i = 0; i < leg.rig.joints.size(); ++i)
            if (leg.rig.joints[i].id == id) return static_cast<int>(i);
        return -1;
    };
    m_thigh = joint("thigh"), m_shank = joint("shank"), m_talus = joint("talus"), m_foot = joint("foot");
    m_forefoot = joint("forefoot"), m_toes = joint("toes");
    for (std::size_t g = 0; g < kGroups.size(); ++g) {
        const auto found = std::find_if(leg.rig.muscles.begin(), leg.rig.muscles.end(),
                                        [&](const auto& muscle) { return muscle.compartment == kGroups[g]; });
        m_speakers[g] =
            found == leg.rig.muscles.end() ? -1 : static_cast<int>(found - leg.rig.muscles.begin());
    }
}

PoseFeatures CorrectionWeights::features(const std::vector<glm::mat4>& joints,
                                         std::span<const scene::MuscleState> muscles) const {
    PoseFeatures result{};
    const auto turn = [&](int of, int against) {
        if (of < 0 || against < 0) return glm::mat3(1);
        return glm::transpose(glm::mat3(joints[static_cast<std::size_t>(against)])) *
               glm::mat3(joints[static_cast<std::size_t>(of)]);
    };
    const glm::mat3 knee = turn(m_shank, m_thigh), ankle = turn(m_foot, m_shank),
                    arch = turn(m_forefoot, m_foot), toes = turn(m_toes, m_forefoot);
    result[0] = std::atan2(knee[1].z, knee[1].y);
    result[1] = std::atan2(ankle[1].z, ankle[1].y);
    result[2] = ankle[1].x;
    result[3] = ankle[2].x;
    result[4] = std::atan2(arch[1].z, arch[1].y);
    result[5] = std::atan2(toes[1].z, toes[1].y);
    for (std::size_t i = 0; i < 6; ++i) result[i] *= kTurnScale;
    for (std::size_t g = 0; g < m_speakers.size(); ++g)
        if (m_speakers[g] >= 0)
            result[6 + g] =
                std::clamp(muscles[static_cast<std::size_t>(m_speakers[g])].activation, 0.0f, 1.0f);
    return result;
}

std::vector<float> CorrectionWeights::at(const anatomy::Corrections& data, const PoseFeatures& here) {
    const std::size_t width = data.muscles * anatomy::kCorrectionWeights, poses = data.poses();
    std::vector<float> sum(data.rows.end() - static_cast<std::ptrdiff_t>(width), data.rows.end());
    for (std::size_t i = 0; i < poses; ++i) {
        float away = 0;
        for (std::size_t f = 0; f < kPoseFeatures; ++f) {
            const float d = here[f] - data.centres[i * kPoseFeatures + f];
            away += d * d;
        }
        away = std::sqrt(away);
        const float* row = data.rows.data() + i * width;
        for (std::size_t k = 0; k < width; ++k) sum[k] += away * row[k];
    }
    return sum;
}

std::vector<float> CorrectionWeights::weights(const scene::RenderInput& input) const {
    const anatomy::Corrections& data = m_leg.corrections;
    if (data.rows.empty() || data.features != kPoseFeatures) return {};
    return at(data, features(input.joints, input.muscles));
}

} // namespace pump::render
