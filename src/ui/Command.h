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
    ClearSelection,
    Close
};

using Command = std::variant<SetCommand, Action>;

} // namespace pump::ui
