#include "physiology/SparseLdl.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <type_traits>

namespace pump::physiology {
namespace {

struct Column {
    int unknown = 0, level = 0;
    std::vector<int> partners; // unknowns coupled when it is eliminated
};

/// Least degree first, so from the leaves inward; one or two neighbours count alike and the lower level wins,
/// so that a chain is eliminated in many places at once. Columns of one level do not wait for each other:
/// they are sorted by level, then by degree.
std::vector<Column> eliminationOf(int unknowns, std::span<const std::pair<int, int>> edges) {
    std::vector<std::set<int>> neighbours(static_cast<std::size_t>(unknowns));
    for (const auto& [a, b] : edges) {
        if (a == b) continue;
        neighbours[static_cast<std::size_t>(a)].insert(b);
        neighbours[static_cast<std::size_t>(b)].insert(a);
    }
    std::vector<int> level(static_cast<std::size_t>(unknowns), 0);
    using Key = std::tuple<std::size_t, int, int>; // ties fall to the lower index
    const auto keyOf = [&](int i) {
        return Key{std::max<std::size_t>(neighbours[static_cast<std::size_t>(i)].size(), 2),
                   level[static_cast<std::size_t>(i)], i};
    };
    std::set<Key> queue;
    for (int i = 0; i < unknowns; ++i) queue.insert(keyOf(i));
    std::vector<Column> columns;
    while (!queue.empty()) {
        const int pivot = std::get<2>(*queue.begin());
        queue.erase(queue.begin());
        const auto around = neighbours[static_cast<std::size_t>(pivot)];
        const int own = level[static_cast<std::size_t>(pivot)];
        for (int i : around) {
            queue.erase(keyOf(i));
            auto& others = neighbours[static_cast<std::size_t>(i)];
            others.erase(pivot);
            for (int j : around)
                if (j != i) others.insert(j);
            int& next = level[static_cast<std::size_t>(i)];
            next = std::max(next, own + 1);
            queue.insert(keyOf(i));
        }
        columns.push_back({pivot, own, {around.begin(), around.end()}});
    }
    std::stable_sort(columns.begin(), columns.end(), [](const Column& a, const Column& b) {
        return std::pair(a.level, a.partners.size()) < std::pair(b.level, b.partners.size());
    });
    return columns;
}

/// Calls `loop` with the number of entries of a column: as a constant where it is small, so that the loops
/// over entries are unrolled.
template <class Loop>
auto withDegree(int degree, const Loop& loop) {
    switch (degree) {
    case 0:
        return loop(std::integral_constant<int, 0>{});
    case 1:
        return loop(std::integral_constant<int, 1>{});
    case 2:
        return loop(std::integral_constant<int, 2>{});
    case 3:
        return loop(std::integral_constant<int, 3>{});
    case 4:
        return loop(std::integral_constant<int, 4>{});
    case 5:
        return loop(std::integral_constant<int, 5>{});
    case 6:
        return loop(std::integral_constant<int, 6>{});
    default:
        return loop(degree);
    }
}

/// Eliminates a column: from what its entries' rows have among themselves goes entry x entry / diagonal.
/// Returns where the next column's targets begin.
template <int Degree>
const std::int32_t* eliminate(double* values, double inverse, std::integral_constant<int, Degree>,
                              const double* lower, const std::int32_t* target) {
    double entry[Degree + 1];
    for (int p = 0; p < Degree; ++p) entry[p] = lower[p];
    int n = 0;
    for (int p = 0; p < Degree; ++p) {
        const double factor = entry[p] * inverse;
        for (int q = p; q < Degree; ++q) values[target[n++]] -= factor * entry[q];
    }
    return target + n;
}

const std::int32_t* eliminate(double* values, double inverse, int degree, const double* lower,
                              const std::int32_t* target) {
    for (int p = 0; p < degree; ++p) {
        const double factor = lower[p] * inverse;
        for (int q = p; q < degree; ++q) values[*target++] -= factor * lower[q];
    }
    return target;
}

} // namespace

SparseLdl::SparseLdl(int unknowns, std::span<const std::pair<int, int>> edges) : m_size(unknowns) {
    const std::vector<Column> columns = eliminationOf(unknowns, edges);
    m_order.resize(static_cast<std::size_t>(unknowns));
    for (std::size_t slot = 0; slot < columns.size(); ++slot)
        m_order[static_cast<std::size_t>(columns[slot].unknown)] = static_cast<int>(slot);

    std::map<std::pair<int, int>, int> position; // (column slot, row slot) -> index into values
    m_columnStart.push_back(0);
    for (std::size_t slot = 0; slot < columns.size(); ++slot) {
        std::vector<int> rows;
        for (int partner : columns[slot].partners) rows.push_back(diagonalSlot(partner));
        std::sort(rows.begin(), rows.end());
        for (int row : rows) {
            position[{static_cast<int>(slot), row}] = m_size + static_cast<int>(m_entryRow.size());
            m_entryRow.push_back(row);
        }
        m_columnStart.push_back(static_cast<std::int32_t>(m_entryRow.size()));
        const int degree = static_cast<int>(rows.size());
        if (m_runs.empty() || m_runs.back().degree != degree) m_runs.push_back({degree, 0});
        m_runs.back().end = static_cast<int>(slot) + 1;
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

void SparseLdl::factorAndSolve(std::span<double> all, std::span<double> right) const {
    double *const values = all.data(), *const b = right.data();
    const double* lower = values + m_size;
    const std::int32_t *target = m_target.data(), *row = m_entryRow.data();
    int column = 0;
    for (const Run& run : m_runs) {
        column =
            withDegree(run.degree, [values, b, column, end = run.end, &lower, &target, &row](auto degree) {
                const double* entry = lower;
                const std::int32_t *to = target, *place = row;
                int c = column;
                for (; c < end; ++c, entry += degree, place += degree) {
                    const double inverse = values[c] = 1 / values[c], own = b[c] * inverse;
                    to = eliminate(values, inverse, degree, entry, to);
                    for (int p = 0; p < degree; ++p) b[place[p]] -= entry[p] * own;
                }
                lower = entry;
                target = to;
                row = place;
                return c;
            });
    }
    substituteBack(all, right);
}

void SparseLdl::substitute(std::span<const double> values, std::span<double> right) const {
    const double* const diagonal = values.data();
    const double* lower = diagonal + m_size;
    double* const b = right.data();
    const std::int32_t* row = m_entryRow.data();
    int column = 0;
    for (const Run& run : m_runs) {
        withDegree(run.degree, [&](auto degree) {
            for (; column < run.end; ++column, lower += degree, row += degree) {
                const double own = b[column] * diagonal[column];
                for (int p = 0; p < degree; ++p) b[row[p]] -= lower[p] * own;
            }
        });
    }
    substituteBack(values, right);
}

void SparseLdl::substituteBack(std::span<const double> values, std::span<double> right) const {
    const double* const diagonal = values.data();
    const double* lower = diagonal + m_size + m_entryRow.size();
    double* const b = right.data();
    const std::int32_t* row = m_entryRow.data() + m_entryRow.size();
    int column = m_size;
    for (auto run = m_runs.rbegin(); run != m_runs.rend(); ++run) {
        const int first = run + 1 == m_runs.rend() ? 0 : (run + 1)->end;
        withDegree(run->degree, [&](auto degree) {
            while (--column >= first) {
                lower -= degree;
                row -= degree;
                double sum = b[column];
                for (int p = 0; p < degree; ++p) sum -= lower[p] * b[row[p]];
                b[column] = sum * diagonal[column];
            }
        });
        ++column;
    }
}

} // namespace pump::physiology
