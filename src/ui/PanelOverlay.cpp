// The part of Panel that stands over and beside the picture: read-outs, caption, notices, tools, the part's
// card.

#include "ui/Panel.h"

#include "ui/PanelParts.h"
#include "ui/Surface.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

constexpr float kNoPadding = 0;

const char* captionKey(PumpPhase phase) {
    switch (phase) {
    case PumpPhase::Idle:
        return "caption.idle";
    case PumpPhase::Squeezing:
        return "caption.squeezing";
    case PumpPhase::Refilling:
        return "caption.refilling";
    }
    return "";
}

} // namespace

void Panel::drawReadouts(const PanelView& view, float height) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const auto& s = view.snapshot;
    drawReadout(widgets,
                {.label = text("readout.pressure"),
                 .detail = text("readout.pressure.detail"),
                 .figure = figure(s.footVeinPressureMmHg, 0),
                 .unit = text("unit.mmhg"),
                 .colour = theme::kPressure,
                 .leastSpan = 40,
                 .fromZero = true},
                view.traces.pressure, height);
    widgets.space(0.75f);
    drawReadout(widgets,
                {.label = text("readout.flow"),
                 .detail = text("readout.flow.detail"),
                 .figure = figure(s.poplitealFlowMlS, 1),
                 .unit = text("unit.ml-s"),
                 .colour = theme::kFlow,
                 .leastSpan = 8,
                 .fromZero = true},
                view.traces.flow, height);
    widgets.space(0.75f);
    drawReadout(widgets,
                {.label = text("readout.volume"),
                 .detail = text("readout.volume.detail"),
                 .figure = figure(s.calfVolumeMl, 0),
                 .unit = text("unit.ml"),
                 .colour = theme::kVolume,
                 .leastSpan = 20},
                view.traces.volume, height);
    widgets.space(0.75f);
    drawReadout(widgets,
                {.label = text("readout.valves"),
                 .detail = "",
                 .figure = fmt::format("{}", s.openValves),
                 .unit = fmt::format("{} {}", text("readout.valves.of"), s.valveCount).c_str(),
                 .colour = theme::kValves,
                 .leastSpan = static_cast<double>(std::max(4, s.valveCount)),
                 .fromZero = true},
                view.traces.valves, height);
}

void Panel::drawReadoutColumn(const PanelView& view, const Layout& layout) {
    const Surface surface("readouts", layout.readouts, m_metrics, Surface::kFilled);
    const float gaps = 3 * (m_metrics.gap * 2.75f);
    const float each = (layout.readouts.height - 2 * m_metrics.padding - gaps) / 4;
    drawReadouts(view, std::clamp(each, 96 * m_metrics.scale, 190 * m_metrics.scale));
}

void Panel::drawFooter(const PanelView& view, const Layout& layout) {
    const Surface surface("footer", layout.footer, m_metrics, Surface::kFilled, Surface::Input::PassesThrough,
                          {m_metrics.padding, m_metrics.gap * 0.6f});
    ImGui::PushFont(m_fonts.small);
    ImGui::PushStyleColor(ImGuiCol_Text, theme::kTextQuiet);
    ImGui::PushTextWrapPos(layout.footer.width - m_metrics.padding);
    ImGui::TextUnformatted(view.texts("safety.educational"));
    ImGui::PopTextWrapPos();
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void Panel::drawToolbar(const PanelView& view, const Layout& layout) {
    const Surface surface("toolbar", layout.toolbar, m_metrics, theme::kPanel, Surface::Input::Takes,
                          {m_metrics.gap, m_metrics.gap});
    const Widgets widgets(m_metrics, m_fonts);
    struct Tool {
        Icon icon;
        Action action;
        const char* id;
    };
    if (widgets.button(
            {.id = "touch", .icon = Icon::Finger, .width = m_metrics.target, .chosen = view.settings.touch}))
        emit("touch", view.settings.touch ? "false" : "true");
    constexpr std::array<Tool, 5> kTools{{{Icon::TurnLeft, Action::TurnLeft, "left"},
                                          {Icon::TurnRight, Action::TurnRight, "right"},
                                          {Icon::Plus, Action::ZoomIn, "in"},
                                          {Icon::Minus, Action::ZoomOut, "out"},
                                          {Icon::Home, Action::ResetView, "home"}}};
    for (const auto& tool : kTools) {
        if (widgets.button({.id = tool.id, .icon = tool.icon, .width = m_metrics.target})) emit(tool.action);
    }
}

void Panel::drawNotices(const PanelView& view, const Layout& layout) {
    const auto& text = view.texts;
    struct Notice {
        std::string words;
        bool urgent;
    };
    std::vector<Notice> notices;
    if (view.settings.fastForwardS > 0 && view.skipTotalS > 0)
        notices.push_back({fmt::format("{} {:.0f} %", text("notice.skipping"),
                                       100 * (1 - view.settings.fastForwardS / view.skipTotalS)),
                           false});
    if (view.test.running)
        notices.push_back({fmt::format("{} {:.0f} %", text("notice.testing"), 100 * view.test.share), false});
    if (view.settings.paused)
        notices.push_back({text("notice.paused"), false});
    else if (view.settings.speed != 1.0)
        notices.push_back(
            {fmt::format("{} {:.2g} \xC3\x97", text("notice.speed"), view.settings.speed), false});
    if (view.settings.exaggeration != 1.0)
        notices.push_back(
            {fmt::format("{} {:.2g} \xC3\x97", text("notice.exaggeration"), view.settings.exaggeration),
             false});
    if (view.snapshot.pose.bandLoadN >= 1)
        notices.push_back(
            {fmt::format("{} {:.0f} N ({} {:.1f} kg)", text("notice.band"), view.snapshot.pose.bandLoadN,
                         text("notice.band.weight"), view.snapshot.pose.bandLoadN / 9.81),
             false});
    if (view.settings.gravity) notices.push_back({text("notice.gravity"), false});
    if (view.settings.effort) notices.push_back({text("notice.effort"), false});
    if (view.skinIllustrated) notices.push_back({text("notice.skin"), false});
    if (view.snapshot.held) notices.push_back({text("notice.held"), true});
    if (!view.settings.paused && view.keptSpeed < view.settings.speed * 0.95)
        notices.push_back({fmt::format("{} {:.2g} \xC3\x97", text("notice.dropped"), view.keptSpeed), true});
    if (notices.empty()) return;

    auto& list = *ImGui::GetBackgroundDrawList();
    float x = layout.leg.x + m_metrics.padding, y = layout.leg.y + m_metrics.padding;
    for (const auto& notice : notices) {
        const ImVec2 size = ImGui::CalcTextSize(notice.words.c_str());
        const ImVec2 inside{m_metrics.gap * 1.25f, m_metrics.gap * 0.6f};
        const float width = size.x + 2 * inside.x, height = size.y + 2 * inside.y;
        if (x + width > layout.leg.right() - m_metrics.padding && x > layout.leg.x + m_metrics.padding) {
            x = layout.leg.x + m_metrics.padding;
            y += height + m_metrics.gap;
        }
        list.AddRectFilled({x, y}, {x + width, y + height}, notice.urgent ? theme::kNotice : theme::kCard,
                           height / 2);
        list.AddText({x + inside.x, y + inside.y}, notice.urgent ? theme::kOnNotice : theme::kText,
                     notice.words.c_str());
        x += width + m_metrics.gap;
    }
}

void Panel::drawCaption(const PanelView& view, const Layout& layout) {
    if (layout.leg.height < 300 * m_metrics.scale) return;
    const char* words = view.texts(captionKey(view.phase));
    const float width = layout.leg.width - 2 * layout.toolbar.width - m_metrics.gap;
    const ImVec2 size = ImGui::CalcTextSize(words, nullptr, false, width);
    const float x = layout.leg.x + (layout.leg.width - size.x) / 2;
    const float y = layout.leg.bottom() - size.y - m_metrics.gap;
    // A dark edge keeps the words readable over any picture.
    auto& list = *ImGui::GetBackgroundDrawList();
    const ImVec2 inside{m_metrics.gap * 1.5f, m_metrics.gap * 0.5f};
    list.AddRectFilled({x - inside.x, y - inside.y}, {x + size.x + inside.x, y + size.y + inside.y},
                       (theme::kPanel & 0x00FFFFFFu) | 0xD8000000u, m_metrics.rounding);
    list.AddText(ImGui::GetFont(), ImGui::GetFontSize(), {x, y}, theme::kText, words, nullptr, width);
}

void Panel::drawPartCard(const PanelView& view, const Layout& layout) {
    const auto& part = *view.part;
    const Widgets widgets(m_metrics, m_fonts);
    const float width = std::min(300 * m_metrics.scale, layout.leg.width * 0.36f);
    const float inner = width - 2 * m_metrics.padding;
    ImGui::PushFont(m_fonts.small);
    const float latin = ImGui::CalcTextSize(part.latin.c_str(), nullptr, false, inner).y;
    ImGui::PopFont();
    ImGui::PushFont(m_fonts.title);
    const float closeRoom = part.selected ? m_metrics.target : 0.0f;
    const float plain = ImGui::CalcTextSize(part.plain.c_str(), nullptr, false, inner - closeRoom).y;
    ImGui::PopFont();
    float height = plain + latin + 2 * m_metrics.padding + m_metrics.gap;
    for (const auto* lines : {&part.purpose, &part.state}) {
        if (!lines->empty())
            height += ImGui::CalcTextSize(lines->c_str(), nullptr, false, inner).y + m_metrics.gap;
    }
    // Beside the leg, always at the same place: nothing follows the pointer, nothing is covered by the hand.
    const Rect rect{layout.leg.right() - width - m_metrics.padding, layout.leg.y + m_metrics.padding, width,
                    std::round(height)};
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, m_metrics.rounding);
    {
        const Surface surface("part", rect, m_metrics, theme::kCard,
                              part.selected ? Surface::Input::Takes : Surface::Input::PassesThrough);
        ImGui::PushTextWrapPos(width - m_metrics.padding - closeRoom);
        ImGui::PushFont(m_fonts.title);
        ImGui::TextUnformatted(part.plain.c_str());
        ImGui::PopFont();
        ImGui::PopTextWrapPos();
        widgets.smallText(part.latin.c_str());
        if (!part.purpose.empty()) widgets.text(part.purpose.c_str());
        if (!part.state.empty()) widgets.text(part.state.c_str(), theme::kAccent);
        if (part.selected) {
            ImGui::SetCursorPos({width - m_metrics.target - kNoPadding, 0});
            if (widgets.button({.id = "close-part", .icon = Icon::Cross, .width = m_metrics.target}))
                emit(Action::ClearSelection);
        }
    }
    ImGui::PopStyleVar();
}

} // namespace pump::ui
