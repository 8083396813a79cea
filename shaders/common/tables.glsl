// The tables that shared/deform.h reads, as storage buffers. A stage that does not use one does not have it.
#ifndef COMMON_TABLES
#define COMMON_TABLES
#include "common/frame.glsl"

layout(std430, binding = 1) readonly buffer JointBlock { JointPose joints_[]; };
layout(std430, binding = 2) readonly buffer MuscleHeaderBlock { MuscleHeader muscleHeaders_[]; };
layout(std430, binding = 3) readonly buffer MuscleSampleBlock { MuscleSample muscleSamples_[]; };
layout(std430, binding = 4) readonly buffer MusclePoseBlock { MusclePose musclePoses_[]; };
layout(std430, binding = 5) readonly buffer VesselHeaderBlock { VesselHeader vesselHeaders_[]; };
layout(std430, binding = 6) buffer VesselFrameBlock { VesselFrame vesselFrames_[]; };
layout(std430, binding = 7) readonly buffer ValveBlock { ValveInput valves_[]; };
layout(std430, binding = 8) readonly buffer VesselPointBlock { VesselPointRest vesselPoints_[]; };
layout(std430, binding = 9) readonly buffer FlowBlock { FlowInput flows_[]; };
layout(std430, binding = 18) readonly buffer CorrectionBlock { uvec4 corrections_[]; };
layout(std430, binding = 17) readonly buffer SkinBlock { SkinInput skin_; };

JointPose jointPose(uint i) { return joints_[i]; }
MuscleHeader muscleHeader(uint i) { return muscleHeaders_[i]; }
MuscleSample muscleSample(uint i) { return muscleSamples_[i]; }
MusclePose musclePose(uint i) { return musclePoses_[i]; }
VesselHeader vesselHeader(uint i) { return vesselHeaders_[i]; }
VesselFrame vesselFrame(uint i) { return vesselFrames_[i]; }
ValveInput valveInput(uint i) { return valves_[i]; }
FlowInput flowInput(uint i) { return flows_[i]; }
uvec4 correctionInput(uint i) { return corrections_[i]; }
uint contactCount() { return skin_.contactCount; }
Contact contactInput(uint i) { return skin_.contacts[i]; }
vec3 swellingInput() { return skin_.swelling; }
float windingInput() { return skin_.signs.varicose; }

#include "shared/deform.h"
#endif
