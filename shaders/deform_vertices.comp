#version 460
#extension GL_GOOGLE_include_directive : require
// A run of vertices from rest to pose, all of one kind. Leg frame, mm.
#define VESSEL_FRAMES_READ
#include "common/tables.glsl"

layout(constant_id = 0) const uint kKind = 0u;
layout(constant_id = 1) const uint kInfluences = 4u;
layout(local_size_x = 64) in;
layout(binding = 10) uniform utextureBuffer structures_;
layout(binding = 11) uniform utextureBuffer rest_;
layout(std430, binding = 12) writeonly buffer DeformedBlock { DeformedVertex deformed_[]; };
layout(push_constant) uniform Push {
    uint first;
    uint count;
};

void main() {
    if (gl_GlobalInvocationID.x >= count) return;
    uint i = first + gl_GlobalInvocationID.x;
    RestVertex rest = restFrom(rest_, i);
    deformed_[i] = deformed(rest, structureFrom(structures_, rest.structure), kKind, kInfluences);
}
