#include "scene/Pose.h"

#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace pump::scene {

namespace {

glm::mat4 turnAbout(glm::vec3 pivot, glm::vec3 axis, float angle) {
    return glm::translate(glm::mat4(1), pivot) * glm::rotate(glm::mat4(1), angle, axis) *
           glm::translate(glm::mat4(1), -pivot);
}

glm::mat4 shift(glm::vec3 by) {
    return glm::translate(glm::mat4(1), by);
}

/// The axis made level: what lifts the heel may not swing it sideways.
glm::vec3 level(glm::vec3 axis) {
    const glm::vec3 flat(axis.x, axis.y, 0);
    return glm::length(flat) > 1e-3f ? glm::normalize(flat) : glm::vec3(1, 0, 0);
}

constexpr float kFreeFootKneeFlexion = 0.6f; // rad; seated or lying: the foot hangs free
constexpr float kMaxLean = 0.35f;            // rad
constexpr float kLiftedHeelMm = 6.0f;
constexpr std::size_t kMaxJoints = 256;

} // namespace

Poser::Poser(const anatomy::LegModel& leg) : m_rig(leg.rig) {
    m_shank = index("shank");
    m_foot = index("foot");
    m_toes = index("toes");
    if (m_shank < 0 && !m_rig.joints.empty()) m_shank = 0;
    const float ankleY = m_foot >= 0 ? m_rig.joints[static_cast<std::size_t>(m_foot)].pivot.y : 0;
    float lowest = 1e9f;
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.tissue != anatomy::Tissue::Bone && structure.tissue != anatomy::Tissue::Skin) continue;
        for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
            const glm::vec3 p = leg.vertices[structure.firstVertex + i].position;
            if (p.y < ankleY - 10 && p.z < lowest) {
                lowest = p.z;
                m_heel = p;
            }
        }
    }
}

int Poser::index(std::string_view id) const {
    for (std::size_t i = 0; i < m_rig.joints.size(); ++i)
        if (m_rig.joints[i].id == id) return static_cast<int>(i);
    return -1;
}

std::vector<glm::mat4> Poser::joints(const physiology::Pose& pose) const {
    const std::size_t count = m_rig.joints.size();
    std::vector<glm::mat4> result(count, glm::mat4(1));
    if (m_foot < 0) return result;
    const anatomy::Joint& foot = m_rig.joints[static_cast<std::size_t>(m_foot)];
    const auto dorsi = static_cast<float>(pose.ankleDorsiflexion);
    const auto toeAngle = static_cast<float>(pose.toeDorsiflexion);
    glm::mat4 shankPose(1), footPose(1), toesPose(1);

    if (static_cast<float>(pose.kneeFlexion) > kFreeFootKneeFlexion) {
        footPose = turnAbout(foot.pivot, foot.axis, dorsi);
        toesPose = footPose;
        if (m_toes >= 0) {
            const anatomy::Joint& toes = m_rig.joints[static_cast<std::size_t>(m_toes)];
            toesPose = footPose * turnAbout(toes.pivot, toes.axis, toeAngle);
        }
    } else {
        // The ankle angle says how far the foot turns; the heel lift, whether it is the heel that rises or
        // the shank that leans.
        const float lifted = glm::smoothstep(0.0f, kLiftedHeelMm, static_cast<float>(pose.heelLiftMm));
        const float pitch = std::max(-dorsi, 0.0f) * lifted;
        if (m_toes >= 0) {
            const anatomy::Joint& toes = m_rig.joints[static_cast<std::size_t>(m_toes)];
            // Positive about the axis lifts what lies in front; the heel lies behind.
            footPose = turnAbout(toes.pivot, level(toes.axis), -pitch);
        }
        const glm::vec3 ankle = glm::vec3(footPose * glm::vec4(foot.pivot, 1));
        // With the heel down plantarflexion leans the shank back and dorsiflexion forward.
        const float lean = std::clamp(dorsi + pitch, -kMaxLean, kMaxLean);
        const glm::vec3 axis = level(foot.axis);
        shankPose = shift(ankle - foot.pivot) * turnAbout(foot.pivot, axis, -lean);
    }
    for (std::size_t i = 0; i < count; ++i) {
        const int joint = static_cast<int>(i);
        if (joint == m_foot)
            result[i] = footPose;
        else if (joint == m_toes)
            result[i] = toesPose;
        else if (joint == m_shank)
            result[i] = shankPose;
        else {
            const int parent = m_rig.joints[i].parent;
            result[i] = parent >= 0 && parent < joint ? result[static_cast<std::size_t>(parent)] : shankPose;
        }
    }
    return result;
}

MusclePath::MusclePath(const anatomy::LegModel& leg, int muscle)
    : m_rig(leg.rig.muscles[static_cast<std::size_t>(muscle)]), m_weights(m_rig.line.size()) {
    const std::size_t count = m_rig.line.size();
    const std::size_t jointCount = std::min(std::max<std::size_t>(leg.rig.joints.size(), 1), kMaxJoints);
    std::vector<float> sums(count * jointCount, 0.0f);
    std::vector<float> totals(count, 0.0f);
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.muscle != muscle) continue;
        if (structure.tissue != anatomy::Tissue::Muscle && structure.tissue != anatomy::Tissue::Tendon)
            continue;
        for (std::uint32_t v = 0; v < structure.vertexCount; ++v) {
            const anatomy::Vertex& vertex = leg.vertices[structure.firstVertex + v];
            const auto above = std::upper_bound(m_rig.arc.begin(), m_rig.arc.end(), vertex.tissue[0]);
            auto nearest = static_cast<std::size_t>(above - m_rig.arc.begin());
            if (nearest > 0 && (nearest == count || vertex.tissue[0] - m_rig.arc[nearest - 1] <
                                                        m_rig.arc[nearest] - vertex.tissue[0]))
                --nearest;
            for (std::size_t k = 0; k < 4; ++k) {
                const std::size_t joint = vertex.joints[k];
                if (joint < jointCount)
                    sums[nearest * jointCount + joint] += static_cast<float>(vertex.weights[k]);
            }
            totals[nearest] += 255.0f;
        }
    }
    // The two ends are known; points without vertices take over from their neighbours.
    auto setOne = [&](std::size_t point, const std::array<std::uint8_t, 4>& joints,
                      const std::array<std::uint8_t, 4>& weights) {
        std::fill_n(sums.begin() + static_cast<std::ptrdiff_t>(point * jointCount), jointCount, 0.0f);
        for (std::size_t k = 0; k < 4; ++k)
            if (joints[k] < jointCount)
                sums[point * jointCount + joints[k]] += static_cast<float>(weights[k]);
        totals[point] = 255;
    };
    setOne(0, {0, 0, 0, 0}, {255, 0, 0, 0});
    setOne(count - 1, m_rig.insertionJoints, m_rig.insertionWeights);
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t from = i;
        while (totals[from] <= 0) --from; // point 0 is set
        std::vector<std::size_t> order(jointCount);
        std::iota(order.begin(), order.end(), std::size_t{0});
        const float* row = sums.data() + from * jointCount;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return row[a] > row[b]; });
        float total = 0;
        for (std::size_t k = 0; k < std::min<std::size_t>(4, jointCount); ++k) total += row[order[k]];
        for (std::size_t k = 0; k < 4; ++k) {
            const bool there = k < jointCount && total > 0;
            const auto slot = static_cast<glm::length_t>(k);
            m_weights[i].joints[slot] = there ? static_cast<int>(order[k]) : 0;
            m_weights[i].weights[slot] = there ? row[order[k]] / total : (k == 0 ? 1.0f : 0.0f);
        }
    }
}

glm::vec3 MusclePath::posed(std::size_t i, const std::vector<glm::mat4>& joints) const {
    if (joints.empty()) return m_rig.line[i];
    glm::vec3 result(0);
    for (glm::length_t k = 0; k < 4; ++k) {
        if (m_weights[i].weights[k] <= 0) continue;
        const glm::mat4& joint = joints[static_cast<std::size_t>(m_weights[i].joints[k])];
        result += m_weights[i].weights[k] * glm::vec3(joint * glm::vec4(m_rig.line[i], 1));
    }
    return result;
}

float MusclePath::posedLength(const std::vector<glm::mat4>& joints) const {
    float length = 0;
    for (std::size_t i = 1; i < m_rig.line.size(); ++i)
        length += glm::distance(posed(i - 1, joints), posed(i, joints));
    return length;
}

std::vector<float> MusclePath::carried(const std::vector<glm::mat4>& joints) const {
    std::vector<float> result(m_rig.line.size(), 0.0f);
    float rest = 0, now = 0;
    for (std::size_t i = 1; i < result.size(); ++i) {
        rest += glm::distance(m_rig.line[i - 1], m_rig.line[i]);
        now += glm::distance(posed(i - 1, joints), posed(i, joints));
        result[i] = rest - now;
    }
    return result;
}

} // namespace pump::scene
