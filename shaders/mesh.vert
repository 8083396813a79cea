#version 460
#extension GL_GOOGLE_include_directive : require
// The deformed leg. Out: leg frame, mm.
#include "common/frame.glsl"

layout(constant_id = 1) const bool kFlesh = false;
layout(constant_id = 2) const bool kCover = false;

// DeformedVertex and, where a variant needs it, RestVertex.
layout(location = 0) in vec3 position;
layout(location = 1) in uint structure;
layout(location = 2) in vec4 normalAndTone;
layout(location = 3) in vec3 restPosition;
layout(location = 4) in vec3 restMore;
layout(location = 5) in float restTendon;

layout(location = 0) out vec3 outPosition;
layout(location = 1) out vec3 outNormal;
layout(location = 2) out float outTone;
layout(location = 3) flat out uint outStructure;
layout(location = 4) out vec4 outFibre; // flesh: fibre coordinates, mm, and share of tendon; skin: place at rest

invariant gl_Position;

void main() {
    gl_Position = frame.viewProjection * vec4(position, 1.0);
    outPosition = position;
    outNormal = normalAndTone.xyz;
    outTone = normalAndTone.w;
    outStructure = structure;
    outFibre = vec4(0.0);
    if (kCover) outFibre = vec4(restPosition, 0.0);
    if (kFlesh) outFibre = vec4(restMore, restTendon);
}
