#include "ui/Keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

constexpr std::array kSpeeds{0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0};

Command set(std::string_view id, std::string value) {
    return SetCommand{std::string(id), std::move(value)};
}

template <std::size_t View>
Command viewCommand(const Settings&) {
    return set("view", std::string(viewNames()[View]));
}

Command faster(const Settings& settings) {
    const auto next =
        std::find_if(kSpeeds.begin(), kSpeeds.end(), [&](double s) { return s > settings.speed * 1.001; });
    return set("speed", fmt::format("{}", next == kSpeeds.end() ? kSpeeds.back() : *next));
}

Command slower(const Settings& settings) {
    const auto next =
        std::find_if(kSpeeds.rbegin(), kSpeeds.rend(), [&](double s) { return s < settings.speed * 0.999; });
    return set("speed", fmt::format("{}", next == kSpeeds.rend() ? kSpeeds.front() : *next));
}

template <Action Which>
Command action(const Settings&) {
    return Which;
}

const std::array kTable{
    KeyRow{Key::Space, "Space", "key.pause",
           [](const Settings& s) { return set("paused", s.paused ? "false" : "true"); }},
    KeyRow{Key::P, "P", "key.pump", [](const Settings&) { return set("contraction", "1"); },
           [](const Settings&) { return set("contraction", "0"); }},
    KeyRow{Key::Period, ".", "key.step", action<Action::StepOnce>},
    KeyRow{Key::Plus, "+  -", "key.speed", faster},
    KeyRow{Key::Minus, "", "", slower},
    KeyRow{Key::Digit1, "1 - 6", "key.views", viewCommand<0>},
    KeyRow{Key::Digit2, "", "", viewCommand<1>},
    KeyRow{Key::Digit3, "", "", viewCommand<2>},
    KeyRow{Key::Digit4, "", "", viewCommand<3>},
    KeyRow{Key::Digit5, "", "", viewCommand<4>},
    KeyRow{Key::Digit6, "", "", viewCommand<5>},
    KeyRow{Key::R, "R", "key.reset", action<Action::ResetView>},
    KeyRow{Key::Home, "", "", action<Action::ResetView>},
    KeyRow{Key::Left, "\xE2\x86\x90 \xE2\x86\x92 \xE2\x86\x91 \xE2\x86\x93", "key.turn",
           action<Action::TurnLeft>},
    KeyRow{Key::Right, "", "", action<Action::TurnRight>},
    KeyRow{Key::Up, "", "", action<Action::TurnUp>},
    KeyRow{Key::Down, "", "", action<Action::TurnDown>},
    KeyRow{Key::H, "H  F1", "key.help", action<Action::ToggleHelp>},
    KeyRow{Key::F1, "", "", action<Action::ToggleHelp>},
    KeyRow{Key::F11, "F11", "key.fullscreen", action<Action::ToggleFullscreen>},
    KeyRow{Key::Escape, "Esc", "key.close", action<Action::Close>},
};

} // namespace

std::span<const KeyRow> keyTable() {
    return kTable;
}

namespace {

const KeyRow* rowOf(Key key) {
    const auto found =
        std::find_if(kTable.begin(), kTable.end(), [&](const auto& row) { return row.key == key; });
    return found == kTable.end() ? nullptr : &*found;
}

} // namespace

std::optional<Command> commandFor(Key key, const Settings& settings) {
    const auto* row = rowOf(key);
    if (!row) return std::nullopt;
    return row->command(settings);
}

std::optional<Command> commandForRelease(Key key, const Settings& settings) {
    const auto* row = rowOf(key);
    if (!row || !row->released) return std::nullopt;
    return row->released(settings);
}

} // namespace pump::ui
