#pragma once

#include "physiology/Network.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {

/// Control of one bed's arterial conductance, as a factor of its value at quiet standing rest.
///
///   G = G_standing (1 + k) / (1 + k v) m f s
///   dv/dt = (clamp((p_v - threshold) / span, 0, 1) - v) / tau           veno-arteriolar reflex
///   dm/dt = (clamp((P_a,standing / P_a)^mu, 1/2, 2) - m) / tau_m           myogenic response
///   df/dt = (1 + g a / (a + h) - f) / tau_on or tau_off                  exercise hyperaemia, muscle beds
///   s: skin temperature and given factors
///
/// a: a_mean above the tone of standing; v 0-1; k 0.3-1 (31-56 % less flow); p_v venous pressure in the bed,
/// Pa; P_a arterial pressure in the bed, which changes with its height; a_mean activation averaged over a few
/// seconds; f 1-10. At standing rest v = m = f = s = 1. Sources: Henriksen 1983; parameters.csv.
struct InflowControl {
    double reflex = 1, hyperaemia = 1, meanActivation = 0, myogenic = 1;
    double toneRatio = 1, toneGain = 0, tone = 1; ///< last power taken: (ratio)^-gain

    /// venousPressure Pa; arterialRatio: arterial pressure over that of standing; activation 0-1; dt s.
    void advance(double venousPressure, double arterialRatio, double activation, double dt,
                 const Parameters& parameters) {
        if (arterialRatio != toneRatio || parameters.myogenicGain != toneGain) {
            toneRatio = arterialRatio;
            toneGain = parameters.myogenicGain;
            tone = std::pow(std::max(arterialRatio, 0.05), -toneGain);
        }
        myogenic += (std::clamp(tone, 0.5, 2.0) - myogenic) * dt / (dt + parameters.myogenicTime);
        const double target = std::clamp(
            (venousPressure - parameters.veinArteriolarThreshold) / parameters.veinArteriolarSpan, 0.0, 1.0);
        reflex += (target - reflex) * dt / (dt + parameters.veinArteriolarTime);
        constexpr double kMeanTime = 3; // s: longer than a step, shorter than the vessels' answer
        meanActivation += (activation - meanActivation) * dt / (dt + kMeanTime);
        // Tone of quiet standing belongs to the resting flow.
        constexpr double kTonic = 0.05;
        const double above = std::max(0.0, meanActivation - kTonic);
        const double wanted = 1 + parameters.hyperaemiaGain * above / (above + parameters.hyperaemiaHalf);
        const double time = wanted > hyperaemia ? parameters.hyperaemiaTimeOn : parameters.hyperaemiaTimeOff;
        hyperaemia += (wanted - hyperaemia) * dt / (dt + time);
    }

    double factor(InflowKind kind, const Parameters& parameters) const {
        if (kind == InflowKind::Body) return 1;
        const double k = parameters.veinArteriolarGain;
        const double reflexFactor = myogenic * (1 + k) / (1 + k * reflex);
        return kind == InflowKind::Muscle ? reflexFactor * hyperaemia * parameters.muscleInflow
                                          : reflexFactor * parameters.skinInflow;
    }
};

/// Skin flow doubles with every `skinFlowDoubling` degrees above 33 degC; 20-42.
inline double skinTemperatureFlow(double celsius, const Parameters& parameters) {
    return std::exp2((celsius - 33) / parameters.skinFlowDoubling);
}

} // namespace pump::physiology
