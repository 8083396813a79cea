#include "physiology/Body.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {
namespace {

// Joint heights of the drawn leg above its sole, m: malleolus tips, tibial plateau, inguinal ligament.
constexpr double kAnkle = 0.062, kKnee = 0.4358, kHip = 0.908;
// Lying, the leg's axis is this much below the right atrium (design value 0-50 mm).
constexpr double kLyingDrop = 0.02;

} // namespace

void heightsOverRightAtrium(const Network& network, const Pose& pose, double trunkTilt,
                            std::vector<double>& heights) {
    const double thighAngle =
        trunkTilt + pose.hipFlexion; // of the direction down the thigh, against gravity, forward positive
    const double shankAngle = thighAngle - pose.kneeFlexion;
    const double trunk = std::cos(trunkTilt), thigh = std::cos(thighAngle), shank = std::cos(shankAngle);
    const double forward = std::sin(shankAngle);
    const double footCos = std::cos(pose.ankleDorsiflexion), footSin = std::sin(pose.ankleDorsiflexion);
    const double drop = kLyingDrop * std::abs(std::sin(trunkTilt));
    const double hip = -(network.rightAtriumHeight - kHip) * trunk - drop;
    const double knee = hip - (kHip - kKnee) * thigh;
    const double ankle = knee - (kKnee - kAnkle) * shank;
    heights.resize(network.segments.size());
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const Segment& segment = network.segments[i];
        const double h = segment.midHeight();
        if (segment.forward != 0 || h < kAnkle) {
            const double up = segment.forward * footSin - (kAnkle - h) * footCos;
            const double ahead = segment.forward * footCos + (kAnkle - h) * footSin;
            heights[i] = ankle + up * shank + ahead * forward;
        } else if (h < kKnee) {
            heights[i] = knee - (kKnee - h) * shank;
        } else if (h < kHip) {
            heights[i] = hip - (kHip - h) * thigh;
        } else {
            const double share = (network.rightAtriumHeight - h) / (network.rightAtriumHeight - kHip);
            heights[i] = share * hip;
        }
    }
}

double advancedActivation(double activation, double before, double now, double dt,
                          const Parameters& parameters) {
    const double time = now > activation ? parameters.activationTimeOn : parameters.activationTimeOff;
    const double lag = (now - before) * time / dt; // behind a rising ramp, once settled
    return now - lag + (activation - before + lag) * std::exp(-dt / time);
}

double compartmentPressure(const CompartmentProperties& compartment,
                           const std::array<double, kMuscleGroupCount>& activation, double plantarLoad,
                           const Parameters& parameters) {
    double pressure = compartment.rest + compartment.weight * plantarLoad;
    if (compartment.muscle >= 0) {
        const double active = std::max(0.0, activation[static_cast<std::size_t>(compartment.muscle)]);
        pressure +=
            parameters.muscleGain * compartment.contracted * std::pow(active, parameters.activationExponent);
    }
    return pressure;
}

} // namespace pump::physiology
