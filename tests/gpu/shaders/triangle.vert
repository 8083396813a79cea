#version 460
#extension GL_EXT_scalar_block_layout : require
// Vertices from a storage buffer: position in clip space.
layout(set = 0, binding = 2, scalar) readonly buffer Vertices { vec3 positions[]; };
void main() { gl_Position = vec4(positions[gl_VertexIndex], 1); }
