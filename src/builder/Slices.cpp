#include "builder/Slices.h"

#include <algorithm>
#include <array>

namespace pump::builder {
namespace {

std::array<glm::vec3, 3> triangle(const anatomy::LegModel& leg, std::size_t firstIndex) {
    return {leg.vertices[leg.indices[firstIndex]].position,
            leg.vertices[leg.indices[firstIndex + 1]].position,
            leg.vertices[leg.indices[firstIndex + 2]].position};
}

} // namespace

std::vector<Segment> slice(const anatomy::LegModel& leg, const anatomy::Structure& structure, float z) {
    std::vector<Segment> result;
    for (std::uint32_t i = 0; i < structure.indexCount; i += 3) {
        const auto k = triangle(leg, structure.firstIndex + i);
        std::array<glm::vec2, 2> ends{};
        std::size_t count = 0;
        for (std::size_t e = 0; e < 3 && count < 2; ++e) {
            const glm::vec3 &a = k[e], &b = k[(e + 1) % 3];
            if ((a.z < z) == (b.z < z)) continue;
            ends[count++] = glm::vec2(a) + (glm::vec2(b) - glm::vec2(a)) * ((z - a.z) / (b.z - a.z));
        }
        if (count < 2) continue;
        const glm::vec3 normal = glm::cross(k[1] - k[0], k[2] - k[0]);
        // The inside lies to the left: the outline runs along up x normal.
        if (glm::dot(ends[1] - ends[0], glm::vec2(-normal.y, normal.x)) < 0) std::swap(ends[0], ends[1]);
        result.push_back({ends[0], ends[1]});
    }
    return result;
}

SliceMeasure measure(const std::vector<Segment>& outline) {
    SliceMeasure result;
    glm::dvec2 moment(0);
    for (const Segment& segment : outline) {
        const glm::dvec2 a = segment.from, b = segment.to;
        const double cross = a.x * b.y - b.x * a.y;
        result.area += 0.5 * cross;
        result.perimeter += glm::distance(a, b);
        moment += (a + b) * cross / 6.0;
    }
    if (result.area > 1e-6) result.centre = moment / result.area;
    return result;
}

std::vector<float> crossings(const std::vector<Segment>& outline, float y) {
    std::vector<float> result;
    for (const Segment& s : outline)
        if ((s.from.y < y) != (s.to.y < y))
            result.push_back(s.from.x + (s.to.x - s.from.x) * (y - s.from.y) / (s.to.y - s.from.y));
    std::sort(result.begin(), result.end());
    if (result.size() % 2 != 0) result.pop_back();
    return result;
}

double structureVolume(const anatomy::LegModel& leg, const anatomy::Structure& structure) {
    double volume = 0;
    for (std::uint32_t i = 0; i < structure.indexCount; i += 3) {
        const auto k = triangle(leg, structure.firstIndex + i);
        volume += glm::dot(glm::dvec3(k[0]), glm::cross(glm::dvec3(k[1]), glm::dvec3(k[2]))) / 6.0;
    }
    return volume;
}

bool inside(const anatomy::LegModel& leg, const anatomy::Structure& structure, const glm::vec3& p) {
    if (glm::any(glm::lessThan(p, structure.boundsLow)) ||
        glm::any(glm::greaterThan(p, structure.boundsHigh)))
        return false;
    bool result = false; // a ray along +x; odd crossings: inside
    for (std::uint32_t i = 0; i < structure.indexCount; i += 3) {
        const auto k = triangle(leg, structure.firstIndex + i);
        const auto side = [&](const glm::vec3& a, const glm::vec3& b) {
            return (b.y - a.y) * (p.z - a.z) - (b.z - a.z) * (p.y - a.y);
        };
        const float u = side(k[0], k[1]), v = side(k[1], k[2]), w = side(k[2], k[0]);
        if (!((u > 0 && v > 0 && w > 0) || (u < 0 && v < 0 && w < 0))) continue;
        const float x = (v * k[0].x + w * k[1].x + u * k[2].x) / (u + v + w);
        if (x > p.x) result = !result;
    }
    return result;
}

} // namespace pump::builder
