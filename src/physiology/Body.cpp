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

LimbHeights::LimbHeights(const Network& network) : m_rightAtrium(network.rightAtriumHeight) {
    for (const Segment& segment : network.segments) {
        const double h = segment.midHeight();
        double hip = 1, thigh = 0, shank = 0, along = 0, across = 0;
        if (segment.forward != 0 || h < kAnkle) {
            thigh = kHip - kKnee;
            shank = kKnee - kAnkle;
            along = segment.forward;
            across = kAnkle - h;
        } else if (h < kKnee) {
            thigh = kHip - kKnee;
            shank = kKnee - h;
        } else if (h < kHip) {
            thigh = kHip - h;
        } else {
            hip = (m_rightAtrium - h) / (m_rightAtrium - kHip);
        }
        m_hip.push_back(hip);
        m_thigh.push_back(thigh);
        m_shank.push_back(shank);
        m_along.push_back(along);
        m_across.push_back(across);
    }
}

void LimbHeights::at(const Pose& pose, double trunkTilt, std::vector<double>& heights) const {
    const double thighAngle =
        trunkTilt + pose.hipFlexion; // of the direction down the thigh, against gravity, forward positive
    const double shankAngle = thighAngle - pose.kneeFlexion;
    const double trunk = std::cos(trunkTilt), thigh = std::cos(thighAngle), shank = std::cos(shankAngle);
    const double forward = std::sin(shankAngle);
    const double footCos = std::cos(pose.ankleDorsiflexion), footSin = std::sin(pose.ankleDorsiflexion);
    const double drop = kLyingDrop * std::abs(std::sin(trunkTilt));
    const double hip = -(m_rightAtrium - kHip) * trunk - drop;
    const double along = footSin * shank + footCos * forward, across = footSin * forward - footCos * shank;
    heights.resize(m_hip.size());
    for (std::size_t i = 0; i < heights.size(); ++i)
        heights[i] = m_hip[i] * hip - m_thigh[i] * thigh - m_shank[i] * shank + m_along[i] * along +
                     m_across[i] * across;
}

double ActivationLag::advanced(double activation, double before, double now, double dt,
                               const Parameters& parameters) {
    if (dt != m_dt || parameters.activationTimeOn != m_on || parameters.activationTimeOff != m_off) {
        m_dt = dt;
        m_on = parameters.activationTimeOn;
        m_off = parameters.activationTimeOff;
        m_decayOn = std::exp(-dt / m_on);
        m_decayOff = std::exp(-dt / m_off);
    }
    const bool rises = now > activation;
    const double lag = (now - before) * (rises ? m_on : m_off) / dt; // behind a rising ramp, once settled
    return now - lag + (activation - before + lag) * (rises ? m_decayOn : m_decayOff);
}

double compartmentPressure(const CompartmentProperties& compartment,
                           const std::array<double, kMuscleGroupCount>& effort, double plantarLoad) {
    double pressure = compartment.rest + compartment.weight * plantarLoad;
    if (compartment.muscle >= 0)
        pressure += compartment.contracted * effort[static_cast<std::size_t>(compartment.muscle)];
    return pressure;
}

} // namespace pump::physiology
