#include "scene/VesselFrames.h"

#include <algorithm>
#include <cmath>

namespace pump::scene {

namespace {

glm::vec3 unitOr(glm::vec3 v, glm::vec3 fallback) {
    const float length = glm::length(v);
    return length > 1e-6f ? v / length : fallback;
}

glm::vec3 tangentAt(const anatomy::Vessel& vessel, std::size_t i) {
    const std::size_t before = i > 0 ? i - 1 : i;
    const std::size_t after = std::min(i + 1, vessel.points.size() - 1);
    return unitOr(vessel.points[after].position - vessel.points[before].position, {0, 0, 1});
}

glm::vec3 perpendicular(glm::vec3 v, glm::vec3 tangent) {
    glm::vec3 across = v - tangent * glm::dot(v, tangent);
    if (glm::length(across) < 1e-3f) {
        const glm::vec3 axis = std::abs(tangent.x) < 0.7f ? glm::vec3(1, 0, 0) : glm::vec3(0, 1, 0);
        across = axis - tangent * glm::dot(axis, tangent);
    }
    return glm::normalize(across);
}

} // namespace

std::vector<VesselFrame> restFrames(const anatomy::Vessel& vessel) {
    std::vector<VesselFrame> frames(vessel.points.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        frames[i].position = vessel.points[i].position;
        frames[i].radius = vessel.points[i].radius;
        frames[i].tangent = tangentAt(vessel, i);
    }
    if (frames.empty()) return frames;
    const glm::vec3 fromAxis(frames[0].position.x, frames[0].position.y, 0);
    frames[0].normal = perpendicular(unitOr(fromAxis, {0, -1, 0}), frames[0].tangent);
    for (std::size_t i = 1; i < frames.size(); ++i) {
        const VesselFrame& last = frames[i - 1];
        VesselFrame& next = frames[i];
        const glm::vec3 step = next.position - last.position;
        const float c1 = glm::dot(step, step);
        glm::vec3 normal = last.normal;
        if (c1 > 1e-8f) {
            const glm::vec3 reflected = last.normal - step * (2 / c1 * glm::dot(step, last.normal));
            const glm::vec3 tangent = last.tangent - step * (2 / c1 * glm::dot(step, last.tangent));
            const glm::vec3 v2 = next.tangent - tangent;
            const float c2 = glm::dot(v2, v2);
            normal = c2 > 1e-8f ? reflected - v2 * (2 / c2 * glm::dot(v2, reflected)) : reflected;
        }
        next.normal = perpendicular(normal, next.tangent);
    }
    return frames;
}

ArcPlace placeAt(const anatomy::Vessel& vessel, float arc) {
    const auto& points = vessel.points;
    if (points.size() < 2 || arc <= points.front().arc) return {};
    if (arc >= points.back().arc) return {points.size() - 2, 1};
    const auto above = std::upper_bound(points.begin(), points.end(), arc,
                                        [](float a, const anatomy::VesselPoint& p) { return a < p.arc; });
    const auto index = static_cast<std::size_t>(above - points.begin()) - 1;
    const float length = points[index + 1].arc - points[index].arc;
    return {index, length > 0 ? (arc - points[index].arc) / length : 0};
}

VesselFrame frameAt(const anatomy::Vessel& vessel, const std::vector<VesselFrame>& frames, float arc) {
    if (frames.empty()) return {};
    const ArcPlace place = placeAt(vessel, arc);
    const VesselFrame& a = frames[place.index];
    const VesselFrame& b = frames[std::min(place.index + 1, frames.size() - 1)];
    VesselFrame result;
    result.position = glm::mix(a.position, b.position, place.share);
    result.tangent = unitOr(glm::mix(a.tangent, b.tangent, place.share), a.tangent);
    result.normal = perpendicular(glm::mix(a.normal, b.normal, place.share), result.tangent);
    result.radius = glm::mix(a.radius, b.radius, place.share);
    return result;
}

VesselFrame frameAt(const anatomy::Vessel& vessel, float arc) {
    return frameAt(vessel, restFrames(vessel), arc);
}

glm::vec3 valveLine(const VesselFrame& frame, float angle) {
    return std::cos(angle) * frame.normal + std::sin(angle) * frame.binormal();
}

} // namespace pump::scene
