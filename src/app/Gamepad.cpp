#include "app/Gamepad.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pump::app {

std::optional<ui::Command> Gamepad::follow(const PadState& state) {
    constexpr double kDead = 0.06, kGrain = 0.02;
    double wanted = state.button ? 1 : 0;
    for (std::size_t i = 0; i < state.triggers.size(); ++i) {
        const double pressed = (static_cast<double>(state.triggers[i]) + 1) / 2;
        if (pressed < kDead) m_seenLoose[i] = true;
        if (m_seenLoose[i] && pressed >= kDead) wanted = std::max(wanted, std::min(1.0, pressed));
    }
    wanted = std::round(wanted / kGrain) * kGrain;
    if (wanted == m_asked) return std::nullopt;
    m_asked = wanted;
    return ui::SetCommand{"contraction", fmt::format("{:.2f}", wanted)};
}

std::optional<PadState> readGamepad() {
    for (int pad = GLFW_JOYSTICK_1; pad <= GLFW_JOYSTICK_LAST; ++pad) {
        GLFWgamepadstate state;
        if (!glfwJoystickIsGamepad(pad) || !glfwGetGamepadState(pad, &state)) continue;
        return PadState{
            {state.axes[GLFW_GAMEPAD_AXIS_LEFT_TRIGGER], state.axes[GLFW_GAMEPAD_AXIS_RIGHT_TRIGGER]},
            state.buttons[GLFW_GAMEPAD_BUTTON_A] == GLFW_PRESS};
    }
    return std::nullopt;
}

} // namespace pump::app
