#pragma once

#include "physiology/Leg.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pump::ui {

/// A place where a cuff, a tourniquet or a sleeve is put. Heights in mm above the sole, on the drawn leg.
struct CuffPlace {
    std::string_view id;
    double lowMm = 0, highMm = 0;
    physiology::PressureDepth depth = physiology::PressureDepth::Both;
    double usualMmHg = 0; ///< what the panel begins with
};
/// foot, calf and thigh sleeves; "tourniquet" is the narrow band below the knee that closes the superficial
/// veins, as in the virtual test of that name.
std::span<const CuffPlace> cuffPlaces();
const CuffPlace* findCuffPlace(std::string_view id); ///< nullptr: none

/// Pressure round the leg; pulsed: intermittent pneumatic compression.
struct Cuff {
    std::string place; ///< id of a place, or "LOW-HIGH" in mm
    double lowMm = 0, highMm = 0;
    physiology::PressureDepth depth = physiology::PressureDepth::Both;
    double pressureMmHg = 0; ///< 0-400
    bool pulsed = false;
};

/// "calf:60", "calf:45:pulsed", "560-760:80" (also "560-760=80"). Nothing when it is none of these.
std::optional<Cuff> cuffFrom(std::string_view text);
std::string cuffText(const Cuff& cuff);

/// Course of a pulsed sleeve: blown up in half a second, held until 11 s, let off in half a second, again
/// every 60 s. Share of its pressure, 0-1. Calf devices: 35-60 mmHg, 10-12 s on, 48-60 s off; recalled.
double pulseShare(double timeS);
/// What presses at a time.
std::vector<physiology::PressureBand> bandsAt(std::span<const Cuff> cuffs, double timeS);

} // namespace pump::ui
