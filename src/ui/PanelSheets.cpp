// The part of Panel that covers the picture when asked: help and about.

#include "ui/Panel.h"

#include "ui/Keys.h"
#include "ui/Surface.h"

#include <algorithm>
#include <array>

namespace pump::ui {

void Panel::drawSheet(const PanelView& view, const Layout& layout) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    struct Content {
        const char* title;
        Action close;
    };
    const Content content = m_sheet == Sheet::Help    ? Content{text("sheet.help"), Action::ToggleHelp}
                            : m_sheet == Sheet::About ? Content{text("sheet.about"), Action::ToggleAbout}
                            : m_measurePart == MeasurePart::Tests
                                ? Content{text("measure.tests"), Action::TogglePlot}
                                : Content{text("measure.plot"), Action::TogglePlot};
    const float width =
        std::min(layout.leg.width + layout.readouts.width - 2 * m_metrics.padding, 620 * m_metrics.scale);
    const float height = std::min(layout.leg.height - 2 * m_metrics.padding, 640 * m_metrics.scale);
    const float middle = (layout.readouts.x + layout.leg.right()) / 2;
    const Rect rect{middle - width / 2, layout.leg.y + (layout.leg.height - height) / 2, width, height};
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, m_metrics.rounding * 1.5f);
    {
        const Surface surface("sheet", rect, m_metrics, theme::kCard, Surface::Input::TakesInFront);
        widgets.heading(content.title);
        ImGui::SetCursorPos({width - m_metrics.target - m_metrics.gap, m_metrics.gap});
        if (widgets.button({.id = "close-sheet", .icon = Icon::Cross, .width = m_metrics.target}))
            emit(content.close);
        const ScrollArea area("sheet-content", {0, 0}, m_metrics);
        if (m_sheet == Sheet::Help)
            drawHelpSheet(view);
        else if (m_sheet == Sheet::About)
            drawAboutSheet(view);
        else
            drawPlotSheet(view);
    }
    ImGui::PopStyleVar();
}

void Panel::drawHelpSheet(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    widgets.text(text("help.intro"));
    widgets.space();
    const float column = 150 * m_metrics.scale;
    const auto row = [&](const char* left, const char* right) {
        ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(theme::kAccent), "%s", left);
        ImGui::SameLine(column);
        ImGui::TextWrapped("%s", right);
    };
    widgets.smallText(text("help.pointer"));
    constexpr std::array<std::array<const char*, 2>, 6> kPointer{{{"pointer.drag", "pointer.drag.does"},
                                                                  {"pointer.pan", "pointer.pan.does"},
                                                                  {"pointer.wheel", "pointer.wheel.does"},
                                                                  {"pointer.click", "pointer.click.does"},
                                                                  {"pointer.touch", "pointer.touch.does"},
                                                                  {"pointer.press", "pointer.press.does"}}};
    for (const auto& line : kPointer) row(text(line[0]), text(line[1]));
    widgets.space();
    widgets.smallText(text("help.keys"));
    for (const auto& key : keyTable()) {
        if (!key.shown.empty()) row(std::string(key.shown).c_str(), text(key.textKey));
    }
}

void Panel::drawAboutSheet(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    widgets.text(text("about.what"));
    widgets.space();
    widgets.smallText(text("about.safety"));
    widgets.text(text("safety.educational"));
    widgets.text(text("safety.emergency"), theme::kNotice);
    widgets.text(text("safety.compression"));
    widgets.space();
    widgets.smallText(text("about.sources"));
    widgets.text(view.about.credit.empty() ? text("about.credit") : view.about.credit.c_str());
    widgets.text(text("about.physiology"));
    widgets.text(text("about.exaggeration"));
    widgets.space();
    widgets.smallText(text("about.versions"));
    widgets.text(view.about.version.c_str());
    widgets.text(view.about.device.c_str());
    for (const auto& library : view.about.libraries) widgets.text(library.c_str());
}

} // namespace pump::ui
