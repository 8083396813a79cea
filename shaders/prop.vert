#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_scalar_block_layout : require
// Boxes beside the leg, one an instance. Out: leg frame, mm.
#include "common/frame.glsl"

layout(std430, binding = 13) readonly buffer PropBlock { Prop props_[]; };

layout(location = 0) out vec3 outPosition;
layout(location = 1) out vec3 outNormal;
layout(location = 2) out vec3 outPlace; // in the cube
layout(location = 3) flat out vec4 outColour;

void main() {
    Prop prop = props_[gl_InstanceIndex];
    uint face = uint(gl_VertexIndex) / 6u;
    uint corner = uint(gl_VertexIndex) % 6u;
    float s = (corner == 1u || corner == 2u || corner == 4u) ? 1.0 : -1.0;
    float t = (corner == 2u || corner == 4u || corner == 5u) ? 1.0 : -1.0;
    float side = (face & 1u) == 0u ? 1.0 : -1.0;
    uint axis = face >> 1u;
    vec3 cube = axis == 0u ? vec3(side, s, t) : axis == 1u ? vec3(s, side, t) : vec3(s, t, side);
    vec3 normal = axis == 0u ? vec3(side, 0.0, 0.0) : axis == 1u ? vec3(0.0, side, 0.0) : vec3(0.0, 0.0, side);
    if (cube.z > 0.0) cube.xy *= prop.shape.x;
    vec4 place = prop.place * vec4(cube, 1.0);
    // Square to the faces of a box that is stretched differently along its axes.
    mat3 m = mat3(prop.place);
    vec3 size = vec3(dot(m[0], m[0]), dot(m[1], m[1]), dot(m[2], m[2]));
    outNormal = m * (normal / max(size, vec3(1e-6)));
    outPosition = place.xyz;
    outPlace = cube;
    outColour = vec4(prop.colour, prop.opacity);
    gl_Position = frame.viewProjection * place;
}
