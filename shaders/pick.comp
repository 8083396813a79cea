#version 460
#extension GL_GOOGLE_include_directive : require
// The nearest visible triangle under the pointer. One word: distance above, structure below; the least wins.
#include "common/frame.glsl"

layout(local_size_x = 64) in;
layout(std430, binding = 10) readonly buffer StructureBlock { StructureState structures_[]; };
layout(std430, binding = 11) readonly buffer RestBlock { RestVertex rest_[]; };
layout(std430, binding = 12) readonly buffer DeformedBlock { DeformedVertex deformed_[]; };
layout(std430, binding = 20) readonly buffer IndexBlock { uint indices_[]; };
layout(std430, binding = 21) buffer PickBlock { uint picked_[2]; }; // what is solid; ghosts, if nothing is
layout(push_constant) uniform Push {
    uint first;
    uint count;
};

const float kUnitsPerMm = 512.0; // 22 bits: 8 m

void main() {
    if (gl_GlobalInvocationID.x >= count) return;
    uint i = first + gl_GlobalInvocationID.x;
    uint corner = indices_[3u * i];
    uint structure = rest_[corner].structure;
    vec3 a = deformed_[corner].position;
    vec3 ab = deformed_[indices_[3u * i + 1u]].position - a;
    vec3 ac = deformed_[indices_[3u * i + 2u]].position - a;
    vec3 p = cross(frame.rayDirection, ac);
    float det = dot(ab, p);
    if (!(det > 1e-9)) return; // from behind or edge on
    vec3 s = frame.rayOrigin - a;
    float u = dot(s, p);
    if (u < 0.0 || u > det) return;
    vec3 q = cross(s, ab);
    float w = dot(frame.rayDirection, q);
    if (w < 0.0 || u + w > det) return;
    float t = dot(ac, q) / det;
    if (!(t >= 0.0 && t < 8000.0)) return;
    uint word = uint(t * kUnitsPerMm) << 10 | (structure & 1023u);
    atomicMin(picked_[(structures_[structure].flags & kStructureGhost) != 0u ? 1 : 0], word);
}
