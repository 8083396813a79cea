// The page of Panel that measures: the course of one vein, and the virtual clinical tests.

#include "ui/Panel.h"

#include "ui/PanelParts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace pump::ui {
namespace {

/// Veins as the list shows them: a heading and how the names of its segments begin.
struct VeinGroup {
    const char* name;
    std::array<std::string_view, 6> prefixes;
};
constexpr std::array<VeinGroup, 7> kGroups{{
    {"veins.foot", {"DVA", "MMV", "LMV", "DPV", "PMV", "DPA"}},
    {"veins.sole", {"LPV", "MPV"}},
    {"veins.calf", {"PTV", "PER", "ATV", "TPT", "POP"}},
    {"veins.muscle", {"SOLM", "SOLL", "GCM", "GCL"}},
    {"veins.thigh", {"FV", "DFV", "CFV", "EIV", "IIV", "CIV"}},
    {"veins.skin", {"GSV", "SSV", "PAV", "GIAC"}},
    {"veins.small", {"MV_", "IVC"}},
}};

bool belongs(const VeinGroup& group, std::string_view id) {
    return std::any_of(group.prefixes.begin(), group.prefixes.end(), [&](std::string_view prefix) {
        return !prefix.empty() && id.substr(0, prefix.size()) == prefix;
    });
}

/// "standing pressure" -> "standing-pressure", "RT90" -> "rt90": as keys of the text table are written.
std::string slug(std::string_view name) {
    std::string key;
    for (const char c : name)
        key += c == ' ' || c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return key;
}

std::string veinName(const PanelView& view, const std::string& id) {
    const auto found = std::find_if(view.segments.begin(), view.segments.end(),
                                    [&](const auto& segment) { return segment.id == id; });
    const std::string otherwise = found == view.segments.end() ? id : found->description;
    return view.texts.orElse("vein." + slug(id), otherwise);
}

/// Enough digits for a number of its size.
std::string measured(double value) {
    return figure(value, std::abs(value) < 10 ? (std::abs(value) < 1 ? 2 : 1) : 0);
}

/// Units of volume as the rest of the screen writes them.
std::string unitText(const TextTable& text, const std::string& unit) {
    return unit.substr(0, 2) == "mL" ? fmt::format("{}{}", text("unit.ml"), unit.substr(2)) : unit;
}

std::string rangeText(const TextTable& text, const physiology::TestNumber& number) {
    const auto unit = unitText(text, number.unit);
    const bool low = !std::isnan(number.low), high = !std::isnan(number.high);
    if (low && high)
        return fmt::format("{} {:g} {} {:g} {}", text("test.healthy"), number.low, text("test.to"),
                           number.high, unit);
    if (low)
        return fmt::format("{} {} {:g} {}", text("test.healthy"), text("test.at-least"), number.low, unit);
    if (high)
        return fmt::format("{} {} {:g} {}", text("test.healthy"), text("test.at-most"), number.high, unit);
    return text("test.no-range");
}

struct Verdict {
    const char* key;
    ImU32 colour;
};

Verdict verdictOf(const physiology::TestNumber& number) {
    if (std::isnan(number.value)) return {"test.not-reached", theme::kNotice};
    if (std::isnan(number.low) && std::isnan(number.high)) return {"", theme::kText};
    if (number.value < number.low) return {"test.lower", theme::kNotice};
    if (number.value > number.high) return {"test.higher", theme::kNotice};
    return {"test.within", theme::kValves};
}

} // namespace

void Panel::drawMeasurePage(const PanelView& view) {
    const auto& text = view.texts;
    const float width = columnWidth(m_metrics, 2);
    if (choice("part-plot", text("measure.plot"), width, m_measurePart == MeasurePart::Plot))
        m_measurePart = MeasurePart::Plot;
    ImGui::SameLine();
    if (choice("part-tests", text("measure.tests"), width, m_measurePart == MeasurePart::Tests))
        m_measurePart = MeasurePart::Tests;
    if (m_measurePart == MeasurePart::Plot)
        drawPlotPart(view);
    else
        drawTestsPart(view);
}

ChartDesc Panel::veinChart(const PanelView& view) const {
    const auto& text = view.texts;
    const auto& settings = view.settings;
    struct Look {
        const char *name, *unit;
        ImU32 colour;
        double leastSpan;
    };
    const std::array<Look, 3> looks{{{"measure.pressure", "unit.mmhg", theme::kPressure, 10},
                                     {"measure.flow", "unit.ml-s", theme::kFlow, 1},
                                     {"measure.volume", "unit.ml", theme::kVolume, 0.5}}};
    const auto& look = looks[static_cast<std::size_t>(settings.plotQuantity)];
    ChartDesc chart;
    chart.yLabel = fmt::format("{}, {}", text(look.name), text(look.unit));
    chart.leastSpan = look.leastSpan;
    chart.fromZero = settings.plotQuantity != PlotQuantity::Volume;
    chart.timeNames[0] = text("time.seconds");
    chart.timeNames[1] = text("time.minutes");
    chart.timeNames[2] = text("time.hours");
    const auto segment = std::find_if(view.segments.begin(), view.segments.end(),
                                      [&](const auto& s) { return s.id == settings.plotSegment; });
    if (view.recorder && segment != view.segments.end()) {
        const auto index = static_cast<std::size_t>(segment - view.segments.begin());
        chart.curves.push_back(
            {.name = "",
             .colour = look.colour,
             .points = view.recorder->course(index, settings.plotQuantity, settings.plotSpanS)});
        const auto& x = chart.curves.front().points.x;
        const double now = x.empty() ? view.snapshot.timeS : x.back();
        chart.toS = now;
        chart.fromS = now - settings.plotSpanS;
        // Short spans count back from now; hours are told from the start.
        if (settings.plotSpanS <= Recorder::kFineWindowS)
            chart.zeroS = now;
        else
            chart.fromS = std::max(0.0, chart.fromS);
    }
    // Where physiology has a figure: quiet standing after Nicolaides & Zukowski 1986, sitting as in the
    // seated refill test; both recalled.
    if (settings.plotSegment == "DVA" && settings.plotQuantity == PlotQuantity::Pressure) {
        const double tilt = view.snapshot.pose.trunkTilt, knee = view.snapshot.pose.kneeFlexion;
        if (tilt < 0.1 && knee < 0.3)
            chart.ranges.push_back({80, 100, text("measure.range.standing")});
        else if (tilt < 0.1)
            chart.ranges.push_back({55, 75, text("measure.range.sitting")});
    }
    return chart;
}

void Panel::drawVeinList(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    std::vector<bool> listed(view.segments.size(), false);
    const auto row = [&](const physiology::Segment& segment) {
        if (choice("vein-" + segment.id, veinName(view, segment.id), ImGui::GetContentRegionAvail().x,
                   segment.id == view.settings.plotSegment)) {
            emit("plot-vein", segment.id);
            m_veinsListed = false;
        }
    };
    for (const auto& group : kGroups) {
        widgets.smallText(text(group.name));
        for (std::size_t i = 0; i < view.segments.size(); ++i) {
            if (!belongs(group, view.segments[i].id)) continue;
            row(view.segments[i]);
            listed[i] = true;
        }
    }
    for (std::size_t i = 0; i < view.segments.size(); ++i)
        if (!listed[i]) row(view.segments[i]);
}

void Panel::drawPlotPart(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const auto& settings = view.settings;
    widgets.smallText(text("measure.vein"));
    const auto name = veinName(view, settings.plotSegment);
    if (widgets.button({.id = "vein", .label = name.c_str(), .chosen = m_veinsListed}))
        m_veinsListed = !m_veinsListed;
    if (m_veinsListed) {
        drawVeinList(view);
        return;
    }
    const float third = columnWidth(m_metrics, 3);
    constexpr std::array<std::array<const char*, 2>, 3> kQuantities{
        {{"pressure", "measure.pressure"}, {"flow", "measure.flow"}, {"volume", "measure.volume"}}};
    for (std::size_t i = 0; i < kQuantities.size(); ++i) {
        if (i) ImGui::SameLine();
        if (choice(kQuantities[i][0], text(kQuantities[i][1]), third,
                   static_cast<std::size_t>(settings.plotQuantity) == i))
            emit("plot", kQuantities[i][0]);
    }
    const auto chart = veinChart(view);
    drawChart(widgets, chart, {ImGui::GetContentRegionAvail().x, 200 * m_metrics.scale});
    if (!chart.curves.empty() && !chart.curves.front().points.y.empty())
        widgets.text(fmt::format("{} {}  {}", text("measure.now"),
                                 measured(chart.curves.front().points.y.back()),
                                 chart.yLabel.substr(chart.yLabel.find(", ") + 2))
                         .c_str(),
                     chart.curves.front().colour);
    struct Span {
        double seconds;
        const char* name;
    };
    const std::array<Span, 4> spans{{{10, text("span.ten-seconds")},
                                     {60, text("span.minute")},
                                     {1800, text("span.half-hour")},
                                     {14400, text("span.hours")}}};
    const float quarter = columnWidth(m_metrics, 4);
    for (std::size_t i = 0; i < spans.size(); ++i) {
        if (i) ImGui::SameLine();
        if (choice(spans[i].name, spans[i].name, quarter, settings.plotSpanS == spans[i].seconds))
            emit("plot-span", fmt::format("{}", spans[i].seconds));
    }
    if (widgets.button({.id = "larger", .label = text("measure.larger"), .chosen = m_sheet == Sheet::Plot}))
        emit(Action::TogglePlot);
    widgets.smallText(text("measure.click"));
}

void Panel::drawTestsPart(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    if (view.test.running) {
        widgets.smallText(text("test.runs"));
        widgets.progress(view.test.share, fmt::format("{:.0f} %", view.test.share * 100).c_str());
        if (widgets.button({.id = "stop-test", .label = text("body.stop"), .icon = Icon::Cross}))
            emit("test", "none");
    } else if (view.test.result) {
        drawTestResult(view, 170 * m_metrics.scale);
        if (widgets.button(
                {.id = "larger", .label = text("measure.larger"), .chosen = m_sheet == Sheet::Plot}))
            emit(Action::TogglePlot);
        widgets.space(0.5f);
    } else {
        widgets.smallText(text("test.note"));
    }
    widgets.smallText(text("test.choose"));
    for (const auto& test : physiology::virtualTests()) {
        const std::string id(test.id);
        const bool running = view.test.running && view.settings.test == id;
        const auto name = text.orElse("test." + id, test.name);
        if (widgets.button({.id = "test-" + id,
                            .label = name.c_str(),
                            .width = ImGui::GetContentRegionAvail().x,
                            .chosen = running}))
            emit("test", id);
        widgets.smallText(text.orElse("test." + id + ".how", test.how).c_str());
    }
}

void Panel::drawTestResult(const PanelView& view, float chartHeight) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const auto& result = *view.test.result;
    widgets.text(text.orElse("test." + result.id, result.name).c_str());
    std::string leg;
    for (const auto& chosen : view.test.conditions) {
        const auto known = std::find_if(view.conditions.begin(), view.conditions.end(),
                                        [&](const auto& c) { return c.id == chosen.id; });
        leg += fmt::format("{}{} {:.0f} %", leg.empty() ? "" : ", ",
                           known == view.conditions.end() ? chosen.id : known->name, chosen.severity * 100);
    }
    widgets.smallText(
        fmt::format("{} {}", text("test.leg"), leg.empty() ? text("body.healthy") : leg).c_str());
    ChartDesc chart;
    chart.timeNames[0] = text("time.seconds");
    chart.timeNames[1] = text("time.minutes");
    chart.timeNames[2] = text("time.hours");
    for (std::size_t i = 0; i < result.traces.size(); ++i) {
        const auto& trace = result.traces[i];
        const auto name = text.orElse("trace." + slug(trace.name), trace.name);
        const bool alone = result.traces.size() == 1;
        if (!trace.timeS.empty()) chart.toS = std::max(chart.toS, trace.timeS.back());
        chart.fromZero = true;
        if (i == 0)
            chart.yLabel =
                alone ? fmt::format("{}, {}", name, unitText(text, trace.unit)) : unitText(text, trace.unit);
        chart.curves.push_back({.name = alone ? "" : name,
                                .colour = alone ? theme::kPressure : curveColour(i),
                                .points = {trace.timeS, trace.value}});
    }
    drawChart(widgets, chart, {ImGui::GetContentRegionAvail().x, chartHeight});
    for (const auto& number : result.numbers) {
        const auto verdict = verdictOf(number);
        const auto name = text.orElse("number." + slug(number.name), number.name);
        widgets.text(name.c_str());
        const auto value = std::isnan(number.value)
                               ? std::string("-")
                               : fmt::format("{} {}", measured(number.value), unitText(text, number.unit));
        widgets.text(*verdict.key ? fmt::format("{}: {}", value, text(verdict.key)).c_str() : value.c_str(),
                     verdict.colour);
        widgets.smallText(rangeText(text, number).c_str());
    }
    widgets.smallText(text("test.not-you"), theme::kNotice);
}

void Panel::drawPlotSheet(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    if (m_measurePart == MeasurePart::Tests) {
        if (view.test.result) drawTestResult(view, std::max(200 * m_metrics.scale, room.y * 0.55f));
        return;
    }
    widgets.text(veinName(view, view.settings.plotSegment).c_str());
    drawChart(widgets, veinChart(view), {room.x, ImGui::GetContentRegionAvail().y});
}

} // namespace pump::ui
