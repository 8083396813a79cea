#include "render/CorrectionWeights.h"
#include "render/DeformReference.h"

#include "scene/Pose.h"
#include "support/DeformOnDevice.h"
#include "support/SolidColumns.h"
#include "support/SyntheticLeg.h"

#include <catch2/catch_approx.hpp>

#include <algorithm>
#include <array>
#include <cmath>

using namespace pump;
using Catch::Approx;
using test::deformOnDevice;

namespace {

/// A pose of the synthetic leg: `degrees` of heel raise, all muscles at `activation`, veins at `filling`.
scene::RenderInput inputFor(const anatomy::LegModel& leg, double degrees, float activation, float filling) {
    scene::RenderInput input;
    physiology::Pose pose;
    pose.ankleDorsiflexion = -degrees * 0.0174532925;
    pose.footPitch = pose.ankleDorsiflexion;
    input.joints = scene::Poser(leg).joints(pose);
    for (std::size_t m = 0; m < leg.rig.muscles.size(); ++m) {
        const scene::MusclePath path(leg, static_cast<int>(m));
        input.muscles.push_back(
            {activation, path.restLength() - path.posedLength(scene::jointPoses(input.joints))});
    }
    for (const auto& vessel : leg.rig.vessels)
        for (std::size_t i = 0; i < vessel.stretches.size(); ++i)
            input.flows.push_back({.radiusScale = filling, .flatness = 1 - filling});
    input.valves.assign(leg.rig.valves.size(), {.opening = filling});
    for (auto& layer : input.layers) layer.opacity = 1;
    return input;
}

/// Corrections that differ from vertex to vertex, full in any pose.
anatomy::Corrections correctionsFor(const anatomy::LegModel& leg) {
    anatomy::Corrections result;
    result.features = render::kPoseFeatures;
    result.muscles = static_cast<std::uint32_t>(leg.rig.muscles.size());
    result.centres.assign(render::kPoseFeatures, 0);
    for (std::size_t row = 0; row < 2; ++row)
        for (std::size_t i = 0; i < leg.rig.muscles.size() * anatomy::kCorrectionWeights; ++i) {
            const bool widens = i % anatomy::kCorrectionWeights == anatomy::kCorrectionShapes;
            result.rows.push_back(widens ? 0.01f : 0.002f * static_cast<float>(1 + i % 3 + row));
        }
    std::uint32_t word = 12345;
    for (const anatomy::Structure& structure : leg.structures) {
        const bool flesh = structure.tissue == anatomy::Tissue::Muscle && structure.muscle >= 0;
        result.firstOf.push_back(flesh ? static_cast<std::int32_t>(result.offsets.size()) : -1);
        for (std::uint32_t i = 0; flesh && i < structure.vertexCount; ++i) {
            result.offsets.emplace_back();
            for (std::uint32_t& shape : result.offsets.back()) shape = word = word * 1664525u + 1013904223u;
        }
    }
    return result;
}

/// A finger on the back of the calf, hands round it, a pit, swelling and winding veins.
void press(scene::RenderInput& input) {
    shared::Contact finger{};
    finger.place = {0, -80, 190};
    finger.inward = {0, 1, 0};
    finger.radius = 11;
    finger.depth = 7;
    finger.thickness = 30;
    shared::Contact hands = finger;
    hands.kind = shared::kContactBand;
    hands.place = {0, -20, 300};
    hands.inward = {0, 0, 1};
    hands.palm = {0, -1, 0};
    hands.radius = 40;
    hands.thickness = 60;
    shared::Contact pit = finger;
    pit.kind = shared::kContactPit;
    pit.place = {58, -20, 150};
    pit.inward = {-1, 0, 0};
    pit.depth = 3;
    input.contacts = {finger, hands, pit};
    input.swellingMl = {20, 60, 90};
    input.signs.varicose = 0.8f;
    for (auto& flow : input.flows) {
        flow.pressedScale = 0.4f * flow.radiusScale;
        flow.pressedFlatness = 0.9f;
    }
    for (auto& valve : input.valves) valve.balloon = 0.7f;
}

} // namespace

TEST_CASE("the shaders put every vertex where the formula in C++ does, within 0.01 mm", "[deform]") {
    test::TestGpu gpu;
    auto model = test::syntheticLeg();
    model.rig.vessels[0].kind = anatomy::VesselKind::SuperficialVein; // so that it can wind
    model.rig.vessels[0].stretches[2].segment = "PAV2";
    model.corrections = correctionsFor(model);
    const gpu::ShaderLibrary shaders(gpu.device());
    render::LegDevice leg(gpu.device(), model);
    for (const double degrees : {0.0, 12.0, 35.0}) {
        auto input = inputFor(model, degrees, static_cast<float>(degrees / 35), 0.55f);
        if (degrees > 0) press(input);
        const auto device = deformOnDevice(gpu.device(), shaders, leg, input);
        const auto tables = render::makeFrameTables(model, leg.tables, leg.poser, input);
        shared::DeformReference reference(leg.tables, tables, input.exaggeration);
        float worst = 0, worstNormal = 0, worstFrame = 0;
        for (std::size_t i = 0; i < device.vertices.size(); ++i) {
            const auto expected = reference.vertex(leg.tables.placeOf[i]);
            REQUIRE(std::isfinite(device.vertices[i].position.x));
            worst = std::max(worst, glm::distance(device.vertices[i].position, expected.position));
            worstNormal = std::max(worstNormal, glm::distance(device.vertices[i].normal, expected.normal));
            REQUIRE(device.vertices[i].structure == expected.structure);
        }
        for (std::size_t i = 0; i < device.frames.size(); ++i)
            worstFrame = std::max(
                worstFrame, glm::distance(device.frames[i].position, reference.vesselFrames()[i].position));
        INFO("heel raise " << degrees << " degrees");
        CHECK(worst < 0.01f);
        CHECK(worstNormal < 0.01f);
        CHECK(worstFrame < 0.01f);
    }
}

TEST_CASE("corrections move flesh before the joints do, by what their words say", "[deform]") {
    auto model = test::syntheticLeg();
    const auto plainTables = render::makeLegTables(model);
    const auto input = inputFor(model, 0, 0, 1);
    const render::MusclePoser plainPoser(model, plainTables);
    const auto plainFrame = render::makeFrameTables(model, plainTables, plainPoser, input);
    anatomy::LegModel moved = model;
    moved.corrections = correctionsFor(model);
    for (std::size_t i = 0; i < moved.corrections.rows.size(); ++i) // one shape at 0.01 mm, no widening
        moved.corrections.rows[i] =
            i >= moved.corrections.rows.size() / 2 && i % anatomy::kCorrectionWeights == 0 ? 0.01f : 0;
    // -100, 37, 511 in 10 bits each
    for (auto& words : moved.corrections.offsets) words[0] = (1024u - 100u) | 37u << 10 | 511u << 20;
    const auto tables = render::makeLegTables(moved);
    const render::MusclePoser poser(moved, tables);
    const auto frame = render::makeFrameTables(moved, tables, poser, input);
    shared::DeformReference before(plainTables, plainFrame), after(tables, frame);
    for (const anatomy::Structure& structure : model.structures) {
        if (structure.tissue != anatomy::Tissue::Muscle || structure.muscle < 0) continue;
        for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
            const std::size_t at = tables.placeOf[structure.firstVertex + i];
            const glm::vec3 by = after.vertex(at).position - before.vertex(at).position;
            CHECK(glm::distance(by, glm::vec3(-1.0f, 0.37f, 5.11f)) < 0.002f);
        }
    }
}

TEST_CASE("at rest nothing moves", "[deform]") {
    test::TestGpu gpu;
    const auto model = test::syntheticLeg();
    const gpu::ShaderLibrary shaders(gpu.device());
    render::LegDevice leg(gpu.device(), model);
    const auto device = deformOnDevice(gpu.device(), shaders, leg, inputFor(model, 0, 0, 1));
    for (const anatomy::Structure& structure : model.structures) {
        if (structure.tissue == anatomy::Tissue::Valve) continue; // cusps are made by the shader
        float worst = 0;
        for (std::uint32_t i = 0; i < structure.vertexCount; ++i)
            worst = std::max(worst, glm::distance(device.vertices[structure.firstVertex + i].position,
                                                  model.vertices[structure.firstVertex + i].position));
        INFO(structure.id);
        CHECK(worst < 0.02f);
    }
}

TEST_CASE("a contracting muscle keeps its volume within 1 %", "[deform]") {
    test::TestGpu gpu;
    const auto model = test::syntheticLeg();
    const gpu::ShaderLibrary shaders(gpu.device());
    render::LegDevice leg(gpu.device(), model);
    for (const double degrees : {10.0, 20.0, 35.0}) {
        const auto device = deformOnDevice(gpu.device(), shaders, leg, inputFor(model, degrees, 1, 1));
        for (const char* id : {"soleus", "gastrocnemius"}) {
            const anatomy::Structure* muscle = model.find(id);
            REQUIRE(muscle);
            const double rest = test::volumeOf(
                model, *muscle, [&](std::uint32_t i) { return glm::dvec3(model.vertices[i].position); });
            const double now = test::volumeOf(
                model, *muscle, [&](std::uint32_t i) { return glm::dvec3(device.vertices[i].position); });
            INFO(id << " at " << degrees << " degrees: " << rest << " -> " << now << " mm^3");
            CHECK(rest > 1e5);
            CHECK(now == Approx(rest).epsilon(0.01));
        }
    }
}

TEST_CASE("the belly moves toward the knee and swells, the tendon slides", "[deform]") {
    test::TestGpu gpu;
    const auto model = test::syntheticLeg();
    const gpu::ShaderLibrary shaders(gpu.device());
    render::LegDevice leg(gpu.device(), model);
    const auto input = inputFor(model, 35, 1, 1);
    const auto device = deformOnDevice(gpu.device(), shaders, leg, input);
    const anatomy::Structure* muscle = model.find("soleus");
    REQUIRE(muscle);
    const glm::mat4 shank = input.joints[0];
    float widest = 0, belly = 0, tendon = 0;
    for (std::uint32_t i = 0; i < muscle->vertexCount; ++i) {
        const anatomy::Vertex& rest = model.vertices[muscle->firstVertex + i];
        const glm::vec3 now = device.vertices[muscle->firstVertex + i].position;
        const glm::vec3 withShank(shank * glm::vec4(rest.position, 1));
        const float up = now.z - withShank.z;
        if (rest.tissue[0] > 120 && rest.tissue[0] < 150) {
            belly = std::max(belly, up);
            const float aside = now.x - withShank.x + rest.position.x;
            widest = std::max(widest, std::abs(aside) - std::abs(rest.position.x));
        }
        if (rest.tissue[0] > 290 && rest.tissue[0] < 320) tendon = std::max(tendon, up);
    }
    CHECK(belly > 5);
    CHECK(tendon > belly);
    CHECK(widest > 1);
    CHECK(widest < 8);
}

TEST_CASE("a shut valve's cusps meet in the middle, an open one's lie at the wall", "[deform]") {
    test::TestGpu gpu;
    const auto model = test::syntheticLeg();
    const gpu::ShaderLibrary shaders(gpu.device());
    render::LegDevice leg(gpu.device(), model);
    const anatomy::Structure* valve = nullptr;
    for (const auto& structure : model.structures)
        if (structure.tissue == anatomy::Tissue::Valve) valve = &structure;
    REQUIRE(valve);
    for (const float opening : {0.0f, 1.0f}) {
        auto input = inputFor(model, 0, 0, 1);
        input.valves[0].opening = opening;
        const auto device = deformOnDevice(gpu.device(), shaders, leg, input);
        float gap = 0;
        for (std::uint32_t i = 0; i < valve->vertexCount; ++i) {
            const auto& rest = model.vertices[valve->firstVertex + i];
            const glm::vec3 p = device.vertices[valve->firstVertex + i].position;
            const float fromAxis = glm::length(glm::vec2(p.x - 4, p.y + 29));
            CHECK(fromAxis < 3.6f); // never outside the wall
            const bool middleOfMargin = rest.tissue[2] == 0 && rest.tissue[3] == 1;
            if (middleOfMargin) gap = std::max(gap, fromAxis);
        }
        if (opening == 0)
            CHECK(gap < 0.8f);
        else
            CHECK(gap > 1.6f);
    }
}

TEST_CASE("tissue fluid thickens the skin by its own volume, within 1 %", "[deform][skin]") {
    test::TestGpu gpu;
    const auto model = test::syntheticLeg();
    const gpu::ShaderLibrary shaders(gpu.device());
    render::LegDevice leg(gpu.device(), model);
    const anatomy::Structure* skin = model.find("skin");
    REQUIRE(skin);
    const auto volumeWith = [&](std::array<float, 3> ml) {
        auto input = inputFor(model, 0, 0, 1);
        input.swellingMl = ml;
        const auto device = deformOnDevice(gpu.device(), shaders, leg, input);
        return test::volumeOf(model, *skin,
                              [&](std::uint32_t i) { return glm::dvec3(device.vertices[i].position); });
    };
    const double rest = volumeWith({0, 0, 0});
    for (const auto& ml : {std::array<float, 3>{0, 30, 0}, {0, 0, 150}, {0, 80, 200}, {0, -10, -20}}) {
        INFO("ankle " << ml[1] << " ml, calf " << ml[2] << " ml");
        const double gained = (volumeWith(ml) - rest) / 1000;
        CHECK(gained == Approx(static_cast<double>(ml[0] + ml[1] + ml[2])).epsilon(0.01));
    }
}

TEST_CASE("a finger dents the skin by its depth, the bone and the far side not at all", "[deform][skin]") {
    test::TestGpu gpu;
    const auto model = test::syntheticLeg();
    const gpu::ShaderLibrary shaders(gpu.device());
    render::LegDevice leg(gpu.device(), model);
    auto input = inputFor(model, 0, 0, 1);
    const auto before = deformOnDevice(gpu.device(), shaders, leg, input);
    const anatomy::Structure* skin = model.find("skin");
    REQUIRE(skin);
    const auto begin = model.vertices.begin() + skin->firstVertex;
    const auto middle = std::min_element(begin, begin + skin->vertexCount, [](const auto& a, const auto& b) {
        return glm::distance(a.position, glm::vec3(0, -82, 190)) <
               glm::distance(b.position, glm::vec3(0, -82, 190));
    });
    shared::Contact finger{};
    finger.place = middle->position;
    finger.inward = -middle->normal;
    finger.radius = 11;
    finger.depth = 7;
    finger.thickness = 30;
    input.contacts = {finger};
    const auto after = deformOnDevice(gpu.device(), shaders, leg, input);
    const auto moved = [&](std::size_t i) {
        return glm::distance(before.vertices[i].position, after.vertices[i].position);
    };
    CHECK(moved(static_cast<std::size_t>(middle - model.vertices.begin())) == Approx(7).epsilon(1e-3));
    for (std::size_t i = 0; i < model.vertices.size(); ++i) {
        const auto& vertex = model.vertices[i];
        if (glm::distance(vertex.position, finger.place) > shared::kDentReach * finger.radius + 30)
            CHECK(moved(i) < 1e-3f);
    }
    const anatomy::Structure* bone = model.find("tibia");
    REQUIRE(bone);
    for (std::uint32_t i = 0; i < bone->vertexCount; ++i) CHECK(moved(bone->firstVertex + i) < 1e-4f);
}
