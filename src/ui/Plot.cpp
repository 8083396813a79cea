#include "ui/Plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace pump::ui {
namespace {

std::string axisText(double value) {
    return fmt::format("{:g}", std::abs(value) < 1e-9 ? 0.0 : value);
}

void drawTrace(const Widgets& widgets, const ReadoutDesc& desc, const Trace& trace, ImVec2 low, ImVec2 high) {
    auto& list = *ImGui::GetWindowDrawList();
    const auto& metrics = widgets.metrics();
    const auto& points = trace.points();
    double least = desc.fromZero ? 0.0 : 1e30, most = desc.fromZero ? 0.0 : -1e30;
    for (const auto& point : points) {
        least = std::min(least, static_cast<double>(point.value));
        most = std::max(most, static_cast<double>(point.value));
    }
    if (least > most) least = most = 0;
    const auto [axisFrom, axisTo] = axisRange(least, most, desc.leastSpan);
    const double axisLow = axisFrom, axisHigh = axisTo; // clang 14: a lambda cannot hold a structured binding

    ImGui::PushFont(widgets.fonts().small);
    const std::string top = axisText(axisHigh), bottom = axisText(axisLow);
    const float axisWidth =
        std::max(ImGui::CalcTextSize(top.c_str()).x, ImGui::CalcTextSize(bottom.c_str()).x) +
        metrics.gap * 0.75f;
    const float line = ImGui::GetTextLineHeight();
    const float left = low.x + std::max(axisWidth, 34 * metrics.scale);
    const auto right = [&](const std::string& s, float y) {
        list.AddText({left - metrics.gap * 0.75f - ImGui::CalcTextSize(s.c_str()).x, y}, theme::kTextQuiet,
                     s.c_str());
    };
    right(top, low.y - line * 0.15f);
    right(bottom, high.y - line * 0.85f);
    ImGui::PopFont();

    const float thin = std::max(1.0f, std::floor(metrics.scale));
    list.AddLine({left, high.y}, {high.x, high.y}, theme::kLine, thin);
    list.AddLine({left, low.y}, {high.x, low.y}, theme::kLine, thin);
    if (points.empty()) return;
    const auto y = [&](double value) {
        return high.y - static_cast<float>((value - axisLow) / (axisHigh - axisLow)) * (high.y - low.y);
    };
    if (axisLow < 0 && axisHigh > 0) list.AddLine({left, y(0)}, {high.x, y(0)}, theme::kTextQuiet, thin);
    const double now = points.back().timeS;
    std::vector<ImVec2> path;
    path.reserve(points.size());
    for (const auto& point : points) {
        const auto age = static_cast<float>((now - point.timeS) / Trace::kWindowS);
        path.push_back({high.x - age * (high.x - left), y(point.value)});
    }
    list.PushClipRect({left, low.y - 3 * metrics.scale},
                      {high.x + 4 * metrics.scale, high.y + 3 * metrics.scale}, true);
    list.AddPolyline(path.data(), static_cast<int>(path.size()), desc.colour, 0, 1.75f * metrics.scale);
    list.AddCircleFilled(path.back(), 3 * metrics.scale, desc.colour, 16);
    list.PopClipRect();
}

} // namespace

void drawReadout(const Widgets& widgets, const ReadoutDesc& desc, const Trace& trace, float height) {
    const auto& metrics = widgets.metrics();
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    auto& list = *ImGui::GetWindowDrawList();
    list.AddText(low, theme::kText, desc.label);
    float y = low.y + ImGui::GetTextLineHeight();
    ImGui::PushFont(widgets.fonts().figure);
    const ImVec2 figureSize = ImGui::CalcTextSize(desc.figure.c_str());
    list.AddText({low.x, y}, desc.colour, desc.figure.c_str());
    const float widest = ImGui::CalcTextSize("-88.8").x;
    ImGui::PopFont();
    const float unitY = y + figureSize.y - ImGui::GetTextLineHeight() - 2.5f * metrics.scale;
    list.AddText({low.x + figureSize.x + metrics.gap * 0.75f, unitY}, theme::kTextQuiet, desc.unit);
    ImGui::PushFont(widgets.fonts().small);
    const ImVec2 detailSize = ImGui::CalcTextSize(desc.detail);
    // Room for the widest figure: the words must not come and go with the number.
    const float unitEnd =
        low.x + std::max(widest, figureSize.x) + metrics.gap * 1.5f + ImGui::CalcTextSize(desc.unit).x * 1.2f;
    if (low.x + width - detailSize.x > unitEnd)
        list.AddText({low.x + width - detailSize.x, unitY + 2 * metrics.scale}, theme::kTextQuiet,
                     desc.detail);
    ImGui::PopFont();
    y += figureSize.y + metrics.gap * 0.5f;
    drawTrace(widgets, desc, trace, {low.x, y}, {low.x + width - 4 * metrics.scale, low.y + height});
    ImGui::Dummy({width, height});
}

} // namespace pump::ui
