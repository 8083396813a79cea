#include "support/RunProgram.h"
#include "support/TestDisplay.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <thread>

using namespace pump::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Output of a shell command; what it writes to standard error is dropped.
std::string shell(const std::string& command) {
    std::string text;
    std::FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
    if (!pipe) return text;
    std::array<char, 256> part{};
    while (std::fgets(part.data(), static_cast<int>(part.size()), pipe)) text += part.data();
    pclose(pipe);
    return text;
}

bool waitFor(const std::function<bool()>& condition, double seconds = 40) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

/// The program in a window of its own, with its debug log to see what reached it.
struct WindowBench {
    RunningProgram program;
    std::string id;

    explicit WindowBench(std::vector<std::string> arguments)
        : program({.arguments = std::move(arguments), .environment = {{"WAYLAND_DISPLAY", ""}}}) {
        waitFor([&] {
            id = shell("xdotool search --onlyvisible --name '^Second Heart$' | head -1");
            while (!id.empty() && id.back() == '\n') id.pop_back();
            return !id.empty() || !program.running();
        });
    }
    void act(const std::string& what) const { shell("xdotool " + what); }
    void click(int x, int y) const {
        act("mousemove --window " + id + " " + std::to_string(x) + " " + std::to_string(y) + " click 1");
    }
    void key(const std::string& name) const { act("key --window 0 " + name); }
    bool says(const std::string& words) {
        return waitFor([&] {
                   return program.errorSoFar().find(words) != std::string::npos || !program.running();
               }) &&
               program.errorSoFar().find(words) != std::string::npos;
    }
};

} // namespace

TEST_CASE("A window: real clicks and keys, 50 resizes, hidden and shown again, and nothing for the "
          "validation layer to say") {
    const TestDisplay display;
    if (!display.available()) SKIP("no display and no Xvfb");
    if (shell("command -v xdotool").empty()) SKIP("xdotool is not installed");

    // As lavapipe does it by itself, and as every graphics card does it.
    const std::string way = GENERATE("memory", "swapchain");
    CAPTURE(way);
    WindowBench window(
        {"--validate", "--verbose", "--quality", "low", "--size", "900x600", "--present", way});
    REQUIRE_FALSE(window.id.empty());
    REQUIRE(window.says("size 900x600"));
    if (way == "memory") CHECK(window.says("through shared memory"));
    window.act("windowmove " + window.id + " 0 0");
    window.act("windowfocus " + window.id);

    // The panel, the keys and the leg answer.
    // Too narrow for the column of read-outs: the panel is 336 px wide and has two rows of three pages.
    window.click(564 + 16 + 48, 88 + 52);   // fourth page: Look
    window.click(564 + 16 + 200, 160 + 52); // right column: Muscles
    CHECK(window.says("set layers muscles"));
    // The hand pump: the button on the first page, and its key.
    window.click(564 + 16 + 48, 88);
    window.act("mousemove --window " + window.id + " 730 240 mousedown 1");
    CHECK(window.says("set contraction 1"));
    window.act("mouseup 1");
    CHECK(window.says("set contraction 0"));
    window.act("keydown --window 0 p");
    CHECK(window.says("key p"));
    window.act("keyup --window 0 p");
    // A virtual test in the background, and an hour that is skipped while the window goes on.
    window.click(564 + 16 + 256, 88);  // Measure
    window.click(564 + 16 + 230, 205); // Tests
    window.click(564 + 16 + 150, 318); // the first test
    CHECK(window.says("set test avp"));
    window.click(564 + 16 + 152, 88);  // Body
    window.click(564 + 16 + 270, 205); // Time
    window.click(564 + 16 + 48, 382);  // 60 min, the second row's first
    CHECK(window.says("set fast-forward 3600"));
    CHECK(window.says("fast-forward: 0 s left"));
    window.key("space");
    CHECK(window.says("set paused true"));
    window.key("3");
    CHECK(window.says("set view medial"));
    window.click(564 / 2, 300);
    CHECK(window.says("selected "));
    window.key("plus");
    CHECK(window.says("set speed 2"));
    window.key("h");
    CHECK(window.says("key h"));
    window.key("Escape"); // closes help only
    const auto log = window.program.errorSoFar();
    if (log.find("selected none") == std::string::npos) window.key("Escape"); // lets go of the part
    window.key("F11");
    CHECK(window.says("key f11"));
    CHECK(window.says("size 1600x1200"));
    window.key("Escape"); // leaves full screen
    CHECK(window.says("key escape"));
    // Every size, hidden and shown again.
    for (int i = 0; i < 50; ++i) {
        const int width = 330 + (i * 137) % 900, height = 250 + (i * 89) % 600;
        window.act("windowsize --sync " + window.id + " " + std::to_string(width) + " " +
                   std::to_string(height));
        if (i % 10 == 9) CHECK(window.says("size " + std::to_string(width) + "x" + std::to_string(height)));
    }
    window.act("windowunmap --sync " + window.id);
    window.act("windowmap --sync " + window.id);
    window.act("windowsize --sync " + window.id + " 640 480");
    CHECK(window.says("size 640x480"));
    REQUIRE(window.program.running());
    // The last Escape ends the program; a part that was selected or a page is closed before.
    waitFor([&] {
        window.act("windowfocus " + window.id);
        window.key("Escape");
        return !window.program.running();
    });
    const auto result = window.program.finish();
    CAPTURE(result.err);
    CHECK(result.code == 0);
    CHECK_THAT(result.err, ContainsSubstring("the validation layer found nothing"));
}
