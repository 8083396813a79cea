#pragma once

#include "physiology/Network.h"

#include <array>
#include <vector>

namespace pump::physiology {

/// Height of each segment's middle above the right atrium, m (negative: below), for a body whose trunk leans
/// by `trunkTilt` (rad; 0 upright, pi/2 lying on the back) and whose leg is posed. The limb's parts hang on
/// each other: hip, knee and ankle turn in the sagittal plane; foot segments turn with the ankle.
class LimbHeights {
  public:
    explicit LimbHeights(const Network& network);
    /// Writes one height a segment.
    void at(const Pose& pose, double trunkTilt, std::vector<double>& heights) const;

  private:
    double m_rightAtrium;
    // Per segment: its height is a sum of these times hip height, cosines of thigh and shank, and what the
    // foot adds along and across its sole.
    std::vector<double> m_hip, m_thigh, m_shank, m_along, m_across;
};

/// Muscle activation: da/dt = (u - a) / tau, tau_on when rising, tau_off when falling; exact for an
/// excitation that goes in a straight line from `before` to `now` within dt (s). a, u 0-1; tau_on 0.04-0.06
/// s, tau_off 0.08-0.12 s (design values). One dt is expected to come often: its decays are kept.
class ActivationLag {
  public:
    double advanced(double activation, double before, double now, double dt, const Parameters& parameters);

  private:
    double m_dt = 0, m_on = 0, m_off = 0, m_decayOn = 0, m_decayOff = 0;
};

/// Pressure of a tissue compartment, Pa:
///   p = rest + gain max a^gamma + weight load
/// a activation 0-1, gamma 1-1.2, load 0-1.2 of the weight one sole can carry. `effort`: gain a^gamma of each
/// muscle group.
double compartmentPressure(const CompartmentProperties& compartment,
                           const std::array<double, kMuscleGroupCount>& effort, double plantarLoad);

} // namespace pump::physiology
