#include "scene/VesselFrames.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>

using namespace pump;
using Catch::Approx;

namespace {

/// A helix: bends and winds, so frames that twist would show.
anatomy::Vessel helix() {
    anatomy::Vessel vessel;
    float arc = 0;
    for (int i = 0; i < 120; ++i) {
        const float t = static_cast<float>(i) * 0.12f;
        anatomy::VesselPoint point;
        point.position = {20 * std::cos(t), 20 * std::sin(t), 6 * t};
        point.radius = 2 + 0.01f * static_cast<float>(i);
        if (i > 0) arc += glm::distance(vessel.points.back().position, point.position);
        point.arc = arc;
        vessel.points.push_back(point);
    }
    return vessel;
}

} // namespace

TEST_CASE("frames are orthonormal and do not twist from point to point", "[frames]") {
    const auto vessel = helix();
    const auto frames = scene::restFrames(vessel);
    REQUIRE(frames.size() == vessel.points.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        CHECK(glm::length(frames[i].tangent) == Approx(1).margin(1e-4));
        CHECK(glm::length(frames[i].normal) == Approx(1).margin(1e-4));
        CHECK(std::abs(glm::dot(frames[i].tangent, frames[i].normal)) < 1e-4f);
        if (i == 0) continue;
        // Rotation of the normal about the tangent, beyond what the bend itself does.
        const glm::vec3 bend = frames[i].tangent - frames[i - 1].tangent;
        const glm::vec3 turn = frames[i].normal - frames[i - 1].normal;
        const float twist = std::abs(glm::dot(turn, frames[i].binormal()));
        CHECK(twist < 0.02f + 0.2f * glm::length(bend));
    }
}

TEST_CASE("a place on a vessel is found by its arc length", "[frames]") {
    const auto vessel = helix();
    const auto middle = scene::placeAt(vessel, (vessel.points[40].arc + vessel.points[41].arc) / 2);
    CHECK(middle.index == 40);
    CHECK(middle.share == Approx(0.5).margin(1e-3));
    CHECK(scene::placeAt(vessel, -5).index == 0);
    CHECK(scene::placeAt(vessel, 1e6f).index == vessel.points.size() - 2);
    CHECK(scene::placeAt(vessel, 1e6f).share == 1);
    const auto frame = scene::frameAt(vessel, vessel.points[40].arc);
    CHECK(glm::distance(frame.position, vessel.points[40].position) < 1e-3f);
    CHECK(frame.radius == Approx(vessel.points[40].radius));
}

TEST_CASE("the valve line turns round the tangent", "[frames]") {
    const auto frame = scene::frameAt(helix(), 50);
    const glm::vec3 a = scene::valveLine(frame, 0), b = scene::valveLine(frame, 1.5707963f);
    CHECK(std::abs(glm::dot(a, b)) < 1e-4f);
    CHECK(std::abs(glm::dot(a, frame.tangent)) < 1e-4f);
    CHECK(glm::distance(a, frame.normal) < 1e-5f);
}
