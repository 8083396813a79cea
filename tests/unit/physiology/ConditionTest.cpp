#include "physiology/Experiment.h"
#include "physiology/Simulation.h"

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
