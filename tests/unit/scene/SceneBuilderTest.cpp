#include "scene/SceneBuilder.h"

#include "support/SyntheticLeg.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>

using namespace pump;
using Catch::Approx;

namespace {

physiology::Network network() {
    physiology::Network net;
    for (const char* id : {"PTV1", "PTV2", "PTV3", "PTV4", "MV_P"}) {
        physiology::Segment segment;
        segment.id = id;
        segment.parallel = 2;
        net.segments.push_back(segment);
    }
    net.links.push_back({.from = 0, .to = 1, .kind = physiology::LinkKind::Valve});
    net.links.push_back({.from = 1, .to = 2, .kind = physiology::LinkKind::Valve});
    return net;
}

physiology::SimSnapshot quiet(const physiology::Network& net) {
    physiology::SimSnapshot snapshot;
    snapshot.segments.resize(net.segments.size());
    for (auto& segment : snapshot.segments) {
        segment.areaMm2 = 28;
        segment.areaRatio = 1.9;
    }
    snapshot.links.resize(net.links.size());
    return snapshot;
}

scene::RenderInput build(const scene::SceneBuilder& builder, const physiology::SimSnapshot& snapshot) {
    return builder.build(snapshot, scene::defaultViewSettings(), {}, {.simulatedSeconds = 0.02f, .frame = 3});
}

} // namespace

TEST_CASE("sizes match the rig and quiet standing is drawn as built", "[scene]") {
    const auto leg = test::syntheticLeg();
    const auto net = network();
    const auto snapshot = quiet(net);
    const scene::SceneBuilder builder(leg, net, snapshot);
    CHECK(builder.unbound().empty());
    const auto input = build(builder, snapshot);
    CHECK(input.joints.size() == leg.rig.joints.size());
    CHECK(input.muscles.size() == leg.rig.muscles.size());
    CHECK(input.valves.size() == leg.rig.valves.size());
    REQUIRE(input.flows.size() == 6);
    for (const auto& flow : input.flows) {
        CHECK(flow.radiusScale == Approx(1));
        CHECK(flow.flatness == 0);
        CHECK(flow.velocityLow == 0);
    }
    CHECK(input.frame == 3);
    CHECK(input.simulatedSeconds == 0.02f);
}

TEST_CASE("a drained vein narrows by the root of its area and flattens", "[scene]") {
    const auto leg = test::syntheticLeg();
    const auto net = network();
    auto snapshot = quiet(net);
    const scene::SceneBuilder builder(leg, net, snapshot);
    snapshot.segments[1].areaMm2 = 7;
    snapshot.segments[1].areaRatio = 0.475;
    const auto input = build(builder, snapshot);
    CHECK(input.flows[1].radiusScale == Approx(0.5));
    CHECK(input.flows[1].flatness > 0.4f);
    CHECK(input.flows[1].flatness < 0.9f);
    CHECK(input.flows[0].flatness == 0);
}

TEST_CASE("velocity is the segment's flow over its drawn lumens", "[scene]") {
    const auto leg = test::syntheticLeg();
    const auto net = network();
    auto snapshot = quiet(net);
    const scene::SceneBuilder builder(leg, net, snapshot);
    snapshot.segments[2].flowInMlS = 9; // of this, 4 from the segment that the drawn vessel comes from
    snapshot.links[1].flowMlS = 4;
    snapshot.segments[2].flowOutMlS = -1;
    const auto input = build(builder, snapshot);
    const float area = 3.14159265f * 9 * 2; // two tubes of 3 mm radius
    CHECK(input.flows[2].velocityLow == Approx(4000 / area).epsilon(1e-3));
    CHECK(input.flows[2].velocityHigh == Approx(-1000 / area).epsilon(1e-3));
}

TEST_CASE("arteries and beds run with the arterial inflow of their bed", "[scene]") {
    const auto leg = test::syntheticLeg();
    const auto net = network();
    auto snapshot = quiet(net);
    const scene::SceneBuilder builder(leg, net, snapshot);
    snapshot.segments[4].arterialMlS = 0.35;
    const auto input = build(builder, snapshot);
    CHECK(input.flows[4].velocityLow == Approx(350 / (3.14159265 * 4)).epsilon(1e-3)); // artery, 2 mm
    CHECK(input.flows[5].velocityHigh == Approx(350 / 3.14159265).epsilon(1e-3));      // bed, 1 mm
}

TEST_CASE("valves show their link, muscles their group", "[scene]") {
    const auto leg = test::syntheticLeg();
    const auto net = network();
    auto snapshot = quiet(net);
    const scene::SceneBuilder builder(leg, net, snapshot);
    snapshot.links[1].opening = 0.25;
    snapshot.activation[static_cast<std::size_t>(physiology::MuscleGroup::Gastrocnemius)] = 0.7;
    const auto input = build(builder, snapshot);
    CHECK(input.valves[0].opening == Approx(0.25));
    CHECK(input.muscles[0].activation == 0);
    CHECK(input.muscles[1].activation == Approx(0.7));
}

TEST_CASE("what the network does not know is named and drawn at rest", "[scene]") {
    auto leg = test::syntheticLeg();
    leg.rig.vessels[0].stretches[3].segment = "NOWHERE";
    leg.rig.valves[0].to = "NOWHERE";
    const auto net = network();
    const auto snapshot = quiet(net);
    const scene::SceneBuilder builder(leg, net, snapshot);
    REQUIRE(builder.unbound().size() == 2);
    CHECK(builder.unbound()[0].find("NOWHERE") != std::string::npos);
    const auto input = build(builder, snapshot);
    CHECK(input.flows[3].radiusScale == 1);
    CHECK(input.valves[0].opening == 1);
}
