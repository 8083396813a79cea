#pragma once

#include "anatomy/LegModel.h"

#include <glm/glm.hpp>

#include <vector>

namespace pump::scene {

/// Place and directions of a vessel at one arc length, at rest.
struct VesselFrame {
    glm::vec3 position{};       ///< mm
    glm::vec3 tangent{0, 0, 1}; ///< toward rising arc, unit
    glm::vec3 normal{1, 0, 0};  ///< unit, perpendicular to the tangent; carried along without twist
    float radius = 1;           ///< mm

    glm::vec3 binormal() const { return glm::cross(tangent, normal); }
};

/// One frame a point. The first normal points away from the leg's axis; the others follow by parallel
/// transport (Wang et al. 2008, double reflection), so neighbouring sections never twist against each other.
std::vector<VesselFrame> restFrames(const anatomy::Vessel& vessel);

/// Interpolated; `arc` is clamped to the vessel.
VesselFrame frameAt(const anatomy::Vessel& vessel, float arc);
VesselFrame frameAt(const anatomy::Vessel& vessel, const std::vector<VesselFrame>& frames, float arc);

/// Index i and share t of the piece from point i to i + 1 that holds `arc`.
struct ArcPlace {
    std::size_t index = 0;
    float share = 0;
};
ArcPlace placeAt(const anatomy::Vessel& vessel, float arc);

/// Unit direction of the line where the two cusps of a valve meet: `angle` from the normal, round the
/// tangent.
glm::vec3 valveLine(const VesselFrame& frame, float angle);

} // namespace pump::scene
