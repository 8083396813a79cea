#version 460
#extension GL_GOOGLE_include_directive : require
// A red cell: a flat disc with a dent, wet and lit by the studio.
#include "common/light.glsl"

layout(location = 0) in vec2 inAcross;
layout(location = 1) flat in vec3 inColour;
layout(location = 2) in vec3 inPosition;
layout(location = 0) out vec4 outColour;

void main() {
    float out2 = dot(inAcross, inAcross);
    if (out2 > 1.0) discard;
    vec3 toEye = normalize(frame.eye - inPosition);
    // Height of the disc over the distance from its middle: a rim round a shallow dent.
    float slope = mix(-0.9, 3.2, smoothstep(0.15, 0.95, out2)) * sqrt(out2);
    vec2 lean = out2 > 1e-6 ? inAcross * inversesqrt(out2) * slope : vec2(0.0);
    vec3 normal = normalize(toEye + (frame.right * lean.x + frame.up * lean.y) * 0.55);
    Surface surface = Surface(inColour, 0.35, 40.0, 0.30, 0.10, 1.0);
    surface.occlusion = mix(0.78, 1.0, smoothstep(0.0, 0.5, out2));
    outColour = vec4(encode(lit(surface, normal, toEye)), 1.0);
}
