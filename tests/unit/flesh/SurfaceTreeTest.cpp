#include "flesh/SurfaceTree.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <glm/glm.hpp>
#include <glm/gtc/constants.hpp>

#include <array>
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

/// How often a closed surface goes round a point: the solid angles of its triangles (van Oosterom and
/// Strackee 1983, IEEE Trans Biomed Eng 30:125).
double winding(const std::vector<glm::vec3>& positions, const std::vector<std::uint32_t>& indices,
               const glm::dvec3& p) {
    double sum = 0;
    for (std::size_t t = 0; t < indices.size(); t += 3) {
        const glm::dvec3 a = glm::dvec3(positions[indices[t]]) - p,
                         b = glm::dvec3(positions[indices[t + 1]]) - p,
                         c = glm::dvec3(positions[indices[t + 2]]) - p;
        const double la = glm::length(a), lb = glm::length(b), lc = glm::length(c);
        sum += 2 * std::atan2(glm::dot(a, glm::cross(b, c)),
                              la * lb * lc + glm::dot(a, b) * lc + glm::dot(b, c) * la + glm::dot(c, a) * lb);
    }
    return sum / (4 * glm::pi<double>());
}

/// A slender cord of four sides with a sharp end, of long triangles and short ones: mm.
struct Cord {
    std::vector<glm::vec3> positions;
    std::vector<std::uint32_t> indices;

    Cord() {
        constexpr std::array<float, 4> kHeights = {0, 1.5f, 22, 24};
        for (const float z : kHeights)
            for (int k = 0; k < 4; ++k) {
                const float turn = glm::half_pi<float>() * static_cast<float>(k) + 0.3f * z / 24;
                positions.emplace_back(3 * std::cos(turn) + z / 6, 1.2f * std::sin(turn), z);
            }
        positions.emplace_back(0, 0, -1);
        positions.emplace_back(9, 1, 34);
        const auto at = [](std::uint32_t ring, std::uint32_t k) { return 4 * ring + k % 4; };
        for (std::uint32_t k = 0; k < 4; ++k) {
            for (std::uint32_t ring = 0; ring + 1 < kHeights.size(); ++ring)
                for (const std::uint32_t corner : {at(ring, k), at(ring, k + 1), at(ring + 1, k + 1),
                                                   at(ring, k), at(ring + 1, k + 1), at(ring + 1, k)})
                    indices.push_back(corner);
            for (const std::uint32_t corner : {at(0, k + 1), at(0, k), 16u, at(3, k), at(3, k + 1), 17u})
                indices.push_back(corner);
        }
    }
};

/// How many of many places near a surface are taken for inside though they are not, or the other way.
int mistaken(const std::vector<glm::vec3>& positions, const std::vector<std::uint32_t>& indices,
             float leastDepth) {
    const SurfaceTree tree(positions, indices);
    int wrong = 0;
    for (float x = -6; x < 15; x += 0.83f)
        for (float y = -6; y < 7; y += 0.71f)
            for (float z = -6; z < 40; z += 1.37f) {
                const auto found = tree.nearest({x, y, z}, 8);
                if (!found || std::abs(found->distance) < leastDepth) continue;
                wrong += (found->distance < 0) != (winding(positions, indices, {x, y, z}) > 0.5);
            }
    return wrong;
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

TEST_CASE("what is outside a sharp edge or a corner of unequal triangles is outside", "[flesh][surface]") {
    const Cord cord;
    REQUIRE(surfaceVolume(cord.positions, cord.indices) > 100);
    CHECK(mistaken(cord.positions, cord.indices, 0.01f) == 0);
}

TEST_CASE("a fold in a surface does not make what is beside it inside", "[flesh][surface]") {
    Cord folded;
    folded.positions[5] += glm::vec3(0, 0, -4); // a corner drawn through the triangles beyond it
    CHECK(mistaken(folded.positions, folded.indices, 0.6f) == 0);
}
