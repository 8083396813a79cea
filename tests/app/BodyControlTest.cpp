#include "app/Gamepad.h"
#include "app/TestRun.h"
#include "app/TimeSkip.h"

#include "core/AssetPaths.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cmath>

using namespace pump;

namespace {

std::string askedBy(app::Gamepad& pad, const app::PadState& state) {
    const auto command = pad.follow(state);
    return command ? std::get<ui::SetCommand>(*command).value : "";
}

} // namespace

TEST_CASE("A gamepad's trigger contracts as far as it is pressed, its button all the way") {
    app::Gamepad pad;
    CHECK(askedBy(pad, {{-1, -1}, false}).empty());
    CHECK(askedBy(pad, {{0, -1}, false}) == "0.50");
    CHECK(askedBy(pad, {{0, -1}, false}).empty()); // nothing new
    CHECK(askedBy(pad, {{0, 1}, false}) == "1.00");
    CHECK(askedBy(pad, {{-1, -1}, false}) == "0.00");
    CHECK(askedBy(pad, {{-1, -1}, true}) == "1.00");
}

TEST_CASE("A trigger that reports its middle before it was touched contracts nothing") {
    app::Gamepad pad;
    CHECK(askedBy(pad, {{0, 0}, false}).empty());
    CHECK(askedBy(pad, {{-1, 0}, false}).empty());
    CHECK(askedBy(pad, {{0.5f, 0}, false}) == "0.76");
}

TEST_CASE("Time skipped in slices ends where time skipped at once ends") {
    const auto assets = core::assetDirectory();
    physiology::SimulationSettings settings;
    settings.movement.movement = "sitting-still";
    const ui::Settings none;
    physiology::Simulation whole(assets, settings), sliced(assets, settings);
    app::PulsedCuffs cuffs(none);
    app::skipTime(whole, cuffs, 1200, [](double) { return true; });
    double left = 1200;
    int slices = 0;
    while (left > 0.001) {
        const double from = sliced.snapshot().timeS;
        int windows = 0;
        app::skipTime(sliced, cuffs, left, [&](double) { return ++windows < 3; });
        left -= sliced.snapshot().timeS - from;
        ++slices;
    }
    CHECK(slices > 5);
    CHECK(sliced.snapshot().timeS == Catch::Approx(whole.snapshot().timeS).epsilon(1e-12));
    CHECK(sliced.snapshot().swellingMl == Catch::Approx(whole.snapshot().swellingMl).epsilon(1e-9));
    CHECK(whole.snapshot().swellingMl > 0);
}

TEST_CASE("A pulsed calf sleeve raises the flow behind the knee while it fills, and skipping obeys it") {
    const auto assets = core::assetDirectory();
    ui::Settings chosen;
    ui::applySetting(chosen, "movement", "lying-still");
    ui::applySetting(chosen, "cuff", "calf:45:pulsed");
    physiology::SimulationSettings settings;
    settings.movement = chosen.movement;
    physiology::Simulation simulation(assets, settings);
    app::PulsedCuffs cuffs(chosen);
    REQUIRE(cuffs.any());
    double pulse = 0, between = 0;
    while (simulation.snapshot().timeS < 90) {
        cuffs.follow(simulation);
        simulation.step();
        const double time = simulation.snapshot().timeS, flow = simulation.snapshot().poplitealFlowMlS;
        if (time > 60 && time < 62) pulse = std::max(pulse, flow);
        if (time > 85) between = std::max(between, flow);
    }
    CHECK(pulse > 2 * between);
    double share = 0;
    app::skipTime(simulation, cuffs, 30, [&](double done) {
        share = done;
        return true;
    });
    CHECK(simulation.snapshot().timeS == Catch::Approx(120).margin(0.01));
    CHECK(share > 0.9);
}

TEST_CASE("A virtual test in the background gives what it gives in the foreground, and can be stopped") {
    const auto assets = core::assetDirectory();
    const auto* test = physiology::virtualTestNamed("reflux");
    REQUIRE(test);
    const physiology::TestSubject subject{.assets = assets, .conditions = {{"gsv-reflux", 1}}};
    app::TestRun run;
    run.start(*test, subject);
    run.poll(true);
    REQUIRE(run.result());
    CHECK_FALSE(run.running());
    CHECK(run.conditions().size() == 1);
    const auto direct = test->run(subject, {});
    REQUIRE(direct.numbers.size() == run.result()->numbers.size());
    for (std::size_t i = 0; i < direct.numbers.size(); ++i)
        CHECK(direct.numbers[i].value == run.result()->numbers[i].value);

    const auto begin = std::chrono::steady_clock::now();
    run.start(*physiology::virtualTestNamed("plethysmography"), {.assets = assets});
    run.cancel();
    CHECK_FALSE(run.running());
    CHECK_FALSE(run.result());
    CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() < 20);
}

TEST_CASE("A test that cannot run says so where it is waited for") {
    app::TestRun run;
    run.start(*physiology::virtualTestNamed("avp"), {.assets = "/nowhere"});
    CHECK_THROWS(run.poll(true));
}
