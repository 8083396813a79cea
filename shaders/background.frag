#version 460
#extension GL_GOOGLE_include_directive : require
// A quiet studio: dark blue-grey, lighter behind the leg, a floor that is felt rather than seen, and the
// shadow where the foot stands. Colours encoded.
#include "common/frame.glsl"

layout(location = 0) in vec2 inClip;
layout(location = 0) out vec4 outColour;

float contactShadow(vec2 floorPoint) {
    float light = 1.0;
    for (int i = 0; i < 6; ++i) {
        vec4 contact = frame.contacts[i];
        if (contact.w <= 0.0) continue;
        float height = max(contact.z, 0.0);
        float spread = contact.w + height * 0.8;
        vec2 d = floorPoint - contact.xy;
        float q = dot(d, d) / (spread * spread);
        light *= 1.0 - 0.62 * exp(-q * 1.1) * contact.w / spread;
    }
    return light;
}

void main() {
    vec3 ray = frame.right * (inClip.x * frame.tanHalfFov * frame.aspect) -
               frame.up * (inClip.y * frame.tanHalfFov) - cross(frame.right, frame.up);
    vec2 middle = inClip * vec2(0.75, 0.62) - vec2(0.0, -0.08);
    float glow = exp(-dot(middle, middle) * 1.35);
    vec3 colour = mix(vec3(0.060, 0.078, 0.102), vec3(0.190, 0.225, 0.262), glow);
    if (ray.z < -1e-4) {
        float t = (frame.floorZ - frame.eye.z) / ray.z;
        if (t > 0.0) {
            vec2 p = frame.eye.xy + ray.xy * t;
            float reach = exp(-dot(p, p) / (520.0 * 520.0));
            colour += vec3(0.050, 0.055, 0.058) * reach;
            colour *= mix(1.0, contactShadow(p), clamp(reach * 1.5, 0.0, 1.0));
        }
    }
    // Half a step of noise against banding.
    float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    outColour = vec4(colour + (grain - 0.5) / 255.0, 1.0);
}
