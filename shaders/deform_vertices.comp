#version 460
#extension GL_GOOGLE_include_directive : require
// All vertices of the leg from rest to pose. Leg frame, mm.
#include "common/tables.glsl"

layout(local_size_x = 64) in;
layout(std430, binding = 10) readonly buffer StructureBlock { StructureState structures_[]; };
layout(std430, binding = 11) readonly buffer RestBlock { RestVertex rest_[]; };
layout(std430, binding = 12) writeonly buffer DeformedBlock { DeformedVertex deformed_[]; };
layout(push_constant) uniform Push { uint count; };

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    RestVertex rest = rest_[i];
    StructureState structure = structures_[rest.structure];
    if ((structure.flags & kStructureHidden) != 0u) return;
    deformed_[i] = deformed(rest, structure);
}
