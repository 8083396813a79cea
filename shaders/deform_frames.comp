#version 460
#extension GL_GOOGLE_include_directive : require
// Second half: directions from the neighbours of the same vessel. Arc lengths rise within a vessel.
#include "common/tables.glsl"

layout(local_size_x = 64) in;
layout(push_constant) uniform Push { uint count; };

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    float arc = vesselPoints_[i].arc;
    bool first = i == 0u || vesselPoints_[i - 1u].arc >= arc;
    bool last = i + 1u >= count || vesselPoints_[i + 1u].arc <= arc;
    vec3 before = vesselFrames_[first ? i : i - 1u].position;
    vec3 after = vesselFrames_[last ? i : i + 1u].position;
    VesselFrame aligned = alignedFrame(vesselFrames_[i], before, after);
    vesselFrames_[i].tangent = aligned.tangent;
    vesselFrames_[i].normal = aligned.normal;
}
