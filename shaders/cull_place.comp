#version 460
#extension GL_GOOGLE_include_directive : require
// For each draw: where the triangles of its blocks go that are left, one behind the other, and how many they are.
#include "shared/cull.h"

layout(local_size_x = 64) in;
layout(push_constant) uniform Push { CullParams params; };
layout(std430, binding = 14) readonly buffer MaskBlock { uint masks_[]; };
layout(std430, binding = 15) readonly buffer RangeBlock { CullRange ranges_[]; };
layout(std430, binding = 16) writeonly buffer PlaceBlock { uint places_[]; };
layout(std430, binding = 22) writeonly buffer DrawBlock { uint draws_[]; }; // VkDrawIndexedIndirectCommand

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= params.count) return;
    CullRange range = ranges_[i];
    uint at = range.firstIndex;
    for (uint k = 0u; k < range.blockCount; ++k) {
        places_[range.firstBlock + k] = at;
        at += 3u * uint(bitCount(masks_[range.firstBlock + k]));
    }
    draws_[5u * i] = at - range.firstIndex;
    draws_[5u * i + 1u] = 1u;
    draws_[5u * i + 2u] = range.firstIndex;
    draws_[5u * i + 3u] = 0u;
    draws_[5u * i + 4u] = 0u;
}
