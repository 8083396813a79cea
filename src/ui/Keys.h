#pragma once

#include "ui/Command.h"
#include "ui/InputEvent.h"
#include "ui/Settings.h"

#include <optional>
#include <span>
#include <string_view>

namespace pump::ui {

/// One row of the keyboard: feeds both the handling and the help page.
struct KeyRow {
    Key key = Key::None;
    std::string_view shown;   ///< on the help page; empty: listed with the row before
    std::string_view textKey; ///< what it does, in the text table
    Command (*command)(const Settings&) = nullptr;
    Command (*released)(const Settings&) = nullptr; ///< nullptr: letting go does nothing
};

/// PageUp, PageDown and B are left to the lecturer's clicker: no row may use them.
std::span<const KeyRow> keyTable();
std::optional<Command> commandFor(Key key, const Settings& settings);
std::optional<Command> commandForRelease(Key key, const Settings& settings);

} // namespace pump::ui
