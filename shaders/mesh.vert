#version 460
#extension GL_GOOGLE_include_directive : require
// The deformed leg. Out: leg frame, mm.
#include "common/frame.glsl"

layout(std430, binding = 11) readonly buffer RestBlock { RestVertex rest_[]; };
layout(std430, binding = 12) readonly buffer DeformedBlock { DeformedVertex deformed_[]; };

layout(location = 0) out vec3 outPosition;
layout(location = 1) out vec3 outNormal;
layout(location = 2) out vec4 outDetail; // muscles: fibre coordinates and share of tendon; bones: w = cavity
layout(location = 3) out float outTone;
layout(location = 4) flat out uint outStructure;

invariant gl_Position;

void main() {
    DeformedVertex v = deformed_[gl_VertexIndex];
    gl_Position = frame.viewProjection * vec4(v.position, 1.0);
    outPosition = v.position;
    outNormal = v.normal;
    outTone = v.tone;
    outStructure = v.structure;
    outDetail = vec4(rest_[gl_VertexIndex].more, rest_[gl_VertexIndex].detail.y);
}
