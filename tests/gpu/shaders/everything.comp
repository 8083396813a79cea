#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_samplerless_texture_functions : require
// Every kind of resource that the layer offers, and a push constant with matrix, array and struct.
layout(constant_id = 3) const uint kScale = 5;
layout(local_size_x = 8, local_size_y = 2, local_size_z = 3) in;
struct Inner { vec3 a; float b; };
layout(set = 0, binding = 9, scalar) uniform Uniforms { vec4 tint; };
layout(set = 0, binding = 1, scalar) buffer Storage { Inner items[]; };
layout(set = 0, binding = 4) uniform sampler2D pattern;
layout(set = 0, binding = 6, r32ui) uniform uimage2D ids;
layout(set = 0, binding = 7) uniform texture2D plain;
layout(set = 0, binding = 8) uniform sampler nearest;
layout(set = 0, binding = 11) uniform utextureBuffer table;
layout(push_constant, scalar) uniform Constants { mat4x3 m; float list[3]; Inner inner; uint last; };
void main() {
    const ivec2 p = ivec2(gl_GlobalInvocationID.xy);
    const vec4 c = texture(pattern, vec2(0)) + texture(sampler2D(plain, nearest), vec2(0)) + tint;
    items[p.x].a = m[3] * list[2] * c.rgb + inner.a * float(kScale);
    imageStore(ids, p, texelFetch(table, 3) + uvec4(last));
}
