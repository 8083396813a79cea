#version 460
// result[i] = 2 source[i]
layout(local_size_x = 64) in;
layout(set = 0, binding = 0, std430) readonly buffer Source { uint source[]; };
layout(set = 0, binding = 1, std430) writeonly buffer Result { uint result[]; };
layout(push_constant) uniform Constants { uint count; };
void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < count) result[i] = 2 * source[i];
}
