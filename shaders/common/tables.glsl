// The tables that shared/deform.h reads. A stage that does not use one does not have it. Those that run over the
// lines write the vessels' frames; with VESSEL_FRAMES_READ they are read only.
#ifndef COMMON_TABLES
#define COMMON_TABLES
#include "common/texels.glsl"

layout(binding = 1) uniform utextureBuffer joints_;
layout(binding = 2) uniform utextureBuffer muscleHeaders_;
layout(binding = 3) uniform utextureBuffer muscleSamples_;
layout(binding = 4) uniform utextureBuffer musclePoses_;
layout(binding = 5) uniform utextureBuffer vesselHeaders_;
#ifdef VESSEL_FRAMES_READ
layout(binding = 6) uniform utextureBuffer vesselFrames_;
VesselFrame vesselFrame(uint i) { return vesselFrameFrom(vesselFrames_, i); }
#else
layout(std430, binding = 6) buffer VesselFrameBlock { VesselFrame vesselFrames_[]; };
VesselFrame vesselFrame(uint i) { return vesselFrames_[i]; }
#endif
layout(std430, binding = 7) readonly buffer ValveBlock { ValveInput valves_[]; };
layout(std430, binding = 8) readonly buffer VesselPointBlock { VesselPointRest vesselPoints_[]; };
layout(std430, binding = 9) readonly buffer FlowBlock { FlowInput flows_[]; };
layout(binding = 18) uniform utextureBuffer corrections_;
layout(std140, binding = 17) uniform SkinBlock { SkinInput skin_; };

JointPose jointPose(uint i) { return jointFrom(joints_, i); }
MuscleHeader muscleHeader(uint i) { return muscleHeaderFrom(muscleHeaders_, i); }
MuscleSample muscleSample(uint i) { return muscleSampleFrom(muscleSamples_, i); }
MusclePose musclePose(uint i) { return musclePoseFrom(musclePoses_, i); }
VesselHeader vesselHeader(uint i) { return vesselHeaderFrom(vesselHeaders_, i); }
ValveInput valveInput(uint i) { return valves_[i]; }
FlowInput flowInput(uint i) { return flows_[i]; }
uvec4 correctionInput(uint i) { return texelFetch(corrections_, int(i)); }
uint contactCount() { return skin_.contactCount; }
Contact contactInput(uint i) { return skin_.contacts[i]; }
vec3 swellingInput() { return skin_.swelling; }
float windingInput() { return skin_.signs.varicose; }

#include "shared/deform.h"
#endif
