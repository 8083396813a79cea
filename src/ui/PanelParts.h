#pragma once

#include "ui/Theme.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

// What the pages of the panel share.
namespace pump::ui {

inline std::string shortNumber(double value) {
    return fmt::format("{:.3g}", value);
}

/// A number for a command: enough digits, no more.
inline std::string commandNumber(float value, double grain) {
    return fmt::format("{:.6g}", std::round(static_cast<double>(value) / grain) * grain);
}

/// A number for people, without "-0".
inline std::string figure(double value, int decimals) {
    const double grain = std::pow(10.0, -decimals);
    const double rounded = std::round(value / grain) * grain;
    return fmt::format("{:.{}f}", rounded == 0 ? 0.0 : rounded, decimals);
}

/// Of equal columns in the width that is left of the line.
inline float columnWidth(const Metrics& metrics, int columns) {
    const float available = ImGui::GetContentRegionAvail().x;
    return std::floor((available - metrics.gap * static_cast<float>(columns - 1)) /
                      static_cast<float>(columns));
}

} // namespace pump::ui
