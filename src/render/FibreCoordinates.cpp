#include "render/FibreCoordinates.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace pump::render {
namespace {

constexpr float kBin = 8.0f;   ///< mm along the muscle's line
constexpr int kSmoothings = 3; ///< of what is measured in the bins
constexpr float kWidest = 3.0f, kAlong = 0.05f;
constexpr float kDeep = 0.2f; ///< share of the depth below or above the mean surface that is kept

/// Place of a vertex against the line of its muscle, mm.
glm::vec3 offLine(const anatomy::MuscleRig& rig, const anatomy::Vertex& vertex) {
    const auto above = std::upper_bound(rig.arc.begin(), rig.arc.end(), vertex.tissue[0]);
    const auto last = static_cast<std::ptrdiff_t>(rig.line.size()) - 2;
    const auto i = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(above - rig.arc.begin() - 1, 0, std::max<std::ptrdiff_t>(last, 0)));
    const float span = rig.arc[i + 1] - rig.arc[i];
    const float t = span > 0 ? std::clamp((vertex.tissue[0] - rig.arc[i]) / span, 0.0f, 1.0f) : 0;
    return vertex.position - glm::mix(rig.line[i], rig.line[i + 1], t);
}

/// Values at even steps of arc, smoothed; empty steps take what lies beside them.
class Along {
  public:
    explicit Along(float length) : m_bins(static_cast<std::size_t>(std::max(length, 0.0f) / kBin) + 2) {}

    void add(float arc, const glm::vec3& value) {
        const float at = place(arc);
        const auto low = static_cast<std::size_t>(at);
        const float high = at - static_cast<float>(low);
        m_bins[low] += glm::vec4(value, 1) * (1 - high);
        m_bins[low + 1] += glm::vec4(value, 1) * high;
    }
    void smooth() {
        for (int pass = 0; pass < kSmoothings; ++pass) {
            std::vector<glm::vec4> next = m_bins;
            for (std::size_t i = 0; i < m_bins.size(); ++i)
                next[i] = 0.25f * m_bins[i > 0 ? i - 1 : 0] + 0.5f * m_bins[i] +
                          0.25f * m_bins[std::min(i + 1, m_bins.size() - 1)];
            m_bins = std::move(next);
        }
        for (std::size_t i = 1; i < m_bins.size(); ++i)
            if (m_bins[i].w <= 0) m_bins[i] = m_bins[i - 1];
        for (std::size_t i = m_bins.size() - 1; i-- > 0;)
            if (m_bins[i].w <= 0) m_bins[i] = m_bins[i + 1];
    }
    glm::vec3 at(float arc) const {
        const float at = place(arc);
        const auto low = static_cast<std::size_t>(at);
        return glm::mix(mean(low), mean(low + 1), at - static_cast<float>(low));
    }
    std::size_t size() const { return m_bins.size(); }
    glm::vec3 mean(std::size_t bin) const { return glm::vec3(m_bins[bin]) / m_bins[bin].w; }

  private:
    float place(float arc) const {
        return std::clamp(arc / kBin, 0.0f, static_cast<float>(m_bins.size() - 1) - 1e-3f);
    }
    std::vector<glm::vec4> m_bins;
};

/// v times the inverse root of the symmetric matrix (c.x, c.y; c.y, c.z): an ellipse made round.
glm::vec2 squeezedRound(const glm::vec3& c, const glm::vec3& v) {
    const float root = std::sqrt(std::max(c.x * c.z - c.y * c.y, 1e-12f));
    const float scale = 1 / (std::sqrt(c.x + c.z + 2 * root) * root);
    // The root of a matrix m is (m + root) / sqrt(trace + 2 root), its determinant `root`.
    return {((c.z + root) * v.x - c.y * v.y) * scale, ((c.x + root) * v.y - c.y * v.x) * scale};
}

} // namespace

std::vector<glm::vec3> fibreCoordinates(const anatomy::LegModel& leg, const anatomy::Structure& structure) {
    std::vector<glm::vec3> result;
    if (structure.vertexCount == 0) return result;
    const anatomy::MuscleRig& rig = leg.rig.muscles[static_cast<std::size_t>(structure.muscle)];
    const auto vertexAt = [&](std::uint32_t i) -> const anatomy::Vertex& {
        return leg.vertices[structure.firstVertex + i];
    };
    const glm::vec3 up = glm::normalize(rig.line.front() - rig.line.back() + glm::vec3(0, 0, 1e-4f));
    const glm::vec3 right =
        glm::normalize(glm::cross(up, std::abs(up.y) < 0.8f ? glm::vec3(0, 1, 0) : glm::vec3(0, 0, 1)));
    const glm::vec3 forward = glm::cross(right, up);
    Along middle(rig.arc.back()), spread(rig.arc.back());
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
        const glm::vec3 off = offLine(rig, vertexAt(i));
        result.emplace_back(glm::dot(off, right), glm::dot(off, forward), vertexAt(i).tissue[0] * kAlong);
        middle.add(vertexAt(i).tissue[0], {result.back().x, result.back().y, 0});
    }
    middle.smooth();
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
        result[i] -= middle.at(vertexAt(i).tissue[0]);
        const glm::vec3& q = result[i];
        spread.add(vertexAt(i).tissue[0], {q.x * q.x, q.x * q.y, q.y * q.y});
    }
    spread.smooth();
    float fullest = 0; // mm^2
    for (std::size_t bin = 0; bin < spread.size(); ++bin)
        fullest = std::max(fullest, spread.mean(bin).x + spread.mean(bin).z);
    const float radius = std::sqrt(fullest), least = 0.5f * fullest / (kWidest * kWidest) + 1e-6f;
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
        glm::vec3 c = spread.at(vertexAt(i).tissue[0]);
        c.x += least, c.z += least;
        const glm::vec2 round = 0.70710678f * squeezedRound(c, result[i]); // of length 1 or so
        const float far = std::max(glm::length(round), 1e-3f);
        const glm::vec2 q = round * (radius * std::lerp(1.0f, far, kDeep) / far);
        result[i].x = q.x, result[i].y = q.y;
    }
    return result;
}

} // namespace pump::render
