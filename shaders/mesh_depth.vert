#version 460
#extension GL_GOOGLE_include_directive : require
// Depth of the deformed leg: the same place as mesh.vert, to the bit.
#include "common/frame.glsl"

layout(location = 0) in vec3 position;

invariant gl_Position;

void main() { gl_Position = frame.viewProjection * vec4(position, 1.0); }
