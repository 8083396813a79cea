#version 460
#extension GL_GOOGLE_include_directive : require
// Depth of the deformed leg: the same place as mesh.vert, to the bit.
#include "common/frame.glsl"

layout(std430, binding = 12) readonly buffer DeformedBlock { DeformedVertex deformed_[]; };

invariant gl_Position;

void main() { gl_Position = frame.viewProjection * vec4(deformed_[gl_VertexIndex].position, 1.0); }
