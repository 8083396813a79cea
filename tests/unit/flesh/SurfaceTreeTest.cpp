#include "flesh/SurfaceTree.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <glm/glm.hpp>
#include <glm/gtc/constants.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

using namespace pump::flesh;

namespace {

constexpr int kAround = 24, kAlong = 36;
constexpr float kRing = 20, kTube = 6; // mm

struct Torus {
    std::vector<glm::vec3> positions;
    std::vector<std::uint32_t> indices;

    explicit Torus(float squeeze = 1) {
        for (int i = 0; i < kAlong; ++i)
            for (int k = 0; k < kAround; ++k) {
                const float u = glm::two_pi<float>() * static_cast<float>(i) / kAlong,
                            v = glm::two_pi<float>() * static_cast<float>(k) / kAround,
                            r = kRing + kTube * std::cos(v);
                positions.emplace_back(r * std::cos(u), squeeze * r * std::sin(u), kTube * std::sin(v));
                const auto at = [](int along, int around) {
                    return static_cast<std::uint32_t>(along % kAlong * kAround + around % kAround);
                };
                for (const std::uint32_t corner :
                     {at(i, k), at(i + 1, k), at(i + 1, k + 1), at(i, k), at(i + 1, k + 1), at(i, k + 1)})
                    indices.push_back(corner);
            }
    }
};

/// Distance of a point to the nearest of many places on all triangles: never less than it is, hardly more.
float sampledDistance(const Torus& torus, const glm::vec3& p) {
    constexpr int kSteps = 12;
    float least = 1e9f;
    for (std::size_t t = 0; t < torus.indices.size(); t += 3) {
        const auto corner = [&](std::size_t k) { return torus.positions[torus.indices[t + k]]; };
        for (int a = 0; a <= kSteps; ++a)
            for (int b = 0; a + b <= kSteps; ++b)
                least = std::min(least, glm::distance(p, (corner(0) * static_cast<float>(a) +
                                                          corner(1) * static_cast<float>(b) +
                                                          corner(2) * static_cast<float>(kSteps - a - b)) /
                                                             static_cast<float>(kSteps)));
    }
    return least;
}

void checkAround(const SurfaceTree& tree, const Torus& torus, std::uint32_t guess) {
    for (int i = 0; i < 60; ++i) {
        const float turn = 0.7f * static_cast<float>(i), away = 14 + 3 * static_cast<float>(i % 5);
        const glm::vec3 p(away * std::cos(turn), away * std::sin(turn), static_cast<float>(i % 7 - 3));
        const auto found = tree.nearest(p, 30, guess);
        REQUIRE(found);
        const float sampled = sampledDistance(torus, p);
        CHECK(std::abs(found->distance) <= sampled + 1e-4f);
        CHECK(std::abs(found->distance) > sampled - 0.1f);
        const std::uint32_t* v = &torus.indices[3 * found->triangle];
        const glm::vec3 place = torus.positions[v[0]] * found->shares.x +
                                torus.positions[v[1]] * found->shares.y +
                                torus.positions[v[2]] * found->shares.z;
        CHECK(glm::distance(p, place) == Catch::Approx(std::abs(found->distance)).margin(1e-4));
        // `outward` leads away from the surface on the outside, and on the inside to it.
        if (std::abs(found->distance) > 0.1f)
            CHECK(glm::distance(place + found->outward * found->distance, p) < 1e-3f);
    }
}

} // namespace

TEST_CASE("a tree of boxes finds what of a surface is nearest", "[flesh][surface]") {
    const Torus torus;
    SurfaceTree tree(torus.positions, torus.indices);
    checkAround(tree, torus, SurfaceTree::kNoGuess);
    checkAround(tree, torus, 17); // a guess changes nothing but the time
    CHECK(tree.nearest({kRing, 0, 0}, 30)->distance < -5);
    CHECK(tree.nearest({0, 0, 0}, 30)->distance > 13);
    CHECK_FALSE(tree.nearest({0, 0, 0}, 10)); // out of reach
    CHECK_FALSE(SurfaceTree().nearest({0, 0, 0}, 10));
}

TEST_CASE("a tree of boxes follows its surface", "[flesh][surface]") {
    const Torus torus;
    Torus squeezed(0.5f);
    for (glm::vec3& p : squeezed.positions) p = {p.y, p.z, p.x}; // and turned
    SurfaceTree tree(torus.positions, torus.indices);
    tree.move(squeezed.positions);
    checkAround(tree, squeezed, SurfaceTree::kNoGuess);
    CHECK(tree.nearest({0, 0, kRing + kTube - 2}, 30)->distance == Catch::Approx(-2).margin(0.3));
    CHECK(tree.nearest({0, 0, kRing + kTube + 2}, 30)->distance == Catch::Approx(2).margin(0.3));
    CHECK(surfaceVolume(squeezed.positions, squeezed.indices) ==
          Catch::Approx(0.5 * surfaceVolume(torus.positions, torus.indices)));
}
