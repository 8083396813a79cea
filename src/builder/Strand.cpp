#include "builder/Strand.h"

#include "builder/Curve.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr float kStep = 2.5f; ///< mm between the points of a strand

void layOnBones(std::vector<glm::vec3>& points, const std::vector<float>& thickness,
                const std::vector<const Field*>& bones) {
    for (int pass = 0; pass < 5; ++pass) {
        for (std::size_t i = 0; i < points.size(); ++i)
            for (const Field* bone : bones) {
                const float clearance = thickness[i] + 0.5f;
                const float d = bone->sample(points[i]);
                if (d < clearance) points[i] += bone->gradient(points[i]) * (clearance - d);
            }
        if (pass == 4) return;
        std::vector<glm::vec3> next = points;
        for (std::size_t i = 1; i + 1 < points.size(); ++i)
            next[i] = 0.25f * points[i - 1] + 0.5f * points[i] + 0.25f * points[i + 1];
        points = next;
    }
}

} // namespace

StrandShape::StrandShape(const Strand& strand, const std::vector<const Field*>& bones)
    : m_points(resample(strand.course, kStep)),
      m_flatness(strand.flatness),
      m_across(glm::normalize(strand.flatAcross)) {
    // Radii are given at the points of the course: carry them over by the nearest place on it.
    const std::vector<float> at = arcLengths(strand.course);
    for (const glm::vec3& p : m_points)
        m_radius.push_back(interpolate(at, strand.radius, nearestOnCurve(strand.course, p).arc));
    if (strand.onBone) {
        std::vector<float> thickness;
        for (const float r : m_radius) thickness.push_back(r / m_flatness);
        layOnBones(m_points, thickness, bones);
    }
    m_low = glm::vec3(1e9f);
    m_high = glm::vec3(-1e9f);
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        m_low = glm::min(m_low, m_points[i] - m_radius[i]);
        m_high = glm::max(m_high, m_points[i] + m_radius[i]);
    }
    constexpr std::size_t kPieces = 6; // of a stretch
    for (std::size_t from = 0; from + 1 < m_points.size(); from += kPieces) {
        Stretch stretch{from, std::min(from + kPieces, m_points.size() - 1), m_points[from], m_points[from],
                        0};
        for (std::size_t i = from; i <= stretch.to; ++i) {
            stretch.low = glm::min(stretch.low, m_points[i]);
            stretch.high = glm::max(stretch.high, m_points[i]);
            stretch.radius = std::max(stretch.radius, m_radius[i] + 1e-3f);
        }
        m_stretches.push_back(stretch);
    }
}

float StrandShape::distance(const glm::vec3& p) const {
    const glm::vec3 beyond = glm::max(glm::max(m_low - p, p - m_high), glm::vec3(0));
    if (const float far = glm::length(beyond); far > 12.0f) return far;
    const auto bound = [&](const Stretch& stretch) { // nothing of it is nearer
        return glm::distance(p, glm::clamp(p, stretch.low, stretch.high)) - stretch.radius;
    };
    // The stretch that may be nearest first; what cannot be nearer than the best so far is left out.
    std::size_t first = 0;
    float least = 1e9f;
    for (std::size_t k = 0; k < m_stretches.size(); ++k)
        if (const float b = bound(m_stretches[k]); b < least) least = b, first = k;
    float best = stretchDistance(m_stretches[first], p);
    for (std::size_t k = 0; k < m_stretches.size(); ++k)
        if (k != first && bound(m_stretches[k]) < best)
            best = std::min(best, stretchDistance(m_stretches[k], p));
    return best;
}

float StrandShape::halfWidth(const glm::vec3& p) const {
    const CurvePlace place = nearestOnCurve(m_points, p);
    return interpolate(arcLengths(m_points), m_radius, place.arc);
}

float StrandShape::largestHalfWidth() const {
    return *std::max_element(m_radius.begin(), m_radius.end());
}

float StrandShape::stretchDistance(const Stretch& stretch, const glm::vec3& p) const {
    float best = 1e9f;
    for (std::size_t i = stretch.from; i < stretch.to; ++i) {
        const glm::vec3 edge = m_points[i + 1] - m_points[i];
        const float length2 = glm::dot(edge, edge);
        const float t =
            length2 > 0 ? std::clamp(glm::dot(p - m_points[i], edge) / length2, 0.0f, 1.0f) : 0.0f;
        glm::vec3 off = p - m_points[i] - t * edge;
        const float across = glm::dot(off, m_across);
        off += (m_flatness - 1.0f) * across * m_across;
        best = std::min(best, glm::length(off) - std::lerp(m_radius[i], m_radius[i + 1], t));
    }
    return best;
}

} // namespace pump::builder
