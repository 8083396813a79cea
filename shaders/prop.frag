#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_scalar_block_layout : require
// Seat, bed, wall, band: matt, a little lighter along their edges.
#include "common/light.glsl"

layout(location = 0) in vec3 inPosition;
layout(location = 1) in vec3 inNormal;
layout(location = 2) in vec3 inPlace;
layout(location = 3) flat in vec4 inColour;

layout(location = 0) out vec4 outColour;

void main() {
    vec3 normal = normalize(inNormal);
    vec3 toEye = normalize(frame.eye - inPosition);
    if (dot(normal, toEye) <= 0.0) discard;
    vec3 a = abs(inPlace);
    float second = max(min(a.x, a.y), max(min(a.y, a.z), min(a.x, a.z)));
    float edge = smoothstep(0.93, 1.0, second);
    vec3 colour = lit(Surface(inColour.rgb, 0.4, 8.0, 0.03, 0.05, 1.0), normal, toEye);
    outColour = vec4(encode(colour * (1.0 + 0.35 * edge)), inColour.a);
}
