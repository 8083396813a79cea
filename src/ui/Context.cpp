#include "ui/Context.h"

#include <algorithm>
#include <cfloat>

namespace pump::ui {
namespace {

// Dear ImGui 1.87 replaced the fields of ImGuiIO by event functions; both are spoken here and nowhere else.
#if IMGUI_VERSION_NUM >= 18700
void movePointer(ImGuiIO& io, float x, float y) {
    io.AddMousePosEvent(x, y);
}
void pressPointer(ImGuiIO& io, int button, bool down) {
    io.AddMouseButtonEvent(button, down);
}
void turnWheel(ImGuiIO& io, float steps) {
    io.AddMouseWheelEvent(0, steps);
}
#else
void movePointer(ImGuiIO& io, float x, float y) {
    io.MousePos = {x, y};
}
void pressPointer(ImGuiIO& io, int button, bool down) {
    io.MouseDown[button] = down;
}
void turnWheel(ImGuiIO& io, float steps) {
    io.MouseWheel += steps;
}
#endif

int buttonIndex(PointerButton button) {
    switch (button) {
    case PointerButton::Left:
        return 0;
    case PointerButton::Right:
        return 1;
    case PointerButton::Middle:
        return 2;
    }
    return 0;
}

void feed(ImGuiIO& io, const InputEvent& event) {
    if (const auto* moved = std::get_if<PointerMoved>(&event)) movePointer(io, moved->x, moved->y);
    if (std::holds_alternative<PointerLeft>(event)) movePointer(io, -FLT_MAX, -FLT_MAX);
    if (const auto* press = std::get_if<PointerPressed>(&event))
        pressPointer(io, buttonIndex(press->button), press->down);
    if (const auto* wheel = std::get_if<WheelTurned>(&event)) turnWheel(io, wheel->steps);
}

} // namespace

Context::Context(float contentScale) : m_context(ImGui::CreateContext()) {
    IMGUI_CHECKVERSION();
    ImGui::SetCurrentContext(m_context);
    auto& io = ImGui::GetIO();
    io.IniFilename = nullptr; // positions come from the layout, nothing is kept between runs
    io.LogFilename = nullptr;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    io.BackendPlatformName = "second-heart";
    build(contentScale);
}

Context::~Context() {
    ImGui::DestroyContext(m_context);
}

bool Context::setContentScale(float contentScale) {
    if (metricsFor(contentScale).scale == m_metrics.scale) return false;
    build(contentScale);
    return true;
}

void Context::build(float contentScale) {
    m_metrics = metricsFor(contentScale);
    auto& io = ImGui::GetIO();
    io.Fonts->Clear();
    m_fonts = addFonts(*io.Fonts, m_metrics);
    io.Fonts->Build();
    applyTheme(ImGui::GetStyle(), m_metrics);
}

void Context::beginFrame(float width, float height, double seconds, std::span<const InputEvent> events) {
    auto& io = ImGui::GetIO();
    io.DisplaySize = {width, height};
    io.DisplayFramebufferScale = {1, 1};
    io.DeltaTime = std::max(1e-4f, static_cast<float>(seconds));
    for (const auto& event : events) feed(io, event);
    ImGui::NewFrame();
}

ImDrawData* Context::endFrame() {
    ImGui::Render();
    return ImGui::GetDrawData();
}

} // namespace pump::ui
