#include "render/FibreCoordinates.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace pump;

namespace {

constexpr int kRings = 40, kSides = 48;
constexpr float kLength = 200; // mm

struct Ring {
    glm::vec2 middle, half; ///< mm
};

/// Coordinates of the rings of a muscle of ellipses along z about a straight line, which begins `before` mm
/// earlier.
std::vector<std::vector<glm::vec3>> coordinatesOf(auto&& ringAt, float before = 0) {
    anatomy::LegModel leg;
    anatomy::MuscleRig rig;
    if (before > 0) {
        rig.line.emplace_back(0, 0, kLength + before);
        rig.arc.push_back(0);
    }
    for (int i = 0; i <= 20; ++i) {
        const float arc = kLength * static_cast<float>(i) / 20;
        rig.line.emplace_back(0, 0, kLength - arc);
        rig.arc.push_back(before + arc);
    }
    leg.rig.muscles.push_back(rig);
    anatomy::Structure structure;
    structure.tissue = anatomy::Tissue::Muscle;
    structure.muscle = 0;
    for (int r = 0; r < kRings; ++r)
        for (int s = 0; s < kSides; ++s) {
            const float share = static_cast<float>(r) / (kRings - 1);
            const float angle = 6.2831853f * static_cast<float>(s) / kSides;
            const Ring ring = ringAt(share);
            anatomy::Vertex vertex;
            vertex.position = {ring.middle + ring.half * glm::vec2(std::cos(angle), std::sin(angle)),
                               kLength * (1 - share)};
            vertex.tissue[0] = before + kLength * share;
            leg.vertices.push_back(vertex);
        }
    structure.vertexCount = static_cast<std::uint32_t>(leg.vertices.size());
    const std::vector<glm::vec3> flat = render::fibreCoordinates(leg, structure);
    std::vector<std::vector<glm::vec3>> rings(kRings);
    for (std::size_t i = 0; i < flat.size(); ++i) rings[i / kSides].push_back(flat[i]);
    return rings;
}

float across(const glm::vec3& a, const glm::vec3& b) {
    return glm::distance(glm::vec2(a), glm::vec2(b));
}

} // namespace

TEST_CASE("streaks run along a muscle that bulges, bends off its line and is flat", "[fibre]") {
    const auto rings = coordinatesOf([](float share) {
        const float belly = std::sin(3.1415927f * share);
        return Ring{{0, 14 * belly}, glm::vec2(24, 12) * (0.45f + 0.55f * belly)};
    });
    for (std::size_t s = 0; s < kSides; ++s) {
        float wander = 0;
        for (std::size_t r = 5; r + 5 < kRings; ++r)
            wander = std::max(wander, across(rings[r][s], rings[kRings / 2][s]));
        // Its surface itself moves by 13 to 22 mm against the line there.
        INFO("side " << s << " wanders " << wander << " mm");
        CHECK(wander < 2.0f);
    }
}

TEST_CASE("streaks of all sides of a muscle differ, and keep their width where it is fullest", "[fibre]") {
    const auto rings = coordinatesOf([](float share) {
        return Ring{{5, -3}, glm::vec2(20) * (0.5f + 0.5f * std::sin(3.1415927f * share))};
    });
    const std::vector<glm::vec3>& ring = rings[kRings / 2];
    for (std::size_t s = 0; s < kSides; ++s) {
        const float step = across(ring[s], ring[(s + 1) % kSides]);
        INFO("side " << s << ": " << step << " mm");
        CHECK(step > 0.85f * 20 * 6.2831853f / kSides);
        CHECK(step < 1.15f * 20 * 6.2831853f / kSides);
    }
    CHECK(rings[0][0].z < rings[kRings - 1][0].z);
}

TEST_CASE("a short piece at the end of a muscle's long line gets coordinates", "[fibre]") {
    const auto rings = coordinatesOf([](float) { return Ring{{0, 0}, {3, 3}}; }, 2000);
    CHECK(across(rings[20][0], rings[20][kSides / 2]) > 5.0f);
}

TEST_CASE("thin ends of a muscle get finite coordinates", "[fibre]") {
    const auto rings = coordinatesOf([](float share) {
        return Ring{{0, 0}, glm::vec2(15, 4) * std::sin(3.1415927f * share)};
    });
    for (const auto& ring : rings)
        for (const glm::vec3& q : ring) {
            CHECK(std::isfinite(q.x + q.y + q.z));
            CHECK(glm::length(glm::vec2(q)) < 30.0f);
        }
}
