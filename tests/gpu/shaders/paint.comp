#version 460
// picture(x, y) = (x, y, 7, 255)
layout(local_size_x = 8, local_size_y = 4) in;
layout(set = 0, binding = 0, rgba8) writeonly uniform image2D picture;
void main() {
    const ivec2 p = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(p, imageSize(picture)))) return;
    imageStore(picture, p, vec4(p, 7, 255) / 255.0);
}
