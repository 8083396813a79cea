#include "render/Quality.h"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <vector>

using namespace pump::render;

namespace {

constexpr double kGoalMs = 1000.0 / 30;
using FrameCost = std::function<double(const QualitySettings&)>; // ms

struct Course {
    QualitySettings last;
    int changes = 0;     ///< in all
    int lateChanges = 0; ///< in the second half
    double lowest = 1e9; ///< render scale on the way
};

Course follow(const FrameCost& cost, int frames, QualityController controller) {
    Course course;
    for (int i = 0; i < frames; ++i) {
        if (controller.addFrame(cost(controller.settings()))) {
            ++course.changes;
            course.lateChanges += i > frames / 2;
        }
        course.lowest = std::min(course.lowest, static_cast<double>(controller.settings().renderScale));
    }
    course.last = controller.settings();
    return course;
}

/// A CPU driver as measured on two cores: most of a frame is the same whatever is asked for.
FrameCost twoCores(double slowness) {
    return [slowness](const QualitySettings& settings) {
        const double pixels = static_cast<double>(settings.renderScale * settings.renderScale);
        const double mesh = settings.detail == pump::anatomy::DetailLevel::Low ? 0 : 40;
        return slowness * (21 + 9 * pixels + 5e-5 * settings.particles + mesh);
    };
}

} // namespace

TEST_CASE("a picture stays sharp where frames are only somewhat late") {
    for (const double slowness : {0.9, 1.0, 1.3, 1.6}) {
        CAPTURE(slowness);
        const Course course = follow(twoCores(slowness), 3000, QualityController(true, kGoalMs));
        CHECK(course.lowest == 1);
        CHECK(course.lateChanges == 0);
    }
}

TEST_CASE("cells go before resolution, and resolution goes where frames are far too late") {
    const auto late = follow(twoCores(1.3), 3000, QualityController(true, kGoalMs));
    CHECK(late.last.particles < 65536);
    CHECK(late.last.renderScale == 1);
    const auto veryLate = follow(twoCores(3), 3000, QualityController(true, kGoalMs));
    CHECK(veryLate.last.renderScale < 0.7f);
}

TEST_CASE("a fast machine gets the finest picture") {
    const auto fast =
        follow([](const QualitySettings&) { return 3.0; }, 3000, QualityController(false, kGoalMs));
    CHECK(fast.last == qualitySettings(QualityLevel::Ultra, false));
    const auto fastCpu = follow(twoCores(0.1), 3000, QualityController(true, kGoalMs));
    CHECK(fastCpu.last.detail == pump::anatomy::DetailLevel::High);
}

TEST_CASE("a step that turns out too dear is tried ever more rarely") {
    // Each step up looks affordable and is not.
    const auto trap = [](const QualitySettings& settings) {
        return settings.particles > 16384 ? 45.0 : 25.0;
    };
    const auto course = follow(trap, 20000, QualityController(true, kGoalMs));
    CHECK(course.changes > 2);
    CHECK(course.lateChanges <= 14);
}

TEST_CASE("a fixed quality never changes") {
    QualityController controller(true, kGoalMs, QualityLevel::High);
    for (int i = 0; i < 500; ++i) CHECK_FALSE(controller.addFrame(200));
    CHECK(controller.settings() == qualitySettings(QualityLevel::High, true));
}

TEST_CASE("names of quality levels are read back") {
    for (int i = 0; i < kQualityLevelCount; ++i)
        CHECK(findQuality(qualityId(static_cast<QualityLevel>(i))) == static_cast<QualityLevel>(i));
    CHECK_FALSE(findQuality("best"));
}
