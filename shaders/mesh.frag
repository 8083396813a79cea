#version 460
#extension GL_GOOGLE_include_directive : require
// Tissue, solid or as a ghost, lit in each pixel.
#include "common/tissue.glsl"

layout(binding = 10) uniform utextureBuffer structures_;

layout(location = 0) in vec4 inPlace;  // and the structure's number, the same at all corners
layout(location = 1) in vec4 inNormal; // and the tone
layout(location = 2) in vec4 inFibre;

layout(location = 0) out vec4 outColour;

void main() {
    StructureState state = structureFrom(structures_, uint(inPlace.w + 0.5));
    float there = 1.0;
    if (!kFlesh && !kCover) {
        there = strandThere(state, inPlace.xyz);
        if (!kGhost && there < strandGrain(gl_FragCoord.xy)) discard;
    }
    float streak = kFlesh ? streaks(inFibre.xyz, distance(frame.eye, inPlace.xyz) / frame.pixelsPerUnit) : 0.0;
    outColour = tissueColour(state, inPlace.xyz, normalize(inNormal.xyz), inNormal.w, inFibre, streak, there);
}
