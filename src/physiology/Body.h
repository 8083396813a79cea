#pragma once

#include "physiology/Network.h"

#include <array>
#include <vector>

namespace pump::physiology {

/// Height of each segment's middle above the right atrium, m (negative: below), for a body whose trunk leans
/// by `trunkTilt` (rad; 0 upright, pi/2 lying on the back) and whose leg is posed. The limb's parts hang on
/// each other: hip, knee and ankle turn in the sagittal plane; foot segments turn with the ankle.
void heightsOverRightAtrium(const Network& network, const Pose& pose, double trunkTilt,
                            std::vector<double>& heights);

/// Muscle activation: da/dt = (u - a) / tau, tau_on when rising, tau_off when falling; exact for an
/// excitation that goes in a straight line from `before` to `now` within dt (s). a, u 0-1; tau_on 0.04-0.06
/// s, tau_off 0.08-0.12 s (design values).
double advancedActivation(double activation, double before, double now, double dt,
                          const Parameters& parameters);

/// Pressure of a tissue compartment, Pa:
///   p = rest + gain max a^gamma + weight load
/// a activation 0-1, gamma 1-1.2, load 0-1.2 of the weight one sole can carry.
double compartmentPressure(const CompartmentProperties& compartment,
                           const std::array<double, kMuscleGroupCount>& activation, double plantarLoad,
                           const Parameters& parameters);

} // namespace pump::physiology
