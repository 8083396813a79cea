#version 460
#extension GL_GOOGLE_include_directive : require
// The deformed leg. Out: leg frame, mm.
#include "common/frame.glsl"

layout(constant_id = 1) const bool kFlesh = false;
layout(constant_id = 2) const bool kCover = false;

layout(std430, binding = 11) readonly buffer RestBlock { RestVertex rest_[]; };
layout(std430, binding = 12) readonly buffer DeformedBlock { DeformedVertex deformed_[]; };

layout(location = 0) out vec3 outPosition;
layout(location = 1) out vec3 outNormal;
layout(location = 2) out float outTone;
layout(location = 3) flat out uint outStructure;
layout(location = 4) out vec4 outFibre; // flesh: fibre coordinates, mm, and share of tendon; skin: place at rest

invariant gl_Position;

void main() {
    DeformedVertex v = deformed_[gl_VertexIndex];
    gl_Position = frame.viewProjection * vec4(v.position, 1.0);
    outPosition = v.position;
    outNormal = v.normal;
    outTone = v.tone;
    outStructure = v.structure;
    outFibre = vec4(0.0);
    if (kCover) outFibre = vec4(rest_[gl_VertexIndex].position, 0.0);
    if (kFlesh) outFibre = vec4(rest_[gl_VertexIndex].more, rest_[gl_VertexIndex].detail.y);
}
