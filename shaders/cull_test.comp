#version 460
#extension GL_GOOGLE_include_directive : require
// Which triangles may show: those that face the eye, lie in the picture and touch the middle of a pixel. On a CPU
// driver one thread sorts triangles into the picture, and most of a fine mesh lies between the pixels.
#include "common/texels.glsl"
#include "shared/cull.h"

layout(local_size_x = 64) in;
layout(push_constant) uniform Push { CullParams params; };
layout(binding = 12) uniform utextureBuffer deformed_;
layout(std430, binding = 13) readonly buffer BlockBlock { CullBlock blocks_[]; };
layout(std430, binding = 14) writeonly buffer MaskBlock { uint masks_[]; };
layout(std430, binding = 20) readonly buffer IndexBlock { uint indices_[]; };

// Pixels, and the depth along the view.
vec3 onScreen(uint vertex) {
    vec4 clip = frame.viewProjection * vec4(floatsOf(texelFetch(deformed_, int(vertex) * 2)).xyz, 1.0);
    return vec3((clip.xy / clip.w * 0.5 + 0.5) * frame.viewport, clip.w);
}

float area(vec2 u, vec2 v) { return u.x * v.y - u.y * v.x; }

// Whether p is inside the triangle that faces the eye, or less than the slack outside.
bool covers(vec2 p, vec2 a, vec2 b, vec2 ab, vec2 bc, vec2 ac, vec3 slack) {
    vec2 ap = p - a;
    return area(ab, ap) <= slack.x && area(bc, p - b) <= slack.y && area(ac, ap) >= -slack.z;
}

bool seen(uint index) {
    vec3 a = onScreen(indices_[index]);
    vec3 b = onScreen(indices_[index + 1u]);
    vec3 c = onScreen(indices_[index + 2u]);
    // What reaches behind the eye is left to the clipper.
    if (min(a.z, min(b.z, c.z)) < frame.nearPlane) return true;
    vec2 ab = b.xy - a.xy;
    vec2 ac = c.xy - a.xy;
    // Corners are rounded to 1/256 pixel before they are drawn.
    float rounding = (abs(ab.x) + abs(ab.y) + abs(ac.x) + abs(ac.y)) * (1.0 / 256.0);
    if (area(ab, ac) > rounding) return false;
    vec2 low = min(a.xy, min(b.xy, c.xy)) - params.margin;
    vec2 high = max(a.xy, max(b.xy, c.xy)) + params.margin;
    if (any(lessThan(high, params.low)) || any(greaterThan(low, params.high))) return false;
    vec2 first = ceil(low - 0.5) + 0.5;
    vec2 last = floor(high - 0.5) + 0.5;
    if (any(greaterThan(first, last))) return false;
    vec2 next = first + 1.0;
    if (any(lessThan(next, last))) return true; // spans three middles: too large to ask
    next = min(next, last);
    vec2 bc = c.xy - b.xy;
    vec3 slack = vec3(abs(ab.x) + abs(ab.y), abs(bc.x) + abs(bc.y), abs(ac.x) + abs(ac.y)) * params.margin;
    return covers(first, a.xy, b.xy, ab, bc, ac, slack) || covers(next, a.xy, b.xy, ab, bc, ac, slack) ||
           covers(vec2(first.x, next.y), a.xy, b.xy, ab, bc, ac, slack) ||
           covers(vec2(next.x, first.y), a.xy, b.xy, ab, bc, ac, slack);
}

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= params.count) return;
    CullBlock block = blocks_[i];
    uint mask = 0u;
    for (uint k = 0u; k < block.triangles; ++k)
        if (seen(block.firstIndex + 3u * k)) mask |= 1u << k;
    masks_[i] = mask;
}
