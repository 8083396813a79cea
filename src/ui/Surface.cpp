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

ScrollArea::ScrollArea(const char* id, ImVec2 size, const Metrics& metrics) {
    ImGui::BeginChild(id, size, false, ImGuiWindowFlags_NoNav);
    // Dear ImGui has no drag-to-scroll. A drag that started on no widget moves the content.
    const auto& io = ImGui::GetIO();
    if (ImGui::IsWindowHovered() && ImGui::IsMouseDragging(0, 4 * metrics.scale) && !ImGui::IsAnyItemActive())
        ImGui::SetScrollY(ImGui::GetScrollY() - io.MouseDelta.y);
}

ScrollArea::~ScrollArea() {
    ImGui::EndChild();
}

} // namespace pump::ui
