#version 460
// values[i] = base + i for i < count
layout(local_size_x = 64) in;
layout(set = 0, binding = 0, std430) writeonly buffer Values { uint values[]; };
layout(push_constant) uniform Constants { uint count; uint base; };
void main() {
    const uint i = gl_GlobalInvocationID.x;
    if (i < count) values[i] = base + i;
}
