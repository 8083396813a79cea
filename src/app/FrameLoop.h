#pragma once

#include "app/FrameSource.h"
#include "app/Graphics.h"
#include "app/PresentTarget.h"
#include "app/Session.h"

#include <functional>

namespace pump::app {

struct FrameLoop {
    FrameSource& source;
    Session& session;
    Graphics& graphics;
    PresentTarget& target;
    /// Frames that are simulated only. Optional.
    std::function<bool(std::uint64_t frame)> skipDrawing;
    /// Called before a frame is drawn, with its number from 0; may ask the target to keep it. Optional.
    std::function<void(std::uint64_t frame, const FrameTick& tick)> beforeDraw;

    /// Until the source ends or the session is closed. Throws Error(Script) when an expectation fails.
    void run();

  private:
    void check(const FrameTick& tick) const;
    void draw(const FrameTick& tick, std::uint64_t frame);
};

} // namespace pump::app
