#include "physiology/SparseLdl.h"

#include <algorithm>
#include <map>
#include <set>

namespace pump::physiology {
namespace {

struct Elimination {
    std::vector<int> sequence;              // slot -> unknown
    std::vector<std::vector<int>> partners; // per slot: unknowns coupled when it is eliminated
};

Elimination eliminateLeastDegreeFirst(int unknowns, std::span<const std::pair<int, int>> edges) {
    std::vector<std::set<int>> neighbours(static_cast<std::size_t>(unknowns));
    for (const auto& [a, b] : edges) {
        if (a == b) continue;
        neighbours[static_cast<std::size_t>(a)].insert(b);
        neighbours[static_cast<std::size_t>(b)].insert(a);
    }
    std::set<std::pair<std::size_t, int>> queue; // (degree, unknown): ties fall to the lower index
    for (int i = 0; i < unknowns; ++i) queue.emplace(neighbours[static_cast<std::size_t>(i)].size(), i);
    Elimination result;
    while (!queue.empty()) {
        const int pivot = queue.begin()->second;
        queue.erase(queue.begin());
        const auto around = neighbours[static_cast<std::size_t>(pivot)];
        for (int i : around) {
            auto& own = neighbours[static_cast<std::size_t>(i)];
            queue.erase({own.size(), i});
            own.erase(pivot);
            for (int j : around)
                if (j != i) own.insert(j);
            queue.emplace(own.size(), i);
        }
        result.sequence.push_back(pivot);
        result.partners.emplace_back(around.begin(), around.end());
    }
    return result;
}

} // namespace

SparseLdl::SparseLdl(int unknowns, std::span<const std::pair<int, int>> edges) : m_size(unknowns) {
    const Elimination elimination = eliminateLeastDegreeFirst(unknowns, edges);
    m_order.resize(static_cast<std::size_t>(unknowns));
    for (std::size_t slot = 0; slot < elimination.sequence.size(); ++slot)
        m_order[static_cast<std::size_t>(elimination.sequence[slot])] = static_cast<int>(slot);

    std::map<std::pair<int, int>, int> position; // (column slot, row slot) -> index into values
    m_columnStart.push_back(0);
    for (std::size_t slot = 0; slot < elimination.sequence.size(); ++slot) {
        std::vector<int> rows;
        for (int partner : elimination.partners[slot]) rows.push_back(diagonalSlot(partner));
        std::sort(rows.begin(), rows.end());
        for (int row : rows) {
            position[{static_cast<int>(slot), row}] = m_size + static_cast<int>(m_entryRow.size());
            m_entryRow.push_back(row);
        }
        m_columnStart.push_back(static_cast<std::int32_t>(m_entryRow.size()));
    }
    for (int column = 0; column < m_size; ++column) {
        const auto first = m_columnStart[static_cast<std::size_t>(column)];
        const auto last = m_columnStart[static_cast<std::size_t>(column) + 1];
        for (auto p = first; p < last; ++p) {
            const int a = m_entryRow[static_cast<std::size_t>(p)];
            m_target.push_back(a);
            for (auto q = p + 1; q < last; ++q)
                m_target.push_back(position.at({a, m_entryRow[static_cast<std::size_t>(q)]}));
        }
    }
    for (const auto& [a, b] : edges) {
        const int low = std::min(diagonalSlot(a), diagonalSlot(b));
        const int high = std::max(diagonalSlot(a), diagonalSlot(b));
        m_edgeSlot.push_back(low == high ? low : position.at({low, high}));
    }
}

void SparseLdl::solve(std::span<double> values, std::span<double> right) const {
    double* const diagonal = values.data();
    double* const lower = diagonal + m_size;
    double* const b = right.data();
    const std::int32_t* const row = m_entryRow.data();
    const std::int32_t* const start = m_columnStart.data();
    const std::int32_t* target = m_target.data();
    for (int column = 0; column < m_size; ++column) {
        const double inverse = 1 / diagonal[column];
        diagonal[column] = inverse;
        const double own = b[column];
        for (std::int32_t p = start[column]; p < start[column + 1]; ++p) {
            const double factor = lower[p] * inverse;
            for (std::int32_t q = p; q < start[column + 1]; ++q)
                values[static_cast<std::size_t>(*target++)] -= factor * lower[q];
            b[row[p]] -= factor * own;
        }
    }
    for (int column = m_size - 1; column >= 0; --column) {
        double sum = b[column];
        for (std::int32_t p = start[column]; p < start[column + 1]; ++p) sum -= lower[p] * b[row[p]];
        b[column] = sum * diagonal[column];
    }
}

} // namespace pump::physiology
