#include "scene/Pose.h"

#include "support/SyntheticLeg.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>

using namespace pump;
using Catch::Approx;

namespace {

glm::vec3 moved(const glm::mat4& joint, glm::vec3 p) {
    return glm::vec3(joint * glm::vec4(p, 1));
}

physiology::Pose heelRaise(double degrees) {
    physiology::Pose pose;
    pose.ankleDorsiflexion = -degrees * 0.0174532925;
    pose.toeDorsiflexion = degrees * 0.0174532925;
    pose.heelLiftMm = 160 * std::sin(degrees * 0.0174532925);
    return pose;
}

} // namespace

TEST_CASE("standing still leaves the leg as it was built", "[pose]") {
    const auto leg = test::syntheticLeg();
    const scene::Poser poser(leg);
    for (const glm::mat4& joint : poser.joints({}))
        CHECK(glm::distance(moved(joint, {10, 20, 300}), glm::vec3(10, 20, 300)) < 1e-4f);
}

TEST_CASE("in a heel raise the toes stay, the heel rises and the shank stays upright", "[pose]") {
    const auto leg = test::syntheticLeg();
    const scene::Poser poser(leg);
    float last = 0;
    for (const double degrees : {5.0, 15.0, 25.0, 35.0}) {
        const auto joints = poser.joints(heelRaise(degrees));
        CHECK(glm::distance(moved(joints[2], {0, 150, -60}), glm::vec3(0, 150, -60)) < 1e-3f);
        const glm::vec3 ball = leg.rig.joints[2].pivot;
        CHECK(glm::distance(moved(joints[1], ball), ball) < 1e-3f); // the foot turns about it
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
    CHECK(glm::distance(moved(joints[1], {0, 100, -60}), glm::vec3(0, 100, -60)) < 1e-4f);
    const glm::vec3 top = moved(joints[0], {0, 0, 400});
    CHECK(top.y > 1); // dorsiflexion leans forward
    CHECK(glm::length(top) == Approx(400).epsilon(1e-3));
}

TEST_CASE("seated, the foot hangs free and the shank stays", "[pose]") {
    const auto leg = test::syntheticLeg();
    const scene::Poser poser(leg);
    physiology::Pose pose;
    pose.kneeFlexion = 1.5;
    pose.ankleDorsiflexion = -0.4;
    const auto joints = poser.joints(pose);
    CHECK(glm::distance(moved(joints[0], {0, 0, 300}), glm::vec3(0, 0, 300)) < 1e-4f);
    CHECK(moved(joints[1], {0, 110, -40}).z < -60); // plantarflexion lowers the forefoot
}

TEST_CASE("the calf's path shortens as the heel rises, by the heel's lever", "[pose]") {
    const auto leg = test::syntheticLeg();
    const scene::Poser poser(leg);
    const scene::MusclePath path(leg, 0);
    CHECK(path.posedLength(poser.joints({})) == Approx(path.restLength()).epsilon(1e-5));
    float last = 0;
    for (const double degrees : {10.0, 20.0, 30.0}) {
        const float shortening = path.restLength() - path.posedLength(poser.joints(heelRaise(degrees)));
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
    const auto joints = poser.joints(heelRaise(30));
    const auto carried = path.carried(joints);
    CHECK(carried.front() == 0);
    CHECK(carried.back() == Approx(path.restLength() - path.posedLength(joints)).margin(1e-3));
    CHECK(std::abs(carried[carried.size() / 2]) < 1e-2f); // the belly rides on the shank alone
}
