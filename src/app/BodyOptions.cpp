#include "app/BodyOptions.h"

#include "app/Options.h"

#include "core/Error.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace pump::app {
namespace {

using physiology::BodySettings;
using physiology::Breathing;

/// "gsv-reflux" or "gsv-reflux=0.5".
physiology::ConditionChoice readCondition(const std::string& text) {
    const auto sign = text.find('=');
    if (sign == std::string::npos) return {text, 1};
    return {text.substr(0, sign),
            parseNumber("--condition " + text.substr(0, sign), text.substr(sign + 1), 0, 1)};
}

/// "560-760=80": heights in mm above the sole, pressure in mmHg.
physiology::PressureBand readCuff(const std::string& text) {
    const auto dash = text.find('-'), sign = text.find('=');
    if (dash == std::string::npos || sign == std::string::npos || dash > sign)
        throw core::Error(core::ErrorKind::Usage,
                          "--cuff: is '{}', expected LOW-HIGH=MMHG such as 560-760=80", text);
    const double low = parseNumber("--cuff", text.substr(0, dash), 0, 1300),
                 high = parseNumber("--cuff", text.substr(dash + 1, sign - dash - 1), low, 1300);
    const double pressure = parseNumber("--cuff", text.substr(sign + 1), 0, 400);
    return {.profile = {{low, pressure}, {high, pressure}}};
}

} // namespace

void BodyOptionReader::addTo(CLI::App& command, Scope scope) {
    command
        .add_option("--condition", m_conditions,
                    "State of the leg or body, may be repeated: ID or ID=SEVERITY with 0-1; 'list' shows all")
        ->type_name("ID[=S]");
    if (scope == Scope::ConditionsOnly) return;
    command
        .add_option("--posture", m_posture,
                    "standing, sitting, lying, legs-up ... [what the movement is made for]")
        ->type_name("ID");
    command
        .add_option("--tilt", m_tilt, "Tilt of the trunk instead of the posture's: 0 lying ... 90 upright")
        ->type_name("DEGREES");
    command.add_option("--breathing", m_breathing, "none, quiet, deep or valsalva [none]")->type_name("KIND");
    command.add_option("--skin-temperature", m_temperature, "Skin temperature [33]")->type_name("CELSIUS");
    command.add_option("--stocking", m_stocking, "travel, class-1, class-2, class-3 ... [none]")
        ->type_name("ID");
    command
        .add_option("--cuff", m_cuffs,
                    "Pressure round the leg, may be repeated: heights above the sole in mm, mmHg")
        ->type_name("LOW-HIGH=MMHG");
}

BodySettings BodyOptionReader::read() const {
    BodySettings body{.posture = m_posture, .stocking = m_stocking};
    if (!m_tilt.empty()) body.tiltDeg = parseNumber("--tilt", m_tilt, -30, 90);
    if (!m_temperature.empty())
        body.skinTemperatureC = parseNumber("--skin-temperature", m_temperature, 20, 42);
    if (!m_breathing.empty()) {
        constexpr std::array<std::string_view, 4> names{"none", "quiet", "deep", "valsalva"};
        const auto found = std::find(names.begin(), names.end(), m_breathing);
        if (found == names.end())
            throw core::Error(core::ErrorKind::Usage, "--breathing: is '{}', expected one of {}", m_breathing,
                              fmt::join(names, ", "));
        body.breathing = static_cast<Breathing>(found - names.begin());
    }
    for (const std::string& text : m_conditions) body.conditions.push_back(readCondition(text));
    for (const std::string& text : m_cuffs) body.bands.push_back(readCuff(text));
    return body;
}

bool BodyOptionReader::asksForConditions() const {
    return std::find(m_conditions.begin(), m_conditions.end(), "list") != m_conditions.end();
}

bool listConditionsWhenAsked(const BodyOptionReader& reader, const std::filesystem::path& assets) {
    if (!reader.asksForConditions()) return false;
    const auto network = physiology::loadNetwork(assets / "network");
    for (const auto& condition : physiology::loadConditions(assets / "conditions", network))
        fmt::print("{:<22} {}\n{:<22} {}\n", condition.id, condition.name, "", condition.summary);
    return true;
}

} // namespace pump::app
