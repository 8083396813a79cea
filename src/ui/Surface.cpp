#include "ui/Surface.h"

namespace pump::ui {

Surface::Surface(const char* id, const Rect& rect, const Metrics& metrics, ImU32 colour, Input input,
                 ImVec2 padding) {
    ImGui::SetNextWindowPos({rect.x, rect.y});
    ImGui::SetNextWindowSize({rect.width, rect.height});
    const ImVec2 inside = padding.x >= 0 ? padding : ImVec2{metrics.padding, metrics.padding};
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, inside);
    ImGui::PushStyleColor(ImGuiCol_WindowBg, colour);
    ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                             ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                             ImGuiWindowFlags_NoScrollWithMouse;
    if (input != Input::TakesInFront) flags |= ImGuiWindowFlags_NoBringToFrontOnFocus;
    if (input == Input::PassesThrough) flags |= ImGuiWindowFlags_NoInputs;
    ImGui::Begin(id, nullptr, flags);
}

Surface::~Surface() {
    ImGui::End();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
}

namespace {

// Kept by Dear ImGui with the window, so that nothing here outlives its context.
constexpr ImGuiID kHeldByWidget = 1, kScrolled = 2;

} // namespace

ScrollArea::ScrollArea(const char* id, ImVec2 size, const Metrics& metrics) {
    ImGui::BeginChild(id, size, false, ImGuiWindowFlags_NoNav);
    // Dear ImGui has no drag-to-scroll. A drag that belongs to no slider moves the content.
    const auto& io = ImGui::GetIO();
    auto& storage = *ImGui::GetStateStorage();
    if (ImGui::IsMouseClicked(0)) {
        storage.SetBool(kHeldByWidget, false);
        storage.SetBool(kScrolled, false);
    }
    const bool over = ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
    if (!ImGui::IsMouseDragging(0, 8 * metrics.scale) || storage.GetBool(kHeldByWidget)) return;
    if ((over && ImGui::GetScrollMaxY() > 0) || storage.GetBool(kScrolled)) {
        storage.SetBool(kScrolled, true);
        ImGui::SetScrollY(ImGui::GetScrollY() - io.MouseDelta.y);
    }
}

void holdScroll() {
    ImGui::GetStateStorage()->SetBool(kHeldByWidget, true);
}

bool scrolledByDrag() {
    return ImGui::GetStateStorage()->GetBool(kScrolled);
}

ScrollArea::~ScrollArea() {
    ImGui::EndChild();
}

} // namespace pump::ui
