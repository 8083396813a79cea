// The part of Panel that is there while the leg is touched: how hard, with what, and the hands of a massage.

#include "ui/Panel.h"

#include "ui/Surface.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {

void Panel::drawTouchTray(const PanelView& view, const Layout& layout) {
    const auto& settings = view.settings;
    if (!settings.touch) return;
    const auto& text = view.texts;
    const bool low = layout.leg.height < 420 * m_metrics.scale; // room for the pressure alone
    const float width = std::min(216 * m_metrics.scale, layout.leg.width * 0.46f);
    const float line = m_metrics.target + m_metrics.gap;
    const auto massageRows = static_cast<float>((view.massages.size() + 2) / 2);
    const float texts = 3 * (m_metrics.small + m_metrics.gap);
    const float height = 2 * m_metrics.padding + (low ? 2 * line : (3.2f + massageRows) * line + texts);
    const Rect rect{layout.leg.x + m_metrics.gap, layout.leg.bottom() - height - m_metrics.gap, width,
                    std::round(std::min(height, layout.leg.height - 2 * m_metrics.gap))};
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, m_metrics.rounding);
    {
        const Surface surface("touch", rect, m_metrics, theme::kCard);
        const Widgets widgets(m_metrics, m_fonts);
        if (!low) {
            const std::string state =
                view.touch ? fmt::format("{:.0f} {}, {:.0f} mm {}", view.touch->pressureMmHg,
                                         text("unit.mmhg"), view.touch->depthMm, text("touch.deep"))
                           : std::string(text("touch.hint"));
            ImGui::PushTextWrapPos(width - m_metrics.padding);
            widgets.smallText(state.c_str());
            ImGui::PopTextWrapPos();
        }
        const auto pressure = widgets.slider(
            {.id = "touch-pressure",
             .label = text("touch.pressure"),
             .valueText = fmt::format("{:.0f} {}", settings.touchPressureMmHg, text("unit.mmhg")),
             .value = static_cast<float>(settings.touchPressureMmHg),
             .low = 5,
             .high = 200,
             .snap = 80});
        if (pressure.changed)
            emit("touch-pressure", fmt::format("{:.0f}", std::clamp(pressure.value, 5.0f, 200.0f)));
        const float half = std::floor((ImGui::GetContentRegionAvail().x - m_metrics.gap) / 2);
        const bool palm = settings.touchTool == "palm";
        if (widgets.button(
                {.id = "touch-tool", .label = text(palm ? "touch.palm" : "touch.finger"), .width = half}))
            emit("touch-tool", palm ? "finger" : "palm");
        ImGui::SameLine();
        if (widgets.button({.id = "touch-keep",
                            .label = text("touch.keep"),
                            .width = half,
                            .chosen = settings.touchKeep}))
            emit("touch-keep", settings.touchKeep ? "false" : "true");
        if (!low) drawMassages(view);
    }
    ImGui::PopStyleVar();
}

void Panel::drawMassages(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    widgets.smallText(view.texts("touch.massage"));
    const float half = std::floor((ImGui::GetContentRegionAvail().x - m_metrics.gap) / 2);
    const bool none = view.settings.massage == "none";
    if (widgets.button(
            {.id = "massage-none", .label = view.texts("touch.no-massage"), .width = half, .chosen = none}) &&
        !none)
        emit("massage", "none");
    int column = 1;
    for (const physiology::Massage& massage : view.massages) {
        if (column++ % 2) ImGui::SameLine();
        const bool chosen = view.settings.massage == massage.id;
        const auto name = view.texts.orElse("massage." + massage.id, massage.name);
        if (widgets.button(
                {.id = "massage-" + massage.id, .label = name.c_str(), .width = half, .chosen = chosen}) &&
            !chosen)
            emit("massage", massage.id);
    }
}

} // namespace pump::ui
