// How soft tissue gives way to what presses on it and how tissue fluid thickens it: one text for the compute
// shaders and for the C++ reference, included by shared/deform.h. Whoever includes it provides
//   SkinInput's parts: uint contactCount(), Contact contactInput(uint), vec3 swellingInput()
// Frame of rest, mm.

// Depth of a dent at a distance from its middle, `s` = (distance / reach)^2: full in the middle; a share of the
// tissue that is pressed away rises as a low rim round it (6 % of the depth).
float dentShape(float s) {
    float rest = max(1.0f - s, 0.0f);
    return rest * rest * rest * (1.0f - 3.0f * s);
}

// d dentShape / ds
float dentSlope(float s) {
    float rest = max(1.0f - s, 0.0f);
    return rest * rest * (12.0f * s - 6.0f);
}

#include "shared/pressure_share.h"

// Moves a place and turns its normal by one contact. Pads: along the pad's direction, by the dent's shape across
// it and less and less toward the bone. Bands: toward the limb's axis.
Placed dented(Placed at, Contact c) {
    vec3 v = at.position - c.place;
    float along = dot(v, c.inward);
    vec3 aside = v - c.inward * along;
    float reach = kDentReach * c.radius;
    vec3 direction = c.inward;
    vec3 gradient = vec3(0.0f, 0.0f, 0.0f);
    float by = 0.0f;
    if (c.kind == kContactBand) {
        reach = 1.6f * c.radius;
        float s = along * along / (reach * reach);
        float far = length(aside);
        direction = aside * (-1.0f / max(far, 1.0f));
        // Hands clasp the calf from behind: the shin has no flesh to give.
        float facing = clamp(0.5f - 0.8f * dot(direction, c.palm), 0.0f, 1.0f);
        by = c.depth * dentShape(s) * facing * min(far / c.thickness, 1.0f);
        gradient = c.inward * (c.depth * facing * dentSlope(s) * 2.0f * along / (reach * reach));
        if (s >= 1.0f) return at;
    } else {
        float s = dot(aside, aside) / (reach * reach);
        float kept = clamp(1.0f - along / c.thickness, 0.0f, 1.0f);
        by = c.depth * dentShape(s) * kept;
        gradient = aside * (c.depth * dentSlope(s) * 2.0f / (reach * reach) * kept);
        if (along > 0.0f) gradient = gradient - c.inward * (c.depth * dentShape(s) / c.thickness);
        if (s >= 1.0f || kept <= 0.0f) return at;
    }
    Placed result = at;
    result.position = at.position + direction * by;
    // Inverse transpose of I + direction gradient^T.
    float stretch = max(1.0f + dot(direction, gradient), 0.2f);
    result.normal = unitOr(at.normal - gradient * (dot(direction, at.normal) / stretch), at.normal);
    return result;
}

Placed pressed(Placed at) {
    Placed result = at;
    uint count = contactCount();
    for (uint i = 0u; i < count; ++i) result = dented(result, contactInput(i));
    return result;
}

// --- tissue fluid ----------------------------------------------------------------------------------------

float rise(float low, float high, float x) {
    float t = clamp((x - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3.0f - 2.0f * t);
}

// Groove of a sock's edge, 0-1: it holds fluid back in a ring of 18 mm, as wide as its elastic.
float sockGroove(float height) {
    const float kSockEdge = 168.0f; // mm above the sole
    float d = (height - kSockEdge) / 9.0f;
    return max(1.0f - d * d, 0.0f) * max(1.0f - d * d, 0.0f);
}

// Share of each region (foot, ankle, calf) in the thickening at a height above the sole, mm.
vec3 swellingShares(float height) {
    float ankle = rise(70.0f, 110.0f, height);
    float calf = rise(180.0f, 240.0f, height);
    float end = 1.0f - rise(380.0f, 450.0f, height);
    return vec3(1.0f - ankle, ankle * (1.0f - calf), calf * end) * (1.0f - 0.7f * sockGroove(height));
}

// Thickness that tissue fluid adds at full share; `factor`: hollows take more than ridges, the sole nothing.
float swellingAt(float height, float factor) {
    vec3 amount = swellingInput();
    return dot(swellingShares(height), amount) * factor;
}

Placed swollen(Placed at, float factor) {
    vec3 amount = swellingInput();
    if (amount.x + amount.y + amount.z == 0.0f) return at;
    const float kSole = -62.0f; // of the leg at rest
    const float kStep = 1.0f;
    float height = at.position.z - kSole;
    float thick = swellingAt(height, factor);
    float slope = (swellingAt(height + kStep, factor) - swellingAt(height - kStep, factor)) / (2.0f * kStep);
    Placed result = at;
    result.position = at.position + at.normal * thick;
    // Steps of the thickness along the limb tilt the surface.
    vec3 up = vec3(0.0f, 0.0f, 1.0f) - at.normal * at.normal.z;
    result.normal = unitOr(at.normal - up * slope, at.normal);
    return result;
}
