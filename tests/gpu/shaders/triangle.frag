#version 460
#extension GL_EXT_scalar_block_layout : require
// One colour from the push constants, times a texture.
layout(set = 0, binding = 5) uniform sampler2D pattern;
layout(push_constant, scalar) uniform Constants { vec4 color; };
layout(location = 0) out vec4 outColor;
void main() { outColor = color * texelFetch(pattern, ivec2(0), 0); }
