#include "ui/InputEvent.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pump::ui {
namespace {

constexpr std::array<std::pair<Key, std::string_view>, static_cast<std::size_t>(Key::Count) - 1> kNames{{
    {Key::Space, "space"},
    {Key::Period, "period"},
    {Key::Plus, "plus"},
    {Key::Minus, "minus"},
    {Key::R, "r"},
    {Key::H, "h"},
    {Key::P, "p"},
    {Key::Digit1, "1"},
    {Key::Digit2, "2"},
    {Key::Digit3, "3"},
    {Key::Digit4, "4"},
    {Key::Digit5, "5"},
    {Key::Digit6, "6"},
    {Key::Left, "left"},
    {Key::Right, "right"},
    {Key::Up, "up"},
    {Key::Down, "down"},
    {Key::PageUp, "page-up"},
    {Key::PageDown, "page-down"},
    {Key::Home, "home"},
    {Key::End, "end"},
    {Key::Tab, "tab"},
    {Key::Enter, "enter"},
    {Key::Backspace, "backspace"},
    {Key::Delete, "delete"},
    {Key::Escape, "escape"},
    {Key::F1, "f1"},
    {Key::F11, "f11"},
    {Key::F12, "f12"},
}};

} // namespace

std::string_view keyName(Key key) {
    const auto found =
        std::find_if(kNames.begin(), kNames.end(), [&](const auto& row) { return row.first == key; });
    return found == kNames.end() ? std::string_view{} : found->second;
}

std::optional<Key> keyFromName(std::string_view name) {
    const auto found =
        std::find_if(kNames.begin(), kNames.end(), [&](const auto& row) { return row.second == name; });
    if (found == kNames.end()) return std::nullopt;
    return found->first;
}

} // namespace pump::ui
