#include "support/RunProgram.h"

#include "core/Image.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace pump;
using namespace pump::test;
using Catch::Matchers::ContainsSubstring;

namespace {

RunResult play(const TemporaryFolder& folder, const std::string& script, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"render", "--script", folder.write("script.json", script),
                                       "--size", "320x240",  "--quality",
                                       "low",    "--panel"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return runProgram({.arguments = arguments, .directory = folder.path()});
}

void checkGood(const RunResult& result) {
    CAPTURE(result.err);
    CHECK(result.code == 0);
}

} // namespace

TEST_CASE("A script lies the body down, puts a stocking on and skips hours; pressure and swelling follow") {
    const TemporaryFolder folder;
    checkGood(play(folder, R"([
{"at": 0, "set": {"movement": "sitting-still"}},
{"at": 0.2, "expect": "footVeinPressure > 40"},
{"at": 0.2, "set": {"fast-forward": "1h"}},
{"at": 0.4, "expect": "fast-forward == 0"},
{"at": 0.4, "expect": "time > 3600"},
{"at": 0.4, "expect": "swelling > 1"},
{"at": 0.6, "set": {"posture": "lying", "speed": 8}},
{"at": 3, "expect": "footVeinPressure < 30"},
{"at": 3, "set": {"movement": "standing-still", "stocking": "class-2", "cuff": "tourniquet:90"}},
{"at": 3.2, "expect": "stocking == class-2"},
{"at": 3.2, "expect": "posture == own"},
{"at": 3.4, "expect": "held == false"}
])"));
}

TEST_CASE("You are the pump: a held key and a held button squeeze blood out of the calf") {
    const TemporaryFolder folder;
    checkGood(play(folder, R"([
{"at": 0, "set": {"movement": "heel-raise"}},
{"at": 1, "hold": "p", "over": 1},
{"at": 1.8, "expect": "contraction == 1"},
{"at": 1.8, "expect": "movement == standing-still"},
{"at": 1.9, "expect": "squeezed > 5"},
{"at": 2.5, "expect": "contraction == 0"},
{"at": 2.6, "set": {"movement": "quiet-standing"}},
{"at": 2.7, "expect": "contraction == off"}
])"));
}

TEST_CASE(
    "A virtual test in a script: its numbers can be expected, and tell a leaking leg from a healthy one") {
    const TemporaryFolder folder;
    checkGood(play(folder, R"([
{"at": 0, "set": {"test": "avp"}},
{"at": 0.2, "expect": "test:standing pressure > 70"},
{"at": 0.2, "expect": "test:RT90 > 18"},
{"at": 0.4, "set": {"conditions": "deep-reflux"}},
{"at": 0.4, "set": {"test": "avp"}},
{"at": 0.6, "expect": "test:RT90 < 15"},
{"at": 0.6, "expect": "plot-vein == DVA"}
])"));
    const auto wrong = play(folder, R"([{"at": 0, "expect": "test:colour > 1"}])", {"--test", "avp"});
    CHECK(wrong.code == 1);
    CHECK_THAT(wrong.err, ContainsSubstring("colour"));
}

TEST_CASE("Names that no table has are answered with those that there are") {
    const TemporaryFolder folder;
    const auto says = [&](const std::string& option, const std::string& value, const std::string& answer) {
        const auto result = runProgram(
            {.arguments = {"simulate", "--duration", "0.1", option, value}, .directory = folder.path()});
        CAPTURE(option, result.err);
        CHECK(result.code == 1);
        CHECK(result.errorLines() == 1);
        CHECK_THAT(result.err, ContainsSubstring(answer));
    };
    says("--posture", "upside-down", "legs-up-wall");
    says("--stocking", "woollen", "class-2");
    says("--conditions", "tired", "gsv-reflux");
    says("--conditions", "obesity=2", "0 to 1");
    says("--cuff", "neck:60", "PLACE:MMHG");
    says("--breathing", "fast", "valsalva");
    says("--fast-forward", "long", "4h");
    says("--tilt", "200", "-30");
}

TEST_CASE("A state that was saved goes on where it was: in a window's picture as in a simulation") {
    const TemporaryFolder folder;
    const auto state = folder.file("state.json");
    const auto save =
        runProgram({.arguments = {"simulate", "--duration", "2", "--movement", "sitting-still",
                                  "--conditions", "obesity", "--cuff", "calf:40", "--save", state}});
    CAPTURE(save.err);
    REQUIRE(save.code == 0);
    checkGood(play(folder, R"([
{"at": 0, "expect": "time >= 2"},
{"at": 0, "expect": "movement == sitting-still"},
{"at": 0, "expect": "conditions == obesity"},
{"at": 0, "expect": "cuff == calf:40"}
])",
                   {"--load", state, "--save", folder.file("again.json")}));
    CHECK_THAT(readFile(folder.file("again.json")), ContainsSubstring("sitting-still"));
    const auto missing = play(folder, R"([{"at": 0, "end": true}])", {"--load", folder.file("none.json")});
    CHECK(missing.code == 1);
    CHECK_THAT(missing.err, ContainsSubstring("none.json"));
}

TEST_CASE("Repeated conditions add up, whichever of its two names the option has") {
    const TemporaryFolder folder;
    for (const char* name : {"a.csv", "b.csv"}) {
        const bool list = std::string(name) == "a.csv";
        std::vector<std::string> arguments{"simulate", "--duration", "0.5", "--csv", folder.file(name)};
        if (list)
            arguments.insert(arguments.end(), {"--conditions", "obesity,gsv-reflux=0.5"});
        else
            arguments.insert(arguments.end(), {"--condition", "obesity", "--condition", "gsv-reflux=0.5"});
        const auto result = runProgram({.arguments = arguments});
        CAPTURE(result.err);
        REQUIRE(result.code == 0);
    }
    CHECK(readFile(folder.file("a.csv")) == readFile(folder.file("b.csv")));
    const auto list = runProgram({.arguments = {"simulate", "--conditions", "list"}});
    CHECK(list.code == 0);
    CHECK_THAT(list.out, ContainsSubstring("gsv-reflux"));
}

TEST_CASE("plot draws the curves that it is asked for") {
    const TemporaryFolder folder;
    const auto picture = [&](const char* name, std::vector<std::string> more) {
        std::vector<std::string> arguments{"plot", "reflux", "-o", folder.file(name), "--size", "640x360"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto result = runProgram({.arguments = arguments});
        CAPTURE(result.err);
        REQUIRE(result.code == 0);
        return core::readPng(folder.file(name));
    };
    const auto one = picture("one.png", {});
    CHECK(one.width == 640);
    CHECK(one.height == 360);
    const auto two = picture("two.png", {"--compare", "healthy", "--compare", "gsv-reflux"});
    CHECK(core::compareImages(one, two).outsideShare > 0.001);
    const auto bad = [&](std::vector<std::string> arguments, const std::string& answer) {
        const auto result = runProgram({.arguments = arguments, .directory = folder.path()});
        CAPTURE(result.err);
        CHECK(result.code == 1);
        CHECK_THAT(result.err, ContainsSubstring(answer));
    };
    bad({"plot", "reflux"}, "-o");
    bad({"plot", "reflux", "-o", "p.mp4"}, ".png");
    bad({"plot", "moon", "-o", "p.png"}, "ten-heel-raises");
    bad({"plot", "reflux", "-o", "p.png", "--show", "nothing"}, "popliteal flow");
    bad({"plot", "reflux", "-o", "p.png", "--compare", "tired"}, "gsv-reflux");
}
