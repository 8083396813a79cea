#pragma once

#include "flesh/Poses.h"
#include "flesh/Shapes.h"

#include <cstddef>
#include <vector>

namespace pump::flesh {

/// Bends shapes until in none of the poses a triangle's side is turned from the normals that are drawn: the
/// few shapes of a muscle follow its solved poses only nearly, and those between them not at all; folds are
/// what they miss.
/// Where `level` knows contacts, bodies are first moved out of bones, of each other and back below the skin.
/// `level`: bodies of the level of detail that `fitted` holds shapes for, of a leg without corrections.
/// Muscles without shapes get weights of their own. Returns how many triangles are left turned over, summed
/// over the poses.
std::size_t settle(const anatomy::LegModel& leg, const Relaxer& level, const PoseChoice& poses,
                   FittedShapes& fitted);

} // namespace pump::flesh
