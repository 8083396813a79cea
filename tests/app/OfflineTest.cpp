#include "support/RunProgram.h"

#include "app/FrameWriter.h"
#include "app/Script.h"
#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Image.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

using namespace pump;
using namespace pump::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::size_t differentColours(const core::Image& image) {
    std::set<std::uint32_t> colours;
    for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4)
        colours.insert(
            static_cast<std::uint32_t>(image.rgba[i] | image.rgba[i + 1] << 8 | image.rgba[i + 2] << 16));
    return colours.size();
}

/// Compared here, so that a failure prints names and not the content.
bool sameBytes(const std::string& a, const std::string& b) {
    return readFile(a) == readFile(b);
}

} // namespace

TEST_CASE("Ten simulated seconds twice give the same CSV to the byte") {
    const TemporaryFolder folder;
    for (const auto* name : {"a.csv", "b.csv"}) {
        const auto result = runProgram(
            {.arguments = {"simulate", "--duration", "10", "--every", "0.05", "--csv", folder.file(name)}});
        CAPTURE(result.err);
        REQUIRE(result.code == 0);
    }
    const auto a = readFile(folder.file("a.csv"));
    CHECK(a.size() > 10000);
    CHECK(sameBytes(folder.file("a.csv"), folder.file("b.csv")));
    CHECK(std::count(a.begin(), a.end(), '\n') == 1 + 1 + 200); // header, start, rows
}

TEST_CASE("CSV on standard output is nothing but CSV") {
    const auto result = runProgram({.arguments = {"simulate", "--duration", "0.1", "--csv", "-"}});
    REQUIRE(result.code == 0);
    CHECK(result.out.substr(0, 7) == "time_s,");
    const auto header = result.out.substr(0, result.out.find('\n'));
    const auto columns = std::count(header.begin(), header.end(), ',');
    std::size_t start = 0;
    while (start < result.out.size()) {
        const auto end = result.out.find('\n', start);
        REQUIRE(end != std::string::npos);
        CHECK(std::count(result.out.begin() + static_cast<std::ptrdiff_t>(start),
                         result.out.begin() + static_cast<std::ptrdiff_t>(end), ',') == columns);
        start = end + 1;
    }
}

TEST_CASE("Ctrl-C keeps what was computed and ends well") {
    const TemporaryFolder folder;
    RunningProgram program(
        {.arguments = {"simulate", "--duration", "86400", "--every", "1", "--csv", folder.file("long.csv")}});
    while (program.running() && (!std::filesystem::exists(folder.file("long.csv")) ||
                                 std::filesystem::file_size(folder.file("long.csv")) < 5000)) {
    }
    REQUIRE(program.running());
    program.interrupt();
    const auto result = program.finish();
    CAPTURE(result.err);
    CHECK(result.code == 0);
    CHECK_THAT(result.err, ContainsSubstring("what was computed is kept"));
    const auto csv = readFile(folder.file("long.csv"));
    CHECK(csv.back() == '\n');
}

TEST_CASE("A folder of meshes named by FMA id is drawn, standing still") {
    const TemporaryFolder folder;
    const std::filesystem::path meshes = folder.file("meshes");
    std::filesystem::create_directories(meshes);
    // A tetrahedron as tall as a tibia, in the body coordinates of BodyParts3D.
    std::ofstream(meshes / "FMA24477.obj") << "v -100 -100 50\nv -60 -100 50\nv -80 -60 50\nv -80 -80 420\n"
                                              "f 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n";
    for (const auto* movement : {"heel-raise", "sitting-still"}) {
        const auto picture = folder.file(std::string(movement) + ".png");
        const auto result =
            runProgram({.arguments = {"render", "--leg", meshes.string(), "--movement", movement, "--size",
                                      "160x120", "--time", "0.2", "-o", picture}});
        CAPTURE(result.err);
        REQUIRE(result.code == 0);
        CHECK(differentColours(core::readPng(picture)) > 20);
    }
}

TEST_CASE("Ten simulated seconds twice give the same last picture to the byte") {
    const TemporaryFolder folder;
    for (const auto* name : {"a.png", "b.png"}) {
        const auto result =
            runProgram({.arguments = {"render", "-o", folder.file(name), "--time", "10", "--fps", "10",
                                      "--size", "160x120", "--quality", "low", "--panel"}});
        CAPTURE(result.err);
        REQUIRE(result.code == 0);
        CHECK_THAT(result.out, ContainsSubstring(name));
    }
    CHECK(sameBytes(folder.file("a.png"), folder.file("b.png")));
    CHECK(differentColours(core::readPng(folder.file("a.png"))) > 200);
}

TEST_CASE("Settings reach the picture: other layers, another view, the panel, another size") {
    const TemporaryFolder folder;
    const auto picture = [&](const char* name, std::vector<std::string> more) {
        std::vector<std::string> arguments{"render", "-o", folder.file(name), "--quality", "low"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto result = runProgram({.arguments = arguments});
        CAPTURE(result.err);
        REQUIRE(result.code == 0);
        return core::readPng(folder.file(name));
    };
    const auto plain = picture("plain.png", {"--size", "200x150"});
    CHECK(plain.width == 200);
    CHECK(plain.height == 150);
    for (const std::vector<std::string>& more : {std::vector<std::string>{"--layers", "bones"},
                                                 {"--view", "medial"},
                                                 {"--camera", "90,20,500,0,0,300"},
                                                 {"--panel"}}) {
        auto arguments = more;
        arguments.insert(arguments.end(), {"--size", "200x150"});
        CAPTURE(more);
        CHECK(core::compareImages(picture("other.png", arguments), plain).outsideShare > 0.01);
    }
}

TEST_CASE("A sequence has as many pictures as asked for, and the blood or the leg moves in it") {
    const TemporaryFolder folder;
    const auto result = runProgram({.arguments = {"render", "-o", folder.file("f-##.png"), "--frames", "4",
                                                  "--fps", "5", "--size", "96x96", "--quality", "low"}});
    CAPTURE(result.err);
    REQUIRE(result.code == 0);
    for (int i = 1; i <= 4; ++i)
        CHECK(std::filesystem::exists(folder.file("f-0" + std::to_string(i) + ".png")));
    CHECK_FALSE(std::filesystem::exists(folder.file("f-05.png")));
    CHECK_FALSE(sameBytes(folder.file("f-01.png"), folder.file("f-04.png")));
}

TEST_CASE("A clip goes through ffmpeg where that is installed: all bytes of all pictures arrive") {
    const TemporaryFolder folder;
    // Stands in for ffmpeg: counts what it is given and writes that to the file it was told to make.
    const auto fake = folder.write("bin/ffmpeg", "#!/bin/sh\nfor last; do :; done\nwc -c > \"$last\"\n");
    std::filesystem::permissions(fake, std::filesystem::perms::owner_all);
    const std::string path = folder.file("bin") + ":/usr/bin:/bin";
    const auto result = runProgram({.arguments = {"render", "-o", folder.file("clip it's.mp4"), "--frames",
                                                  "3", "--size", "64x48", "--quality", "low"},
                                    .environment = {{"PATH", path}}});
    CAPTURE(result.err);
    REQUIRE(result.code == 0);
    CHECK(std::stoul(readFile(folder.file("clip it's.mp4"))) == 3u * 64 * 48 * 4);

    std::filesystem::permissions(folder.write("bin/ffmpeg", "#!/bin/sh\ncat > /dev/null\nexit 3\n"),
                                 std::filesystem::perms::owner_all);
    const auto failed = runProgram({.arguments = {"render", "-o", folder.file("clip.mp4"), "--frames", "2",
                                                  "--size", "64x48", "--quality", "low"},
                                    .environment = {{"PATH", path}}});
    CHECK(failed.code == 1);
    CHECK_THAT(failed.err, ContainsSubstring("clip.mp4") && ContainsSubstring("PNG sequence"));
}

TEST_CASE("Without ffmpeg a clip becomes a sequence of pictures, said in one line") {
    const TemporaryFolder folder;
    const auto result = runProgram({.arguments = {"render", "-o", folder.file("clip.mp4"), "--frames", "2",
                                                  "--size", "64x48", "--quality", "low"},
                                    .environment = {{"PATH", folder.path().string()}}});
    CAPTURE(result.err);
    CHECK(result.code == 0);
    CHECK(result.errorLines() == 1);
    CHECK_THAT(result.err, ContainsSubstring("ffmpeg is not installed"));
    CHECK(std::filesystem::exists(folder.file("clip/frame-0002.png")));
}

TEST_CASE("A script sets, presses keys and checks; an expectation that does not hold ends with code 4 and "
          "its line") {
    const TemporaryFolder folder;
    const auto run = [&](const std::string& text) {
        return runProgram({.arguments = {"render", "--script", folder.write("s.json", text), "--size",
                                         "640x400", "--quality", "low", "--panel", "--fps", "10"},
                           .directory = folder.path()});
    };
    const auto good = run(R"([
        {"at": 0, "set": {"speed": 2, "layers.skin": 0.5}},
        {"at": 0.1, "expect": "speed == 2"},
        {"at": 0.2, "key": "space"},
        {"at": 0.4, "expect": "paused == true"},
        {"at": 0.4, "key": "period"},
        {"at": 0.6, "key": "space"},
        {"at": 0.8, "expect": "paused == false"},
        {"at": 0.9, "key": "h"},
        {"at": 1.1, "expect": "sheet == open"},
        {"at": 1.2, "key": "escape"},
        {"at": 1.3, "expect": "sheet == none"},
        {"at": 1.3, "key": "3"},
        {"at": 1.5, "expect": "view == medial"},
        {"at": 1.5, "key": "page-down"},
        {"at": 1.6, "resize": [320, 240]},
        {"at": 1.8, "screenshot": "small.png"},
        {"at": 1.8, "expect": "held == false"},
        {"at": 1.8, "expect": "footVeinPressure > 20"},
        {"at": 1.8, "expect": "volumeError < 1e-9"}
    ])");
    CAPTURE(good.err);
    CHECK(good.code == 0);
    CHECK(core::readPng(folder.file("small.png")).width == 320);

    const auto bad = run("{\"at\": 0}\n");
    CHECK(bad.code == 3);
    const auto failed = run("{\"at\": 0, \"note\": \"start\", \"key\": \"r\"}\n{\"at\": 0.1, \"expect\": "
                            "\"footVeinPressure < 3\"}\n");
    CHECK(failed.code == 4);
    CHECK(failed.errorLines() == 1);
    CHECK_THAT(failed.err, ContainsSubstring("s.json: line 2") && ContainsSubstring("footVeinPressure < 3") &&
                               ContainsSubstring("but it is"));
    const auto unknown = run("{\"expect\": \"bloodiness < 3\"}");
    CHECK(unknown.code == 1);
    CHECK_THAT(unknown.err, ContainsSubstring("bloodiness") && ContainsSubstring("footVeinPressure"));
}

TEST_CASE("The picture at rest keeps nothing of an interface that was open before") {
    const TemporaryFolder folder;
    const auto result =
        runProgram({.arguments = {"render", "--size", "700x420", "--quality", "low", "--panel", "--fps", "25",
                                  "--script", folder.write("s.json", R"([
        {"at": 0, "set": {"paused": true}},
        {"at": 1.5, "screenshot": "before.png"},
        {"at": 1.54, "key": "h"},
        {"at": 1.7, "screenshot": "open.png"},
        {"at": 1.74, "key": "h"},
        {"at": 2.0, "screenshot": "after.png"}])")},
                    .directory = folder.path()});
    CAPTURE(result.err);
    REQUIRE(result.code == 0);
    CHECK_FALSE(sameBytes(folder.file("before.png"), folder.file("open.png")));
    CHECK(sameBytes(folder.file("before.png"), folder.file("after.png")));
}

TEST_CASE("Without a display the plain command says so, makes a picture and a clip and prints where") {
    const TemporaryFolder folder;
    const auto result = runProgram(
        {.arguments = {"--size", "96x64", "--quality", "low"},
         .directory = folder.path(),
         .environment = {{"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""}, {"PATH", folder.path().string()}}});
    CAPTURE(result.err);
    CHECK(result.code == 0);
    CHECK_THAT(result.err, ContainsSubstring("no window can be opened"));
    CHECK_THAT(result.out,
               ContainsSubstring("second-heart-out/leg.png") && ContainsSubstring("frame-0001.png"));
    CHECK(differentColours(core::readPng(folder.file("second-heart-out/leg.png"))) > 100);
    CHECK(std::filesystem::exists(folder.file("second-heart-out/leg/frame-0050.png")));
}

TEST_CASE("The tour of everything keeps its promises and the validation layers find nothing in it") {
    const TemporaryFolder folder;
    const auto result =
        runProgram({.arguments = {"render", "--script", core::assetPath("tours/all-around.json").string(),
                                  "--size", "640x400", "--quality", "low", "--panel", "--fps", "5",
                                  "--validate", "-o", folder.file("end.png")},
                    .directory = folder.path(),
                    .timeoutS = 500});
    CAPTURE(result.err);
    CHECK(result.code == 0);
    CHECK_THAT(result.err, ContainsSubstring("found nothing"));
}

TEST_CASE("Script files: arrays and lines are the same, and numbers and texts compare as what they are") {
    const auto array = app::parseScript("a", "[{\"at\": 1, \"wheel\": 2},\n {\"click\": [3, 4]}]");
    const auto lines = app::parseScript("b", "{\"at\": 1, \"wheel\": 2}\n{\"click\": [3, 4]}\n");
    REQUIRE(array.events.size() == 2);
    CHECK(array.events.size() == lines.events.size());
    CHECK(array.events[1].atS == 1);
    CHECK(array.events[1].line == 2);
    CHECK(array.events[1].input.size() == 3);
    CHECK(app::holds("10", ">", "9"));
    CHECK_FALSE(app::holds("10", "<", "9"));
    CHECK(app::holds("1.0", "==", "1"));
    CHECK(app::holds("none", "!=", "soleus"));
    CHECK_THROWS_AS(app::holds("none", "<", "soleus"), core::Error);
}

TEST_CASE("Names of pictures in a sequence") {
    CHECK(app::sequenceName("a/f-####.png", 7) == "a/f-0007.png");
    CHECK(app::sequenceName("#.png", 12) == "12.png");
    CHECK(app::outputKind("a.mp4") == app::OutputKind::Clip);
    CHECK(app::outputKind("a#.png") == app::OutputKind::Sequence);
    CHECK_THROWS_AS(app::outputKind("a.jpg"), core::Error);
}
