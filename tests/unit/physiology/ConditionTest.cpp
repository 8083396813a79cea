#include "physiology/Experiment.h"
#include "physiology/Scoreboard.h"
#include "physiology/Simulation.h"
#include "physiology/VirtualTest.h"

#include "core/HashRandom.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

using namespace pump::physiology;

TEST_CASE("random bodies, conditions and movements stay finite and conserve volume") {
    // A seeded sample; SECOND_HEART_RANDOM_RUNS=10000 runs them all.
    const char* wanted = std::getenv("SECOND_HEART_RANDOM_RUNS");
    const int runs = wanted ? std::atoi(wanted) : 60;
    const Simulation catalogue("assets", {});
    const auto& conditions = catalogue.conditions();
    const auto& movements = catalogue.movements();
    for (int i = 0; i < runs; ++i) {
        auto random = [&](std::uint32_t id) {
            return static_cast<double>(pump::core::hashUniform(7, id, static_cast<std::uint32_t>(i)));
        };
        auto pick = [&](std::uint32_t id, std::size_t count) {
            return std::min(count - 1, static_cast<std::size_t>(random(id) * static_cast<double>(count)));
        };
        SimulationSettings settings{.stepS = random(0) < 0.5 ? 0.002 : 0.005};
        settings.movement.movement = movements[pick(1, movements.size())].id;
        settings.movement.strength = random(2);
        settings.body.breathing = static_cast<Breathing>(pick(3, 4));
        settings.body.skinTemperatureC = 20 + 22 * random(4);
        settings.body.inflowFactor = 3 * random(5);
        for (std::uint32_t c = 0; c < 3; ++c)
            settings.body.conditions.push_back(
                {conditions[pick(6 + c, conditions.size())].id, random(10 + c)});
        const double low = 900 * random(20);
        settings.body.bands = {
            {.profile = {{low, 200 * random(21)}, {low + 300 * random(22), 200 * random(23)}}}};
        Simulation simulation("assets", settings);
        INFO("run " << i << " movement " << settings.movement.movement);
        for (int n = 0; n < 300; ++n) simulation.step();
        simulation.setMovement({.movement = movements[pick(30, movements.size())].id});
        settings.body.bands.clear();
        simulation.setBody(settings.body);
        for (int n = 0; n < 300; ++n) simulation.step();
        const SimSnapshot& s = simulation.snapshot();
        REQUIRE(s.volumeErrorRelative < 1e-9);
        for (const SegmentState& segment : s.segments) {
            REQUIRE(std::isfinite(segment.pressureMmHg));
            REQUIRE(segment.volumeMl > 0);
        }
        for (const LinkState& link : s.links) REQUIRE(std::isfinite(link.flowMlS));
    }
}

TEST_CASE("every shipped experiment can be read") {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("assets/experiments")) {
        const Experiment experiment = loadExperiment(entry.path(), "assets");
        CHECK(experiment.id == entry.path().stem());
        CHECK_FALSE(experiment.probes.empty());
        ++count;
    }
    CHECK(count >= 9);
}

TEST_CASE("steps of 1 and of 5 ms give the same foot vein pressure test within 1 %") {
    for (const std::vector<ConditionChoice>& conditions :
         {std::vector<ConditionChoice>{}, {{"gsv-reflux", 1}}, {{"deep-reflux", 1}}}) {
        const TestResult fine =
            footVeinPressureTest({.assets = "assets", .conditions = conditions, .stepS = 0.001});
        const TestResult coarse =
            footVeinPressureTest({.assets = "assets", .conditions = conditions, .stepS = 0.005});
        for (const char* name : {"standing pressure", "fall", "RT90"}) {
            INFO(name << " " << fine.number(name) << " " << coarse.number(name));
            // Traces have 20 ms samples, so a time is known to that.
            const double sample = std::string_view(name) == "RT90" ? 0.02 : 0;
            CHECK(std::abs(coarse.number(name) - fine.number(name)) < 0.01 * fine.number(name) + sample);
        }
    }
}

TEST_CASE("conditions move their numbers in the named direction, the more the more severe") {
    struct Claim {
        const char *condition, *test, *number;
        int direction;
    };
    for (const Claim& claim : {Claim{"gsv-reflux", "avp", "RT90", -1},
                               {"gsv-reflux", "plethysmography", "VFI", 1},
                               {"ssv-reflux", "plethysmography", "VFI", 1},
                               {"deep-reflux", "plethysmography", "VFI", 1},
                               {"deep-reflux", "avp", "RT90", -1},
                               {"weak-calf", "plethysmography", "EF", -1},
                               {"weak-calf", "avp", "ambulatory pressure", 1},
                               {"stiff-ankle", "plethysmography", "EF", -1},
                               {"trained", "plethysmography", "VV", 1},
                               {"varicose-tributaries", "plethysmography", "VV", 1}}) {
        double last = 0;
        for (const double severity : {0.0, 0.5, 1.0}) {
            const double value =
                virtualTestNamed(claim.test)
                    ->run({.assets = "assets", .conditions = {{claim.condition, severity}}, .stepS = 0.005},
                          {})
                    .number(claim.number);
            INFO(claim.condition << " " << severity << " " << claim.number << " " << value << " after "
                                 << last);
            if (severity > 0) CHECK(claim.direction * (value - last) > 0);
            last = value;
        }
    }
}

TEST_CASE(
    "every row of the scoreboard that stays outside may be explained, and the calibration is on record") {
    const Scoreboard board = runScoreboard({.assets = "assets", .stepS = 0.005, .only = {1, 22}});
    for (const ScoreRow& row : board.rows) CHECK((row.verdict == Verdict::In || !row.explanation.empty()));
    for (const CalibrationStep& step : readCalibration("assets")) CHECK_FALSE(step.reason.empty());
}
