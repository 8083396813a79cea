#pragma once

#include "render/LegTables.h"

#include <cstddef>

namespace pump::shared {

/// The formulas of shaders/shared/deform.h in C++: the same text that the shaders compile, reading the same
/// tables. What the tests hold the device's output against.
class DeformReference {
  public:
    DeformReference(const render::LegTables& leg, const render::FrameTables& frame, float exaggeration)
        : m_leg(leg), m_frame(frame) {
        poseVessels(exaggeration);
    }
    /// Without vessels: for flesh and bone only.
    DeformReference(const render::LegTables& leg, const render::FrameTables& frame)
        : m_leg(leg), m_frame(frame) {}

    DeformedVertex vertex(std::size_t i) {
        const RestVertex& rest = m_leg.vertices[i];
        return deformed(rest, m_frame.structures[rest.structure], m_leg.deformKinds[rest.structure], 4);
    }
    const std::vector<VesselFrame>& vesselFrames() const { return m_vesselFrames; }

#include "shared/deform.h"

  private:
    // clang-format off
    JointPose jointPose(uint i) const { return m_frame.joints[i]; }
    MuscleHeader muscleHeader(uint i) const { return m_frame.muscles[i]; }
    MuscleSample muscleSample(uint i) const { return m_leg.muscleSamples[i]; }
    MusclePose musclePose(uint i) const { return m_frame.musclePoses[i]; }
    VesselHeader vesselHeader(uint i) const { return m_leg.vessels[i]; }
    VesselFrame vesselFrame(uint i) const { return m_vesselFrames[i]; }
    FlowInput flowInput(uint i) const { return m_frame.flows[i]; }
    ValveInput valveInput(uint i) const { return m_frame.valves[i]; }
    uvec4 correctionInput(uint i) const { return m_leg.corrections[i]; }
    uint contactCount() const { return m_frame.skin.contactCount; }
    Contact contactInput(uint i) const { return m_frame.skin.contacts[i]; }
    vec3 swellingInput() const { return m_frame.skin.swelling; }
    float windingInput() const { return m_frame.skin.signs.varicose; }
    // clang-format on

    void poseVessels(float exaggeration) {
        for (const VesselPointRest& point : m_leg.vesselPoints)
            m_vesselFrames.push_back(posedPoint(point, exaggeration));
        const std::vector<VesselFrame> places = m_vesselFrames;
        for (const VesselHeader& vessel : m_leg.vessels)
            for (uint i = 0; i < vessel.pointCount; ++i) {
                const uint before = vessel.firstPoint + (i > 0 ? i - 1 : i);
                const uint after = vessel.firstPoint + (i + 1 < vessel.pointCount ? i + 1 : i);
                VesselFrame& frame = m_vesselFrames[vessel.firstPoint + i];
                frame = alignedFrame(frame, places[before].position, places[after].position);
            }
    }

    const render::LegTables& m_leg;
    const render::FrameTables& m_frame;
    std::vector<VesselFrame> m_vesselFrames;
};

} // namespace pump::shared
