#pragma once

#include <glm/glm.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pump::flesh {

/// Where a closed surface is nearest to a point.
struct Nearest {
    float distance = 0;  ///< mm, negative inside
    glm::vec3 outward{}; ///< unit: out of the surface there
    std::uint32_t triangle = 0;
    glm::vec3 shares{}; ///< barycentric, of the triangle's corners
};

/// Triangles of one closed surface by cells of space: what is nearest within a reach.
class SurfaceGrid {
  public:
    SurfaceGrid() = default;
    /// `indices`: three for a triangle, counter-clockwise from outside.
    SurfaceGrid(std::span<const glm::vec3> positions, std::span<const std::uint32_t> indices, float reach);

    std::optional<Nearest> nearest(const glm::vec3& p) const;
    const glm::vec3& low() const { return m_low; }
    const glm::vec3& high() const { return m_high; }

  private:
    std::size_t cellOf(const glm::ivec3& c) const;

    std::vector<glm::vec3> m_positions, m_normals;
    std::vector<std::uint32_t> m_indices;
    std::vector<glm::vec4> m_rounds; ///< of each triangle: centre and radius of a ball that holds it
    std::vector<std::uint32_t> m_first, m_list; ///< triangles of each cell
    glm::vec3 m_low{}, m_high{};
    glm::ivec3 m_size{};
    float m_cell = 4, m_reach = 5;
};

/// Area-weighted vertex normals, unit.
std::vector<glm::vec3> surfaceNormals(std::span<const glm::vec3> positions,
                                      std::span<const std::uint32_t> indices);
/// mm^3, positive for outward triangles.
double surfaceVolume(std::span<const glm::vec3> positions, std::span<const std::uint32_t> indices);

} // namespace pump::flesh
