#include "ui/Chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

std::string tickText(double value, double step) {
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 4);
    // 2.5, 7.5 need one more than the step's power says.
    const double scaled = step * std::pow(10.0, decimals);
    const int more = std::abs(scaled - std::round(scaled)) > 1e-6 ? 1 : 0;
    return fmt::format("{:.{}f}", std::abs(value) < step * 1e-6 ? 0.0 : value, decimals + more);
}

double stepOf(const std::vector<double>& ticks) {
    return ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
}

/// Where things stand inside the diagram.
struct Frame {
    ImVec2 low, high; ///< of the area of the curves
    double xLow = 0, xHigh = 1, yLow = 0, yHigh = 1;

    float x(double value) const {
        return low.x + static_cast<float>((value - xLow) / (xHigh - xLow)) * (high.x - low.x);
    }
    float y(double value) const {
        return high.y - static_cast<float>((value - yLow) / (yHigh - yLow)) * (high.y - low.y);
    }
};

void takeRange(const ChartDesc& desc, Frame& frame) {
    double low = desc.fromZero ? 0 : HUGE_VAL, high = desc.fromZero ? 0 : -HUGE_VAL;
    double from = HUGE_VAL, to = -HUGE_VAL;
    for (const auto& curve : desc.curves) {
        for (std::size_t i = 0; i < curve.points.x.size(); ++i) {
            from = std::min(from, curve.points.x[i]);
            to = std::max(to, curve.points.x[i]);
            if (!std::isfinite(curve.points.y[i])) continue;
            low = std::min(low, curve.points.y[i]);
            high = std::max(high, curve.points.y[i]);
        }
    }
    if (low > high) low = high = 0;
    if (desc.toS > desc.fromS) {
        from = desc.fromS;
        to = desc.toS;
    }
    if (!(to > from)) to = from = 0;
    frame.xLow = from;
    frame.xHigh = to > from ? to : from + 1;
    if (high - low < desc.leastSpan) {
        if (low != 0) low -= (desc.leastSpan - (high - low)) / 2; // one that stands on zero stays there
        high = low + desc.leastSpan;
    }
    frame.yLow = low;
    frame.yHigh = high;
}

/// At most two points a pixel: the least and the most of what falls on it, in their order.
std::vector<ImVec2> pathOf(const Curve& curve, const Frame& frame) {
    std::vector<ImVec2> path;
    std::size_t i = 0;
    while (i < curve.x.size()) {
        const float column = std::floor(frame.x(curve.x[i]));
        std::size_t least = i, most = i, end = i;
        for (; end < curve.x.size() && std::floor(frame.x(curve.x[end])) == column; ++end) {
            if (curve.y[end] < curve.y[least]) least = end;
            if (curve.y[end] > curve.y[most]) most = end;
        }
        const auto first = std::min(least, most), second = std::max(least, most);
        const auto add = [&](std::size_t at) {
            if (std::isfinite(curve.y[at])) path.push_back({frame.x(curve.x[at]), frame.y(curve.y[at])});
        };
        add(first);
        if (second != first) add(second);
        i = end;
    }
    return path;
}

float drawLegend(const Widgets& widgets, const ChartDesc& desc, ImVec2 at, float width) {
    const auto& metrics = widgets.metrics();
    auto& list = *ImGui::GetWindowDrawList();
    const float line = ImGui::GetTextLineHeight(), mark = 22 * metrics.scale;
    float x = at.x, y = at.y;
    bool any = false;
    for (const auto& curve : desc.curves) {
        if (curve.name.empty()) continue;
        const float needed = mark + metrics.gap + ImGui::CalcTextSize(curve.name.c_str()).x;
        if (any && x + needed > at.x + width) {
            x = at.x;
            y += line + metrics.gap * 0.25f;
        }
        list.AddLine({x, y + line * 0.55f}, {x + mark, y + line * 0.55f}, curve.colour, 3 * metrics.scale);
        list.AddText({x + mark + metrics.gap * 0.75f, y}, theme::kText, curve.name.c_str());
        x += needed + metrics.gap * 2;
        any = true;
    }
    return any ? y + line + metrics.gap * 0.5f - at.y : 0;
}

void drawAxes(const Widgets& widgets, const ChartDesc& desc, const Frame& frame,
              const std::vector<double>& yTicks) {
    const auto& metrics = widgets.metrics();
    auto& list = *ImGui::GetWindowDrawList();
    const float thin = std::max(1.0f, std::floor(metrics.scale)), line = ImGui::GetTextLineHeight();
    for (const double tick : yTicks) {
        const float y = std::round(frame.y(tick));
        list.AddLine({frame.low.x, y}, {frame.high.x, y}, tick == 0 ? theme::kTextQuiet : theme::kLine, thin);
        const auto text = tickText(tick, stepOf(yTicks));
        list.AddText({frame.low.x - metrics.gap * 0.75f - ImGui::CalcTextSize(text.c_str()).x, y - line / 2},
                     theme::kTextQuiet, text.c_str());
    }
    const auto unit = timeUnitFor(frame.xHigh - frame.xLow);
    const int most = std::max(2, static_cast<int>((frame.high.x - frame.low.x) / (64 * metrics.scale)));
    const auto xTicks = axisTicks((frame.xLow - desc.zeroS) / unit.seconds,
                                  (frame.xHigh - desc.zeroS) / unit.seconds, most, TickSteps::Whole);
    for (const double tick : xTicks) {
        const float x = std::round(frame.x(desc.zeroS + tick * unit.seconds));
        list.AddLine({x, frame.high.y}, {x, frame.high.y + metrics.gap * 0.5f}, theme::kTextQuiet, thin);
        const auto text = tickText(tick, stepOf(xTicks));
        const float width = ImGui::CalcTextSize(text.c_str()).x;
        const float left = std::clamp(x - width / 2, frame.low.x - metrics.gap * 2, frame.high.x - width);
        list.AddText({left, frame.high.y + metrics.gap * 0.6f}, theme::kTextQuiet, text.c_str());
    }
    list.AddLine({frame.low.x, frame.high.y}, {frame.high.x, frame.high.y}, theme::kTextQuiet, thin);
    const auto& name = desc.timeNames[unit.name];
    const float width = ImGui::CalcTextSize(name.c_str()).x;
    list.AddText({frame.high.x - width, frame.high.y + metrics.gap * 0.6f + line}, theme::kTextQuiet,
                 name.c_str());
}

void drawRanges(const Widgets& widgets, const ChartDesc& desc, const Frame& frame) {
    const auto& metrics = widgets.metrics();
    auto& list = *ImGui::GetWindowDrawList();
    for (const auto& range : desc.ranges) {
        const double low = std::max(range.low, frame.yLow), high = std::min(range.high, frame.yHigh);
        if (!(high > low)) continue;
        const ImVec2 from{frame.low.x, frame.y(high)}, to{frame.high.x, frame.y(low)};
        list.AddRectFilled(from, to, (theme::kValves & 0x00FFFFFFu) | 0x30000000u);
        if (range.name.empty()) continue;
        const ImVec2 size = ImGui::CalcTextSize(range.name.c_str());
        const float y = to.y - from.y > size.y ? (from.y + to.y - size.y) / 2 : from.y - size.y;
        list.AddText({frame.high.x - size.x - metrics.gap * 0.5f, y}, theme::kValves, range.name.c_str());
    }
}

void drawStretches(const Widgets& widgets, const ChartDesc& desc, const Frame& frame) {
    const auto& metrics = widgets.metrics();
    auto& list = *ImGui::GetWindowDrawList();
    for (const auto& stretch : desc.stretches) {
        if (stretch.toS <= frame.xLow || stretch.fromS >= frame.xHigh) continue;
        const float from = std::max(frame.low.x, frame.x(stretch.fromS)),
                    to = std::min(frame.high.x, std::max(from + 1, frame.x(stretch.toS)));
        list.AddRectFilled({from, frame.low.y}, {to, frame.high.y},
                           (theme::kText & 0x00FFFFFFu) | 0x16000000u);
        if (stretch.name.empty()) continue;
        const float width = ImGui::CalcTextSize(stretch.name.c_str()).x;
        const float x = std::min(from + metrics.gap * 0.5f, frame.high.x - width);
        // Of two names in one place the longer stretch has its own.
        const bool covered =
            std::any_of(desc.stretches.begin(), desc.stretches.end(), [&](const auto& other) {
                return !other.name.empty() && other.toS - other.fromS > stretch.toS - stretch.fromS &&
                       std::abs(frame.x(other.fromS) - from) < width;
            });
        if (covered) continue;
        list.AddText({x, frame.low.y - ImGui::GetTextLineHeight() - 1}, theme::kTextQuiet,
                     stretch.name.c_str());
    }
}

} // namespace

double tickStep(double low, double high, int most, TickSteps steps) {
    const double raw = (high - low) / most, power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor == 2.5 && steps == TickSteps::Whole) continue;
        if (factor * power >= raw * 0.999) return factor * power;
    }
    return 10 * power;
}

std::vector<double> axisTicks(double low, double high, int most, TickSteps steps) {
    std::vector<double> ticks;
    if (!(high > low) || most < 1) return ticks;
    const double step = tickStep(low, high, most, steps);
    for (double i = std::ceil(low / step - 1e-6); i * step <= high + step * 1e-6; ++i)
        ticks.push_back(i * step);
    return ticks;
}

TimeUnit timeUnitFor(double spanS) {
    if (spanS >= 7200) return {3600, 2};
    if (spanS >= 300) return {60, 1};
    return {1, 0};
}

ImU32 curveColour(std::size_t index) {
    constexpr std::array<ImU32, 6> kColours{IM_COL32(150, 214, 176, 255), IM_COL32(245, 190, 92, 255),
                                            IM_COL32(226, 104, 104, 255), IM_COL32(122, 190, 235, 255),
                                            IM_COL32(190, 160, 255, 255), IM_COL32(240, 242, 244, 255)};
    return kColours[index % kColours.size()];
}

void drawChart(const Widgets& widgets, const ChartDesc& desc, ImVec2 size) {
    const auto& metrics = widgets.metrics();
    auto& list = *ImGui::GetWindowDrawList();
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 high{low.x + size.x, low.y + size.y};
    float top = low.y;
    if (!desc.title.empty()) {
        ImGui::PushFont(widgets.fonts().title);
        list.AddText({low.x, top}, theme::kText, desc.title.c_str());
        top += ImGui::GetTextLineHeight() + metrics.gap * 0.75f;
        ImGui::PopFont();
    }
    ImGui::PushFont(widgets.fonts().small);
    const float line = ImGui::GetTextLineHeight();
    top += drawLegend(widgets, desc, {low.x, top}, size.x);
    list.AddText({low.x, top}, theme::kTextQuiet, desc.yLabel.c_str());
    top += line * 1.5f;
    // A row of their own for the names of stretches.
    if (std::any_of(desc.stretches.begin(), desc.stretches.end(),
                    [](const auto& s) { return !s.name.empty(); }))
        top += line;

    Frame frame;
    takeRange(desc, frame);
    float bottom = high.y - (metrics.gap * 0.6f + 2 * line);
    if (!desc.source.empty()) {
        list.AddText({low.x, high.y - line}, theme::kTextQuiet, desc.source.c_str());
        bottom -= line * 1.25f;
    }
    const int most = std::max(2, static_cast<int>((bottom - top) / (line * 2)));
    // The axis ends on its own ticks.
    const double step = tickStep(frame.yLow, frame.yHigh, most, TickSteps::Any);
    frame.yLow = std::floor(frame.yLow / step + 1e-6) * step;
    frame.yHigh = std::ceil(frame.yHigh / step - 1e-6) * step;
    const auto yTicks = axisTicks(frame.yLow, frame.yHigh, most + 1, TickSteps::Any);
    float axisWidth = 0;
    for (const double tick : yTicks)
        axisWidth = std::max(axisWidth, ImGui::CalcTextSize(tickText(tick, stepOf(yTicks)).c_str()).x);
    frame.low = {std::round(low.x + axisWidth + metrics.gap * 0.75f), std::round(top)};
    frame.high = {high.x - 2 * metrics.scale, std::round(std::max(bottom, top + line))};
    drawStretches(widgets, desc, frame);
    drawRanges(widgets, desc, frame);
    drawAxes(widgets, desc, frame, yTicks);
    list.PushClipRect({frame.low.x, frame.low.y - 3 * metrics.scale},
                      {frame.high.x + 2 * metrics.scale, frame.high.y + 3 * metrics.scale}, true);
    // The first one, which the others are compared with, lies on top.
    for (auto curve = desc.curves.rbegin(); curve != desc.curves.rend(); ++curve) {
        const auto path = pathOf(curve->points, frame);
        if (path.size() > 1)
            list.AddPolyline(path.data(), static_cast<int>(path.size()), curve->colour, 0,
                             1.75f * metrics.scale);
        else if (path.size() == 1)
            list.AddCircleFilled(path.front(), 2 * metrics.scale, curve->colour);
    }
    list.PopClipRect();
    ImGui::PopFont();
    ImGui::Dummy(size);
}

} // namespace pump::ui
