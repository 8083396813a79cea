#pragma once

#include "physiology/Network.h"

#include <algorithm>

namespace pump::physiology {

/// Interstitial fluid of one region: filtration out of its capillaries, return by lymph.
///
///   J   = CFC V_t [(P_c - P_i) - sigma (pi_p - pi_i)]            out of the bed's blood
///   P_c = (p_v + r P_a) / (1 + r)                                r = post to pre capillary resistance
///   P_i = P_i0 + x / C,   pi_i = pi_i0 / (1 + d x / 0.1)         x: fluid gained, share of V_t
///   dj/dt = (min(most, rest + gain (P_i - P_i0)+) - j) / tau_L,  J_L = V_t j muscle factor
///   dx/dt = (J - J_L) / V_t
///
/// CFC 2.6-4 1e-3 mL/100 mL/min/mmHg; interstitial space 10 % of tissue; protein is diluted as it grows. No
/// sustained reabsorption by capillaries: J >= 0 (Levick & Michel). Source: parameters.csv.
struct TissueRegion {
    double volume = 0;      ///< V_t, m^3
    double gained = 0;      ///< x
    double vesselFlow = -1; ///< j, 1/s; below 0: at rest
    // Of the last rates().
    double filtration = 0, lymph = 0; ///< m^3/s
    double wanted = 0;                ///< what j follows, 1/s

    struct Forces {
        double venous = 0, arterial = 0; ///< Pa, in the bed
        double skinPressure = 0;         ///< Pa, from stocking or cuff, on top of P_i
        double muscleActivity = 0;       ///< 0-1, share of time in which muscle squeezes lymph on
    };

    void rates(const Forces& forces, const Parameters& p) {
        const double ratio = p.postToPreRatio;
        const double capillary = (forces.venous + ratio * forces.arterial) / (1 + ratio);
        const double inside = p.tissuePressure + gained / p.tissueCompliance;
        constexpr double kInterstitialShare = 0.1;
        const double oncotic =
            p.tissueOncotic / (1 + p.tissueDilution * std::max(0.0, gained) / kInterstitialShare);
        const double drive =
            capillary - inside - forces.skinPressure - p.reflection * (p.plasmaOncotic - oncotic);
        filtration = p.filtrationCoefficient * volume * std::max(0.0, drive);
        const double muscle = 1 + (p.lymphMuscleFactor - 1) * std::clamp(forces.muscleActivity, 0.0, 1.0);
        const double most = std::min(
            p.lymphMost, p.lymphRest + p.lymphPerPressure *
                                           std::max(0.0, inside + forces.skinPressure - p.tissuePressure));
        if (vesselFlow < 0) vesselFlow = p.lymphRest;
        wanted = most;
        lymph = p.lymphFactor * volume * vesselFlow * muscle;
        if (gained <= -0.02) lymph = std::min(lymph, filtration); // no drainage from dry tissue
    }
    /// After rates(): dt in s.
    void advance(double dt, const Parameters& p) {
        gained += dt * (filtration - lymph) / volume;
        vesselFlow += (wanted - vesselFlow) * dt / (dt + p.lymphTime);
    }
};

} // namespace pump::physiology
