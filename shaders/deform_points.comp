#version 460
#extension GL_GOOGLE_include_directive : require
// First half of the vessels' lines: where each point goes. Leg frame, mm.
#include "common/tables.glsl"

layout(local_size_x = 64) in;
layout(push_constant) uniform Push { uint count; };

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    vesselFrames_[i] = posedPoint(vesselPoints_[i], frame.exaggeration);
}
