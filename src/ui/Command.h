#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace pump::ui {

/// Change of one row of the settings table; what the panel, the keys and scripts all speak.
struct SetCommand {
    std::string id, value;
};

enum class Action : std::uint8_t {
    StepOnce, ///< one simulation step, pauses first
    ResetView,
    ZoomIn,
    ZoomOut,
    TurnLeft,
    TurnRight,
    TurnUp,
    TurnDown,
    ToggleHelp,
    ToggleAbout,
    ToggleFullscreen,
    TogglePlot, ///< the plot or the test's result, large
    ClearSelection,
    KeepState,   ///< remember this moment
    ReturnState, ///< go back to it
    StartOver,   ///< as when the program began
    Close
};

using Command = std::variant<SetCommand, Action>;

} // namespace pump::ui
