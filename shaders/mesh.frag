#version 460
#extension GL_GOOGLE_include_directive : require
// Tissue: flesh with fibres and tendon, bone, vein, skin ... solid or as a ghost that is denser at its rim.
#include "common/light.glsl"

layout(constant_id = 0) const bool kGhost = false;

layout(std430, binding = 10) readonly buffer StructureBlock { StructureState structures_[]; };

layout(location = 0) in vec3 inPosition;
layout(location = 1) in vec3 inNormal;
layout(location = 2) in vec4 inDetail;
layout(location = 3) in float inTone;
layout(location = 4) flat in uint inStructure;

layout(location = 0) out vec4 outColour;

// Streaks along the fibres; q holds mm across them. Waves out of step with each other read as fibre bundles.
float streaks(vec3 q, float mmPerPixel) {
    float coarse = sin(q.x * 0.9 + 1.9 * sin(q.y * 0.43 + q.z * 0.3)) * sin(q.y * 1.1 + 1.3 * sin(q.x * 0.37));
    float fine = sin(q.x * 3.1 + q.z * 0.9 + 2.0 * coarse) * sin(q.y * 2.7 - 0.8 * q.x);
    float seen = clamp(1.6 - mmPerPixel * 1.1, 0.0, 1.0);
    return coarse * 0.55 + fine * 0.45 * seen;
}

Surface muscleSurface(StructureState state, float mmPerPixel) {
    float tendon = smoothstep(0.25, 0.75, clamp(inDetail.w, 0.0, 1.0) + 0.12 * sin(inDetail.x * 1.3) * sin(inDetail.y * 1.1));
    float s = streaks(inDetail.xyz, mmPerPixel);
    vec3 flesh = vec3(0.43, 0.062, 0.048) * (1.0 + 0.34 * s);
    float work = clamp(state.activation * (0.35 + 0.65 * inTone), 0.0, 1.0);
    flesh = mix(flesh, vec3(0.68, 0.085, 0.035) * (1.0 + 0.30 * s), work * 0.75);
    vec3 sinew = vec3(0.66, 0.585, 0.46) * (1.0 + 0.10 * s);
    Surface r;
    r.colour = mix(flesh, sinew, tendon);
    r.wrap = mix(0.35, 0.15, tendon);
    r.gloss = mix(22.0, 38.0, tendon);
    r.shine = mix(0.16, 0.34, tendon) * (1.0 + 0.3 * s);
    r.sheen = 0.12;
    r.occlusion = 1.0;
    return r;
}

Surface surfaceOf(StructureState state, float mmPerPixel) {
    Surface r = Surface(vec3(0.7), 0.2, 30.0, 0.1, 0.08, 1.0);
    switch (state.tissue) {
    case kBone: {
        float cavity = inDetail.w;
        r.colour = vec3(0.70, 0.60, 0.435) * (1.0 + 0.22 * cavity);
        r.occlusion = clamp(1.0 + 0.75 * min(cavity, 0.0), 0.3, 1.0);
        r.gloss = 26.0;
        r.shine = 0.10;
        break;
    }
    case kCartilage: r.colour = vec3(0.62, 0.72, 0.76); r.shine = 0.3; break;
    case kMuscle:
    case kTendon: return muscleSurface(state, mmPerPixel);
    case kVein:
        r.colour = vec3(0.085, 0.105, 0.46);
        r.gloss = 48.0;
        r.shine = 0.42;
        r.sheen = 0.30;
        break;
    case kArtery:
        r.colour = vec3(0.62, 0.030, 0.028);
        r.gloss = 48.0;
        r.shine = 0.38;
        r.sheen = 0.22;
        break;
    case kValve: r.colour = vec3(0.86, 0.76, 0.62); r.wrap = 0.5; r.shine = 0.35; r.gloss = 30.0; break;
    case kNerve: r.colour = vec3(0.80, 0.62, 0.16); r.shine = 0.2; break;
    case kFascia: r.colour = vec3(0.66, 0.70, 0.74); r.shine = 0.3; r.sheen = 0.4; break;
    case kFat: r.colour = vec3(0.80, 0.60, 0.22); r.wrap = 0.5; break;
    case kSkin:
        r.colour = vec3(0.66, 0.385, 0.275);
        r.wrap = 0.5;
        r.gloss = 16.0;
        r.shine = 0.10;
        r.sheen = 0.16;
        break;
    case kLymph: r.colour = vec3(0.22, 0.55, 0.25); r.shine = 0.3; break;
    }
    return r;
}

// A ghost is thin where it is seen face on and thick at its rim, as a bubble of glass is.
float ghostAlpha(StructureState state, float facing) {
    float rim = 1.0 - facing;
    float body = 0.75;
    float edge = 0.9;
    if (state.tissue == kSkin || state.tissue == kFat || state.tissue == kFascia) {
        body = 0.45;
        edge = 2.6;
    } else if (state.tissue == kVein || state.tissue == kArtery || state.tissue == kLymph) {
        body = 0.42;
        edge = 1.5;
    }
    float alpha = state.opacity * (body + edge * rim * rim * rim);
    // Toward solid the ghost effect goes away.
    return mix(min(alpha, 0.96), 1.0, smoothstep(0.75, 1.0, state.opacity));
}

void main() {
    StructureState state = structures_[inStructure];
    vec3 normal = normalize(inNormal);
    vec3 toEye = frame.eye - inPosition;
    float distance_ = length(toEye);
    toEye /= distance_;
    float mmPerPixel = distance_ / frame.pixelsPerUnit;
    Surface surface = surfaceOf(state, mmPerPixel);
    vec3 colour = lit(surface, normal, toEye);
    float facing = abs(dot(normal, toEye));
    float alpha = 1.0;
    if (kGhost) alpha = ghostAlpha(state, facing);
    if ((state.flags & kStructureHighlighted) != 0u) {
        float rim = 1.0 - facing;
        colour = colour * 1.25 + vec3(0.10, 0.24, 0.30) * (0.35 + rim * rim * 2.0);
        if (kGhost) alpha = max(alpha, 0.45 + 0.5 * rim);
    }
    outColour = vec4(encode(colour), alpha);
}
