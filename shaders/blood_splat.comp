#version 460
#extension GL_GOOGLE_include_directive : require
// Draws cells without the rasterizer: each writes its lit disc, the nearest cell of a pixel stays.
#include "common/cells.glsl"

layout(local_size_x = kBloodGroup) in;
layout(push_constant) uniform Push { CellLook look; };
layout(std430, binding = 15) buffer PixelBlock { uint pixels_[]; };
layout(std430, binding = 16) buffer TileBlock {
    SplatTiles tiles_;
    uint marks_[]; // then the list
};

void markTile(uint tile, uint tileCount) {
    if (marks_[tile] != 0u || atomicExchange(marks_[tile], 1u) != 0u) return;
    marks_[tileCount + atomicAdd(tiles_.instanceCount, 1u)] = tile;
}

void main() {
    uint id = gl_GlobalInvocationID.x;
    if (id == 0u) tiles_.vertexCount = 6u;
    if (id >= look.cellCount) return;
    PlacedCell cell = placed(id, look.seed, look.radius);
    if (cell.radius <= 0.0) return;
    vec4 clip = frame.viewProjection * vec4(cell.centre, 1.0);
    if (clip.w <= frame.nearPlane || clip.w >= frame.farPlane) return;
    vec2 middle = (clip.xy / clip.w * 0.5 + 0.5) * frame.viewport;
    float radius = clamp(cell.radius * frame.pixelsPerUnit / clip.w, kSplatMinPixels, kSplatMaxPixels);
    ivec2 low = max(ivec2(ceil(middle - radius - 0.5)), ivec2(0));
    ivec2 high = min(ivec2(floor(middle + radius - 0.5)), ivec2(look.width, look.height) - 1);
    if (low.x > high.x || low.y > high.y) return;

    uvec2 lowTile = uvec2(low) / kSplatTile;
    uvec2 highTile = uvec2(high) / kSplatTile;
    uint tileCount = look.tilesAcross * ((look.height + kSplatTile - 1u) / kSplatTile);
    markTile(lowTile.y * look.tilesAcross + lowTile.x, tileCount);
    if (highTile != lowTile) {
        markTile(lowTile.y * look.tilesAcross + highTile.x, tileCount);
        markTile(highTile.y * look.tilesAcross + lowTile.x, tileCount);
        markTile(highTile.y * look.tilesAcross + highTile.x, tileCount);
    }

    // Depth is linear between the planes; a ball bulges toward the eye.
    const float kLevels = float((1u << kSplatDepthBits) - 1u);
    float toDepth = kLevels / (frame.farPlane - frame.nearPlane);
    float depth = (clip.w - frame.nearPlane) * toDepth;
    float bulge = cell.radius * toDepth;
    uint tint = uint(cell.oxygen * 63.0 + 0.5);
    float relief = smoothstep(1.0, 3.0, radius); // a ball of two pixels would only flicker
    for (int y = low.y; y <= high.y; ++y) {
        float dy = (float(y) + 0.5 - middle.y) / radius;
        for (int x = low.x; x <= high.x; ++x) {
            float dx = (float(x) + 0.5 - middle.x) / radius;
            float out2 = dx * dx + dy * dy;
            if (out2 > 1.0) continue;
            float toward = sqrt(1.0 - out2);
            // The studio's key light, from the upper left of the camera.
            float light = mix(0.62, max(-0.50 * dx - 0.57 * dy + 0.65 * toward, 0.0), relief);
            uint shade = uint(clamp(light * 0.72 + 0.22 * toward + 0.06, 0.0, 1.0) * 63.0);
            uint level = uint(clamp(depth - bulge * toward, 0.0, kLevels));
            atomicMin(pixels_[uint(y) * look.width + uint(x)], level << 12u | shade << 6u | tint);
        }
    }
}
