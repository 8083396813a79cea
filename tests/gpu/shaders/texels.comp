#version 460
#extension GL_EXT_samplerless_texture_functions : require
// Copies vectors out of a view, last first.
layout(local_size_x = 64) in;
layout(binding = 0) uniform utextureBuffer from_;
layout(std430, binding = 1) writeonly buffer To { uvec4 to_[]; };
layout(push_constant) uniform Push { uint count; };

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i < count) to_[i] = texelFetch(from_, int(count - 1u - i));
}
