#version 460
#extension GL_GOOGLE_include_directive : require
// While nothing moves: adds this frame to the sum of the frames before and writes the mean. Whole numbers, so
// the same frames give the same picture.
layout(local_size_x = 8, local_size_y = 8) in;
layout(rgba8, binding = 0) uniform image2D picture;
layout(std430, binding = 1) buffer SumBlock { uvec2 sums_[]; }; // 4 x 16 bits
layout(push_constant) uniform Push {
    ivec2 origin; // of the area in the picture, pixels
    uvec2 size;
    uint samples; // with this one
    uint add;     // 0: only write the mean again, over whatever was drawn on the picture since
};

void main() {
    uvec2 p = gl_GlobalInvocationID.xy;
    if (p.x >= size.x || p.y >= size.y) return;
    uint i = p.y * size.x + p.x;
    ivec2 pixel = origin + ivec2(p);
    uvec3 c = uvec3(imageLoad(picture, pixel).rgb * 255.0 + 0.5);
    uvec3 sum = add != 0u ? c : uvec3(0);
    if (samples > 1u || add == 0u) {
        uvec2 old = sums_[i];
        sum += uvec3(old.x & 0xffffu, old.x >> 16, old.y);
        vec3 mean = (vec3(sum) + 0.0) / (255.0 * float(samples));
        imageStore(picture, pixel, vec4(mean, 1.0));
    }
    if (add != 0u) sums_[i] = uvec2(sum.x | sum.y << 16, sum.z);
}
