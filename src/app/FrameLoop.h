#pragma once

#include "app/FrameSource.h"
#include "app/Graphics.h"
#include "app/PresentTarget.h"
#include "app/Session.h"

#include <cstdint>
#include <functional>

namespace pump::app {

/// What a frame needs besides the simulation's steps.
enum class FrameWork : std::uint8_t {
    Simulate, ///< nothing
    Carry,    ///< the blood moves on, no picture is made
    Draw
};

struct FrameLoop {
    FrameSource& source;
    Session& session;
    Graphics& graphics;
    PresentTarget& target;
    /// Asked for each frame, with its number from 0. Left out: all are drawn.
    std::function<FrameWork(std::uint64_t frame, const FrameTick& tick)> workOf;
    /// Called before a frame is drawn, with its number from 0; may ask the target to keep it. Optional.
    std::function<void(std::uint64_t frame, const FrameTick& tick)> beforeDraw;

    /// Until the source ends or the session is closed. Throws Error(Script) when an expectation fails.
    void run();

  private:
    void check(const FrameTick& tick) const;
    void draw(const FrameTick& tick, std::uint64_t frame);
};

} // namespace pump::app
