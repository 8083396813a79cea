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

/// Triangles of one closed surface in a tree of boxes.
class SurfaceTree {
  public:
    SurfaceTree() = default;
    /// `indices`: three for a triangle, counter-clockwise from outside.
    SurfaceTree(std::span<const glm::vec3> positions, std::span<const std::uint32_t> indices);

    /// The same triangles with their corners elsewhere; as many positions as before.
    void move(std::span<const glm::vec3> positions);
    /// What is nearest within `reach`, mm. `guess`: a triangle that is likely near, from which the search is
    /// quicker.
    std::optional<Nearest> nearest(const glm::vec3& p, float reach, std::uint32_t guess = kNoGuess) const;
    static constexpr std::uint32_t kNoGuess = 0xffffffffu;

  private:
    /// A leaf holds `count` triangles of m_order from `first`; else two nodes follow, at `first` and after
    /// it.
    struct Node {
        glm::vec3 low{}, high{};
        std::uint32_t first = 0, count = 0;
    };
    void divide(std::uint32_t node, std::uint32_t from, std::uint32_t to,
                const std::vector<glm::vec3>& centres);
    bool encloses(const glm::vec3& place) const;
    glm::vec3 normalAt(std::uint32_t triangle, const glm::vec3& shares) const;

    std::vector<glm::vec3> m_positions;
    std::vector<std::uint32_t> m_indices, m_order;
    std::vector<std::uint32_t> m_around, m_firstAround; ///< triangles round each corner
    std::vector<Node> m_nodes;
};

/// Area-weighted vertex normals, unit.
std::vector<glm::vec3> surfaceNormals(std::span<const glm::vec3> positions,
                                      std::span<const std::uint32_t> indices);
/// mm^3, positive for outward triangles.
double surfaceVolume(std::span<const glm::vec3> positions, std::span<const std::uint32_t> indices);

} // namespace pump::flesh
