#include "builder/Tubes.h"

#include "builder/Curve.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pump::builder {
namespace {

using anatomy::Vertex;
using anatomy::Vessel;
using anatomy::VesselPoint;

/// One cross-section of a tube.
struct Ring {
    glm::vec3 centre, tangent, normal, side;
    float radius = 1;
    float slope = 0; ///< how much the surface normal leans along the tangent (caps)
    float arc = 0;
    const VesselPoint* point = nullptr;
};

void addRing(LegPart& part, const Ring& ring, int sides) {
    for (int k = 0; k <= sides; ++k) { // the seam stands twice: angle 0 and 1
        const float share = static_cast<float>(k) / static_cast<float>(sides);
        const float angle = (k == sides ? 0.0f : share) * 2.0f * std::numbers::pi_v<float>;
        const glm::vec3 out = std::cos(angle) * ring.normal + std::sin(angle) * ring.side;
        Vertex vertex;
        vertex.position = ring.centre + ring.radius * out;
        vertex.normal = glm::normalize(out * (1.0f - std::abs(ring.slope)) + ring.tangent * ring.slope);
        vertex.joints = ring.point->binding.joints;
        vertex.weights = ring.point->binding.weights;
        vertex.tissue[0] = ring.arc;
        vertex.tissue[1] = share;
        part.vertices.push_back(vertex);
    }
}

void addBand(LegPart& part, std::uint32_t lower, std::uint32_t upper, int sides) {
    for (int k = 0; k < sides; ++k) {
        const std::uint32_t a = lower + static_cast<std::uint32_t>(k), b = a + 1,
                            c = upper + static_cast<std::uint32_t>(k), d = c + 1;
        part.indices.insert(part.indices.end(), {a, b, d, a, d, c});
    }
}

} // namespace

std::vector<glm::vec3> vesselFrame(const Vessel& vessel) {
    std::vector<glm::vec3> points;
    for (const VesselPoint& point : vessel.points) points.push_back(point.position);
    const glm::vec3 first = points.front();
    glm::vec3 outward(first.x, first.y + 10.0f, 0);
    if (glm::length(outward) < 1.0f) outward = glm::vec3(0, -1, 0);
    return transportedNormals(points, glm::normalize(outward));
}

LegPart tubePart(const Vessel& vessel, anatomy::Tissue tissue, anatomy::Layer layer, int sides, int skip) {
    LegPart part;
    part.id = vessel.id;
    part.tissue = tissue;
    part.layer = layer;
    std::vector<glm::vec3> points;
    for (const VesselPoint& point : vessel.points) points.push_back(point.position);
    const std::vector<glm::vec3> along = tangents(points), normals = vesselFrame(vessel);
    std::vector<Ring> rings;
    const auto ringAt = [&](std::size_t i, float shift, float scale, float slope) {
        const VesselPoint& point = vessel.points[i];
        rings.push_back({point.position + along[i] * shift, along[i], normals[i],
                         glm::cross(along[i], normals[i]), point.radius * scale, slope,
                         std::clamp(point.arc + shift, 0.0f, vessel.points.back().arc), &point});
    };
    const std::size_t last = points.size() - 1;
    const float first = vessel.points.front().radius, end = vessel.points[last].radius;
    ringAt(0, -0.55f * first, 0.6f, -0.6f);
    for (std::size_t i = 0; i <= last; i += static_cast<std::size_t>(skip)) ringAt(i, 0, 1, 0);
    if (last % static_cast<std::size_t>(skip) != 0) ringAt(last, 0, 1, 0);
    ringAt(last, 0.55f * end, 0.6f, 0.6f);
    const auto stride = static_cast<std::uint32_t>(sides + 1);
    for (const Ring& ring : rings) addRing(part, ring, sides);
    for (std::uint32_t r = 0; r + 1 < rings.size(); ++r) addBand(part, r * stride, (r + 1) * stride, sides);
    const auto cap = [&](const Ring& ring, std::uint32_t firstVertex, float lift, bool top) {
        Vertex apex;
        apex.position = ring.centre + ring.tangent * lift;
        apex.normal = top ? ring.tangent : -ring.tangent;
        apex.joints = ring.point->binding.joints;
        apex.weights = ring.point->binding.weights;
        apex.tissue[0] = ring.arc;
        const auto tip = static_cast<std::uint32_t>(part.vertices.size());
        part.vertices.push_back(apex);
        for (std::uint32_t k = 0; k < stride - 1; ++k) {
            if (top)
                part.indices.insert(part.indices.end(), {tip, firstVertex + k, firstVertex + k + 1});
            else
                part.indices.insert(part.indices.end(), {tip, firstVertex + k + 1, firstVertex + k});
        }
    };
    cap(rings.front(), 0, -0.3f * first, false);
    cap(rings.back(), static_cast<std::uint32_t>(rings.size() - 1) * stride, 0.3f * end, true);
    return part;
}

} // namespace pump::builder
