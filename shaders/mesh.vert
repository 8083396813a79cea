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

// Few and full: for small triangles a CPU driver spends more on each of these than on the pixels.
layout(location = 0) out vec4 outPlace;  // and the structure's number
layout(location = 1) out vec4 outNormal; // and the tone
layout(location = 2) out vec4 outFibre; // flesh: fibre coordinates, mm, and share of tendon; skin: place at rest

invariant gl_Position;

void main() {
    gl_Position = frame.viewProjection * vec4(position, 1.0);
    outPlace = vec4(position, float(structure));
    outNormal = normalAndTone;
    outFibre = vec4(0.0);
    if (kCover) outFibre = vec4(restPosition, 0.0);
    if (kFlesh) outFibre = vec4(restMore, restTendon);
}
