#include "builder/Mesh.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace pump::builder {
namespace {

constexpr std::uint32_t kNone = 0xffffffffu;

/// Corners of a cell are numbered by bits: 1 = +x, 2 = +y, 4 = +z. Kuhn's six tetrahedra share the diagonal
/// 0-7 and fit those of the neighbouring cells, which is what makes the surface closed.
constexpr std::array<std::array<int, 4>, 6> kTetrahedra = {
    {{0, 1, 3, 7}, {0, 3, 2, 7}, {0, 2, 6, 7}, {0, 6, 4, 7}, {0, 4, 5, 7}, {0, 5, 1, 7}}};

class Marcher {
  public:
    explicit Marcher(const Field& field) : m_field(field), m_values(field.values) {
        const float away = 0.02f * field.spacing;
        std::size_t at = 0;
        for (int z = 0; z < field.size.z; ++z)
            for (int y = 0; y < field.size.y; ++y)
                for (int x = 0; x < field.size.x; ++x, ++at) {
                    float& value = m_values[at];
                    const bool border = x == 0 || y == 0 || z == 0 || x + 1 == field.size.x ||
                                        y + 1 == field.size.y || z + 1 == field.size.z;
                    if (border) value = std::max(value, away);
                    // No vertex may fall onto a node: it would make triangles without area.
                    if (std::abs(value) < away) value = value < 0 ? -away : away;
                }
        m_vertexOfEdge.assign(field.values.size() * 7, kNone);
    }

    Mesh run() {
        for (int z = 0; z + 1 < m_field.size.z; ++z)
            for (int y = 0; y + 1 < m_field.size.y; ++y)
                for (int x = 0; x + 1 < m_field.size.x; ++x) cell(x, y, z);
        return std::move(m_mesh);
    }

  private:
    void cell(int x, int y, int z) {
        std::array<float, 8> value{};
        int insideCount = 0;
        for (int c = 0; c < 8; ++c) {
            value[static_cast<std::size_t>(c)] =
                m_values[m_field.index(x + (c & 1), y + ((c >> 1) & 1), z + (c >> 2))];
            insideCount += value[static_cast<std::size_t>(c)] < 0;
        }
        if (insideCount == 0 || insideCount == 8) return;
        m_cell = {x, y, z};
        for (const auto& corners : kTetrahedra) tetrahedron(corners, value);
    }

    std::uint32_t vertex(int a, int b) {
        if (a > b)
            std::swap(a, b); // in a Kuhn tetrahedron the lower corner's bits are among the higher one's
        const glm::ivec3 low = m_cell + glm::ivec3(a & 1, (a >> 1) & 1, a >> 2);
        const glm::ivec3 high = m_cell + glm::ivec3(b & 1, (b >> 1) & 1, b >> 2);
        const std::size_t lowIndex = m_field.index(low.x, low.y, low.z);
        const auto direction = static_cast<std::size_t>((b ^ a) - 1);
        std::uint32_t& slot = m_vertexOfEdge[lowIndex * 7 + direction];
        if (slot == kNone) {
            const float va = m_values[lowIndex], vb = m_values[m_field.index(high.x, high.y, high.z)];
            const float t = va / (va - vb);
            slot = static_cast<std::uint32_t>(m_mesh.positions.size());
            m_mesh.positions.push_back(m_field.origin +
                                       m_field.spacing * glm::mix(glm::vec3(low), glm::vec3(high), t));
        }
        return slot;
    }

    void triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        m_mesh.indices.insert(m_mesh.indices.end(), {a, b, c});
    }

    void tetrahedron(const std::array<int, 4>& k, const std::array<float, 8>& value) {
        std::array<int, 4> in{}, out{};
        std::size_t inCount = 0, outCount = 0;
        // Even order of (in..., out...) keeps the turn; odd order reverses it.
        int swaps = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            if (value[static_cast<std::size_t>(k[i])] < 0) {
                swaps += static_cast<int>(outCount);
                in[inCount++] = k[i];
            } else {
                out[outCount++] = k[i];
            }
        }
        if (inCount == 0 || inCount == 4) return;
        const bool turn = swaps % 2 == 1;
        const auto emit = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
            if (turn)
                triangle(a, b, c);
            else
                triangle(a, c, b);
        };
        if (inCount == 1) {
            emit(vertex(in[0], out[0]), vertex(in[0], out[2]), vertex(in[0], out[1]));
        } else if (inCount == 3) {
            emit(vertex(in[0], out[0]), vertex(in[2], out[0]), vertex(in[1], out[0]));
        } else {
            const std::uint32_t a = vertex(in[0], out[0]), b = vertex(in[0], out[1]),
                                c = vertex(in[1], out[1]), d = vertex(in[1], out[0]);
            emit(a, c, b);
            emit(a, d, c);
        }
    }

    const Field& m_field;
    std::vector<float> m_values;
    std::vector<std::uint32_t> m_vertexOfEdge;
    glm::ivec3 m_cell{};
    Mesh m_mesh;
};

/// Keeps the pieces that are large enough; the largest always stays.
Mesh dropSmallPieces(const Mesh& mesh, double smallest) {
    std::vector<std::uint32_t> parent(mesh.positions.size());
    std::iota(parent.begin(), parent.end(), 0u);
    const auto root = [&](std::uint32_t v) {
        while (parent[v] != v) v = parent[v] = parent[parent[v]];
        return v;
    };
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        parent[root(mesh.indices[i])] = root(mesh.indices[i + 1]);
        parent[root(mesh.indices[i + 1])] = root(mesh.indices[i + 2]);
    }
    std::vector<double> volume(mesh.positions.size(), 0.0);
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const glm::dvec3 a = mesh.positions[mesh.indices[i]], b = mesh.positions[mesh.indices[i + 1]],
                         c = mesh.positions[mesh.indices[i + 2]];
        volume[root(mesh.indices[i])] += glm::dot(a, glm::cross(b, c)) / 6.0;
    }
    const double largest = volume.empty() ? 0 : *std::max_element(volume.begin(), volume.end());
    Mesh result;
    std::vector<std::uint32_t> renamed(mesh.positions.size(), kNone);
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const double piece = volume[root(mesh.indices[i])];
        if (piece < largest && std::abs(piece) < smallest) continue;
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint32_t v = mesh.indices[i + k];
            if (renamed[v] == kNone) {
                renamed[v] = static_cast<std::uint32_t>(result.positions.size());
                result.positions.push_back(mesh.positions[v]);
            }
            result.indices.push_back(renamed[v]);
        }
    }
    return result;
}

} // namespace

Mesh polygonize(const Field& field, double smallestPiece) {
    Mesh mesh = Marcher(field).run();
    return smallestPiece > 0 ? dropSmallPieces(mesh, smallestPiece) : mesh;
}

} // namespace pump::builder
