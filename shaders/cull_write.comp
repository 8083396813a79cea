#version 460
#extension GL_GOOGLE_include_directive : require
// Copies the triangles that are left to their places; their order stays.
#include "shared/cull.h"

layout(local_size_x = 64) in;
layout(push_constant) uniform Push { CullParams params; };
layout(std430, binding = 13) readonly buffer BlockBlock { CullBlock blocks_[]; };
layout(std430, binding = 14) readonly buffer MaskBlock { uint masks_[]; };
layout(std430, binding = 16) readonly buffer PlaceBlock { uint places_[]; };
layout(std430, binding = 19) writeonly buffer LeftBlock { uint left_[]; };
layout(std430, binding = 20) readonly buffer IndexBlock { uint indices_[]; };

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= params.count) return;
    uint from = blocks_[i].firstIndex;
    uint to = places_[i];
    for (uint mask = masks_[i]; mask != 0u; mask &= mask - 1u) {
        uint index = from + 3u * uint(findLSB(mask));
        left_[to] = indices_[index];
        left_[to + 1u] = indices_[index + 1u];
        left_[to + 2u] = indices_[index + 2u];
        to += 3u;
    }
}
