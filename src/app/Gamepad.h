#pragma once

#include "ui/Command.h"

#include <array>
#include <optional>

namespace pump::app {

/// What counts of a gamepad: its two triggers (-1 let go, 1 pressed down) and its lower face button.
struct PadState {
    std::array<float, 2> triggers{-1, -1};
    bool button = false;
};

/// You are the pump, by a gamepad: the trigger pressed deepest, or the button, contracts the calf.
class Gamepad {
  public:
    /// The command that this state asks for; nothing while it asks for nothing new. A trigger counts only
    /// after it was seen let go: some pads report the middle until it is touched.
    std::optional<ui::Command> follow(const PadState& state);

  private:
    std::array<bool, 2> m_seenLoose{};
    double m_asked = 0;
};

/// The first gamepad that GLFW knows; nothing without one. GLFW must be running.
std::optional<PadState> readGamepad();

} // namespace pump::app
