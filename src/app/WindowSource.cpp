#include "app/WindowSource.h"

#define GLFW_INCLUDE_NONE
#define GLFW_INCLUDE_VULKAN
#include <GLFW/glfw3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace pump::app {
namespace {

constexpr double kStepBudgetS = 0.03; ///< of a frame's wall-clock time, for the simulation

constexpr std::array kKeys{
    std::pair{GLFW_KEY_SPACE, ui::Key::Space},
    std::pair{GLFW_KEY_PERIOD, ui::Key::Period},
    std::pair{GLFW_KEY_KP_DECIMAL, ui::Key::Period},
    std::pair{GLFW_KEY_KP_ADD, ui::Key::Plus},
    std::pair{GLFW_KEY_EQUAL, ui::Key::Plus},
    std::pair{GLFW_KEY_KP_SUBTRACT, ui::Key::Minus},
    std::pair{GLFW_KEY_MINUS, ui::Key::Minus},
    std::pair{GLFW_KEY_1, ui::Key::Digit1},
    std::pair{GLFW_KEY_2, ui::Key::Digit2},
    std::pair{GLFW_KEY_3, ui::Key::Digit3},
    std::pair{GLFW_KEY_4, ui::Key::Digit4},
    std::pair{GLFW_KEY_5, ui::Key::Digit5},
    std::pair{GLFW_KEY_6, ui::Key::Digit6},
    std::pair{GLFW_KEY_P, ui::Key::P},
    std::pair{GLFW_KEY_LEFT, ui::Key::Left},
    std::pair{GLFW_KEY_RIGHT, ui::Key::Right},
    std::pair{GLFW_KEY_UP, ui::Key::Up},
    std::pair{GLFW_KEY_DOWN, ui::Key::Down},
    std::pair{GLFW_KEY_PAGE_UP, ui::Key::PageUp},
    std::pair{GLFW_KEY_PAGE_DOWN, ui::Key::PageDown},
    std::pair{GLFW_KEY_HOME, ui::Key::Home},
    std::pair{GLFW_KEY_END, ui::Key::End},
    std::pair{GLFW_KEY_TAB, ui::Key::Tab},
    std::pair{GLFW_KEY_ENTER, ui::Key::Enter},
    std::pair{GLFW_KEY_BACKSPACE, ui::Key::Backspace},
    std::pair{GLFW_KEY_DELETE, ui::Key::Delete},
    std::pair{GLFW_KEY_ESCAPE, ui::Key::Escape},
    std::pair{GLFW_KEY_F1, ui::Key::F1},
    std::pair{GLFW_KEY_F11, ui::Key::F11},
    std::pair{GLFW_KEY_F12, ui::Key::F12},
};

/// What is printed on the key decides for letters, digits, plus and minus, so that every keyboard layout
/// works; the rest goes by position.
ui::Key translate(int key, int scancode) {
    if (const char* printed = glfwGetKeyName(key, scancode); printed && printed[0] && !printed[1]) {
        const char c = printed[0];
        if (c == '+' || c == '=') return ui::Key::Plus;
        if (c == '-') return ui::Key::Minus;
        if (c == '.') return ui::Key::Period;
        if (const auto named = ui::keyFromName(std::string_view(printed, 1))) return *named;
    }
    const auto found =
        std::find_if(kKeys.begin(), kKeys.end(), [&](const auto& row) { return row.first == key; });
    return found == kKeys.end() ? ui::Key::None : found->second;
}

std::string lastGlfwError() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text ? text : "no window system answered";
}

} // namespace

std::unique_ptr<WindowSource> WindowSource::open(const WindowDesc& desc, std::string& reason) {
    glfwSetErrorCallback(nullptr);
    if (!glfwInit()) {
        reason = lastGlfwError();
        return nullptr;
    }
    glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    auto* window = glfwCreateWindow(desc.width, desc.height, desc.title, nullptr, nullptr);
    if (!window) {
        reason = lastGlfwError();
        glfwTerminate();
        return nullptr;
    }
    return std::unique_ptr<WindowSource>(new WindowSource(window));
}

WindowSource::WindowSource(GLFWwindow* window) : m_window(window), m_last(std::chrono::steady_clock::now()) {
    glfwSetWindowUserPointer(window, this);
    glfwSetWindowSizeLimits(window, 320, 240, GLFW_DONT_CARE, GLFW_DONT_CARE);
    installCallbacks();
    readSize();
}

WindowSource::~WindowSource() {
    glfwDestroyWindow(m_window);
    glfwTerminate();
}

void WindowSource::installCallbacks() {
    static constexpr auto self = [](GLFWwindow* window) {
        return static_cast<WindowSource*>(glfwGetWindowUserPointer(window));
    };
    glfwSetCursorPosCallback(m_window, [](GLFWwindow* window, double x, double y) {
        const float scale = self(window)->pixelsPerUnit();
        self(window)->m_events.emplace_back(
            ui::PointerMoved{static_cast<float>(x) * scale, static_cast<float>(y) * scale});
    });
    glfwSetCursorEnterCallback(m_window, [](GLFWwindow* window, int entered) {
        if (!entered) self(window)->m_events.emplace_back(ui::PointerLeft{});
    });
    glfwSetMouseButtonCallback(m_window, [](GLFWwindow* window, int button, int action, int mods) {
        if (button > GLFW_MOUSE_BUTTON_MIDDLE) return;
        const auto which = button == GLFW_MOUSE_BUTTON_LEFT    ? ui::PointerButton::Left
                           : button == GLFW_MOUSE_BUTTON_RIGHT ? ui::PointerButton::Right
                                                               : ui::PointerButton::Middle;
        self(window)->m_events.emplace_back(ui::PointerPressed{
            which, action == GLFW_PRESS, (mods & GLFW_MOD_SHIFT) != 0, (mods & GLFW_MOD_CONTROL) != 0});
    });
    glfwSetScrollCallback(m_window, [](GLFWwindow* window, double, double y) {
        self(window)->m_events.emplace_back(ui::WheelTurned{static_cast<float>(y)});
    });
    glfwSetKeyCallback(m_window, [](GLFWwindow* window, int key, int scancode, int action, int mods) {
        // Chords belong to the desktop.
        if (mods & (GLFW_MOD_CONTROL | GLFW_MOD_ALT | GLFW_MOD_SUPER)) return;
        const auto known = translate(key, scancode);
        if (known == ui::Key::None) return;
        self(window)->m_events.emplace_back(
            ui::KeyPressed{known, action != GLFW_RELEASE, (mods & GLFW_MOD_SHIFT) != 0});
    });
}

float WindowSource::pixelsPerUnit() const {
    int width = 0, height = 0;
    glfwGetWindowSize(m_window, &width, &height);
    return width > 0 && m_width > 0 ? static_cast<float>(m_width) / static_cast<float>(width) : 1.0f;
}

void WindowSource::readSize() {
    glfwGetFramebufferSize(m_window, &m_width, &m_height);
    if (glfwGetWindowAttrib(m_window, GLFW_ICONIFIED)) m_width = m_height = 0;
}

std::vector<std::string> WindowSource::instanceExtensions() const {
    std::uint32_t count = 0;
    const char** names = glfwGetRequiredInstanceExtensions(&count);
    return names ? std::vector<std::string>(names, names + count) : std::vector<std::string>{};
}

gpu::SurfaceFactory WindowSource::surfaceFactory() const {
    return [window = m_window](VkInstance instance, VkSurfaceKHR* surface) {
        return glfwCreateWindowSurface(instance, window, nullptr, surface);
    };
}

double WindowSource::refreshHz() const {
    auto* monitor = glfwGetWindowMonitor(m_window);
    if (!monitor) monitor = glfwGetPrimaryMonitor();
    const auto* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
    return mode && mode->refreshRate > 0 ? mode->refreshRate : 60;
}

std::optional<FrameTick> WindowSource::next() {
    m_events.clear();
    glfwPollEvents();
    readSize();
    // Minimized: nothing to draw and no hurry.
    if (m_width == 0 || m_height == 0) {
        glfwWaitEventsTimeout(0.2);
        readSize();
    }
    if (glfwWindowShouldClose(m_window)) return std::nullopt;
    FrameTick tick;
    const auto now = std::chrono::steady_clock::now();
    tick.seconds = std::exchange(m_first, false) ? 0.0 : std::chrono::duration<double>(now - m_last).count();
    m_last = now;
    tick.width = m_width;
    tick.height = m_height;
    float scaleX = 1, scaleY = 1;
    glfwGetWindowContentScale(m_window, &scaleX, &scaleY);
    tick.contentScale = std::max(scaleX, scaleY);
    tick.events = std::move(m_events);
    tick.stepBudgetS = kStepBudgetS;
    if (const auto pad = readGamepad()) {
        if (auto command = m_pad.follow(*pad)) tick.commands.push_back(std::move(*command));
    }
    return tick;
}

void WindowSource::toggleFullscreen() {
    if (leaveFullscreen()) return;
    auto* monitor = glfwGetPrimaryMonitor();
    const auto* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
    if (!mode) return;
    glfwGetWindowPos(m_window, &m_windowedX, &m_windowedY);
    glfwGetWindowSize(m_window, &m_windowedWidth, &m_windowedHeight);
    glfwSetWindowMonitor(m_window, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

bool WindowSource::leaveFullscreen() {
    if (!glfwGetWindowMonitor(m_window)) return false;
    glfwSetWindowMonitor(m_window, nullptr, m_windowedX, m_windowedY, m_windowedWidth, m_windowedHeight,
                         GLFW_DONT_CARE);
    return true;
}

} // namespace pump::app
