// The page of Panel about the body: how it is held, what state it is in, what presses on it, time that
// passes.

#include "ui/Panel.h"

#include "ui/PanelParts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

constexpr double kDegreesPerRadian = 57.29577951308232;

/// Conditions under a heading of the list; those that stand under none come last.
struct ConditionGroup {
    const char* name;
    std::array<std::string_view, 8> ids;
};
constexpr std::array<ConditionGroup, 5> kGroups{{
    {"health.valves", {"gsv-reflux", "ssv-reflux", "varicose-tributaries", "perforator", "deep-reflux"}},
    {"health.clots", {"clot-tibial", "clot-popliteal", "clot-femoral", "clot-iliac", "post-thrombotic"}},
    {"health.muscle", {"weak-calf", "stiff-ankle", "immobility", "trained"}},
    {"health.body",
     {"ageing", "pregnancy", "obesity", "heart-failure", "arterial-disease", "warm-skin", "smoking"}},
    {"health.thought", {"no-valves", "no-superficial"}},
}};

/// "4 h 03 min", "3 min 20 s", "42 s".
std::string durationText(const TextTable& text, double seconds) {
    const auto whole = static_cast<long>(std::floor(seconds + 1e-6));
    const long hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
    if (hours > 0)
        return fmt::format("{} {} {:02} {}", hours, text("unit.hours"), minutes, text("unit.minutes"));
    if (minutes > 0)
        return fmt::format("{} {} {:02} {}", minutes, text("unit.minutes"), rest, text("unit.seconds"));
    return fmt::format("{} {}", rest, text("unit.seconds"));
}

const physiology::ConditionChoice* chosenCondition(const Settings& settings, const std::string& id) {
    const auto& all = settings.body.conditions;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.id == id; });
    return found == all.end() ? nullptr : &*found;
}

const Cuff* chosenCuff(const Settings& settings, std::string_view place) {
    const auto& all = settings.cuffs;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.place == place; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

void Panel::drawBodyPage(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const std::array<std::pair<BodyPart, const char*>, 4> parts{{{BodyPart::Posture, text("body.posture")},
                                                                 {BodyPart::Health, text("body.health")},
                                                                 {BodyPart::Outside, text("body.outside")},
                                                                 {BodyPart::Time, text("body.time")}}};
    constexpr float kNarrow = 270; // px at scale 1: below it four words do not fit in one row
    const int columns = ImGui::GetContentRegionAvail().x < kNarrow * m_metrics.scale ? 2 : 4;
    const float width = columnWidth(m_metrics, columns);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i % static_cast<std::size_t>(columns)) ImGui::SameLine();
        if (choice(parts[i].second, parts[i].second, width, m_bodyPart == parts[i].first))
            m_bodyPart = parts[i].first;
    }
    widgets.space(0.25f);
    switch (m_bodyPart) {
    case BodyPart::Posture:
        drawPosturePart(view);
        break;
    case BodyPart::Health:
        drawHealthPart(view);
        break;
    case BodyPart::Outside:
        drawOutsidePart(view);
        break;
    case BodyPart::Time:
        drawTimePart(view);
        break;
    }
}

void Panel::drawPosturePart(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const auto& body = view.settings.body;
    widgets.smallText(text("body.posture.note"));
    const auto movement = std::find_if(view.movements.begin(), view.movements.end(), [&](const auto& m) {
        return m.id == view.settings.movement.movement;
    });
    const std::string held = !body.posture.empty()              ? body.posture
                             : movement == view.movements.end() ? ""
                                                                : movement->posture;
    const float width = columnWidth(m_metrics, 2);
    int column = 0;
    for (const auto& posture : view.postures) {
        if (column++ % 2) ImGui::SameLine();
        const bool chosen = posture.id == held && !body.tiltDeg;
        if (choice("posture-" + posture.id, text.orElse("posture." + posture.id, posture.name), width,
                   chosen))
            emit("posture", posture.id);
    }
    const double tilt = body.tiltDeg.value_or(90 - view.snapshot.pose.trunkTilt * kDegreesPerRadian);
    const auto turned = widgets.slider({.id = "tilt",
                                        .label = text("body.tilt"),
                                        .valueText = fmt::format("{}\xC2\xB0", figure(tilt, 0)),
                                        .value = static_cast<float>(tilt),
                                        .low = -30,
                                        .high = 90,
                                        .snap = 0.01f,
                                        .quiet = !body.tiltDeg});
    if (turned.changed) emit("tilt", commandNumber(turned.value, 1));
    widgets.smallText(text("body.tilt.note"));
    widgets.space(0.5f);

    widgets.smallText(text("body.breathing"));
    column = 0;
    const std::string breathing = readSetting(view.settings, "breathing");
    for (const auto& kind : findSetting("breathing")->choices) {
        if (column++ % 2) ImGui::SameLine();
        if (choice("breathing-" + kind, text.orElse("breathing." + kind, kind), width, kind == breathing))
            emit("breathing", kind);
    }
}

void Panel::drawConditionRow(const PanelView& view, const physiology::Condition& condition) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const auto* chosen = chosenCondition(view.settings, condition.id);
    const auto name = text.orElse("condition." + condition.id, condition.name);
    if (widgets.button({.id = "condition-" + condition.id,
                        .label = name.c_str(),
                        .width = ImGui::GetContentRegionAvail().x,
                        .chosen = chosen != nullptr}))
        emit("conditions." + condition.id, chosen ? "0" : "1");
    if (!chosen) return;
    const auto result = widgets.slider({.id = "severity-" + condition.id,
                                        .label = text("body.severity"),
                                        .valueText = fmt::format("{:.0f} %", chosen->severity * 100),
                                        .value = static_cast<float>(chosen->severity),
                                        .low = 0.05f,
                                        .high = 1});
    if (result.changed) emit("conditions." + condition.id, commandNumber(result.value, 0.05));
    widgets.smallText(condition.summary.c_str(), theme::kText);
    if (!condition.changesPump) widgets.smallText(text("body.risk-only"), theme::kNotice);
    widgets.space(0.5f);
}

void Panel::drawHealthPart(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    widgets.smallText(text("body.health.note"));
    if (choice("healthy", text("body.healthy"), ImGui::GetContentRegionAvail().x,
               view.settings.body.conditions.empty()))
        emit("conditions", "healthy");
    std::vector<bool> listed(view.conditions.size(), false);
    for (const auto& group : kGroups) {
        bool headed = false;
        for (const auto id : group.ids) {
            const auto found = std::find_if(view.conditions.begin(), view.conditions.end(),
                                            [&](const auto& c) { return c.id == id; });
            if (id.empty() || found == view.conditions.end()) continue;
            if (!headed) widgets.smallText(text(group.name));
            headed = true;
            drawConditionRow(view, *found);
            listed[static_cast<std::size_t>(found - view.conditions.begin())] = true;
        }
    }
    for (std::size_t i = 0; i < view.conditions.size(); ++i) {
        if (!listed[i] && view.conditions[i].id != "healthy") drawConditionRow(view, view.conditions[i]);
    }
}

void Panel::drawCuff(const PanelView& view, const CuffPlace& place) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const std::string id(place.id);
    const auto* chosen = chosenCuff(view.settings, place.id);
    const auto name = text.orElse("cuff." + id, place.id);
    const auto value = [](double pressure, bool pulsed) {
        return fmt::format("{}{}", pressure, pulsed ? ":pulsed" : "");
    };
    if (widgets.button({.id = "cuff-" + id,
                        .label = name.c_str(),
                        .width = ImGui::GetContentRegionAvail().x,
                        .chosen = chosen != nullptr}))
        emit("cuff." + id, chosen ? "0" : value(place.usualMmHg, false));
    if (!chosen) return;
    const auto result =
        widgets.slider({.id = "cuff-pressure-" + id,
                        .label = text("body.cuff.pressure"),
                        .valueText = fmt::format("{} {}", figure(chosen->pressureMmHg, 0), text("unit.mmhg")),
                        .value = static_cast<float>(chosen->pressureMmHg),
                        .low = 5,
                        .high = 200,
                        .snap = static_cast<float>(place.usualMmHg)});
    if (result.changed)
        emit("cuff." + id, value(std::round(static_cast<double>(result.value) / 5) * 5, chosen->pulsed));
    const float width = columnWidth(m_metrics, 2);
    if (choice("cuff-steady-" + id, text("body.cuff.steady"), width, !chosen->pulsed))
        emit("cuff." + id, value(chosen->pressureMmHg, false));
    ImGui::SameLine();
    if (choice("cuff-pulsed-" + id, text("body.cuff.pulsed"), width, chosen->pulsed))
        emit("cuff." + id, value(chosen->pressureMmHg, true));
    widgets.space(0.5f);
}

void Panel::drawOutsidePart(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const auto& body = view.settings.body;
    widgets.smallText(text("body.stocking"));
    const float width = columnWidth(m_metrics, 2);
    if (choice("stocking-none", text("body.none"), width, body.stocking.empty())) emit("stocking", "none");
    int column = 1;
    for (const auto& stocking : view.stockings) {
        if (column++ % 2) ImGui::SameLine();
        const bool chosen = stocking.id == body.stocking;
        const auto name = text.orElse("stocking." + stocking.id, stocking.name);
        if (choice("stocking-" + stocking.id, name, width, chosen)) emit("stocking", stocking.id);
    }
    widgets.smallText(text("safety.compression"), theme::kNotice);
    widgets.space(0.5f);
    widgets.smallText(text("body.cuff"));
    for (const auto& place : cuffPlaces()) drawCuff(view, place);
    widgets.space(0.5f);
    const auto warm =
        widgets.slider({.id = "skin-temperature",
                        .label = text("body.temperature"),
                        .valueText = fmt::format("{} \xC2\xB0\x43", figure(body.skinTemperatureC, 0)),
                        .value = static_cast<float>(body.skinTemperatureC),
                        .low = 20,
                        .high = 42,
                        .snap = 33});
    if (warm.changed) emit("skin-temperature", commandNumber(warm.value, 0.5));
}

void Panel::drawTimePart(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    widgets.smallText(text("body.elapsed"));
    widgets.heading(durationText(text, view.snapshot.timeS).c_str());
    widgets.smallText(text("body.skip"));
    constexpr std::array<double, 6> kSkips{60, 300, 1800, 3600, 7200, 14400};
    const double left = view.settings.fastForwardS;
    if (left > 0) {
        const double share = view.skipTotalS > 0 ? 1 - left / view.skipTotalS : 0;
        widgets.progress(share, fmt::format("{:.0f} %", share * 100).c_str());
        if (widgets.button({.id = "stop-skip", .label = text("body.stop"), .icon = Icon::Cross}))
            emit("fast-forward", "0");
    } else {
        const float width = columnWidth(m_metrics, 3);
        for (std::size_t i = 0; i < kSkips.size(); ++i) {
            if (i % 3) ImGui::SameLine();
            const std::string name = kSkips[i] < 3600
                                         ? fmt::format("{} {}", kSkips[i] / 60, text("unit.minutes"))
                                         : fmt::format("{} {}", kSkips[i] / 3600, text("unit.hours"));
            if (widgets.button({.id = name, .label = name.c_str(), .width = width}))
                emit("fast-forward", fmt::format("{}", kSkips[i]));
        }
    }
    widgets.space(0.5f);
    widgets.smallText(text("body.swelling"));
    widgets.text(
        fmt::format("{} {} {}", text("body.fluid"), figure(view.snapshot.swellingMl, 0), text("unit.ml"))
            .c_str(),
        theme::kAccent);
    for (std::size_t i = 0; i < view.tissueBeds.size() && i < view.snapshot.tissue.size(); ++i) {
        const auto& bed = view.tissueBeds[i];
        const auto name = text.orElse("region." + bed.id, bed.name);
        widgets.smallText(fmt::format("{}: {} {}, {} +{} {}", name,
                                      figure(view.snapshot.tissue[i].gainedMl, 1), text("unit.ml"),
                                      text("body.girth"), figure(view.snapshot.tissue[i].girthGainMm, 1),
                                      text("unit.mm"))
                              .c_str(),
                          theme::kText);
    }
    widgets.space(0.5f);
    widgets.smallText(text("body.moment"));
    const float half = columnWidth(m_metrics, 2);
    if (widgets.button({.id = "keep", .label = text("body.keep"), .width = half})) emit(Action::KeepState);
    if (view.stateKept) {
        ImGui::SameLine();
        if (widgets.button({.id = "return", .label = text("body.return"), .width = half}))
            emit(Action::ReturnState);
    }
    if (widgets.button({.id = "start-over", .label = text("body.start-over"), .icon = Icon::Home}))
        emit(Action::StartOver);
}

} // namespace pump::ui
