#pragma once

#include <glm/glm.hpp>

#include <optional>
#include <span>
#include <vector>

namespace pump::builder {

/// Points with a width, mm: xyz position, w diameter (0: not given).
using Course = std::vector<glm::vec4>;

/// Place on a polyline.
struct PolylinePlace {
    float arc = 0; ///< mm from the first point
    glm::vec3 position{};
    float distance = 0; ///< from the asked place, mm
};

/// Arc length at each point of a polyline, mm, first 0.
std::vector<float> arcLengths(std::span<const glm::vec3> points);
/// Position at an arc length, clamped to the ends.
glm::vec3 pointAtArc(std::span<const glm::vec3> points, std::span<const float> arcs, float arc);
/// The nearest place of a polyline.
PolylinePlace nearestOnPolyline(std::span<const glm::vec3> points, glm::vec3 place);

/// Centripetal Catmull-Rom spline through the points (no loops or overshoot between uneven points), sampled
/// about every `spacing` mm along its length; the first and last points are kept exactly. Needs two points.
/// `before` and `after` are places of the vessels that go on at the ends, so that it meets them without a
/// bend. Source: Catmull & Rom 1974; centripetal knots, Yuksel et al. 2011.
Course smoothCourse(const Course& controls, float spacing, std::optional<glm::vec3> before = {},
                    std::optional<glm::vec3> after = {});
/// Evenly spaced points along a polyline, about `spacing` mm apart, ends kept; widths interpolated.
Course resampled(const Course& course, float spacing);

/// Rounds off corners: binomial smoothing (1 2 1) of the points between the ends, `passes` times.
Course rounded(Course course, int passes);

std::vector<glm::vec3> positionsOf(const Course& course);

} // namespace pump::builder
