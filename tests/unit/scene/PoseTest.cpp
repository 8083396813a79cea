#include "scene/Pose.h"

#include "support/SyntheticLeg.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>

using namespace pump;
using Catch::Approx;

namespace {

constexpr double kDegree = 0.0174532925;

glm::vec3 moved(const glm::mat4& joint, glm::vec3 p) {
    return glm::vec3(joint * glm::vec4(p, 1));
}

glm::vec3 turned(const glm::mat4& joint, glm::vec3 v) {
    return glm::mat3(joint) * v;
}

physiology::Pose heelRaise(double degrees) {
    physiology::Pose pose;
    pose.ankleDorsiflexion = -degrees * kDegree;
    pose.toeDorsiflexion = degrees * kDegree;
    pose.footPitch = -degrees * kDegree;
    return pose;
}

enum : std::size_t { kThigh, kShank, kPatella, kTalus, kFoot, kForefoot, kToes };

/// All seven joints, with a knee that rolls 6 mm in 90 degrees, and a sole of four points.
anatomy::LegModel wholeLimb() {
    anatomy::LegModel leg;
    leg.rig.joints = {{"thigh", -1, {20, 0, 827}, {1, 0, 0}},
                      {"shank", 0, {0, 0, 406}, {-1, 0, 0}, {{0, 0, 0, 0}, {1.570796f, 1.570796f, 0, -6}}},
                      {"patella", 0, {0, 0, 406}, {-1, 0, 0}, {{0, 0, 0, 0}, {1.570796f, 1.2f, -8, 8}}},
                      {"talus", 1, {0, 0, 0}, {1, 0, 0}},
                      {"foot", 3, {8, -49, -42}, glm::normalize(glm::vec3(-0.12f, 0.79f, 0.6f))},
                      {"forefoot", 4, {22, 44, -28}, {1, 0, 0}},
                      {"toes", 5, {40, 100, -46}, glm::normalize(glm::vec3(0.81f, -0.58f, 0))}};
    const std::pair<glm::vec3, std::uint8_t> sole[] = {{{0, -45, -62}, kFoot},
                                                       {{20, 95, -62}, kForefoot},
                                                       {{60, 80, -62}, kForefoot},
                                                       {{40, 150, -62}, kToes}};
    anatomy::Structure skin;
    skin.tissue = anatomy::Tissue::Skin;
    for (const auto& [place, joint] : sole) {
        anatomy::Vertex vertex;
        vertex.position = place;
        vertex.joints = {joint, 0, 0, 0};
        leg.vertices.push_back(vertex);
    }
    skin.vertexCount = 4;
    leg.structures.push_back(skin);
    return leg;
}

} // namespace

TEST_CASE("standing still leaves the leg as it was built", "[pose]") {
    for (const auto& leg : {test::syntheticLeg(), wholeLimb()}) {
        const scene::Poser poser(leg);
        for (const glm::mat4& joint : poser.joints({}))
            CHECK(glm::distance(moved(joint, {10, 20, 300}), glm::vec3(10, 20, 300)) < 1e-3f);
    }
}

TEST_CASE("in a heel raise the toes stay, the heel rises and the shank stays upright", "[pose]") {
    const auto leg = test::syntheticLeg();
    const scene::Poser poser(leg);
    float last = 0;
    for (const double degrees : {5.0, 15.0, 25.0, 35.0}) {
        const auto joints = poser.joints(heelRaise(degrees));
        // The tube of the foot is 1 mm deeper than its toes: on them it comes down by that.
        const auto stays = [&](const glm::mat4& joint, glm::vec3 p) {
            const glm::vec3 by = moved(joint, p) - p;
            return std::abs(by.x) < 1e-2f && std::abs(by.y) < 1e-2f && std::abs(by.z) < 1.1f;
        };
        CHECK(stays(joints[2], {0, 150, -60}));
        CHECK(stays(joints[1], leg.rig.joints[2].pivot)); // the foot turns about it
        const float lift = moved(joints[1], poser.heel()).z - poser.heel().z;
        CHECK(lift > last);
        last = lift;
        const glm::vec3 up = glm::vec3(joints[0] * glm::vec4(0, 0, 1, 0));
        CHECK(up.z > 0.9999f);
        // The shank stands on the talus: both carry the ankle's pivot to one place.
        const glm::vec3 ankle = leg.rig.joints[1].pivot;
        CHECK(glm::distance(moved(joints[0], ankle), moved(joints[1], ankle)) < 1e-3f);
    }
    CHECK(last > 50);
}

TEST_CASE("swaying with the heel down moves the shank over a still foot", "[pose]") {
    const auto leg = test::syntheticLeg();
    const scene::Poser poser(leg);
    physiology::Pose pose;
    pose.ankleDorsiflexion = 0.02;
    const auto joints = poser.joints(pose);
    CHECK(glm::distance(moved(joints[1], {0, 100, -60}), glm::vec3(0, 100, -60)) < 1e-3f);
    const glm::vec3 top = moved(joints[0], {0, 0, 400});
    CHECK(top.y == Approx(400 * std::sin(0.02)).epsilon(1e-3)); // dorsiflexion leans forward
    CHECK(glm::length(top) == Approx(400).epsilon(1e-3));
}

TEST_CASE("with the toes up the heel keeps its place on the floor", "[pose]") {
    const auto leg = wholeLimb();
    const scene::Poser poser(leg);
    physiology::Pose pose;
    pose.ankleDorsiflexion = pose.footPitch = 18 * kDegree;
    const auto joints = poser.joints(pose);
    CHECK(glm::distance(moved(joints[kFoot], poser.heel()), poser.heel()) < 1e-3f);
    CHECK(moved(joints[kForefoot], {20, 95, -62}).z ==
          Approx(-62 + 140 * std::sin(18 * kDegree)).epsilon(1e-3));
    CHECK(turned(joints[kShank], {0, 0, 1}).z > 0.9999f);
}

TEST_CASE("seated, the shank stands on the floor and the thigh lies level behind the knee", "[pose]") {
    const auto leg = wholeLimb();
    const scene::Poser poser(leg);
    physiology::Pose pose;
    pose.hipFlexion = pose.kneeFlexion = 90 * kDegree;
    const auto joints = poser.joints(pose);
    CHECK(glm::distance(moved(joints[kShank], {0, 0, 200}), glm::vec3(0, 0, 200)) < 1e-2f);
    const glm::vec3 knee = moved(joints[kThigh], {0, 0, 406}), hip = moved(joints[kThigh], {20, 0, 827});
    CHECK(hip.z == Approx(knee.z).margin(0.5));
    CHECK(knee.y - hip.y == Approx(421).margin(0.5));
    // The femur rolled 6 mm along the plateau.
    CHECK(glm::distance(knee, glm::vec3(0, 0, 406)) == Approx(6).margin(0.05));
    // The kneecap keeps its distance from the tuberosity within a centimetre.
    const glm::vec3 apex(8, 30, 378), tuberosity(8, 41, 336);
    const float ligament = glm::distance(moved(joints[kPatella], apex), moved(joints[kShank], tuberosity));
    CHECK(ligament == Approx(glm::distance(apex, tuberosity)).margin(12));
}

TEST_CASE("in a stride the hip keeps its place and the foot its height above the floor", "[pose]") {
    const auto leg = wholeLimb();
    const scene::Poser poser(leg);
    physiology::Pose pose;
    pose.onFoot = 0;
    pose.striding = 1;
    for (const double lift : {0.0, 30.0}) {
        pose.hipFlexion = 0.3;
        pose.kneeFlexion = 0.9;
        pose.ankleDorsiflexion = -0.1;
        pose.footLiftMm = lift;
        const auto joints = poser.joints(pose);
        const glm::vec3 hip = moved(joints[kThigh], {20, 0, 827});
        CHECK(hip.x == Approx(20).margin(1e-2));
        CHECK(hip.y == Approx(0).margin(1e-2));
        float low = 1e9f;
        for (std::uint32_t v = 0; v < 4; ++v)
            low = std::min(low, moved(joints[leg.vertices[v].joints[0]], leg.vertices[v].position).z);
        CHECK(low == Approx(-62 + lift).margin(1e-2));
        // Thigh 0.3 forward, shank 0.6 backward of the vertical.
        CHECK(turned(joints[kShank], {0, 0, 1}).y == Approx(-std::sin(-0.6)).margin(1e-4));
    }
}

TEST_CASE("lying, the leg lies on the bed's height with the toes up", "[pose]") {
    const auto leg = wholeLimb();
    const scene::Poser poser(leg);
    physiology::Pose pose;
    pose.onFoot = 0;
    pose.trunkTilt = 90 * kDegree;
    const auto joints = poser.joints(pose);
    CHECK(glm::distance(moved(joints[kThigh], {20, 0, 827}), scene::Poser::kSeatedHip) < 1e-2f);
    CHECK(turned(joints[kShank], {0, 0, -1}).y > 0.999f); // the foot points away from the hip
    CHECK(turned(joints[kFoot], {0, 1, 0}).z > 0.999f);   // and the toes up
    // What the pose carries: views and surroundings.
    const scene::Stance stance = poser.stance({pose});
    CHECK(stance.bed);
    CHECK_FALSE(stance.seat);
    CHECK_FALSE(stance.wall);
    pose.hipFlexion = 85 * kDegree;
    CHECK(poser.stance({pose}).wall);
}

TEST_CASE("the calf's path shortens as the heel rises, by the heel's lever", "[pose]") {
    const auto leg = test::syntheticLeg();
    const scene::Poser poser(leg);
    const scene::MusclePath path(leg, 0);
    const auto posed = [&](double degrees) { return scene::jointPoses(poser.joints(heelRaise(degrees))); };
    CHECK(path.posedLength(posed(0)) == Approx(path.restLength()).epsilon(1e-5));
    float last = 0;
    for (const double degrees : {10.0, 20.0, 30.0}) {
        const float shortening = path.restLength() - path.posedLength(posed(degrees));
        CHECK(shortening > last);
        last = shortening;
    }
    // The insertion lies 48 mm behind and 30 mm below the ankle; by rotation alone it comes nearer by about
    // 48 sin(30) = 24 mm less what the oblique axis takes away.
    CHECK(last > 14);
    CHECK(last < 30);
}

TEST_CASE("what the joints carry adds up to the whole shortening", "[pose]") {
    const auto leg = test::syntheticLeg();
    const scene::Poser poser(leg);
    const scene::MusclePath path(leg, 0);
    const auto joints = scene::jointPoses(poser.joints(heelRaise(30)));
    const auto carried = path.carried(joints);
    CHECK(carried.front() == 0);
    CHECK(carried.back() == Approx(path.restLength() - path.posedLength(joints)).margin(1e-3));
    CHECK(std::abs(carried[carried.size() / 2]) < 1e-2f); // the belly rides on the shank alone
}
