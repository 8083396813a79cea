#include "physiology/Experiment.h"
#include "physiology/Scoreboard.h"
#include "physiology/Simulation.h"
#include "physiology/VirtualTest.h"

#include "core/Error.h"
#include "core/HashRandom.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

using namespace pump::physiology;
using Catch::Matchers::ContainsSubstring;

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

TEST_CASE("steps of 1 and of 5 ms give the same foot vein pressure test within 1 %", "[long]") {
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

TEST_CASE("conditions move their numbers in the named direction, the more the more severe", "[long]") {
    struct Claim {
        const char *condition, *test, *number;
        int direction; // 0: stays within 5 %
    };
    constexpr std::array claims{Claim{"ageing", "plethysmography", "EF", -1},
                                Claim{"ageing", "avp", "RT90", -1},
                                Claim{"trained", "plethysmography", "VV", 1},
                                Claim{"trained", "plethysmography", "EV", 1},
                                Claim{"gsv-reflux", "avp", "RT90", -1},
                                Claim{"gsv-reflux", "avp", "ambulatory pressure", 1},
                                Claim{"gsv-reflux", "plethysmography", "VFI", 1},
                                Claim{"ssv-reflux", "plethysmography", "VFI", 1},
                                Claim{"perforator", "plethysmography", "VFI", 0},
                                Claim{"perforator", "plethysmography", "EF", 0},
                                Claim{"varicose-tributaries", "plethysmography", "VV", 1},
                                Claim{"deep-reflux", "plethysmography", "VFI", 1},
                                Claim{"deep-reflux", "avp", "RT90", -1},
                                Claim{"post-thrombotic", "avp", "ambulatory pressure", 1},
                                Claim{"clot-popliteal", "outflow", "outflow fraction", -1},
                                Claim{"clot-popliteal", "plethysmography", "EF", -1},
                                Claim{"clot-popliteal", "avp", "fall", -1},
                                Claim{"clot-femoral", "plethysmography", "EF", -1},
                                Claim{"clot-femoral", "avp", "fall", -1},
                                Claim{"clot-tibial", "plethysmography", "EF", 0},
                                Claim{"clot-tibial", "avp", "ambulatory pressure", 0},
                                Claim{"clot-iliac", "avp", "standing pressure", 1},
                                Claim{"obesity", "avp", "ambulatory pressure", 1},
                                Claim{"pregnancy", "plethysmography", "VFI", 1},
                                Claim{"pregnancy", "plethysmography", "EF", 0},
                                Claim{"smoking", "plethysmography", "EF", 0},
                                Claim{"smoking", "avp", "ambulatory pressure", 0},
                                Claim{"arterial-disease", "avp", "RT90", 1},
                                Claim{"immobility", "plethysmography", "EF", -1},
                                Claim{"heart-failure", "avp", "standing pressure", 1},
                                Claim{"weak-calf", "plethysmography", "EF", -1},
                                Claim{"weak-calf", "plethysmography", "RVF", 1},
                                Claim{"weak-calf", "avp", "ambulatory pressure", 1},
                                Claim{"stiff-ankle", "plethysmography", "EF", -1},
                                Claim{"warm-skin", "avp", "RT90", -1}};
    std::map<std::string, TestResult> done;
    const auto number = [&](const Claim& claim, double severity) {
        const bool healthy = severity == 0; // one run serves every condition
        const std::string key =
            fmt::format("{} {} {}", claim.test, healthy ? "healthy" : claim.condition, severity);
        if (!done.contains(key))
            done[key] =
                virtualTestNamed(claim.test)
                    ->run({.assets = "assets",
                           .conditions = healthy ? std::vector<ConditionChoice>{}
                                                 : std::vector<ConditionChoice>{{claim.condition, severity}},
                           .stepS = 0.005},
                          {});
        return done[key].number(claim.number);
    };
    for (const Claim& claim : claims) {
        const double healthy = number(claim, 0);
        double last = healthy;
        for (const double severity : {0.25, 0.5, 0.75, 1.0}) {
            const double value = number(claim, severity);
            INFO(claim.condition << " " << severity << " " << claim.number << " " << value << " after "
                                 << last << ", healthy " << healthy);
            if (claim.direction == 0)
                CHECK(std::abs(value - healthy) < 0.05 * healthy);
            else
                CHECK(claim.direction * (value - last) > 0);
            last = value;
        }
    }
}

TEST_CASE("conditions gather tissue fluid in the named direction, the more the more severe", "[long]") {
    struct Claim {
        const char *condition, *movement;
    };
    for (const Claim& claim : {Claim{"obesity", "quiet-standing"},
                               {"pregnancy", "quiet-standing"},
                               {"heart-failure", "quiet-standing"},
                               {"post-thrombotic", "walking"}}) {
        double last = 0;
        for (const double severity : {0.0, 0.5, 1.0}) {
            SimulationSettings settings{.stepS = 0.005};
            settings.movement.movement = claim.movement;
            settings.body.conditions = {{claim.condition, severity}};
            Simulation simulation("assets", settings);
            simulation.fastForward(3600);
            const double gained = simulation.snapshot().swellingMl;
            INFO(claim.condition << " " << severity << ": " << gained << " mL after " << last);
            if (severity > 0) CHECK(gained > last);
            last = gained;
        }
    }
}

TEST_CASE("a broken condition names file, field, value and what is expected") {
    const Network network = loadNetwork("assets/network");
    const auto message = [&](const std::string& changes) -> std::string {
        try {
            const pump::core::JsonFile file(
                "leak.json", R"({"id":"leak","name":"Leak","summary":"-","source":"-","expectation":"-",)"
                             R"("changesPump":true,"changes":[)" +
                                 changes + "]}");
            readCondition(file.root(), network);
        } catch (const pump::core::Error& error) {
            CHECK(error.kind() == pump::core::ErrorKind::Asset);
            return error.what();
        }
        return "no error";
    };
    CHECK_THAT(message(R"({"links":["GSV9->*"],"leakMm2":2})"),
               ContainsSubstring("leak.json: changes[0].links[0]: is 'GSV9->*', which fits nothing"));
    CHECK_THAT(message(R"({"links":["GSV1->*"],"leakMm2":900})"),
               ContainsSubstring("changes[0].leakMm2: is 900, expected 0 to 200"));
    CHECK_THAT(message(R"({"segments":["GSV*"],"areaFaktor":2})"),
               ContainsSubstring("changes[0].areaFaktor: is no known field; known: segments areaFactor"));
    CHECK_THAT(message(R"({"parameter":"muscle_pain","factor":2})"),
               ContainsSubstring("is 'muscle_pain', which is no parameter of parameters.csv"));
    CHECK(message(R"({"parameter":"muscle_gain","factor":0.5})") == "no error");
}

TEST_CASE("a broken experiment names file, field, value and what is expected") {
    const Network network = loadNetwork("assets/network");
    const auto message = [&](const std::string& fields) -> std::string {
        try {
            const pump::core::JsonFile file(
                "mine.json",
                R"({"id":"mine","name":"Mine","description":"-","durationS":10,"start":{},)" + fields + "}");
            readExperiment(file.root(), network);
        } catch (const pump::core::Error& error) {
            return error.what();
        }
        return "no error";
    };
    const std::string probe = R"("probes":[{"quantity":"pressure","segment":"DVA"}])";
    CHECK(message(probe) == "no error");
    CHECK_THAT(message(R"("probes":[{"quantity":"pressure","segment":"DVB"}])"),
               ContainsSubstring("mine.json: probes[0].segment: is 'DVB', which is no segment"));
    CHECK_THAT(message(R"("probes":[{"quantity":"mood"}])"),
               ContainsSubstring("probes[0].quantity: is 'mood', expected one of pressure"));
    CHECK_THAT(message(R"("events":[{"atS":5},{"atS":3}],)" + probe),
               ContainsSubstring("events[1]: comes before the event above it"));
    CHECK_THAT(
        message(R"("bands":[{"name":"cuff","lowMm":500,"highMm":400,"pressureMmHg":[[0,20]]}],)" + probe),
        ContainsSubstring("bands[0].highMm: is 400, expected 500 to 1400"));
    CHECK_THAT(
        message(R"("bands":[{"name":"cuff","lowMm":300,"highMm":400,"pressureMmHg":[[0,900]]}],)" + probe),
        ContainsSubstring("is 900, expected 0 to 400"));
    CHECK_THAT(message(R"("events":[{"atS":5,"breathing":"loud"}],)" + probe),
               ContainsSubstring("events[0].breathing: is 'loud', expected one of none quiet deep valsalva"));
}

TEST_CASE(
    "every row of the scoreboard that stays outside may be explained, and the calibration is on record") {
    const Scoreboard board = runScoreboard({.assets = "assets", .stepS = 0.005, .only = {1, 22}});
    for (const ScoreRow& row : board.rows) CHECK((row.verdict == Verdict::In || !row.explanation.empty()));
    for (const CalibrationStep& step : readCalibration("assets")) CHECK_FALSE(step.reason.empty());
}
