#version 460
#extension GL_GOOGLE_include_directive : require
// Puts the nearest cell of each pixel into the picture, behind what is before it, and empties the pixel for
// the next frame.
#include "common/light.glsl"
#include "common/blood_colour.glsl"
#include "shared/blood.h"

layout(push_constant) uniform Push { CellLook look; };
layout(std430, binding = 15) buffer PixelBlock { uint pixels_[]; };
layout(location = 0) out vec4 outColour;

void main() {
    uint at = uint(gl_FragCoord.y) * look.width + uint(gl_FragCoord.x);
    uint word = pixels_[at];
    if (word == kSplatEmpty) discard;
    pixels_[at] = kSplatEmpty;
    const float kLevels = float((1u << kSplatDepthBits) - 1u);
    float away = mix(frame.nearPlane, frame.farPlane, float(word >> 12u) / kLevels);
    gl_FragDepth = frame.farPlane / (frame.farPlane - frame.nearPlane) * (1.0 - frame.nearPlane / away);
    float shade = float((word >> 6u) & 63u) / 63.0;
    vec3 colour = bloodColour(float(word & 63u) / 63.0) * (0.30 + 1.35 * shade);
    colour += (vec3(0.05) + 0.4 * colour) * pow(shade, 12.0);
    outColour = vec4(encode(colour), 1.0);
}
