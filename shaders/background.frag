#version 460
#extension GL_GOOGLE_include_directive : require
// A quiet studio: dark blue-grey, lighter behind the leg, and a floor that is felt rather than seen. Colours
// encoded.
#include "common/frame.glsl"

layout(location = 0) in vec2 inClip;
layout(location = 0) out vec4 outColour;

void main() {
    vec3 ray = frame.right * (inClip.x * frame.tanHalfFov * frame.aspect) -
               frame.up * (inClip.y * frame.tanHalfFov) - cross(frame.right, frame.up);
    vec2 middle = inClip * vec2(0.62, 0.55) + vec2(0.0, 0.05);
    float glow = max(1.0 - dot(middle, middle), 0.0);
    vec3 colour = mix(vec3(0.052, 0.068, 0.090), vec3(0.178, 0.212, 0.248), glow * glow);
    if (ray.z < -1e-4) {
        float t = (frame.floorZ - frame.eye.z) / ray.z;
        vec2 p = frame.eye.xy + ray.xy * t;
        float reach = t > 0.0 ? 1.0 / (1.0 + dot(p, p) * (1.0 / (430.0 * 430.0))) : 0.0;
        colour += vec3(0.055, 0.060, 0.062) * reach * reach;
    }
    // Half a step of noise against banding.
    float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    outColour = vec4(colour + (grain - 0.5) / 255.0, 1.0);
}
