#include "builder/VesselCourse.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pump::builder {

std::vector<float> arcLengths(std::span<const glm::vec3> points) {
    std::vector<float> arcs(points.size(), 0.0f);
    for (std::size_t i = 1; i < points.size(); ++i)
        arcs[i] = arcs[i - 1] + glm::distance(points[i - 1], points[i]);
    return arcs;
}

glm::vec3 pointAtArc(std::span<const glm::vec3> points, std::span<const float> arcs, float arc) {
    const auto above = std::upper_bound(arcs.begin(), arcs.end(), arc);
    if (above == arcs.begin()) return points.front();
    if (above == arcs.end()) return points.back();
    const auto i = static_cast<std::size_t>(above - arcs.begin());
    const float span = std::max(arcs[i] - arcs[i - 1], 1e-6f);
    return glm::mix(points[i - 1], points[i], (arc - arcs[i - 1]) / span);
}

PolylinePlace nearestOnPolyline(std::span<const glm::vec3> points, glm::vec3 place) {
    PolylinePlace best;
    best.distance = std::numeric_limits<float>::max();
    float arc = 0;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const glm::vec3 along = points[i + 1] - points[i];
        const float length = glm::length(along);
        const float t =
            length > 0 ? std::clamp(glm::dot(place - points[i], along) / (length * length), 0.0f, 1.0f) : 0;
        const glm::vec3 foot = points[i] + t * along;
        const float distance = glm::distance(foot, place);
        if (distance < best.distance) best = {arc + t * length, foot, distance};
        arc += length;
    }
    return best;
}

std::vector<glm::vec3> positionsOf(const Course& course) {
    std::vector<glm::vec3> points;
    points.reserve(course.size());
    for (const glm::vec4& point : course) points.emplace_back(point);
    return points;
}

Course resampled(const Course& course, float spacing) {
    const std::vector<glm::vec3> points = positionsOf(course);
    const std::vector<float> arcs = arcLengths(points);
    const float length = arcs.back();
    const auto cells = static_cast<std::size_t>(std::max(1.0f, std::round(length / spacing)));
    Course result;
    result.reserve(cells + 1);
    std::size_t k = 1;
    for (std::size_t i = 0; i <= cells; ++i) {
        const float arc = length * static_cast<float>(i) / static_cast<float>(cells);
        while (k + 1 < arcs.size() && arcs[k] < arc) ++k;
        const float span = std::max(arcs[k] - arcs[k - 1], 1e-6f);
        result.push_back(
            glm::mix(course[k - 1], course[k], std::clamp((arc - arcs[k - 1]) / span, 0.0f, 1.0f)));
    }
    result.front() = course.front();
    result.back() = course.back();
    return result;
}

Course rounded(Course course, int passes) {
    for (int pass = 0; pass < passes; ++pass) {
        const Course before = course;
        for (std::size_t i = 1; i + 1 < course.size(); ++i)
            course[i] = 0.5f * before[i] + 0.25f * (before[i - 1] + before[i + 1]);
    }
    return course;
}

Course smoothCourse(const Course& controls, float spacing, std::optional<glm::vec3> before,
                    std::optional<glm::vec3> after) {
    Course clean;
    for (const glm::vec4& point : controls)
        if (clean.empty() || glm::distance(glm::vec3(clean.back()), glm::vec3(point)) > 0.05f)
            clean.push_back(point);
    if (clean.size() < 3) return resampled(clean.size() < 2 ? controls : clean, spacing);

    Course fine;
    const auto at = [&](std::ptrdiff_t i) {
        const auto last = static_cast<std::ptrdiff_t>(clean.size()) - 1;
        if (i < 0) return before ? glm::vec4(*before, clean.front().w) : 2.0f * clean.front() - clean[1];
        if (i > last)
            return after ? glm::vec4(*after, clean.back().w) : 2.0f * clean.back() - clean[clean.size() - 2];
        return clean[static_cast<std::size_t>(i)];
    };
    for (std::ptrdiff_t i = 0; i + 1 < static_cast<std::ptrdiff_t>(clean.size()); ++i) {
        const glm::vec4 p0 = at(i - 1), p1 = at(i), p2 = at(i + 1), p3 = at(i + 2);
        const auto knot = [](float t, glm::vec4 a, glm::vec4 b) {
            return t + std::max(std::sqrt(glm::distance(glm::vec3(a), glm::vec3(b))), 1e-3f);
        };
        const float t0 = 0, t1 = knot(t0, p0, p1), t2 = knot(t1, p1, p2), t3 = knot(t2, p2, p3);
        const int steps =
            std::max(4, static_cast<int>(glm::distance(glm::vec3(p1), glm::vec3(p2)) / (0.25f * spacing)));
        for (int s = 0; s < steps; ++s) {
            const float t = t1 + (t2 - t1) * static_cast<float>(s) / static_cast<float>(steps);
            const glm::vec4 a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1;
            const glm::vec4 a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2;
            const glm::vec4 a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3;
            const glm::vec4 b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2;
            const glm::vec4 b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3;
            glm::vec4 point = (t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2;
            point.w = glm::mix(p1.w, p2.w, (t - t1) / (t2 - t1)); // widths never overshoot
            fine.push_back(point);
        }
    }
    fine.push_back(clean.back());
    return resampled(resampled(fine, spacing), spacing); // twice: even after sharp bends, too
}

} // namespace pump::builder
