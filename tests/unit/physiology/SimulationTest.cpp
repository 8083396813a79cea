#include "physiology/Simulation.h"
#include "physiology/CsvWriter.h"

#include "core/Error.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

using namespace pump::physiology;
using Catch::Matchers::ContainsSubstring;

namespace {

SimulationSettings settingsFor(const std::string& movement) {
    SimulationSettings settings;
    settings.movement.movement = movement;
    return settings;
}

void run(Simulation& simulation, double seconds) {
    const auto steps = static_cast<int>(std::lround(seconds / simulation.settings().stepS));
    for (int i = 0; i < steps; ++i) simulation.step();
}

double largestFlow(const SimSnapshot& snapshot) {
    double largest = 0;
    for (const LinkState& link : snapshot.links) largest = std::max(largest, std::abs(link.flowMlS));
    return largest;
}

} // namespace

TEST_CASE("ten minutes of heel raises keep the volume balance to 1e-9 and never hold") {
    Simulation simulation("assets", settingsFor("heel-raise"));
    double worst = 0;
    bool held = false;
    for (int i = 0; i < 600 * 500; ++i) {
        simulation.step();
        worst = std::max(worst, simulation.snapshot().volumeErrorRelative);
        held = held || simulation.snapshot().held;
    }
    CHECK(worst < 1e-9);
    CHECK_FALSE(held);
    for (const SegmentState& segment : simulation.snapshot().segments) {
        CHECK(segment.volumeMl > 0);
        CHECK(std::isfinite(segment.pressureMmHg));
    }
}

TEST_CASE("a volume leaves by a link exactly as it enters: segment volumes follow their flows") {
    Simulation simulation("assets", settingsFor("heel-raise"));
    run(simulation, 3);
    const SimSnapshot before = simulation.snapshot();
    simulation.step();
    const SimSnapshot& after = simulation.snapshot();
    for (std::size_t i = 0; i < after.segments.size(); ++i) {
        const SegmentState& s = after.segments[i];
        const double net = s.flowInMlS + s.inflowMlS - s.flowOutMlS;
        INFO(simulation.network().segments[i].id);
        CHECK(std::abs(s.volumeMl - before.segments[i].volumeMl - net * 0.002) < 1e-10);
    }
}

TEST_CASE("without inflow a standing leg stays at rest") {
    auto settings = settingsFor("standing-still");
    settings.arterialInflow = false;
    Simulation simulation("assets", settings);
    double largest = 0;
    for (int i = 0; i < 5000; ++i) {
        simulation.step();
        largest = std::max(largest, largestFlow(simulation.snapshot()));
    }
    CHECK(largest < 1e-6);
    // Hydrostatic column from the dorsal arch (57.5 mm) to the right atrium (1308 mm).
    CHECK(std::abs(simulation.snapshot().footVeinPressureMmHg -
                   1060 * 9.80665 * (1.308 - 0.0575) / 133.322387415) < 1e-6);
}

TEST_CASE("the same settings and steps give bit-equal tables") {
    auto table = [] {
        Simulation simulation("assets", settingsFor("heel-raise"));
        std::ostringstream out;
        writeCsvHeader(out, simulation.network());
        for (int i = 0; i < 5000; ++i) {
            simulation.step();
            if (i % 50 == 0) writeCsvRow(out, simulation.network(), simulation.snapshot());
        }
        return out.str();
    };
    const std::string first = table();
    CHECK(first == table());
    std::istringstream lines(first);
    std::string header, row;
    std::getline(lines, header);
    std::getline(lines, row);
    CHECK(header.rfind("time_s,PMV.pressure_mmhg,PMV.flow_ml_s,PMV.volume_ml,PMV.area_mm2,DPA.", 0) == 0);
    CHECK(std::count(header.begin(), header.end(), ',') == std::count(row.begin(), row.end(), ','));
    CHECK_THAT(header, ContainsSubstring(",POP1->POP2.opening,"));
}

TEST_CASE("standing, the foot vein carries the column; ten heel raises empty it; it refills slowly") {
    Simulation simulation("assets", settingsFor("standing-still"));
    run(simulation, 20);
    const double standing = simulation.snapshot().footVeinPressureMmHg;
    CHECK(standing > 80);
    CHECK(standing < 100);
    // The column is continuous: what flows up holds most valves ajar.
    CHECK(simulation.snapshot().openValves > simulation.snapshot().valveCount / 2);
    simulation.setMovement({.movement = "heel-raise"});
    run(simulation, 10);
    simulation.setMovement({.movement = "standing-still"});
    double lowest = standing;
    for (int i = 0; i < 10 * 500; ++i) {
        simulation.step();
        lowest = std::min(lowest, simulation.snapshot().footVeinPressureMmHg);
    }
    CHECK((standing - lowest) / standing > 0.6);
    CHECK((standing - lowest) / standing < 0.8);
    run(simulation, 90);
    CHECK(std::abs(simulation.snapshot().footVeinPressureMmHg - standing) < 0.02 * standing);
}

TEST_CASE("the popliteal valve opens in every rise and shuts in every descent, and a shut valve holds") {
    Simulation simulation("assets", settingsFor("heel-raise"));
    const int link = simulation.network().linkIndex("POP1", "POP2");
    run(simulation, 1);
    for (int cycle = 1; cycle < 6; ++cycle) {
        double lowest = 1, highest = 0, reflux = 0;
        for (int i = 0; i < 500; ++i) {
            simulation.step();
            const LinkState& valve = simulation.snapshot().links[static_cast<std::size_t>(link)];
            lowest = std::min(lowest, valve.opening);
            highest = std::max(highest, valve.opening);
            if (valve.opening < 0.001) reflux = std::min(reflux, valve.flowMlS);
        }
        INFO("cycle " << cycle);
        CHECK(lowest < 0.05);
        CHECK(highest > 0.5);
        CHECK(reflux > -0.1);
    }
}

TEST_CASE("a change of movement blends: no jump in pose or pressure") {
    Simulation simulation("assets", settingsFor("heel-raise"));
    run(simulation, 2.4); // heels high
    double worst = 0;
    Pose last = simulation.snapshot().pose;
    simulation.setMovement({.movement = "quiet-standing"});
    for (int i = 0; i < 500; ++i) {
        simulation.step();
        worst =
            std::max(worst, std::abs(simulation.snapshot().pose.ankleDorsiflexion - last.ankleDorsiflexion));
        last = simulation.snapshot().pose;
    }
    CHECK(worst < 0.006); // rad in 2 ms; the drop of a raise itself reaches 0.004
    CHECK(std::abs(last.footPitch) < 0.01);
}

TEST_CASE("an unknown movement, cadence or strength is refused with what is allowed") {
    Simulation simulation("assets", settingsFor("heel-raise"));
    auto message = [&](const MovementSettings& movement) -> std::string {
        try {
            simulation.setMovement(movement);
        } catch (const pump::core::Error& error) {
            CHECK(error.kind() == pump::core::ErrorKind::Usage);
            return error.what();
        }
        return "no error";
    };
    CHECK_THAT(message({.movement = "moonwalk"}),
               ContainsSubstring("is 'moonwalk', expected one of") && ContainsSubstring("heel-raise"));
    CHECK_THAT(message({.movement = "heel-raise", .cadencePerMinute = 500}),
               ContainsSubstring("cadence of heel-raise a minute: is 500, expected 15 to 90"));
    CHECK_THAT(message({.movement = "heel-raise", .strength = 3}),
               ContainsSubstring("strength of heel-raise: is 3, expected 0 to 1.5"));
    CHECK(message({.movement = "heel-raise", .cadencePerMinute = 30, .strength = 0.5}) == "no error");
}

TEST_CASE("continuing from a saved state is bit-equal to never having stopped") {
    auto settings = settingsFor("heel-raise");
    settings.body.stocking = "class-2";
    settings.body.breathing = Breathing::Quiet;
    settings.body.conditions = {{"gsv-reflux", 0.5}};
    Simulation whole("assets", settings);
    run(whole, 2.5);
    whole.setMovement({.movement = "quiet-standing"}); // saved in the middle of a blend
    run(whole, 0.3);
    const std::string saved = whole.saveState();
    Simulation resumed("assets", {});
    resumed.loadState("state.json", saved);
    CHECK(resumed.snapshot().footVeinPressureMmHg == whole.snapshot().footVeinPressureMmHg);
    run(whole, 5);
    run(resumed, 5);
    const SimSnapshot &a = whole.snapshot(), &b = resumed.snapshot();
    CHECK(a.step == b.step);
    CHECK(a.timeS == b.timeS);
    CHECK(a.volumeErrorRelative == b.volumeErrorRelative);
    for (std::size_t i = 0; i < a.segments.size(); ++i) {
        CHECK(a.segments[i].pressureMmHg == b.segments[i].pressureMmHg);
        CHECK(a.segments[i].volumeMl == b.segments[i].volumeMl);
    }
    for (std::size_t k = 0; k < a.links.size(); ++k) CHECK(a.links[k].flowMlS == b.links[k].flowMlS);
}

TEST_CASE("a broken state file names file, field, value and what to do, and changes nothing") {
    Simulation simulation("assets", settingsFor("heel-raise"));
    run(simulation, 1);
    const std::string saved = simulation.saveState();
    auto message = [&](const std::string& from, const std::string& to) -> std::string {
        std::string text = saved;
        const auto place = text.find(from);
        REQUIRE(place != std::string::npos);
        text.replace(place, from.size(), to);
        try {
            simulation.loadState("state.json", text);
        } catch (const pump::core::Error& error) {
            return error.what();
        }
        return "no error";
    };
    CHECK_THAT(message("\"version\": 4", "\"version\": 7"),
               ContainsSubstring("state.json: version: is 7, this program reads version 4"));
    CHECK_THAT(message("\"blend\"", "\"bland\""),
               ContainsSubstring("state.json: ") && ContainsSubstring("field 'blend' is missing"));
    CHECK_THAT(message("\"transitionS\": 1.5", "\"transitionS\": 900"),
               ContainsSubstring("body.transitionS: is 900, expected 0 to 60"));
    CHECK_THAT(message("\"format\": \"second-heart-state\"", "\"format\": \"x\""),
               ContainsSubstring("expected 'second-heart-state'"));
    CHECK(simulation.saveState() == saved);
}
