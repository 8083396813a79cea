#pragma once

#include "anatomy/LegModel.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
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

    /// `solid`: any number from 0 that names it.
    void add(int solid, const anatomy::LegModel& leg, const anatomy::Structure& structure,
             auto&& positionOf) {
        std::vector<Crossing> crossings;
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
                    if (!isKept(x, y)) continue;
                    const glm::vec2 p = centre(x, y);
                    const float u = ((b.x - p.x) * (c.y - p.y) - (c.x - p.x) * (b.y - p.y)) / area;
                    const float v = ((c.x - p.x) * (a.y - p.y) - (a.x - p.x) * (c.y - p.y)) / area;
                    if (u < 0 || v < 0 || u + v > 1) continue;
                    // A surface whose outside is below is entered from below.
                    crossings.push_back({{x, y}, u * a.z + v * b.z + (1 - u - v) * c.z, area < 0 ? 1 : -1});
                }
        }
        std::sort(crossings.begin(), crossings.end(), [](const Crossing& p, const Crossing& q) {
            return p.column == q.column ? p.z < q.z : p.column < q.column;
        });
        int depth = 0;
        float from = 0;
        for (std::size_t i = 0; i < crossings.size(); ++i) {
            const Crossing& crossing = crossings[i];
            if (i == 0 || crossings[i - 1].column != crossing.column) depth = 0;
            if (depth == 0 && crossing.step > 0) from = crossing.z;
            depth += crossing.step;
            if (depth == 0 && crossing.step < 0)
                m_pieces.push_back({crossing.column, solid, from, crossing.z});
        }
        m_solids = std::max(m_solids, static_cast<std::size_t>(solid) + 1);
    }

    /// What is added from now on is looked at only in columns that what was added so far is in.
    void keepColumns() {
        m_kept.clear();
        if (m_pieces.empty()) return;
        m_low = m_high = m_pieces.front().column;
        for (const Piece& piece : m_pieces) {
            m_low = {std::min(m_low.first, piece.column.first), std::min(m_low.second, piece.column.second)};
            m_high = {std::max(m_high.first, piece.column.first),
                      std::max(m_high.second, piece.column.second)};
        }
        m_kept.resize(static_cast<std::size_t>(m_high.first - m_low.first + 1) * rows());
        for (const Piece& piece : m_pieces) m_kept[keptAt(piece.column.first, piece.column.second)] = true;
    }

    /// mm^3 that two solids share, for all pairs that share any; smaller number first.
    std::map<std::pair<int, int>, double> shared() const {
        std::vector<Piece> pieces = m_pieces;
        std::sort(pieces.begin(), pieces.end(), [](const Piece& p, const Piece& q) {
            return std::tie(p.column, p.solid, p.from) < std::tie(q.column, q.solid, q.from);
        });
        std::vector<double> lengths(m_solids * m_solids);
        for (std::size_t i = 0; i < pieces.size(); ++i)
            for (std::size_t j = i + 1; j < pieces.size() && pieces[j].column == pieces[i].column; ++j) {
                if (pieces[i].solid == pieces[j].solid) continue;
                const float length =
                    std::min(pieces[i].to, pieces[j].to) - std::max(pieces[i].from, pieces[j].from);
                if (length > 0)
                    lengths[static_cast<std::size_t>(pieces[i].solid) * m_solids +
                            static_cast<std::size_t>(pieces[j].solid)] += static_cast<double>(length);
            }
        std::map<std::pair<int, int>, double> result;
        for (std::size_t i = 0; i < lengths.size(); ++i)
            if (lengths[i] > 0)
                result[{static_cast<int>(i / m_solids), static_cast<int>(i % m_solids)}] =
                    lengths[i] * static_cast<double>(m_cell * m_cell);
        return result;
    }

    double volume(int solid) const {
        double result = 0;
        for (const Piece& piece : m_pieces)
            if (piece.solid == solid) result += (piece.to - piece.from) * m_cell * m_cell;
        return result;
    }

  private:
    using Column = std::pair<int, int>;
    struct Crossing {
        Column column;
        float z = 0;
        int step = 0;
    };
    struct Piece {
        Column column;
        int solid = 0;
        float from = 0, to = 0;
    };
    // Off any round number, so that no column runs along an edge.
    int cell(float at) const { return static_cast<int>(std::floor(at / m_cell + 0.1234f)); }
    glm::vec2 centre(int x, int y) const {
        return (glm::vec2(static_cast<float>(x), static_cast<float>(y)) + 0.5f - 0.1234f) * m_cell;
    }

    std::size_t rows() const { return static_cast<std::size_t>(m_high.second - m_low.second + 1); }
    std::size_t keptAt(int x, int y) const {
        return static_cast<std::size_t>(x - m_low.first) * rows() +
               static_cast<std::size_t>(y - m_low.second);
    }
    bool isKept(int x, int y) const {
        return m_kept.empty() || (x >= m_low.first && x <= m_high.first && y >= m_low.second &&
                                  y <= m_high.second && m_kept[keptAt(x, y)]);
    }

    float m_cell;
    std::vector<Piece> m_pieces;
    std::vector<bool> m_kept; ///< columns; empty: all
    Column m_low{}, m_high{}; ///< of those in m_kept
    std::size_t m_solids = 0;
};

} // namespace pump::test
