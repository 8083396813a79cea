#include "builder/Intersect.h"

#include <glm/glm.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::builder {
namespace {

using Triangle = std::array<glm::dvec3, 3>;

/// Whether the edge from p to q passes through the triangle, by more than `depth` on both sides.
bool pierces(const glm::dvec3& p, const glm::dvec3& q, const Triangle& t, double depth, glm::dvec3& at) {
    const glm::dvec3 cross = glm::cross(t[1] - t[0], t[2] - t[0]);
    const double length = glm::length(cross);
    if (!(length > 1e-9)) return false;
    const double a = glm::dot(p - t[0], cross) / length, b = glm::dot(q - t[0], cross) / length;
    if (!((a > depth && b < -depth) || (a < -depth && b > depth))) return false;
    at = p + (q - p) * (a / (a - b));
    for (std::size_t k = 0; k < 3; ++k) { // inside of each side, by the same depth
        const glm::dvec3 side = t[(k + 1) % 3] - t[k];
        if (glm::dot(glm::cross(side, at - t[k]), cross) <= depth * length * glm::length(side)) return false;
    }
    return true;
}

class Finder {
  public:
    Finder(const Mesh& mesh, double depth) : m_mesh(mesh), m_depth(depth) {}

    std::vector<Crossing> run() {
        const std::size_t count = m_mesh.triangles();
        if (count < 2) return {};
        double longest = 0, sum = 0;
        m_low = glm::dvec3(1e12);
        for (std::size_t t = 0; t < count; ++t) {
            const Triangle k = triangle(t);
            const double reach =
                std::max({glm::distance(k[0], k[1]), glm::distance(k[1], k[2]), glm::distance(k[2], k[0])});
            longest = std::max(longest, reach);
            sum += reach;
            m_low = glm::min(m_low, glm::min(k[0], glm::min(k[1], k[2])));
        }
        m_cell = std::max(1.2 * sum / static_cast<double>(count), longest / 64.0);
        // Each triangle stands in every cell that its box touches; a pair is looked at in the first cell that
        // both have.
        struct Entry {
            std::uint64_t cell;
            std::uint32_t triangle;
            bool operator<(const Entry& o) const {
                return cell != o.cell ? cell < o.cell : triangle < o.triangle;
            }
        };
        std::vector<Entry> entries;
        entries.reserve(count * 4);
        std::vector<std::array<glm::ivec3, 2>> boxes(count);
        for (std::size_t t = 0; t < count; ++t) {
            const Triangle k = triangle(t);
            const glm::ivec3 from = cellOf(glm::min(k[0], glm::min(k[1], k[2])));
            const glm::ivec3 to = cellOf(glm::max(k[0], glm::max(k[1], k[2])));
            boxes[t] = {from, to};
            for (int z = from.z; z <= to.z; ++z)
                for (int y = from.y; y <= to.y; ++y)
                    for (int x = from.x; x <= to.x; ++x)
                        entries.push_back({keyOf({x, y, z}), static_cast<std::uint32_t>(t)});
        }
        std::sort(entries.begin(), entries.end());
        std::vector<Crossing> found;
        for (std::size_t i = 0; i < entries.size();) {
            std::size_t end = i;
            while (end < entries.size() && entries[end].cell == entries[i].cell) ++end;
            for (std::size_t a = i; a < end; ++a)
                for (std::size_t b = a + 1; b < end; ++b) {
                    const std::uint32_t s = entries[a].triangle, t = entries[b].triangle;
                    const glm::ivec3 first = glm::max(boxes[s][0], boxes[t][0]);
                    glm::dvec3 at(0);
                    if (keyOf(first) == entries[i].cell && cross(s, t, at))
                        found.push_back({s, t, glm::vec3(at)});
                }
            i = end;
        }
        std::sort(found.begin(), found.end(), [](const Crossing& one, const Crossing& other) {
            return one.a != other.a ? one.a < other.a : one.b < other.b;
        });
        return found;
    }

  private:
    Triangle triangle(std::size_t t) const {
        return {glm::dvec3(m_mesh.positions[m_mesh.indices[3 * t]]),
                glm::dvec3(m_mesh.positions[m_mesh.indices[3 * t + 1]]),
                glm::dvec3(m_mesh.positions[m_mesh.indices[3 * t + 2]])};
    }
    glm::ivec3 cellOf(const glm::dvec3& p) const { return glm::ivec3((p - m_low) / m_cell); }
    static std::uint64_t keyOf(const glm::ivec3& c) {
        return static_cast<std::uint64_t>(c.z) << 42 | static_cast<std::uint64_t>(c.y) << 21 |
               static_cast<std::uint64_t>(c.x);
    }

    bool cross(std::uint32_t s, std::uint32_t t, glm::dvec3& at) const {
        const std::uint32_t *a = &m_mesh.indices[3 * s], *b = &m_mesh.indices[3 * t];
        const Triangle first = triangle(s), second = triangle(t);
        for (int axis = 0; axis < 3; ++axis) {
            const auto span = [axis](const Triangle& k) {
                return std::minmax({k[0][axis], k[1][axis], k[2][axis]});
            };
            const auto [lowA, highA] = span(first);
            const auto [lowB, highB] = span(second);
            if (highA < lowB || highB < lowA) return false;
        }
        int shared = 0;
        std::size_t atA = 3, atB = 3;
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t k = 0; k < 3; ++k)
                if (a[i] == b[k]) ++shared, atA = i, atB = k;
        if (shared > 1) return false;
        for (std::size_t k = 0; k < 3; ++k) {
            const bool skipA = shared && (k == atA || (k + 1) % 3 == atA);
            const bool skipB = shared && (k == atB || (k + 1) % 3 == atB);
            if (!skipA && pierces(first[k], first[(k + 1) % 3], second, m_depth, at)) return true;
            if (!skipB && pierces(second[k], second[(k + 1) % 3], first, m_depth, at)) return true;
        }
        return false;
    }

    const Mesh& m_mesh;
    double m_depth;
    glm::dvec3 m_low{};
    double m_cell = 1;
};

} // namespace

std::vector<Crossing> selfIntersections(const Mesh& mesh, double depth) {
    return Finder(mesh, depth).run();
}

} // namespace pump::builder
