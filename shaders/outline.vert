#version 460
#extension GL_GOOGLE_include_directive : require
// The pointed-at structure grown by a few pixels: its back faces show as an outline.
#include "common/frame.glsl"

layout(location = 0) in vec3 position;
layout(location = 2) in vec4 normalAndTone;
layout(push_constant) uniform Push { float pixels; };

void main() {
    vec4 clip = frame.viewProjection * vec4(position, 1.0);
    vec4 ahead = frame.viewProjection * vec4(position + normalAndTone.xyz, 1.0);
    vec2 along = ahead.xy / ahead.w - clip.xy / clip.w;
    along *= frame.viewport;
    float size = length(along);
    if (size > 1e-5) clip.xy += along / size * pixels * 2.0 / frame.viewport * clip.w;
    gl_Position = clip;
}
