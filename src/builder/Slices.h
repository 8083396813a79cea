#pragma once

#include "anatomy/LegModel.h"

#include <glm/glm.hpp>

#include <vector>

namespace pump::builder {

/// A piece of an outline in a horizontal section, with the inside on its left.
struct Segment {
    glm::vec2 from, to;
};

/// Outline of a structure's mesh at height z (mm, rest pose).
std::vector<Segment> slice(const anatomy::LegModel& leg, const anatomy::Structure& structure, float z);

struct SliceMeasure {
    double area = 0;      ///< mm^2
    double perimeter = 0; ///< mm
    glm::dvec2 centre{};  ///< of area
};
SliceMeasure measure(const std::vector<Segment>& outline);

/// Where a line along x at height y enters and leaves the outline, rising.
std::vector<float> crossings(const std::vector<Segment>& outline, float y);

/// Volume inside a structure's mesh, mm^3.
double structureVolume(const anatomy::LegModel& leg, const anatomy::Structure& structure);

/// Whether a point lies inside a structure's closed mesh.
bool inside(const anatomy::LegModel& leg, const anatomy::Structure& structure, const glm::vec3& p);

} // namespace pump::builder
