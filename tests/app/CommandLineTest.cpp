#include "support/RunProgram.h"

#include "app/Commands.h"
#include "core/AssetPaths.h"
#include "ui/Settings.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <filesystem>

using namespace pump;
using namespace pump::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The assets of the build tree, as links: a test can replace one of them.
void linkAssets(const std::filesystem::path& to) {
    const auto from = std::filesystem::path(PUMP_PROGRAM).parent_path() / "../share/second-heart/assets";
    for (const auto& entry : std::filesystem::directory_iterator(from)) {
        std::filesystem::create_directories(to / entry.path().filename());
        for (const auto& file : std::filesystem::directory_iterator(entry))
            std::filesystem::create_symlink(std::filesystem::canonical(file),
                                            to / entry.path().filename() / file.path().filename());
    }
}

/// Replaces a linked asset by this text.
void replaceAsset(const std::filesystem::path& path, const TemporaryFolder& folder, const std::string& text) {
    REQUIRE(std::filesystem::remove(folder.path() / path));
    folder.write(path.string(), text);
}

struct BadCase {
    std::vector<std::string> arguments;
    int code;
    std::vector<std::string> says; ///< every one of them stands in the message
};

void checkBad(const BadCase& bad, const RunResult& result) {
    CAPTURE(bad.arguments, result.err, result.out);
    CHECK_FALSE(result.timedOut);
    CHECK(result.code == bad.code);
    CHECK(result.errorLines() == 1);
    for (const auto& words : bad.says) CHECK_THAT(result.err, ContainsSubstring(words));
}

} // namespace

TEST_CASE("--help of every command is complete and gives examples") {
    for (const auto& command : app::commandTable()) {
        std::vector<std::string> arguments{"--help"};
        if (!command.name.empty()) arguments.insert(arguments.begin(), std::string(command.name));
        const auto result = runProgram({.arguments = arguments});
        CAPTURE(command.name);
        CHECK(result.code == 0);
        CHECK(result.err.empty());
        CHECK_THAT(result.out, ContainsSubstring("Examples:") && ContainsSubstring("Usage: second-heart"));
        CHECK_THAT(result.out, ContainsSubstring("second-heart " + std::string(command.name)));
        CHECK(result.out.find('{') == std::string::npos); // no raw format marks
    }
    const auto plain = runProgram({.arguments = {"--help"}});
    for (const auto& command : app::commandTable())
        CHECK_THAT(plain.out, ContainsSubstring(std::string(command.name)));
    for (const auto& row : ui::settingTable())
        CHECK_THAT(plain.out, ContainsSubstring("--" + std::string(row.id)));
    CHECK_THAT(runProgram({.arguments = {"--version"}}).out, ContainsSubstring("second-heart "));
}

TEST_CASE("Wrong use: one line that names the option, the value and what is allowed; code 1") {
    const TemporaryFolder folder;
    const auto picture = folder.file("p.png");
    const std::vector<BadCase> cases{
        {{"bogus"}, 1, {"'bogus'", "render", "simulate", "info"}},
        {{"--nope"}, 1, {"--nope", "--help"}},
        {{"render"}, 1, {"-o"}},
        {{"render", "-o", "p.gif"}, 1, {"p.gif", ".png", ".mp4"}},
        {{"render", "-o", picture, "--speed", "99"}, 1, {"--speed", "'99'", "0.1 to 8"}},
        {{"render", "-o", picture, "--speed", "fast"}, 1, {"--speed", "'fast'"}},
        {{"render", "-o", picture, "--view", "above"}, 1, {"--view", "'above'", "rear, front, medial"}},
        {{"render", "-o", picture, "--quality", "best"}, 1, {"--quality", "low, medium, high"}},
        {{"render", "-o", picture, "--layers", "flesh=1"}, 1, {"--layers", "'flesh'", "bones, muscles"}},
        {{"render", "-o", picture, "--camera", "1,2"}, 1, {"--camera", "AZIMUTH"}},
        {{"render", "-o", picture, "--size", "0x9"}, 1, {"--size", "'0x9'", "1280x720"}},
        {{"render", "-o", picture, "--size", "99999x99999"}, 1, {"--size"}},
        {{"--present", "post"}, 1, {"--present", "'post'", "swapchain", "memory"}},
        {{"render", "-o", picture, "--present", "memory"}, 1, {"--present"}},
        {{"render", "-o", picture, "--frames", "3"}, 1, {"--frames", "####"}},
        {{"render", "-o", picture, "--fps", "0"}, 1, {"--fps", "'0'"}},
        {{"render", "-o", picture, "--time", "-1"}, 1, {"--time", "'-1'"}},
        {{"render", "-o", "/proc/no/p.png"}, 1, {"/proc/no"}},
        {{"render", "-o", folder.path().string() + "/sub.png/"}, 1, {"sub.png"}},
        {{"simulate", "--duration", "ten"}, 1, {"--duration", "'ten'"}},
        {{"simulate", "--step", "1"}, 1, {"--step", "0.02"}},
        {{"simulate", "--movement", "moonwalk", "--duration", "0.1"}, 1, {"moonwalk", "heel-raise"}},
        {{"simulate", "--cadence", "239", "--duration", "0.1"}, 1, {"239"}},
        {{"simulate", "--csv", "/proc/no/x.csv", "--duration", "0.1"}, 1, {"/proc/no"}},
        {{"simulate", "--view", "rear"}, 1, {"--view", "simulate --help"}},
    };
    for (const auto& bad : cases)
        checkBad(bad, runProgram({.arguments = bad.arguments, .directory = folder.path()}));
}

TEST_CASE("A missing or broken file: one line that names it and what is wrong; code 3") {
    const TemporaryFolder folder;
    const auto picture = folder.file("p.png");
    const auto render = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"render", "-o", picture, "--size", "64x64"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    const std::vector<BadCase> cases{
        {render({"--assets", folder.file("none")}), 3, {"--assets", "none"}},
        {render({"--leg", folder.file("none.glb")}), 3, {"none.glb"}},
        {render({"--leg", folder.write("broken.glb", "glTF but not really")}), 3, {"broken.glb"}},
        {render({"--leg",
                 folder.write("empty/readme.txt", "no mesh here").substr(0, folder.file("empty").size())}),
         3,
         {"empty"}},
        {render({"--shader-dir", folder.file("none")}), 3, {"--shader-dir", "none"}},
        {render({"--shader-dir", folder.file("empty")}), 3, {"empty"}},
        {render({"--script", folder.file("none.json")}), 3, {"none.json"}},
        {render({"--script", folder.write("empty.json", "[]")}), 3, {"empty.json", "no events"}},
        {render(
             {"--script",
              folder.write("bad.json", "[\n{\"at\": 1,\n\"key\": \"space\"},\n{\"at\": 2, \"key\": }\n]")}),
         3,
         {"bad.json", "line 4", "JSON"}},
        {render({"--script", folder.write("key.json", "{\"key\": \"hyper\"}")}),
         3,
         {"key.json", "line 1", "hyper"}},
        {render({"--script", folder.write("set.json", "\n{\"set\": {\"speed\": 77}}")}),
         3,
         {"set.json", "line 2", "speed", "77"}},
        {render({"--script",
                 folder.write("late.json", "{\"at\": 2, \"key\": \"r\"}\n{\"at\": 1, \"key\": \"r\"}")}),
         3,
         {"late.json", "line 2"}},
        {render({"--script", folder.write("word.json", "{\"jump\": 1}")}),
         3,
         {"word.json", "jump", "screenshot"}},
        {render({"--script", folder.write("open.json", "{\"key\": \"r\"")}), 3, {"open.json", "line 1"}},
        {render({"--script", folder.write("text.json", "hello")}), 3, {"text.json", "line 1"}},
    };
    for (const auto& bad : cases)
        checkBad(bad, runProgram({.arguments = bad.arguments, .directory = folder.path()}));
    CHECK_FALSE(std::filesystem::exists(picture));
}

TEST_CASE("A broken table of the assets is named with its line or field; code 3") {
    const auto broken = [](const std::filesystem::path& asset, const std::string& text,
                           const std::vector<std::string>& says) {
        const TemporaryFolder folder;
        linkAssets(folder.path());
        replaceAsset(asset, folder, text);
        const std::vector<std::string> arguments{"simulate", "--duration", "0.1", "--assets",
                                                 folder.path().string()};
        checkBad({arguments, 3, says}, runProgram({.arguments = arguments}));
    };
    broken("network/segments.csv", "segment,nonsense\nPTV1,1\n", {"segments.csv", "line 1", "column"});
    broken("network/links.csv", "from;to\n", {"links.csv"});
    broken("movements/heel-raise.json", "{\"id\": \"heel-raise\", ", {"heel-raise.json", "line 1"});
    broken("movements/heel-raise.json", "{\"id\": \"heel-raise\"}", {"heel-raise.json", "missing"});
}

TEST_CASE("A broken text table or rig stops the picture with its name; code 3") {
    for (const auto& [asset, text] :
         {std::pair{"i18n/en.json", "{\"app.title\": 3}"}, {"anatomy/leg.rig.json", "{]"}}) {
        const TemporaryFolder folder;
        linkAssets(folder.path());
        replaceAsset(asset, folder, text);
        const std::vector<std::string> arguments{"render", "-o",       folder.file("p.png"),  "--size",
                                                 "64x64",  "--assets", folder.path().string()};
        checkBad({arguments, 3, {std::filesystem::path(asset).filename().string()}},
                 runProgram({.arguments = arguments}));
    }
}

TEST_CASE("No Vulkan device: one line says why; code 2") {
    const TemporaryFolder folder;
    const std::map<std::string, std::string> none{{"VK_DRIVER_FILES", folder.file("none.json")},
                                                  {"VK_ICD_FILENAMES", folder.file("none.json")},
                                                  {"DISPLAY", ""},
                                                  {"WAYLAND_DISPLAY", ""}};
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"render", "-o", folder.file("p.png")},
          {"info"},
          {"render", "-o", folder.file("p.png"), "--device", "7"}}) {
        checkBad({arguments, 2, {"Vulkan"}},
                 runProgram({.arguments = arguments, .directory = folder.path(), .environment = none}));
    }
    const std::vector<std::string> unknown{"render", "-o", folder.file("p.png"), "--device", "voodoo"};
    checkBad({unknown, 2, {"voodoo"}}, runProgram({.arguments = unknown}));
}

TEST_CASE("info lists the devices and says which would be used") {
    const auto result = runProgram({.arguments = {"info"}});
    CHECK(result.code == 0);
    CHECK_THAT(result.out, ContainsSubstring("usable") && ContainsSubstring("would use: ") &&
                               ContainsSubstring("assets: "));
}
