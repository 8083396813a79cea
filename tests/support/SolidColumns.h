#pragma once

#include "anatomy/LegModel.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

namespace pump::test {

/// Signed volume of a closed surface, mm^3; `positionOf` takes an index into LegModel::vertices.
double volumeOf(const anatomy::LegModel& leg, const anatomy::Structure& structure, auto&& positionOf) {
    double sum = 0;
    for (std::uint32_t i = 0; i + 2 < structure.indexCount; i += 3) {
        const glm::dvec3 a = positionOf(leg.indices[structure.firstIndex + i]);
        const glm::dvec3 b = positionOf(leg.indices[structure.firstIndex + i + 1]);
        const glm::dvec3 c = positionOf(leg.indices[structure.firstIndex + i + 2]);
        sum += glm::dot(a, glm::cross(b, c)) / 6;
    }
    return sum;
}

/// Closed surfaces cut into columns along z: how much of one lies in another, to about 1 % of a muscle.
class SolidColumns {
  public:
    explicit SolidColumns(float cellMm) : m_cell(cellMm) {}

    /// `solid`: any number that names it.
    void add(int solid, const anatomy::LegModel& leg, const anatomy::Structure& structure,
             auto&& positionOf) {
        std::map<std::pair<int, int>, std::vector<Crossing>> crossings;
        for (std::uint32_t i = 0; i + 2 < structure.indexCount; i += 3) {
            const glm::vec3 a = positionOf(leg.indices[structure.firstIndex + i]);
            const glm::vec3 b = positionOf(leg.indices[structure.firstIndex + i + 1]);
            const glm::vec3 c = positionOf(leg.indices[structure.firstIndex + i + 2]);
            const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
            if (std::abs(area) < 1e-9f) continue;
            const auto range = [&](float p, float q, float r) {
                return std::pair{cell(std::min({p, q, r})), cell(std::max({p, q, r}))};
            };
            const auto [x0, x1] = range(a.x, b.x, c.x);
            const auto [y0, y1] = range(a.y, b.y, c.y);
            for (int x = x0; x <= x1; ++x)
                for (int y = y0; y <= y1; ++y) {
                    const glm::vec2 p = centre(x, y);
                    const float u = ((b.x - p.x) * (c.y - p.y) - (c.x - p.x) * (b.y - p.y)) / area;
                    const float v = ((c.x - p.x) * (a.y - p.y) - (a.x - p.x) * (c.y - p.y)) / area;
                    if (u < 0 || v < 0 || u + v > 1) continue;
                    // A surface whose outside is below is entered from below.
                    crossings[{x, y}].push_back({u * a.z + v * b.z + (1 - u - v) * c.z, area < 0 ? 1 : -1});
                }
        }
        for (auto& [place, list] : crossings) {
            std::sort(list.begin(), list.end(), [](auto& p, auto& q) { return p.z < q.z; });
            int depth = 0;
            float from = 0;
            for (const Crossing& crossing : list) {
                if (depth == 0 && crossing.step > 0) from = crossing.z;
                depth += crossing.step;
                if (depth == 0 && crossing.step < 0) m_columns[place].push_back({solid, from, crossing.z});
            }
        }
    }

    /// mm^3 that two solids share, for all pairs that share any; smaller number first.
    std::map<std::pair<int, int>, double> shared() const {
        std::map<std::pair<int, int>, double> result;
        for (const auto& [place, list] : m_columns)
            for (std::size_t i = 0; i < list.size(); ++i)
                for (std::size_t j = i + 1; j < list.size(); ++j) {
                    if (list[i].solid == list[j].solid) continue;
                    const float length =
                        std::min(list[i].to, list[j].to) - std::max(list[i].from, list[j].from);
                    if (length > 0)
                        result[std::minmax(list[i].solid, list[j].solid)] += length * m_cell * m_cell;
                }
        return result;
    }

    double volume(int solid) const {
        double result = 0;
        for (const auto& [place, list] : m_columns)
            for (const Piece& piece : list)
                if (piece.solid == solid) result += (piece.to - piece.from) * m_cell * m_cell;
        return result;
    }

  private:
    struct Crossing {
        float z = 0;
        int step = 0;
    };
    struct Piece {
        int solid = 0;
        float from = 0, to = 0;
    };
    // Off any round number, so that no column runs along an edge.
    int cell(float at) const { return static_cast<int>(std::floor(at / m_cell + 0.1234f)); }
    glm::vec2 centre(int x, int y) const {
        return (glm::vec2(static_cast<float>(x), static_cast<float>(y)) + 0.5f - 0.1234f) * m_cell;
    }

    float m_cell;
    std::map<std::pair<int, int>, std::vector<Piece>> m_columns;
};

} // namespace pump::test
