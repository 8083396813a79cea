// The roads of the blood (shared/blood.h), read by whole vectors as common/texels.glsl says.
#ifndef COMMON_BLOOD_TEXELS
#define COMMON_BLOOD_TEXELS
#include "common/texels.glsl"
#include "shared/blood.h"

BloodVessel bloodVesselFrom(utextureBuffer table, uint i) {
    int at = int(i) * 4;
    uvec4 a = texelFetch(table, at);
    uvec4 b = texelFetch(table, at + 1);
    uvec4 c = texelFetch(table, at + 2);
    uvec4 d = texelFetch(table, at + 3);
    vec2 length_ = floatsOf(a).zw;
    vec2 oxygen = floatsOf(c).zw;
    return BloodVessel(a.x, a.y, length_.x, length_.y, b.x, b.y, b.z, b.w, c.x, c.y, oxygen.x, oxygen.y, d.x, d.y,
                       d.z, d.w);
}

// Its points and length alone: what a cell needs on its way.
BloodVessel roadFrom(utextureBuffer table, uint i) {
    uvec4 a = texelFetch(table, int(i) * 4);
    vec2 length_ = floatsOf(a).zw;
    return BloodVessel(a.x, a.y, length_.x, length_.y, 0u, 0u, 0u, 0u, 0u, 0u, 0.0, 0.0, 0u, 0u, 0u, 0u);
}

IntervalInfo intervalFrom(utextureBuffer table, uint i) {
    uvec4 a = texelFetch(table, int(i));
    return IntervalInfo(a.x, a.y, a.z, a.w);
}

IntervalFlow flowFrom(utextureBuffer table, uint i) {
    uvec4 a = texelFetch(table, int(i));
    vec4 f = floatsOf(a);
    return IntervalFlow(f.x, f.y, a.z, f.w);
}

Passage passageFrom(utextureBuffer table, uint i) {
    uvec4 a = texelFetch(table, int(i));
    vec4 f = floatsOf(a);
    return Passage(a.x, f.y, f.z, f.w);
}

BloodValve bloodValveFrom(utextureBuffer table, uint i) {
    vec4 f = floatsOf(texelFetch(table, int(i)));
    return BloodValve(f.x, f.y, f.z, f.w);
}
#endif
