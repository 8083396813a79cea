#include "ui/Widgets.h"

#include "ui/Surface.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

ImVec2 at(ImVec2 centre, float x, float y, float size) {
    return {centre.x + x * size, centre.y + y * size};
}

void drawTurn(ImDrawList& list, ImVec2 centre, float size, ImU32 colour, float side) {
    // Three quarters of an ellipse with an arrow head: the leg turns about its upright axis.
    constexpr int kPoints = 20;
    std::array<ImVec2, kPoints> points;
    for (int i = 0; i < kPoints; ++i) {
        const float angle = 2.6f + 4.3f * static_cast<float>(i) / (kPoints - 1);
        points[static_cast<std::size_t>(i)] =
            at(centre, -side * 0.5f * std::cos(angle), -0.3f * std::sin(angle) - 0.02f, size);
    }
    list.AddPolyline(points.data(), kPoints, colour, 0, size * 0.1f);
    const ImVec2 tip = points.back();
    list.AddTriangleFilled({tip.x - side * size * 0.02f, tip.y + size * 0.22f},
                           {tip.x - side * size * 0.2f, tip.y - size * 0.08f},
                           {tip.x + side * size * 0.2f, tip.y - size * 0.04f}, colour);
}

void drawEye(ImDrawList& list, ImVec2 centre, float size, ImU32 colour, bool shut) {
    constexpr int kPoints = 13;
    std::array<ImVec2, kPoints> upper, lower;
    for (int i = 0; i < kPoints; ++i) {
        const float x = -0.5f + static_cast<float>(i) / (kPoints - 1);
        const float lift = 0.29f * std::cos(x * 3.14159f);
        upper[static_cast<std::size_t>(i)] = at(centre, x, -lift, size);
        lower[static_cast<std::size_t>(i)] = at(centre, x, lift, size);
    }
    const float line = size * 0.08f;
    if (!shut) list.AddPolyline(upper.data(), kPoints, colour, 0, line);
    list.AddPolyline(lower.data(), kPoints, colour, 0, line);
    if (shut) {
        for (const float x : {-0.26f, 0.0f, 0.26f})
            list.AddLine(at(centre, x, 0.24f, size), at(centre, x * 1.35f, 0.44f, size), colour, line);
    } else {
        list.AddCircleFilled(centre, size * 0.14f, colour);
    }
}

} // namespace

void drawIcon(ImDrawList& list, Icon icon, ImVec2 c, float size, ImU32 colour) {
    const float line = size * 0.11f;
    switch (icon) {
    case Icon::None:
        break;
    case Icon::Play:
        list.AddTriangleFilled(at(c, -0.3f, -0.42f, size), at(c, 0.45f, 0, size), at(c, -0.3f, 0.42f, size),
                               colour);
        break;
    case Icon::Pause:
        list.AddRectFilled(at(c, -0.32f, -0.4f, size), at(c, -0.1f, 0.4f, size), colour, line * 0.4f);
        list.AddRectFilled(at(c, 0.1f, -0.4f, size), at(c, 0.32f, 0.4f, size), colour, line * 0.4f);
        break;
    case Icon::Step:
        list.AddTriangleFilled(at(c, -0.38f, -0.4f, size), at(c, 0.22f, 0, size), at(c, -0.38f, 0.4f, size),
                               colour);
        list.AddRectFilled(at(c, 0.22f, -0.4f, size), at(c, 0.4f, 0.4f, size), colour, line * 0.4f);
        break;
    case Icon::Plus:
        list.AddLine(at(c, 0, -0.42f, size), at(c, 0, 0.42f, size), colour, line);
        [[fallthrough]];
    case Icon::Minus:
        list.AddLine(at(c, -0.42f, 0, size), at(c, 0.42f, 0, size), colour, line);
        break;
    case Icon::TurnLeft:
        drawTurn(list, c, size, colour, 1.0f);
        break;
    case Icon::TurnRight:
        drawTurn(list, c, size, colour, -1.0f);
        break;
    case Icon::Home: {
        const std::array roof{at(c, -0.48f, 0.02f, size), at(c, 0, -0.42f, size), at(c, 0.48f, 0.02f, size)};
        list.AddPolyline(roof.data(), 3, colour, 0, line);
        const std::array walls{at(c, -0.32f, -0.05f, size), at(c, -0.32f, 0.42f, size),
                               at(c, 0.32f, 0.42f, size), at(c, 0.32f, -0.05f, size)};
        list.AddPolyline(walls.data(), 4, colour, 0, line);
        break;
    }
    case Icon::Eye:
        drawEye(list, c, size, colour, false);
        break;
    case Icon::EyeShut:
        drawEye(list, c, size, colour, true);
        break;
    case Icon::Finger: // that presses a ring into the skin
        list.AddCircle(at(c, -0.1f, 0.22f, size), size * 0.27f, colour, 0, line * 0.8f);
        list.AddLine(at(c, -0.06f, 0.14f, size), at(c, 0.3f, -0.38f, size), colour, size * 0.2f);
        list.AddCircleFilled(at(c, -0.06f, 0.14f, size), size * 0.1f, colour);
        list.AddCircleFilled(at(c, 0.3f, -0.38f, size), size * 0.1f, colour);
        break;
    case Icon::Cross:
        list.AddLine(at(c, -0.35f, -0.35f, size), at(c, 0.35f, 0.35f, size), colour, line);
        list.AddLine(at(c, -0.35f, 0.35f, size), at(c, 0.35f, -0.35f, size), colour, line);
        break;
    }
}

bool Widgets::button(const ButtonDesc& desc) const {
    return drawButton(desc).pressed;
}

bool Widgets::holdButton(const ButtonDesc& desc) const {
    // The page must not scroll away under the finger that holds it.
    const bool held = drawButton(desc).held;
    if (held) holdScroll();
    return held;
}

void Widgets::progress(double share, const char* words) const {
    const float width = ImGui::GetContentRegionAvail().x, height = m_metrics.target * 0.75f;
    const ImVec2 low = ImGui::GetCursorScreenPos(), high{low.x + width, low.y + height};
    auto& list = *ImGui::GetWindowDrawList();
    const float filled = width * static_cast<float>(std::clamp(share, 0.0, 1.0));
    list.AddRectFilled(low, high, theme::kControl, m_metrics.rounding);
    const ImVec2 size = ImGui::CalcTextSize(words);
    const ImVec2 at{std::round(low.x + (width - size.x) / 2), std::round(low.y + (height - size.y) / 2)};
    list.AddText(at, theme::kText, words);
    // The filled part carries the same words in its own ink.
    list.PushClipRect(low, {low.x + filled, high.y}, true);
    list.AddRectFilled(low, high, theme::kAccent, m_metrics.rounding);
    list.AddText(at, theme::kOnAccent, words);
    list.PopClipRect();
    ImGui::Dummy({width, height});
}

Widgets::Press Widgets::drawButton(const ButtonDesc& desc) const {
    const float width = desc.width > 0 ? desc.width : ImGui::GetContentRegionAvail().x;
    const float height = desc.height > 0 ? desc.height : m_metrics.target;
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ImGui::PushID(desc.id.data(), desc.id.data() + desc.id.size());
    const bool clicked = ImGui::InvisibleButton("button", {width, height});
    ImGui::PopID();
    const bool pressed = clicked && !scrolledByDrag();
    const bool down = ImGui::IsItemActive(), over = ImGui::IsItemHovered();
    auto& list = *ImGui::GetWindowDrawList();
    const ImVec2 high{low.x + width, low.y + height};
    const ImU32 fill = desc.chosen ? theme::kAccent
                       : down      ? theme::kControlDown
                       : over      ? theme::kControlOver
                                   : theme::kControl;
    const ImU32 ink = desc.chosen ? theme::kOnAccent : theme::kText;
    list.AddRectFilled(low, high, fill, m_metrics.rounding);
    const float iconSize = m_metrics.body * 1.1f;
    const bool tight =
        desc.label && desc.icon == Icon::None && ImGui::CalcTextSize(desc.label).x > width - m_metrics.gap;
    if (tight) ImGui::PushFont(m_fonts.small);
    const ImVec2 labelSize = desc.label ? ImGui::CalcTextSize(desc.label) : ImVec2{0, 0};
    const float between = desc.label && desc.icon != Icon::None ? m_metrics.gap : 0.0f;
    const float total = labelSize.x + between + (desc.icon != Icon::None ? iconSize : 0.0f);
    float x = std::round(low.x + (width - total) / 2);
    const float middle = low.y + height / 2;
    if (desc.icon != Icon::None) {
        drawIcon(list, desc.icon, {x + iconSize / 2, middle}, iconSize, ink);
        x += iconSize + between;
    }
    if (desc.label) {
        list.PushClipRect(low, high, true);
        list.AddText({std::max(x, low.x + 4), std::round(middle - labelSize.y / 2)}, ink, desc.label);
        list.PopClipRect();
    }
    if (tight) ImGui::PopFont();
    return {pressed, down};
}

Widgets::SliderResult Widgets::slider(const SliderDesc& desc) const {
    const float width = desc.width > 0 ? desc.width : ImGui::GetContentRegionAvail().x;
    const float labelHeight = ImGui::GetTextLineHeight();
    const float track =
        m_metrics.target - labelHeight * 0.5f; // with half of the label line: the target height
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const float height = labelHeight + track;
    ImGui::PushID(desc.id.data(), desc.id.data() + desc.id.size());
    ImGui::InvisibleButton("slider", {width, height});
    ImGui::PopID();

    const float knob = std::round(10 * m_metrics.scale);
    const float from = low.x + knob, to = low.x + width - knob;
    const auto fraction = [&](float value) {
        const float f = desc.logarithmic ? std::log(value / desc.low) / std::log(desc.high / desc.low)
                                         : (value - desc.low) / (desc.high - desc.low);
        return std::clamp(f, 0.0f, 1.0f);
    };
    SliderResult result{false, desc.value};
    if (ImGui::IsItemActive()) {
        holdScroll();
        const float f = std::clamp((ImGui::GetIO().MousePos.x - from) / (to - from), 0.0f, 1.0f);
        result.value = desc.logarithmic ? desc.low * std::pow(desc.high / desc.low, f)
                                        : desc.low + f * (desc.high - desc.low);
        if (desc.snap != 0 && std::abs(f - fraction(desc.snap)) * (to - from) < 6 * m_metrics.scale)
            result.value = desc.snap;
        result.changed = result.value != desc.value;
    }
    auto& list = *ImGui::GetWindowDrawList();
    const ImU32 ink = desc.quiet ? theme::kTextQuiet : theme::kText;
    list.AddText(low, ink, desc.label);
    const ImVec2 valueSize = ImGui::CalcTextSize(desc.valueText.c_str());
    list.AddText({low.x + width - valueSize.x, low.y}, desc.quiet ? theme::kTextQuiet : theme::kAccent,
                 desc.valueText.c_str());
    const float middle = std::round(low.y + labelHeight + track * 0.45f);
    const float half = 2.5f * m_metrics.scale;
    const float position = from + (to - from) * fraction(result.value);
    list.AddRectFilled({from - half, middle - half}, {to + half, middle + half}, theme::kControlDown, half);
    if (!desc.quiet)
        list.AddRectFilled({from - half, middle - half}, {position, middle + half}, theme::kAccent, half);
    if (desc.snap != 0) {
        const float tick = from + (to - from) * fraction(desc.snap);
        list.AddLine({tick, middle + half * 2}, {tick, middle + half * 4}, theme::kTextQuiet,
                     m_metrics.scale);
    }
    const bool lit = ImGui::IsItemActive() || ImGui::IsItemHovered();
    list.AddCircleFilled({position, middle}, knob + (lit ? 1.5f * m_metrics.scale : 0),
                         desc.quiet ? theme::kTextQuiet : theme::kText, 32);
    list.AddCircleFilled({position, middle}, knob * 0.45f, desc.quiet ? theme::kControlDown : theme::kAccent,
                         24);
    return result;
}

void Widgets::text(const char* text, ImU32 colour) const {
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::TextWrapped("%s", text);
    ImGui::PopStyleColor();
}

void Widgets::smallText(const char* content, ImU32 colour) const {
    ImGui::PushFont(m_fonts.small);
    text(content, colour);
    ImGui::PopFont();
}

void Widgets::heading(const char* content) const {
    ImGui::PushFont(m_fonts.title);
    text(content, theme::kText);
    ImGui::PopFont();
}

void Widgets::space(float gaps) const {
    ImGui::Dummy({1, m_metrics.gap * gaps});
}

} // namespace pump::ui
