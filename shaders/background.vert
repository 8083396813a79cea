#version 460
#extension GL_GOOGLE_include_directive : require
// A quiet studio: dark blue-grey, lighter behind the leg, and a floor that is felt rather than seen. Smooth, so
// it is computed at the corners of a grid; pixels only interpolate. Colours encoded.
#include "common/frame.glsl"

layout(location = 0) out vec3 outColour;

const uint kColumns = 24u;
const uint kRows = 14u;

void main() {
    uint cell = uint(gl_VertexIndex) / 6u;
    uint corner = uint(gl_VertexIndex) % 6u;
    uvec2 at = uvec2(cell % kColumns, cell / kColumns);
    at.x += (corner == 1u || corner == 2u || corner == 4u) ? 1u : 0u;
    at.y += (corner == 2u || corner == 4u || corner == 5u) ? 1u : 0u;
    vec2 clip = vec2(at) / vec2(kColumns, kRows) * 2.0 - 1.0;
    vec2 lens = clip + frame.lensShift;
    vec3 ray = frame.right * (lens.x * frame.tanHalfFov * frame.aspect) -
               frame.up * (lens.y * frame.tanHalfFov) - cross(frame.right, frame.up);
    vec2 middle = lens * vec2(0.62, 0.55) + vec2(0.0, 0.05);
    float glow = max(1.0 - dot(middle, middle), 0.0);
    vec3 colour = mix(vec3(0.052, 0.068, 0.090), vec3(0.178, 0.212, 0.248), glow * glow);
    // The floor lightens toward the foot and fades at the horizon.
    float down = -normalize(ray).z;
    if (down > 1e-3) {
        float t = (frame.eye.z - frame.floorZ) / -ray.z;
        vec2 p = frame.eye.xy + ray.xy * t;
        float reach = t > 0.0 ? 1.0 / (1.0 + dot(p, p) * (1.0 / (430.0 * 430.0))) : 0.0;
        colour += vec3(0.055, 0.060, 0.062) * reach * reach;
    }
    outColour = colour;
    gl_Position = vec4(clip, 1.0, 1.0);
}
