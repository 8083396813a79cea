#include "app/FrameLoop.h"

#include "app/Script.h"
#include "core/Error.h"

#include <chrono>
#include <numeric>

namespace pump::app {
namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

} // namespace

void FrameLoop::check(const FrameTick& tick) const {
    for (const auto& expected : tick.expectations) {
        std::string actual;
        bool good = false;
        try {
            actual = session.value(expected.quantity);
            good = holds(actual, expected.relation, expected.value);
        } catch (const core::Error& error) {
            throw core::Error(error.kind(), "{}: {}", expected.where, error.what());
        }
        if (!good) {
            throw core::Error(core::ErrorKind::Script, "{}: expected {} {} {}, but it is {}", expected.where,
                              expected.quantity, expected.relation, expected.value, actual);
        }
    }
}

void FrameLoop::draw(const FrameTick& tick, std::uint64_t frame) {
    const FrameWork work = workOf ? workOf(frame, tick) : FrameWork::Draw;
    if (work == FrameWork::Simulate) return;
    if (work == FrameWork::Carry) {
        auto& carried = graphics.ring().begin();
        graphics.renderer().carryBlood(carried, session.renderInput());
        graphics.ring().submit(carried);
        return;
    }
    if (!target.begin(tick.width, tick.height)) return;
    graphics.resize(tick.width, tick.height);
    graphics.chooseQuality(session.settings().quality);
    if (beforeDraw) beforeDraw(frame, tick);
    auto& ring = graphics.ring();
    auto& open = ring.begin();
    graphics.draw(open, session.renderInput(), session.interfaceDraw(), session.docked());
    target.present(ring, open, graphics.renderer().image());
}

void FrameLoop::run() {
    std::uint64_t frame = 0;
    double smoothedMs = 0;
    auto begin = Clock::now();
    while (auto tick = source.next()) {
        session.update(*tick);
        check(*tick);
        if (session.takeFullscreenRequest()) source.toggleFullscreen();
        if (session.takeCloseRequest() && !source.leaveFullscreen()) return;
        draw(*tick, frame++);
        const double tookMs = millisecondsSince(begin);
        begin = Clock::now();
        smoothedMs = smoothedMs == 0 ? tookMs : smoothedMs + (tookMs - smoothedMs) * 0.1;
        // A display that is waited for hides how long the work took: the device's own times say it.
        const auto& passes = graphics.ring().passTimes();
        const double deviceMs =
            std::accumulate(passes.begin(), passes.end(), 0.0,
                            [](double sum, const auto& p) { return sum + p.milliseconds; });
        graphics.frameTook(deviceMs > 0 ? deviceMs : tookMs);
        session.report(
            {graphics.renderer().pick(), graphics.qualityInUse(), source.realTime() ? 1000 / smoothedMs : 0});
    }
}

} // namespace pump::app
