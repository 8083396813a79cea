// What must not depend on how finely time and place are cut, or on how time is skipped.

#include "physiology/Leg.h"
#include "physiology/Scoreboard.h"
#include "physiology/Simulation.h"
#include "physiology/VirtualTest.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

using namespace pump::physiology;

namespace {

void compareSteps(const std::vector<int>& rows) {
    const Scoreboard fine = runScoreboard({.assets = "assets", .stepS = 0.001, .only = rows});
    const Scoreboard coarse = runScoreboard({.assets = "assets", .stepS = 0.005, .only = rows});
    REQUIRE(fine.rows.size() == coarse.rows.size());
    for (std::size_t i = 0; i < fine.rows.size(); ++i) {
        const ScoreRow& row = fine.rows[i];
        INFO("row " << row.row << " " << row.part << ": " << row.value << " at 1 ms, " << coarse.rows[i].value
                    << " at 5 ms");
        CHECK(std::abs(coarse.rows[i].value - row.value) < 0.01 * std::abs(row.value));
    }
}

void run(Simulation& simulation, double seconds) {
    const auto steps = static_cast<int>(std::lround(seconds / simulation.settings().stepS));
    for (int i = 0; i < steps; ++i) simulation.step();
}

} // namespace

TEST_CASE("steps of 1 and of 5 ms give the same scoreboard within 1 %: rows of a minute or two", "[long]") {
    compareSteps({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 18, 19, 20, 21, 22, 23, 24, 25, 29});
}

// Half a minute of processor time; `unit-physiology "[board]"` runs it.
TEST_CASE("steps of 1 and of 5 ms give the same scoreboard within 1 %: every row", "[.][board]") {
    compareSteps({});
}

TEST_CASE("each segment cut in four moves what the virtual tests measure by less than 3 %", "[long]") {
    const TestSubject whole{.assets = "assets", .stepS = 0.005},
        fine{.assets = "assets", .stepS = 0.005, .cells = 4};
    const auto compare = [](const TestResult& a, const TestResult& b, const char* name, double most) {
        INFO(name << " " << a.number(name) << ", cut in four " << b.number(name));
        CHECK(std::abs(b.number(name) - a.number(name)) < most * std::abs(a.number(name)));
    };
    const TestResult volume = plethysmographyTest(whole), volumeFine = plethysmographyTest(fine);
    for (const char* name : {"VV", "EV", "EF", "RVF"}) compare(volume, volumeFine, name, 0.03);
    const TestResult pressure = footVeinPressureTest(whole), pressureFine = footVeinPressureTest(fine);
    for (const char* name : {"standing pressure", "fall", "RT90"})
        compare(pressure, pressureFine, name, 0.03);
}

TEST_CASE("fast-forward gathers the fluid of the plain run within 3 %", "[long]") {
    for (const char* movement : {"sitting-still", "quiet-standing", "seated-ankle-pump", "walking"}) {
        SimulationSettings settings{.stepS = 0.005};
        settings.movement.movement = movement;
        Simulation plain("assets", settings), fast("assets", settings);
        run(plain, 30 * 60);
        fast.fastForward(30 * 60);
        const SimSnapshot &a = plain.snapshot(), &b = fast.snapshot();
        INFO(movement << ": " << a.swellingMl << " mL, by fast-forward " << b.swellingMl);
        CHECK(std::abs(b.timeS - a.timeS) < 0.006);
        CHECK(std::abs(b.swellingMl - a.swellingMl) < 0.03 * std::abs(a.swellingMl));
        CHECK(std::abs(b.calfVolumeMl - a.calfVolumeMl) < 0.03 * a.calfVolumeMl);
    }
}

TEST_CASE("an hour of heel raises with leaking veins keeps the volume balance to 1e-9") {
    SimulationSettings settings{.stepS = 0.005};
    settings.movement.movement = "heel-raise";
    settings.body.breathing = Breathing::Quiet;
    settings.body.conditions = {{"deep-reflux", 1}, {"gsv-reflux", 1}, {"obesity", 1}};
    Simulation simulation("assets", settings);
    run(simulation, 3600);
    CHECK(simulation.snapshot().volumeErrorRelative < 1e-9);
    CHECK_FALSE(simulation.snapshot().held);
}

// A minute of processor time; `unit-physiology "[hour]"` runs it.
TEST_CASE("an hour of heel raises keeps the volume balance to 1e-9 with every condition", "[.][hour]") {
    const Simulation catalogue("assets", {});
    for (const Condition& condition : catalogue.conditions()) {
        SimulationSettings settings{.stepS = 0.005};
        settings.movement.movement = "heel-raise";
        settings.body.conditions = {{condition.id, 1}};
        Simulation simulation("assets", settings);
        run(simulation, 3600);
        INFO(condition.id);
        CHECK(simulation.snapshot().volumeErrorRelative < 1e-9);
        CHECK_FALSE(simulation.snapshot().held);
    }
}

TEST_CASE("networks of 214 to 1982 cells run and keep their balance") {
    for (const int cells : {4, 16, 38}) {
        SimulationSettings settings{.stepS = 0.005, .cells = cells};
        Simulation simulation("assets", settings);
        run(simulation, 0.1);
        CHECK(simulation.network().segments.size() == static_cast<std::size_t>(52 * cells + 6));
        CHECK(simulation.snapshot().volumeErrorRelative < 1e-9);
        CHECK_FALSE(simulation.snapshot().held);
    }
}
