#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace pump::ui {

/// Keys that the program knows; windows and scripts translate into these.
enum class Key : std::uint8_t {
    None,
    Space,
    Period,
    Plus,
    Minus,
    R,
    H,
    P,
    Digit1,
    Digit2,
    Digit3,
    Digit4,
    Digit5,
    Digit6,
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Tab,
    Enter,
    Backspace,
    Delete,
    Escape,
    F1,
    F11,
    F12,
    Count
};

std::string_view keyName(Key key); ///< as written in scripts: "space", "period", "r", "1", "page-up" ...
std::optional<Key> keyFromName(std::string_view name);

enum class PointerButton : std::uint8_t { Left, Right, Middle };

// Positions are framebuffer pixels, origin at the upper left.
struct PointerMoved {
    float x = 0, y = 0;
};
struct PointerPressed {
    PointerButton button = PointerButton::Left;
    bool down = true;
    bool shift = false;
    bool control = false;
};
struct WheelTurned {
    float steps = 0; ///< positive: away from the hand
};
struct KeyPressed {
    Key key = Key::None;
    bool down = true;
    bool shift = false;
};
struct PointerLeft {};

using InputEvent = std::variant<PointerMoved, PointerPressed, WheelTurned, KeyPressed, PointerLeft>;

} // namespace pump::ui
