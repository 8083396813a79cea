#include "physiology/SparseLdl.h"
#include "physiology/Circulation.h"

#include "core/HashRandom.h"

#include <catch2/catch_test_macros.hpp>
#include <eigen3/Eigen/Dense>

#include <algorithm>

using namespace pump::physiology;

namespace {

struct Pattern {
    int unknowns = 0;
    std::vector<std::pair<int, int>> edges;
};

Pattern patternOf(const Network& network) {
    Pattern pattern{.unknowns = static_cast<int>(network.segments.size())};
    for (const Link& link : network.links)
        if (link.to >= 0) pattern.edges.emplace_back(link.from, link.to);
    return pattern;
}

/// Largest difference, relative to the solution's size, between the sparse and Eigen's dense Cholesky
/// solution.
double disagreement(const Pattern& pattern, std::uint32_t seed) {
    const SparseLdl matrix(pattern.unknowns, pattern.edges);
    Eigen::MatrixXd dense = Eigen::MatrixXd::Zero(pattern.unknowns, pattern.unknowns);
    Eigen::VectorXd right(pattern.unknowns);
    std::vector<double> values(matrix.valueCount(), 0.0),
        solution(static_cast<std::size_t>(pattern.unknowns));
    auto random = [&](std::uint32_t id) { return static_cast<double>(pump::core::hashUniform(seed, id, 0)); };
    for (int i = 0; i < pattern.unknowns; ++i) {
        const double storage = 0.01 + random(static_cast<std::uint32_t>(i));
        dense(i, i) += storage;
        values[static_cast<std::size_t>(matrix.diagonalSlot(i))] += storage;
        right(i) = random(static_cast<std::uint32_t>(10000 + i)) - 0.5;
        solution[static_cast<std::size_t>(matrix.diagonalSlot(i))] = right(i);
    }
    for (std::size_t k = 0; k < pattern.edges.size(); ++k) {
        const auto [a, b] = pattern.edges[k];
        const double coupling = 10 * random(static_cast<std::uint32_t>(20000 + k));
        dense(a, a) += coupling;
        dense(b, b) += coupling;
        dense(a, b) -= coupling;
        dense(b, a) -= coupling;
        values[static_cast<std::size_t>(matrix.diagonalSlot(a))] += coupling;
        values[static_cast<std::size_t>(matrix.diagonalSlot(b))] += coupling;
        values[static_cast<std::size_t>(matrix.edgeSlot(static_cast<int>(k)))] -= coupling;
    }
    matrix.factorAndSolve(values, solution);
    // The same again with the factors that are there.
    std::vector<double> again(solution.size());
    for (int i = 0; i < pattern.unknowns; ++i)
        again[static_cast<std::size_t>(matrix.diagonalSlot(i))] = right(i);
    matrix.substitute(values, again);
    CHECK(again == solution);
    const Eigen::VectorXd expected = dense.llt().solve(right);
    double worst = 0;
    for (int i = 0; i < pattern.unknowns; ++i)
        worst = std::max(worst,
                         std::abs(solution[static_cast<std::size_t>(matrix.diagonalSlot(i))] - expected(i)));
    return worst / expected.cwiseAbs().maxCoeff();
}

} // namespace

TEST_CASE("sparse elimination of the leg's network gives Eigen's dense solution") {
    const Pattern leg = patternOf(loadNetwork("assets/network"));
    for (std::uint32_t seed = 0; seed < 20; ++seed) CHECK(disagreement(leg, seed) < 1e-12);
}

TEST_CASE("sparse elimination is right on random graphs with loops and repeated pairs") {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        Pattern pattern{.unknowns = 40};
        for (std::uint32_t k = 0; k < 90; ++k) {
            const int a = static_cast<int>(pump::core::hashRandom(seed, k, 1) % 40u),
                      b = static_cast<int>(pump::core::hashRandom(seed, k, 2) % 40u);
            if (a != b) pattern.edges.emplace_back(a, b);
        }
        CHECK(disagreement(pattern, seed) < 1e-12);
    }
}

TEST_CASE("the elimination order keeps fill-in small and linear in the number of segments") {
    const Network leg = loadNetwork("assets/network");
    const Pattern whole = patternOf(leg), fine = patternOf(splitNetwork(leg, 16));
    const SparseLdl a(whole.unknowns, whole.edges), b(fine.unknowns, fine.edges);
    CHECK(a.entryCount() < 2 * whole.edges.size());
    CHECK(b.entryCount() < 2 * fine.edges.size());
}
