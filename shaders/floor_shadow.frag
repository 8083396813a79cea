#version 460
#extension GL_GOOGLE_include_directive : require
// The shadow where the foot stands: darker and sharper the nearer the sole is to the floor. Multiplies.
#include "common/frame.glsl"

layout(location = 0) in vec2 inClip;
layout(location = 0) out vec4 outColour;

// A soft spot: 1 in the middle, 0 from the rim on.
float spot(vec4 contact, vec2 floorPoint) {
    float spread = (contact.w + max(contact.z, 0.0) * 0.8) * 1.9;
    vec2 d = floorPoint - contact.xy;
    float q = max(1.0 - dot(d, d) / (spread * spread + 1e-3), 0.0);
    return 1.0 - 0.66 * q * q * q * contact.w * 1.9 / max(spread, 1e-3);
}

void main() {
    vec2 lens = inClip + frame.lensShift;
    vec3 ray = frame.right * (lens.x * frame.tanHalfFov * frame.aspect) -
               frame.up * (lens.y * frame.tanHalfFov) - cross(frame.right, frame.up);
    float light = 1.0;
    float t = (frame.floorZ - frame.eye.z) / min(ray.z, -1e-5);
    if (ray.z < -1e-4 && t > 0.0) {
        vec2 p = frame.eye.xy + ray.xy * t;
        light = spot(frame.contacts[0], p) * spot(frame.contacts[1], p) * spot(frame.contacts[2], p) *
                spot(frame.contacts[3], p) * spot(frame.contacts[4], p) * spot(frame.contacts[5], p);
    }
    outColour = vec4(vec3(light), 1.0);
}
