#pragma once

#include "builder/VesselCourse.h"
#include "builder/Vessels.h"

#include <span>
#include <vector>

namespace pump::builder {

/// A place of an artery that two veins accompany.
struct PairPlace {
    glm::vec3 artery{};
    glm::vec3 along{};  ///< unit
    glm::vec3 wanted{}; ///< unit, across: the table's direction toward member b
    float offset = 0;   ///< mm between the axes of artery and vein
    float radius = 0;   ///< of the vein, mm
};

/// Unit direction toward member b at each place (member a lies opposite): the table's, turned round the
/// artery as far as bone, membrane and muscle ask, without a sudden turn. Least cost over all places
/// together.
std::vector<glm::vec3> pairSides(std::span<const PairPlace> places, const TissueProbe& probe);

} // namespace pump::builder
