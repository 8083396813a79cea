// Tables that are read by whole vectors: CPU drivers fetch from such a view at once what they would read from a
// storage buffer word by word. Each struct's members lie as in shared/leg.h.
#ifndef COMMON_TEXELS
#define COMMON_TEXELS
#extension GL_EXT_samplerless_texture_functions : require
#include "common/frame.glsl"

vec4 floatsOf(uvec4 words) { return uintBitsToFloat(words); }

StructureState structureFrom(utextureBuffer table, uint i) {
    int at = int(i) * 4;
    uvec4 a = texelFetch(table, at);
    vec4 b = floatsOf(texelFetch(table, at + 1));
    vec4 c = floatsOf(texelFetch(table, at + 2));
    vec4 d = floatsOf(texelFetch(table, at + 3));
    return StructureState(a.x, int(a.y), int(a.z), a.w, b.x, b.y, b.z, b.w, c.xyz, c.w, d.x, d.y, d.z, d.w);
}

RestVertex restFrom(utextureBuffer table, uint i) {
    int at = int(i) * 4;
    uvec4 a = texelFetch(table, at);
    uvec4 b = texelFetch(table, at + 1);
    vec4 c = floatsOf(texelFetch(table, at + 2));
    uvec4 d = texelFetch(table, at + 3);
    return RestVertex(floatsOf(a).xyz, a.w, floatsOf(b).xyz, b.w, c, floatsOf(d).xyz, d.w);
}

JointPose jointFrom(utextureBuffer table, uint i) {
    int at = int(i) * 6;
    return JointPose(mat4(floatsOf(texelFetch(table, at)), floatsOf(texelFetch(table, at + 1)),
                          floatsOf(texelFetch(table, at + 2)), floatsOf(texelFetch(table, at + 3))),
                     floatsOf(texelFetch(table, at + 4)), floatsOf(texelFetch(table, at + 5)));
}

MuscleHeader muscleHeaderFrom(utextureBuffer table, uint i) {
    int at = int(i) * 3;
    uvec4 a = texelFetch(table, at);
    vec4 f = floatsOf(a);
    return MuscleHeader(a.x, f.y, f.z, f.w, floatsOf(texelFetch(table, at + 1)),
                        floatsOf(texelFetch(table, at + 2)));
}

MuscleSample muscleSampleFrom(utextureBuffer table, uint i) {
    int at = int(i) * 3;
    vec4 a = floatsOf(texelFetch(table, at));
    vec4 b = floatsOf(texelFetch(table, at + 1));
    vec4 c = floatsOf(texelFetch(table, at + 2));
    return MuscleSample(a.xyz, a.w, b.xyz, b.w, c.xyz, c.w);
}

MusclePose musclePoseFrom(utextureBuffer table, uint i) {
    int at = int(i) * 2;
    vec4 a = floatsOf(texelFetch(table, at));
    vec4 b = floatsOf(texelFetch(table, at + 1));
    return MusclePose(a.x, a.y, a.z, a.w, b.xyz, b.w);
}

VesselHeader vesselHeaderFrom(utextureBuffer table, uint i) {
    uvec4 a = texelFetch(table, int(i));
    vec4 f = floatsOf(a);
    return VesselHeader(a.x, a.y, f.z, f.w);
}

VesselFrame vesselFrameFrom(utextureBuffer table, uint i) {
    int at = int(i) * 3;
    vec4 a = floatsOf(texelFetch(table, at));
    vec4 b = floatsOf(texelFetch(table, at + 1));
    vec4 c = floatsOf(texelFetch(table, at + 2));
    return VesselFrame(a.xyz, a.w, b.xyz, b.w, c.xyz, c.w);
}
#endif
