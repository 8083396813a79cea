#pragma once

#include <glm/glm.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace pump::builder {

/// Signed distance (mm, negative inside) at the nodes of a regular grid of the leg frame. All grids of a leg
/// share one lattice for a given spacing (origins are whole multiples of it).
struct Field {
    glm::vec3 origin{};
    float spacing = 1;
    glm::ivec3 size{}; ///< nodes along each axis
    std::vector<float> values;

    std::size_t index(int x, int y, int z) const {
        return (static_cast<std::size_t>(z) * static_cast<std::size_t>(size.y) +
                static_cast<std::size_t>(y)) *
                   static_cast<std::size_t>(size.x) +
               static_cast<std::size_t>(x);
    }
    glm::vec3 position(int x, int y, int z) const { return origin + spacing * glm::vec3(x, y, z); }
    bool contains(const glm::vec3& p) const;
    /// Trilinear inside the grid; beyond it the value at the nearest border point plus the distance to it.
    float sample(const glm::vec3& p) const;
    /// Direction of steepest rise (outward), unit length; (0, 0, 1) where the field is flat.
    glm::vec3 gradient(const glm::vec3& p) const;
};

/// A field over the box [low, high], grown to whole multiples of the spacing, from a function of the point.
Field makeField(const glm::vec3& low, const glm::vec3& high, float spacing,
                const std::function<float(const glm::vec3&)>& distance);

/// Changes every node: value = change(position, value).
void mapField(Field& field, const std::function<float(const glm::vec3&, float)>& change);

/// Binomial smoothing (1 2 1) along each axis, `passes` times.
void smoothField(Field& field, int passes);

/// Union of two distances that rounds the valley where they meet.
float smoothUnion(float a, float b, float width);

/// Volume inside, mm^3, from the share of each cell that is inside (linear ramp across the surface).
double fieldVolume(const Field& field);

} // namespace pump::builder
