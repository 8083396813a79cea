#include "flesh/Poses.h"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace pump::flesh;

namespace {

std::vector<ChosenPose> posesAt(const std::vector<float>& places) {
    std::vector<ChosenPose> poses(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) poses[i].features[0] = places[i];
    return poses;
}

} // namespace

TEST_CASE("each pose is solved from the one nearest to it on the way from rest", "[flesh]") {
    // As poses are chosen: rest, then what is furthest from all before it.
    CHECK(shortestTree(posesAt({0, 10, 5, 2, -3, 7.5f, 11})) ==
          std::vector<std::size_t>{0, 5, 3, 0, 0, 2, 1});
    CHECK(shortestTree(posesAt({0})) == std::vector<std::size_t>{0});
}
