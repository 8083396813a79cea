// The part of Session that puts the simulated state into words: the card of a part, and values for scripts.

#include "app/Session.h"

#include "core/Error.h"

#include <fmt/format.h>

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>

namespace pump::app {
namespace {

std::string rounded(double value, int decimals) {
    const double grain = std::pow(10.0, -decimals);
    const double near = std::round(value / grain) * grain;
    return fmt::format("{:.{}f}", near == 0 ? 0.0 : near, decimals);
}

} // namespace

std::optional<ui::PartCard> Session::partCard() const {
    const auto& pick = m_report.pick;
    const bool pointed = m_pointer.hover() && pick.hit();
    const int index = pointed ? pick.structure : m_selected;
    const int valve = pointed ? pick.valve : m_selectedValve;
    if (index < 0 || static_cast<std::size_t>(index) >= m_leg.structures.size()) return std::nullopt;
    const auto& structure = m_leg.structures[static_cast<std::size_t>(index)];
    ui::PartCard card;
    card.plain = structure.plain.empty() ? structure.english : structure.plain;
    if (card.plain.empty()) card.plain = structure.id;
    if (card.plain[0] >= 'a' && card.plain[0] <= 'z')
        card.plain[0] = static_cast<char>(card.plain[0] - 'a' + 'A');
    card.latin = structure.latin.empty() || structure.latin == structure.english
                     ? structure.english
                     : fmt::format("{} ({})", structure.english, structure.latin);
    card.purpose = structure.purpose;
    card.state = partState(structure, valve);
    card.selected = !pointed || index == m_selected;
    return card;
}

std::string Session::partState(const anatomy::Structure& structure, int valve) const {
    const auto& rig = m_leg.rig;
    const auto& network = m_simulation.network();
    const auto& snapshot = m_simulation.snapshot();
    if (valve >= 0 && static_cast<std::size_t>(valve) < rig.valves.size()) {
        const auto& site = rig.valves[static_cast<std::size_t>(valve)];
        const int link = network.linkIndex(site.from, site.to);
        if (link < 0) return {};
        const bool open = snapshot.links[static_cast<std::size_t>(link)].open();
        return m_texts(open ? "part.valve-open" : "part.valve-shut");
    }
    if (structure.muscle >= 0 && static_cast<std::size_t>(structure.muscle) < m_input.muscles.size()) {
        const auto muscle = static_cast<std::size_t>(structure.muscle);
        const scene::MuscleState& now = m_input.muscles[muscle];
        std::string text = fmt::format("{}: {} %", m_texts("part.effort"),
                                       rounded(static_cast<double>(now.activation) * 100, 0));
        const auto fascicle = m_fascicles.posed(muscle, now);
        if (fascicle && structure.tissue == anatomy::Tissue::Muscle)
            text += fmt::format("\n{}: {} mm, {}°", m_texts("part.fascicles"),
                                rounded(static_cast<double>(fascicle->lengthMm), 0),
                                rounded(static_cast<double>(glm::degrees(fascicle->pennation)), 0));
        return text;
    }
    const int segment = segmentOf(structure);
    if (segment < 0) return {};
    const auto& state = snapshot.segments[static_cast<std::size_t>(segment)];
    return fmt::format("{}: {} {}\n{}: {} cm/s", m_texts("part.pressure"), rounded(state.pressureMmHg, 0),
                       m_texts("unit.mmhg"), m_texts("part.speed"), rounded(state.velocityCmS, 1));
}

int Session::segmentOf(const anatomy::Structure& structure) const {
    const auto& rig = m_leg.rig;
    if (structure.vessel < 0 || static_cast<std::size_t>(structure.vessel) >= rig.vessels.size()) return -1;
    const auto& stretches = rig.vessels[static_cast<std::size_t>(structure.vessel)].stretches;
    if (stretches.empty()) return -1;
    return m_simulation.network().segmentIndex(stretches[stretches.size() / 2].segment);
}

std::optional<std::string> Session::numberOfTest(std::string_view name) const {
    if (!m_test.result()) return "none";
    for (const auto& number : m_test.result()->numbers)
        if (number.name == name) return fmt::format("{}", number.value);
    return std::nullopt;
}

std::string Session::value(std::string_view quantity) const {
    const auto& s = m_simulation.snapshot();
    const auto number = [](double value) { return fmt::format("{}", value); };
    if (quantity == "footVeinPressure") return number(s.footVeinPressureMmHg);
    if (quantity == "poplitealFlow") return number(s.poplitealFlowMlS);
    if (quantity == "calfVolume") return number(s.calfVolumeMl);
    if (quantity == "openValves") return number(s.openValves);
    if (quantity == "volumeError") return number(s.volumeErrorRelative);
    if (quantity == "time") return number(s.timeS);
    if (quantity == "step") return number(static_cast<double>(s.step));
    if (quantity == "swelling") return number(s.swellingMl);
    if (quantity == "page") return std::string(m_panel.page());
    if (quantity == "squeezed") return number(m_squeezedMl);
    if (quantity == "held") return s.held ? "true" : "false";
    if (quantity == "azimuth") return number(glm::degrees(m_camera.goal().azimuth));
    if (quantity == "elevation") return number(glm::degrees(m_camera.goal().elevation));
    if (quantity == "distance") return number(m_camera.goal().distance);
    if (quantity == "sheet") return m_panel.sheetOpen() ? "open" : "none";
    if (quantity == "contacts") return number(static_cast<double>(m_touch.contacts().size()));
    const auto touch = m_touch.reading().value_or(ui::TouchReading{});
    if (quantity == "touchHeight") return number(touch.heightMm);
    if (quantity == "touchForce") return number(touch.pressureMmHg);
    if (quantity == "dent") return number(touch.depthMm);
    if (quantity == "pointed") {
        const bool pointed = m_pointer.hover() && m_report.pick.hit();
        return pointed ? m_leg.structures[static_cast<std::size_t>(m_report.pick.structure)].id : "none";
    }
    if (quantity == "selected") {
        return m_selected < 0 ? "none" : m_leg.structures[static_cast<std::size_t>(m_selected)].id;
    }
    if (const auto colon = quantity.find(':'); colon != std::string_view::npos) {
        const auto kind = quantity.substr(0, colon), id = quantity.substr(colon + 1);
        if (kind == "test") {
            if (const auto text = numberOfTest(id)) return *text;
            throw core::Error(core::ErrorKind::Usage, "'{}': the test '{}' has no number of that name",
                              quantity, m_settings.test);
        }
        const int segment = m_simulation.network().segmentIndex(id);
        if (segment < 0)
            throw core::Error(core::ErrorKind::Usage,
                              "'{}': there is no segment '{}'; see assets/network/segments.csv", quantity,
                              id);
        const auto& state = s.segments[static_cast<std::size_t>(segment)];
        if (kind == "pressure") return number(state.pressureMmHg);
        if (kind == "area") return number(state.areaRatio);
        if (kind == "flow") return number(state.flowOutMlS);
        if (kind == "volume") return number(state.volumeMl);
    }
    if (ui::findSetting(quantity)) return ui::readSetting(m_settings, quantity);
    throw core::Error(
        core::ErrorKind::Usage,
        "there is no quantity '{}'; use a setting, or footVeinPressure, poplitealFlow, "
        "calfVolume, openValves, volumeError, "
        "time, step, held, swelling, squeezed, page, pointed, selected, sheet, azimuth, elevation, distance, "
        "pressure:SEGMENT, area:SEGMENT, flow:SEGMENT, volume:SEGMENT, test:NUMBER, touchHeight (mm), "
        "touchForce (mmHg), dent (mm) or contacts",
        quantity);
}

} // namespace pump::app
