#pragma once

#include "anatomy/LegModel.h"

#include <glm/glm.hpp>

#include <vector>

namespace pump::render {

/// Coordinates in which the streaks of a muscle or tendon run, mm, one a vertex of `structure` (which must
/// move with a muscle of the rig). x and y: place on a circle as wide as the structure is where it is
/// fullest, its sections squeezed round, so that streaks keep to the surface and draw together toward its
/// ends (to a third at most); z: a twentieth of the way along.
std::vector<glm::vec3> fibreCoordinates(const anatomy::LegModel& leg, const anatomy::Structure& structure);

} // namespace pump::render
