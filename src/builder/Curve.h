#pragma once

#include <glm/glm.hpp>

#include <vector>

namespace pump::builder {

/// A smooth curve (centripetal Catmull-Rom) through the points, resampled evenly about every `step` mm; first
/// and last point stay.
std::vector<glm::vec3> resample(const std::vector<glm::vec3>& points, float step);

/// Arc length at each point, 0 at the first.
std::vector<float> arcLengths(const std::vector<glm::vec3>& points);

/// Unit tangents by central differences.
std::vector<glm::vec3> tangents(const std::vector<glm::vec3>& points);

/// At each point a unit vector square to the tangent, carried along without twist; starts as near as can be
/// to `start`.
std::vector<glm::vec3> transportedNormals(const std::vector<glm::vec3>& points, const glm::vec3& start);

struct CurvePlace {
    float arc = 0;      ///< mm from the first point
    float distance = 0; ///< mm from the point asked for
    glm::vec3 position{};
};
/// The place of a polyline nearest to p.
CurvePlace nearestOnCurve(const std::vector<glm::vec3>& points, const glm::vec3& p);

/// The point at an arc length, clamped to the ends.
glm::vec3 pointAtArc(const std::vector<glm::vec3>& points, const std::vector<float>& arcs, float arc);

/// Value of a table (x rising) at `at`, linear between its points.
float interpolate(const std::vector<float>& x, const std::vector<float>& y, float at);

} // namespace pump::builder
