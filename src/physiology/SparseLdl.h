#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace pump::physiology {

/// L D L^T of a symmetric positive definite matrix with a fixed pattern, for networks that are nearly trees.
/// The order of elimination (least degree first, so from the leaves inward) and every index are worked out
/// once; solving allocates nothing and costs O(n + fill).
class SparseLdl {
  public:
    /// `edges`: pairs of unknowns that are coupled; the same pair may come more than once.
    SparseLdl(int unknowns, std::span<const std::pair<int, int>> edges);

    int size() const { return m_size; }
    std::size_t entryCount() const { return m_entryRow.size(); } ///< below the diagonal, fill included

    /// Where unknown i stands on the diagonal and in a right-hand side, and where edge k's entry stands in
    /// the values passed to solve(): values[0, size) diagonal, values[size, size + entryCount) below it.
    int diagonalSlot(int unknown) const { return m_order[static_cast<std::size_t>(unknown)]; }
    int edgeSlot(int edge) const { return m_edgeSlot[static_cast<std::size_t>(edge)]; }
    std::size_t valueCount() const { return static_cast<std::size_t>(m_size) + entryCount(); }

    /// Factors `values` in place and replaces `right` (in slot order) by the solution.
    void factorAndSolve(std::span<double> values, std::span<double> right) const;
    /// Replaces `right` by the solution; `values` as factorAndSolve() left them.
    void substitute(std::span<const double> values, std::span<double> right) const;

  private:
    void substituteBack(std::span<const double> values, std::span<double> right) const;
    int m_size = 0;
    std::vector<int> m_order;                // unknown -> slot
    std::vector<int> m_edgeSlot;             // edge -> index into values
    std::vector<std::int32_t> m_columnStart; // per slot: first entry of its column
    std::vector<std::int32_t> m_entryRow;    // slot of the entry's row, later than its column
    std::vector<std::int32_t> m_target;      // per pair of entries of a column: index into values
    struct Run {
        int degree = 0, end = 0; ///< entries of each column; first column that is no longer in it
    };
    std::vector<Run> m_runs; // columns with equally many entries follow each other
};

} // namespace pump::physiology
