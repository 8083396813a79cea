#include "ui/Chart.h"
#include "ui/Recorder.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>

using namespace pump;
using Catch::Approx;

namespace {

physiology::SimSnapshot snapshotAt(double timeS, double pressure) {
    physiology::SimSnapshot snapshot;
    snapshot.timeS = timeS;
    snapshot.segments.resize(3);
    for (std::size_t i = 0; i < 3; ++i) {
        snapshot.segments[i].pressureMmHg = pressure + static_cast<double>(i);
        snapshot.segments[i].flowOutMlS = 2 * pressure;
        snapshot.segments[i].volumeMl = 3 * pressure;
    }
    return snapshot;
}

} // namespace

TEST_CASE("The recorder keeps the last minute of every vein at 50 Hz") {
    ui::Recorder recorder;
    for (int i = 0; i <= 50000; ++i) recorder.sample(snapshotAt(i * 0.002, i * 0.002)); // 100 s
    const auto all = recorder.course(1, ui::PlotQuantity::Pressure, 60);
    REQUIRE(all.x.size() > 2990);
    CHECK(all.x.size() <= 3001);
    CHECK(all.x.front() == Approx(40).margin(0.05));
    CHECK(all.x.back() == Approx(100));
    for (std::size_t i = 0; i < all.x.size(); ++i) CHECK(all.y[i] == Approx(all.x[i] + 1).epsilon(1e-5));
    const auto ten = recorder.course(2, ui::PlotQuantity::Volume, 10);
    CHECK(ten.x.front() == Approx(90).margin(0.05));
    CHECK(ten.y.back() == Approx(300).epsilon(1e-5));
    CHECK(recorder.course(7, ui::PlotQuantity::Flow, 10).x.empty()); // no such vein
}

TEST_CASE("Hours are kept as means over ten seconds, so that a pulse does not alias") {
    ui::Recorder recorder;
    constexpr double kPi = 3.14159265358979;
    // A pulse of one second round a mean of 50, for ten minutes.
    for (int i = 0; i <= 30000; ++i) {
        const double time = i * 0.02;
        recorder.sample(snapshotAt(time, 50 + 40 * std::sin(2 * kPi * time)));
    }
    const auto hours = recorder.course(0, ui::PlotQuantity::Pressure, 3600);
    REQUIRE(hours.x.size() >= 59);
    for (std::size_t i = 1; i < hours.y.size(); ++i) CHECK(hours.y[i] == Approx(50).margin(0.2));
}

TEST_CASE("Time that goes back starts a new record; a leap is kept as one step") {
    ui::Recorder recorder;
    for (int i = 0; i < 100; ++i) recorder.sample(snapshotAt(i, 1));
    recorder.sample(snapshotAt(4000, 2));
    const auto leap = recorder.course(0, ui::PlotQuantity::Pressure, 7200);
    CHECK(leap.x.back() == 4000);
    recorder.sample(snapshotAt(5, 3));
    CHECK(recorder.course(0, ui::PlotQuantity::Pressure, 60).x.size() == 1);
}

TEST_CASE("Ticks are round numbers inside the range and not more than asked for") {
    for (const auto& [low, high] : {std::pair{0.0, 100.0}, {-10.0, 0.0}, {3.2, 3.9}, {0.0, 14400.0}}) {
        for (const int most : {2, 4, 8}) {
            CAPTURE(low, high, most);
            const auto ticks = ui::axisTicks(low, high, most);
            REQUIRE_FALSE(ticks.empty());
            CHECK(static_cast<int>(ticks.size()) <= most + 1);
            CHECK(ticks.front() >= low - 1e-9);
            CHECK(ticks.back() <= high + 1e-9);
        }
    }
    CHECK(ui::axisTicks(1, 1, 4).empty());
    CHECK(ui::timeUnitFor(60).seconds == 1);
    CHECK(ui::timeUnitFor(600).seconds == 60);
    CHECK(ui::timeUnitFor(14400).seconds == 3600);
}
