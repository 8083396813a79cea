#include "anatomy/LegModel.h"
#include "builder/VeinReport.h"
#include "builder/VesselPairs.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

using namespace pump;
using builder::PairPlace;

namespace {

/// An artery straight up, veins of 2 mm radius 4 mm beside it.
std::vector<PairPlace> straight(glm::vec3 wanted) {
    std::vector<PairPlace> places;
    for (int i = 0; i < 20; ++i)
        places.push_back({{0, 0, 4.0f * static_cast<float>(i)}, {0, 0, 1}, wanted, 4, 2});
    return places;
}

bool fails(const builder::Report& report, const std::string& subject) {
    const auto failures = report.failures();
    return std::any_of(failures.begin(), failures.end(),
                       [&](const builder::Check& check) { return check.subject.starts_with(subject); });
}

} // namespace

TEST_CASE("a pair lies as the table says where there is room, and turns round its artery where a wall stands",
          "[veins]") {
    for (const glm::vec3& side : builder::pairSides(straight({0, 1, 0}), {}))
        CHECK(glm::distance(side, glm::vec3(0, 1, 0)) < 1e-4f);
    builder::TissueProbe probe;
    probe.wallDistance = [](glm::vec3 p) { return 2.5f - p.y; }; // a membrane in front
    for (const glm::vec3& side : builder::pairSides(straight({0, 1, 0}), probe)) {
        CHECK(4.0f * std::abs(side.y) < 2.2f); // neither through it nor far off along it
        CHECK(std::abs(glm::length(side) - 1.0f) < 1e-4f);
    }
}

TEST_CASE("a pair turns slowly from one place to the next", "[veins]") {
    builder::TissueProbe probe;
    probe.boneDistance = [](glm::vec3 p) {
        return p.z > 40 ? glm::length(glm::vec2(p.x - 5, p.y)) - 2 : 50.0f;
    };
    const std::vector<glm::vec3> sides = builder::pairSides(straight({1, 0, 0}), probe);
    CHECK(glm::dot(sides.front(), glm::vec3(1, 0, 0)) > 0.9f);
    CHECK(glm::dot(sides.back(), glm::vec3(1, 0, 0)) < 0.6f);
    for (std::size_t i = 1; i < sides.size(); ++i) CHECK(glm::dot(sides[i], sides[i - 1]) > 0.85f);
}

TEST_CASE("the report finds veins that left their compartment, and pairs that do not flank their artery",
          "[veins][leg]") {
    anatomy::LegModel leg = anatomy::loadLeg(PUMP_LEG, anatomy::DetailLevel::Low);
    const auto points = [&](const std::string& id) -> std::vector<anatomy::VesselPoint>& {
        const auto found = std::find_if(leg.rig.vessels.begin(), leg.rig.vessels.end(),
                                        [&](const anatomy::Vessel& vessel) { return vessel.id == id; });
        REQUIRE(found != leg.rig.vessels.end());
        return found->points;
    };
    constexpr std::array kFaults = {"tibioperoneal-trunk-vein out", "anterior-tibial-veins-a out",
                                    "perforator-boyd through", "posterior-tibial-veins: angle",
                                    "great-saphenous-vein out"};
    builder::Report before;
    builder::checkVeins(leg, before);
    for (const char* fault : kFaults) {
        INFO(fault);
        CHECK_FALSE(fails(before, fault));
    }

    for (auto& point : points("anterior-tibial-veins-a")) point.position.y -= 14;  // through the membrane
    for (auto& point : points("tibioperoneal-trunk-vein")) point.position.y -= 60; // into the fat
    for (auto& point : points("great-saphenous-vein")) point.position.x += 14;     // under the fascia
    for (auto& point : points("perforator-boyd")) point.position.x -= 70;          // stays in the fat
    points("posterior-tibial-veins-b") = points("posterior-tibial-veins-a");       // both on one side
    builder::Report after;
    builder::checkVeins(leg, after);
    for (const char* fault : kFaults) {
        INFO(fault);
        CHECK(fails(after, fault));
    }
}
