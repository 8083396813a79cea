#pragma once

#include <numbers>

namespace pump::physiology {

// SI inside, the clinic's units at the edges: multiply by these going in, divide coming out.
inline constexpr double kMmHg = 133.322387415;            ///< Pa
inline constexpr double kMillilitre = 1e-6;               ///< m^3
inline constexpr double kMillimetre = 1e-3;               ///< m
inline constexpr double kSquareMillimetre = 1e-6;         ///< m^2
inline constexpr double kDegree = std::numbers::pi / 180; ///< rad

} // namespace pump::physiology
