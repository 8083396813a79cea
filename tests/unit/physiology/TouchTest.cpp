#include "physiology/Massage.h"
#include "physiology/Simulation.h"

#include "core/Error.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>

using namespace pump;
using namespace pump::physiology;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

Simulation standing() {
    SimulationSettings settings;
    settings.movement.movement = "standing-still";
    return Simulation("assets", settings);
}

void run(Simulation& simulation, double seconds) {
    for (int i = 0; i < static_cast<int>(seconds / simulation.settings().stepS); ++i) simulation.step();
}

void touch(Simulation& simulation, std::vector<TouchPressure> touches) {
    BodySettings body = simulation.settings().body;
    body.touches = std::move(touches);
    simulation.setBody(body);
}

double meanFlow(Simulation& simulation, const char* from, const char* to, double seconds) {
    const int link = simulation.network().linkIndex(from, to);
    double sum = 0;
    const int steps = static_cast<int>(seconds / simulation.settings().stepS);
    for (int i = 0; i < steps; ++i) {
        simulation.step();
        sum += simulation.snapshot().links[static_cast<std::size_t>(link)].flowMlS;
    }
    return sum / steps;
}

} // namespace

TEST_CASE("a finger on the great saphenous vein stops it and no other", "[touch]") {
    auto simulation = standing();
    run(simulation, 2);
    const double free = meanFlow(simulation, "GSV3", "GSV4", 1),
                 deep = meanFlow(simulation, "POP1", "POP2", 1);
    REQUIRE(free > 0);
    const int segment = simulation.network().segmentIndex("GSV3");
    const auto& gsv = simulation.network().segments[static_cast<std::size_t>(segment)];
    touch(simulation, {{.heightMm = gsv.midHeight() * 1000,
                        .widthMm = 22,
                        .pressureMmHg = 160,
                        .shares = {{segment, 0.9}}}});
    run(simulation, 2);
    CHECK(std::abs(meanFlow(simulation, "GSV3", "GSV4", 0.5)) < 0.1 * free);
    CHECK(meanFlow(simulation, "POP1", "POP2", 0.5) > 0.8 * deep);
    const auto& state = simulation.snapshot().segments[static_cast<std::size_t>(segment)];
    CHECK(state.pressedAreaRatio < 0.3);
    CHECK(state.areaRatio > 0.5);
    touch(simulation, {});
    run(simulation, 1);
    const auto& after = simulation.snapshot().segments[static_cast<std::size_t>(segment)];
    CHECK(after.pressedAreaRatio == after.areaRatio);
}

TEST_CASE("a stroke from ankle to knee moves blood out of the calf", "[touch]") {
    SimulationSettings settings;
    settings.movement.movement = "sitting-still";
    Simulation simulation("assets", settings);
    run(simulation, 2);
    const double quiet = meanFlow(simulation, "POP1", "POP2", 1);
    const double before = simulation.snapshot().calfVolumeMl;
    double most = 0;
    const int link = simulation.network().linkIndex("POP1", "POP2");
    for (int i = 0; i <= 100; ++i) { // 110 to 390 mm in 3 s, 8 cm wide, 30 mmHg
        touch(simulation, {{.heightMm = 110 + 2.8 * i, .widthMm = 80, .pressureMmHg = 30}});
        run(simulation, 0.03);
        most = std::max(most, simulation.snapshot().links[static_cast<std::size_t>(link)].flowMlS);
    }
    CHECK(most > 1.5 * quiet);
    CHECK(simulation.snapshot().calfVolumeMl < before);
}

TEST_CASE("a kept finger is part of the saved state", "[touch]") {
    auto simulation = standing();
    touch(simulation,
          {{.heightMm = 250, .widthMm = 22, .pressureMmHg = 90, .shares = {{3, 0.5}, {7, 0.25}}}});
    run(simulation, 0.2);
    auto other = standing();
    other.loadState("kept", simulation.saveState());
    CHECK(other.settings().body.touches == simulation.settings().body.touches);
    run(simulation, 0.2);
    run(other, 0.2);
    CHECK(other.snapshot().footVeinPressureMmHg == simulation.snapshot().footVeinPressureMmHg);
}

TEST_CASE("a touch out of range is refused", "[touch]") {
    auto simulation = standing();
    CHECK_THROWS_AS(touch(simulation, {{.pressureMmHg = 900}}), core::Error);
    CHECK_THROWS_AS(touch(simulation, {{.shares = {{0, 1.5}}}}), core::Error);
    CHECK_THROWS_AS(touch(simulation, {{.shares = {{4000, 0.5}}}}), core::Error);
}

TEST_CASE("the massages keep to the figures for self-massage", "[touch][massage]") {
    const auto massages = loadMassages("assets/massages");
    REQUIRE(massages.size() >= 3);
    for (const Massage& massage : massages) {
        INFO(massage.id);
        double peak = 0;
        for (double t = 0; t < 2 * massage.cycleS; t += 0.01)
            for (const TouchPressure& hand : massage.at(t)) peak = std::max(peak, hand.pressureMmHg);
        CHECK(peak == Approx(massage.pressureMmHg).epsilon(0.02));
        CHECK(massage.at(0.37).size() == massage.at(0.37 + massage.cycleS).size());
        if (massage.id != "strokes") continue;
        // Effleurage: 20-40 mmHg, 60-100 mm, 5-10 cm/s, 6-10 a minute.
        CHECK((massage.pressureMmHg >= 20 && massage.pressureMmHg <= 40));
        CHECK((60 / massage.cycleS >= 6 && 60 / massage.cycleS <= 10));
        const double speed = (massage.at(3).front().heightMm - massage.at(2).front().heightMm) / 10;
        CHECK((speed >= 5 && speed <= 10));
        CHECK((massage.at(3).front().widthMm >= 60 && massage.at(3).front().widthMm <= 100));
    }
}

TEST_CASE("a bad massage table is named with file, field and value", "[touch][massage]") {
    const auto message = [](const char* course) {
        const std::string text = std::string(R"({"id": "x", "name": "x", "source": "x", "cycleS": 3,
            "pressureRangeMmHg": [10, 60], "hands": [{"widthMm": 80, "course": )") +
                                 course + "}]}";
        try {
            readMassage(core::JsonFile("x.json", text).root());
        } catch (const core::Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK_THAT(message(R"([{"atS": 0, "heightMm": 100, "pressureMmHg": 30}])"), ContainsSubstring("course"));
    CHECK_THAT(message(R"([{"atS": 1, "heightMm": 100, "pressureMmHg": 30},
                           {"atS": 0.5, "heightMm": 100, "pressureMmHg": 30}])"),
               ContainsSubstring("x.json") && ContainsSubstring("course[1].atS") && ContainsSubstring("0.5"));
    CHECK_THAT(message(R"([{"atS": 0, "heightMm": 100, "pressureMmHg": 90},
                           {"atS": 0.5, "heightMm": 100, "pressureMmHg": 30}])"),
               ContainsSubstring("90"));
}
