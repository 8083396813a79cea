#pragma once

#include "builder/Field.h"

#include <glm/glm.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace pump::builder {

/// Triangles seen counter-clockwise from outside; positions in mm.
struct Mesh {
    std::vector<glm::vec3> positions;
    std::vector<std::uint32_t> indices;

    std::size_t triangles() const { return indices.size() / 3; }
};

/// The surface where the field is zero, by marching tetrahedra: closed and manifold by construction, outward
/// normals; cut flat at the grid's border. Pieces below `smallestPiece` mm^3 are dropped.
Mesh polygonize(const Field& field, double smallestPiece = 0);

/// Whether simplify() holds on to sharp bends: they keep more of their corners, and the rest has fewer.
enum class Rims { Any, Kept };

/// Fewer triangles with the same shape: edges collapse in the order of their quadric error, never where that
/// would tear, fold or pinch the surface. Stops at `targetTriangles` or when every collapse would move the
/// surface by more than `maximumError` mm.
Mesh simplify(const Mesh& mesh, std::size_t targetTriangles, double maximumError, Rims rims = Rims::Any);

double meshVolume(const Mesh& mesh); ///< mm^3, positive for outward triangles
double meshArea(const Mesh& mesh);   ///< mm^2

/// Area-weighted vertex normals, unit length.
std::vector<glm::vec3> vertexNormals(const Mesh& mesh);

/// Empty when closed, manifold and consistently turned, otherwise what is wrong.
std::string manifoldFault(const Mesh& mesh);

} // namespace pump::builder
