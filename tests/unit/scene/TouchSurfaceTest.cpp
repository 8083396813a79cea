#include "scene/TouchSurface.h"

#include "scene/JointBlend.h"
#include "scene/Pose.h"
#include "shared/leg.h"
#include "support/SyntheticLeg.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <glm/gtc/constants.hpp>

#include <cmath>

namespace pump::shared {
namespace section { // as C++; not all of it is used here
#include "shared/section.h"
} // namespace section
} // namespace pump::shared

using namespace pump;
using Catch::Approx;

namespace {

physiology::Network network() {
    physiology::Network net;
    for (const char* id : {"PTV1", "PTV2", "PTV3", "PTV4", "MV_P"}) {
        physiology::Segment segment;
        segment.id = id;
        net.segments.push_back(segment);
    }
    return net;
}

scene::RenderInput standing(const anatomy::LegModel& leg, double footDegrees = 0) {
    scene::RenderInput input;
    physiology::Pose pose;
    pose.ankleDorsiflexion = -footDegrees * 0.0174532925;
    pose.footPitch = pose.ankleDorsiflexion;
    input.joints = scene::Poser(leg).joints(pose);
    input.muscles.resize(leg.rig.muscles.size());
    return input;
}

} // namespace

TEST_CASE("touched skin goes round a bent joint as the drawn skin does", "[touch]") {
    const auto leg = test::syntheticLeg();
    const scene::TouchSurface surface(leg, network());
    const auto pose = standing(leg, 40);
    const auto joints = scene::jointPoses(pose.joints);
    const anatomy::Structure* skin = nullptr;
    for (const auto& structure : leg.structures)
        if (structure.tissue == anatomy::Tissue::Skin) skin = &structure;
    REQUIRE(skin);
    int blended = 0;
    for (std::uint32_t i = skin->firstVertex; i < skin->firstVertex + skin->vertexCount; ++i) {
        const anatomy::Vertex& vertex = leg.vertices[i];
        if (vertex.weights[1] < 60) continue;
        ++blended;
        const auto word = [](const std::array<std::uint8_t, 4>& b) {
            return b[0] | static_cast<std::uint32_t>(b[1]) << 8 | static_cast<std::uint32_t>(b[2]) << 16 |
                   static_cast<std::uint32_t>(b[3]) << 24;
        };
        shared::JointBlend blend(joints);
        const glm::vec3 drawn =
            blend.movedBy(blend.blendedJoint(word(vertex.joints), word(vertex.weights), 4), vertex.position);
        scene::SkinPoint point;
        point.place = vertex.position;
        CHECK(glm::distance(surface.posed(point, pose.joints), drawn) < 0.01f);
    }
    CHECK(blended > 0);
}

TEST_CASE("a ray finds the place of the skin, in whatever pose, and passes beside it", "[touch]") {
    const auto leg = test::syntheticLeg();
    const scene::TouchSurface surface(leg, network());
    for (const double degrees : {0.0, 30.0}) {
        const auto pose = standing(leg, degrees);
        const glm::vec3 target = pose.joints[0] * glm::vec4(0, -20, 200, 1);
        const auto point = surface.hit({target + glm::vec3(0, -500, 0), {0, 1, 0}}, pose);
        REQUIRE(point);
        // The tube's radius at 200 mm: 45 + 17 sin(pi 200 / 420); its axis is at y = -20.
        const double radius = 45 + 17 * std::sin(glm::pi<double>() * 200 / 420);
        CHECK(static_cast<double>(point->place.y) == Approx(-20 - radius).margin(1.0));
        CHECK(static_cast<double>(point->place.z) == Approx(200).margin(0.5));
        CHECK(point->inward.y > 0.9f);
        CHECK(glm::distance(surface.posed(*point, pose.joints), point->posed) < 0.5f);
    }
    CHECK_FALSE(surface.hit({{200, -500, 200}, {0, 1, 0}}, standing(leg)));
}

TEST_CASE("a dent grows with the pressure, less over bone and over a muscle that works", "[touch]") {
    const auto leg = test::syntheticLeg();
    const scene::TouchSurface surface(leg, network());
    scene::SkinPoint point{.place = {0, -80, 200}, .inward = {0, 1, 0}, .tissueMm = 40};
    // depth = T (1 - exp(-p / E)): 60 mmHg = 8.0 kPa on E = 24 kPa.
    CHECK(static_cast<double>(surface.pad(point, 11, 60).depth) ==
          Approx(40 * (1 - std::exp(-60 * 133.322 / 24000))).epsilon(1e-4));
    CHECK(surface.pad(point, 11, 120).depth > surface.pad(point, 11, 60).depth);
    scene::SkinPoint bony = point, tense = point;
    bony.tissueMm = 4;
    tense.effort = 1;
    CHECK(surface.pad(bony, 11, 60).depth < 1.2f);
    CHECK(surface.pad(tense, 11, 60).depth < 0.4f * surface.pad(point, 11, 60).depth);
}

TEST_CASE("the pressure arrives at veins near the finger, less with depth", "[touch]") {
    const auto leg = test::syntheticLeg();
    const scene::TouchSurface surface(leg, network());
    const auto shareOf = [&](float depthMm, float z) {
        // The vein runs along x = 4, y = -28 to -30.
        const scene::SkinPoint point{.place = {4, -29 - depthMm, z}, .inward = {0, 1, 0}, .tissueMm = 40};
        const auto shares = surface.shares(surface.pad(point, 11, 80));
        double most = 0;
        for (const auto& part : shares) most = std::max(most, part.share);
        return most;
    };
    // Elastic half space: 1 - 1 / (1 + (a / z)^2)^1.5, at z = a 0.646.
    CHECK(shareOf(11, 200) == Approx(0.646).margin(0.05));
    CHECK(shareOf(22, 200) < 0.5 * shareOf(11, 200));
    const scene::SkinPoint beside{.place = {64, -60, 200}, .inward = {0, 1, 0}, .tissueMm = 40};
    CHECK(surface.shares(surface.pad(beside, 11, 80)).empty());
    // Which segment: by height.
    const scene::SkinPoint low{.place = {4, -40, 60}, .inward = {0, 1, 0}, .tissueMm = 40};
    const auto shares = surface.shares(surface.pad(low, 11, 80));
    REQUIRE(shares.size() == 1);
    CHECK(shares[0].segment == 0);
}

TEST_CASE("a flattened section keeps the simulated area and ends as a dumb-bell", "[touch][section]") {
    constexpr int kSides = 4096;
    for (const float flatness : {0.0f, 0.3f, 0.7f, 1.0f}) {
        double area = 0;
        glm::dvec2 last(0);
        for (int i = 0; i <= kSides; ++i) {
            const float angle = glm::two_pi<float>() * static_cast<float>(i) / kSides;
            const glm::dvec2 p(
                shared::section::sectionPoint({std::cos(angle), std::sin(angle)}, flatness, 0.4f));
            if (i > 0) area += 0.5 * (last.x * p.y - last.y * p.x);
            last = p;
        }
        CHECK(area == Approx(glm::pi<double>()).epsilon(1e-3));
    }
    const auto thickness = [](float across) {
        return std::abs(shared::section::sectionPoint({std::sqrt(1 - across * across), across}, 1, 0).x);
    };
    CHECK(thickness(0) < 0.75f * thickness(0.7f)); // the waist is thinner than the lobes
    CHECK(thickness(0) > 0);
}
