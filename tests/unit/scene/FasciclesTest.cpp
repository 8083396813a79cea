#include "scene/Fascicles.h"

#include "core/Error.h"
#include "support/SyntheticLeg.h"
#include "support/TemporaryFolder.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <fstream>

using namespace pump;
using Catch::Approx;

namespace {

/// One muscle: belly 0-200 mm of a line of 400 mm.
anatomy::Rig oneMuscle() {
    anatomy::Rig rig;
    anatomy::MuscleRig muscle;
    muscle.id = "soleus";
    muscle.arc = {0, 400};
    muscle.bellyStart = 0;
    muscle.bellyEnd = 200;
    rig.muscles.push_back(muscle);
    return rig;
}

std::filesystem::path tableOf(const test::TemporaryFolder& folder, const std::string& row) {
    const auto file = folder.path() / "fascicles.json";
    std::ofstream(file) << "{\"muscles\": [" << row << "]}";
    return file;
}

} // namespace

TEST_CASE("a belly shortens by its path and the tendon's give, and a slack tendon takes the rest",
          "[flesh]") {
    const anatomy::Rig rig = oneMuscle();
    const auto& muscle = rig.muscles[0];
    // Tendon 200 mm: 4.8 % of it is 9.6 mm.
    CHECK(scene::bellyTravel(muscle, {1, 0}).shorteningMm == Approx(9.6));
    CHECK(scene::bellyTravel(muscle, {1, 0}).tendonStrain == Approx(0.048));
    // Half active, and weaker by exp(-(20 / (0.19 * 200))^2) = 0.7580 where it is short.
    CHECK(scene::bellyTravel(muscle, {0.5f, 20}).shorteningMm == Approx(20 + 4.8 * 0.7580).epsilon(1e-4));
    CHECK(scene::bellyTravel(muscle, {0, -15}).shorteningMm == Approx(-15));
    // 32 % of 200 mm is the most: 16 of 80 mm are left to the tendon.
    CHECK(scene::bellyTravel(muscle, {0, 80}).shorteningMm == Approx(64));
    CHECK(scene::bellyTravel(muscle, {0, 80}).tendonStrain == Approx(-0.08));
}

TEST_CASE("fibres turn as they shorten, and the belly grows thicker by what its volume asks", "[flesh]") {
    const test::TemporaryFolder folder;
    const anatomy::Rig rig = oneMuscle();
    const scene::Fascicles fascicles(
        rig, tableOf(folder, R"({"id": "soleus", "lengthMm": 50, "pennationDeg": 30})"));
    // S = 38 of a belly of 200 mm: it keeps 0.81 of its length and grows by 1 / 0.9 in thickness.
    const auto now = fascicles.posed(0, {0, 38});
    REQUIRE(now);
    const float along = 25 * std::sqrt(3.0f) - 38, thick = 25 / 0.9f;
    CHECK(now->lengthMm == Approx(std::hypot(along, thick)).epsilon(1e-5));
    CHECK(std::tan(now->pennation) == Approx(thick / along).epsilon(1e-5));
    const auto rest = fascicles.posed(0, {0, 0});
    CHECK(rest->lengthMm == Approx(50).epsilon(1e-5));
    CHECK(rest->pennation == Approx(0.5235988).epsilon(1e-5));
    const auto longer = fascicles.posed(0, {0, -10});
    CHECK(longer->lengthMm > 50);
    CHECK(longer->pennation < rest->pennation);
}

TEST_CASE("a bad row of fascicles is named", "[flesh]") {
    const test::TemporaryFolder folder;
    const anatomy::Rig rig = oneMuscle();
    try {
        const scene::Fascicles fascicles(
            rig, tableOf(folder, R"({"id": "soleus", "lengthMm": 50, "pennationDeg": 95})"));
        FAIL("accepted");
    } catch (const core::Error& error) {
        const std::string text = error.what();
        CHECK(text.find("fascicles.json") != std::string::npos);
        CHECK(text.find("muscles[0].pennationDeg") != std::string::npos);
        CHECK(text.find("95") != std::string::npos);
    }
    const scene::Fascicles none(rig,
                                tableOf(folder, R"({"id": "plantaris", "lengthMm": 40, "pennationDeg": 5})"));
    CHECK_FALSE(none.posed(0, {0, 0}));
}
