#pragma once

#include "ui/Command.h"
#include "ui/InputEvent.h"

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace pump::app {

/// Something that a script expects after a frame: "footVeinPressure < 40".
struct Expectation {
    std::string quantity, relation, value;
    std::string where; ///< "tour.json: line 4", for the message when it does not hold
};

/// All that comes from outside for one frame.
struct FrameTick {
    double seconds = 0;        ///< real (or scripted) time since the last frame
    int width = 0, height = 0; ///< of the picture in pixels; 0: minimized
    float contentScale = 1;
    std::vector<ui::InputEvent> events;
    std::vector<ui::Command> commands;
    std::vector<std::filesystem::path> pictures; ///< files to write this frame to
    std::vector<Expectation> expectations;       ///< to be checked after this frame
    /// Wall-clock seconds that the simulation may take; beyond it steps are dropped. Scripts never drop.
    double stepBudgetS = std::numeric_limits<double>::infinity();
};

/// Where frames come from: a window with a real clock, or a script with a fixed one.
class FrameSource {
  public:
    virtual ~FrameSource() = default;
    /// Nothing: the end.
    virtual std::optional<FrameTick> next() = 0;
    /// What only a window can do; a script does nothing.
    virtual void toggleFullscreen() {}
    virtual bool canFullscreen() const { return false; }
    /// True when the window was full screen and is no longer.
    virtual bool leaveFullscreen() { return false; }
    virtual bool realTime() const { return false; }
};

} // namespace pump::app
