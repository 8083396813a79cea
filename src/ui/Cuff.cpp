#include "ui/Cuff.h"

#include "ui/SettingRows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

using physiology::PressureDepth;

// Calf sleeve as in assets/experiments/intermittent-compression.json, thigh cuff as in thigh-cuff.json,
// tourniquet as in the virtual test. Foot devices: 120-180 mmHg; recalled.
constexpr std::array<CuffPlace, 4> kPlaces{{
    {"foot", 0, 90, PressureDepth::Both, 120},
    {"calf", 120, 400, PressureDepth::Both, 45},
    {"tourniquet", 330, 390, PressureDepth::Superficial, 90},
    {"thigh", 560, 760, PressureDepth::Both, 80},
}};

constexpr double kMostMmHg = 400, kMostMm = 1300;

} // namespace

std::span<const CuffPlace> cuffPlaces() {
    return kPlaces;
}

const CuffPlace* findCuffPlace(std::string_view id) {
    const auto found =
        std::find_if(kPlaces.begin(), kPlaces.end(), [&](const CuffPlace& place) { return place.id == id; });
    return found == kPlaces.end() ? nullptr : &*found;
}

std::optional<Cuff> cuffFrom(std::string_view text) {
    const auto sign = text.find_first_of(":=");
    if (sign == std::string_view::npos) return std::nullopt;
    Cuff cuff{.place = std::string(text.substr(0, sign))};
    if (const auto* place = findCuffPlace(cuff.place)) {
        cuff.lowMm = place->lowMm;
        cuff.highMm = place->highMm;
        cuff.depth = place->depth;
    } else {
        const auto heights = split(cuff.place, '-');
        if (heights.size() != 2) return std::nullopt;
        const auto low = numberFrom(heights[0]), high = numberFrom(heights[1]);
        if (!low || !high || *low < 0 || *high < *low || *high > kMostMm) return std::nullopt;
        cuff.lowMm = *low;
        cuff.highMm = *high;
    }
    auto rest = text.substr(sign + 1);
    constexpr std::string_view kPulsed = ":pulsed";
    if (rest.size() > kPulsed.size() && rest.substr(rest.size() - kPulsed.size()) == kPulsed) {
        cuff.pulsed = true;
        rest.remove_suffix(kPulsed.size());
    }
    const auto pressure = numberFrom(rest);
    if (!pressure || *pressure < 0 || *pressure > kMostMmHg) return std::nullopt;
    cuff.pressureMmHg = *pressure;
    return cuff;
}

std::string cuffText(const Cuff& cuff) {
    return fmt::format("{}:{}{}", cuff.place, cuff.pressureMmHg, cuff.pulsed ? ":pulsed" : "");
}

double pulseShare(double timeS) {
    constexpr double kEvery = 60, kRamp = 0.5, kHeld = 11;
    const double since = timeS - kEvery * std::floor(timeS / kEvery);
    return std::clamp(std::min(since / kRamp, (kHeld + kRamp - since) / kRamp), 0.0, 1.0);
}

std::vector<physiology::PressureBand> bandsAt(std::span<const Cuff> cuffs, double timeS) {
    std::vector<physiology::PressureBand> bands;
    for (const Cuff& cuff : cuffs) {
        const double pressure = cuff.pressureMmHg * (cuff.pulsed ? pulseShare(timeS) : 1);
        if (pressure > 0)
            bands.push_back(
                {.profile = {{cuff.lowMm, pressure}, {cuff.highMm, pressure}}, .depth = cuff.depth});
    }
    return bands;
}

} // namespace pump::ui
