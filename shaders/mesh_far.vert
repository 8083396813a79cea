#version 460
#extension GL_GOOGLE_include_directive : require
// The deformed leg where triangles are about as small as pixels: lit at the vertices, since a CPU driver shades
// sixteen pixels for each of such triangles.
#include "common/tissue.glsl"

layout(binding = 10) uniform utextureBuffer structures_;

// DeformedVertex and, where a variant needs it, RestVertex.
layout(location = 0) in vec3 position;
layout(location = 1) in uint structure;
layout(location = 2) in vec4 normalAndTone;
layout(location = 3) in vec3 restPosition;
layout(location = 4) in vec3 restMore;
layout(location = 5) in float restTendon;

layout(location = 0) out vec4 outColour; // encoded; solid strands: alpha is how much is there
layout(location = 1) out vec4 outFibre;  // flesh: fibre coordinates, mm, and how strongly streaks show

invariant gl_Position;

void main() {
    gl_Position = frame.viewProjection * vec4(position, 1.0);
    StructureState state = structureFrom(structures_, structure);
    float there = 1.0;
    if (!kFlesh && !kCover) there = strandThere(state, position);
    vec4 fibre = vec4(0.0);
    if (kCover) fibre = vec4(restPosition, 0.0);
    if (kFlesh) fibre = vec4(restMore, restTendon);
    outColour = tissueColour(state, position, normalAndTone.xyz, normalAndTone.w, fibre, 0.0, there);
    if (!kGhost) outColour.a = there;
    outFibre = vec4(restMore, mix(kFleshStreak, kTendonStreak, kFlesh ? tendonShare(fibre) : 0.0));
}
