#version 460
#extension GL_GOOGLE_include_directive : require
// The pointed-at structure grown by a few pixels: its back faces show as an outline.
#include "common/frame.glsl"

layout(std430, binding = 12) readonly buffer DeformedBlock { DeformedVertex deformed_[]; };
layout(push_constant) uniform Push { float pixels; };

void main() {
    DeformedVertex v = deformed_[gl_VertexIndex];
    vec4 clip = frame.viewProjection * vec4(v.position, 1.0);
    vec4 ahead = frame.viewProjection * vec4(v.position + v.normal, 1.0);
    vec2 along = ahead.xy / ahead.w - clip.xy / clip.w;
    along *= frame.viewport;
    float size = length(along);
    if (size > 1e-5) clip.xy += along / size * pixels * 2.0 / frame.viewport * clip.w;
    gl_Position = clip;
}
