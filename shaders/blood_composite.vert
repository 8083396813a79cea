#version 460
#extension GL_GOOGLE_include_directive : require
// One square for each tile of the picture that has blood cells.
#include "shared/blood.h"

layout(push_constant) uniform Push { CellLook look; };
layout(std430, binding = 16) readonly buffer TileBlock {
    SplatTiles tiles_;
    uint marks_[];
};

void main() {
    uint tileCount = look.tilesAcross * ((look.height + kSplatTile - 1u) / kSplatTile);
    uint tile = marks_[tileCount + gl_InstanceIndex];
    uvec2 corner = uvec2(tile % look.tilesAcross, tile / look.tilesAcross);
    const uint kOrder[6] = uint[](0u, 1u, 2u, 2u, 1u, 3u);
    uint k = kOrder[gl_VertexIndex];
    vec2 pixel = vec2(corner + uvec2(k & 1u, k >> 1u)) * float(kSplatTile);
    gl_Position = vec4(pixel / vec2(look.width, look.height) * 2.0 - 1.0, 0.0, 1.0);
}
