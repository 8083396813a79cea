#pragma once

#include "builder/Mesh.h"

#include <cstdint>
#include <vector>

namespace pump::builder {

/// Two triangles of one mesh that pass through each other, and where.
struct Crossing {
    std::uint32_t a = 0, b = 0; ///< triangles, a < b
    glm::vec3 place{};          ///< mm
};

/// All such pairs, each once, sorted: an edge of one pierces the other by more than `depth` (mm) on both
/// sides of it. Triangles that share an edge are neighbours and not looked at; of those that share a corner
/// only the edges opposite to it.
std::vector<Crossing> selfIntersections(const Mesh& mesh, double depth = 2e-4);

} // namespace pump::builder
