// What tissue looks like at a place: muscle and tendon have fibres, skin has signs and marks. Each its own variant
// by kFlesh and kCover, since CPU drivers run every branch; kGhost: drawn as a bubble of glass, denser at its rim.
#ifndef COMMON_TISSUE
#define COMMON_TISSUE
#include "common/light.glsl"
#include "common/skin_colour.glsl"
#include "common/texels.glsl"

layout(constant_id = 0) const bool kGhost = false;
layout(constant_id = 1) const bool kFlesh = false;
layout(constant_id = 2) const bool kCover = false;

// Like sin(x), from two parabolas.
float wave(float x) {
    float t = fract(x * 0.15915494) * 2.0 - 1.0;
    return 4.0 * t * (abs(t) - 1.0);
}

// Streaks along the fibres; q holds mm across them. Waves out of step with each other read as fibre bundles.
float streaks(vec3 q, float mmPerPixel) {
    float coarse = wave(q.x * 0.9 + 1.9 * wave(q.y * 0.43 + q.z * 0.3)) * wave(q.y * 1.1 + 1.3 * wave(q.x * 0.37));
    float fine = wave(q.x * 3.1 + q.z * 0.9 + 2.0 * coarse) * wave(q.y * 2.7 - 0.8 * q.x);
    float seen = clamp(1.6 - mmPerPixel * 1.1, 0.0, 1.0);
    return coarse * 0.55 + fine * 0.45 * seen;
}

// How strongly streaks show in flesh and in tendon.
const float kFleshStreak = 0.42;
const float kTendonStreak = 0.12;

float tendonShare(vec4 fibre) {
    float ragged = 0.12 * wave(fibre.x * 1.3) * wave(fibre.y * 1.1);
    return smoothstep(0.25, 0.75, fibre.w + ragged);
}

// Activation plainly: slate at rest, through violet and orange to pale yellow, rising in lightness too.
vec3 heat(float a) {
    vec3 low = mix(vec3(0.035, 0.05, 0.085), vec3(0.30, 0.04, 0.22), smoothstep(0.0, 0.35, a));
    vec3 high = mix(vec3(0.75, 0.18, 0.03), vec3(0.95, 0.80, 0.25), smoothstep(0.6, 1.0, a));
    return mix(low, high, smoothstep(0.2, 0.75, a));
}

// `fibre`: fibre coordinates, mm, and share of tendon. `streak`: of streaks().
Surface surfaceOf(StructureState state, vec4 fibre, float tone, float streak) {
    Surface r = Surface(state.colour, state.wrap, state.gloss, state.shine, state.sheen, 1.0);
    if (kFlesh) {
        float tendon = tendonShare(fibre);
        float work = clamp(state.activation * (0.35 + 0.65 * tone), 0.0, 1.0);
        vec3 flesh = mix(state.colour, vec3(0.50, 0.068, 0.034), work * 0.7) * (1.0 + kFleshStreak * streak);
        if ((state.flags & kStructureHeat) != 0u) flesh = heat(state.activation) * (1.0 + 0.25 * streak);
        vec3 sinew = vec3(0.60, 0.525, 0.405) * (1.0 + kTendonStreak * streak);
        r.colour = mix(flesh, sinew, tendon);
        r.wrap = mix(state.wrap, 0.15, tendon);
        r.gloss = mix(state.gloss, 38.0, tendon);
        r.shine = mix(state.shine, 0.34, tendon) * (1.0 + 0.3 * streak);
    } else {
        // Bones: grooves are darker, ridges lighter. Zero for all others.
        r.colour *= 1.0 + 0.22 * tone;
        r.occlusion = clamp(1.0 + 0.75 * min(tone, 0.0), 0.3, 1.0);
    }
    return r;
}

// A ghost is thin where it is seen face on and thick at its rim, as a bubble of glass is; toward solid the
// effect goes away.
float ghostAlpha(StructureState state, float rim) {
    float alpha = state.opacity * (state.body + state.edge * rim * rim * rim);
    return mix(min(alpha, 0.96), 1.0, clamp(state.opacity * 4.0 - 3.0, 0.0, 1.0));
}

// Vessels and nerves go on above the drawn limb and fade out there: 1 where all there, 0 where gone.
float strandThere(StructureState state, vec3 place) {
    bool strand = state.tissue == kVein || state.tissue == kArtery || state.tissue == kLymph ||
                  state.tissue == kNerve || state.tissue == kValve;
    return strand ? clamp(1.0 - (dot(frame.cap.xyz, place) - frame.cap.w) / kStubFade, 0.0, 1.0) : 1.0;
}

// A pattern of holes by which a solid strand fades: `there` is seen where it is above this.
float strandGrain(vec2 pixel) { return fract(52.9829189 * fract(dot(pixel, vec2(0.06711056, 0.00583715)))); }

// The upper end of the skin is a cut through the limb: what fills it between muscles and skin is fat.
const vec3 kCutFat = vec3(0.80, 0.56, 0.22);

float cutShare(vec3 rest, vec3 normal) {
    return smoothstep(0.75, 0.95, dot(normal, frame.cap.xyz)) * step(skin_.signs.cut - 4.0, rest.z);
}

// Encoded colour and opacity, of a ghost with strandThere.
vec4 tissueColour(StructureState state, vec3 place, vec3 normal, float tone, vec4 fibre, float streak, float there) {
    vec3 toEye = frame.eye - place;
    float near = inversesqrt(dot(toEye, toEye));
    toEye *= near;
    Surface surface = surfaceOf(state, fibre, tone, streak);
    float seen = 0.0;
    if (kCover) {
        SkinLook skin = skinLook(surface.colour, fibre.xyz, 1.0 / (near * frame.pixelsPerUnit));
        surface.colour = mix(skin.colour, kCutFat, cutShare(fibre.xyz, normal));
        seen = skin.seen;
    }
    vec3 colour = lit(surface, normal, toEye);
    float rim = 1.0 - abs(dot(normal, toEye));
    float chosen = (state.flags & kStructureHighlighted) != 0u ? 1.0 : 0.0;
    colour = colour * (1.0 + 0.25 * chosen) + vec3(0.10, 0.24, 0.30) * ((0.35 + rim * rim * 2.0) * chosen);
    float alpha = 1.0;
    if (kGhost) alpha = max(max(ghostAlpha(state, rim), seen) * there, chosen * (0.45 + 0.5 * rim));
    return vec4(encode(colour), alpha);
}
#endif
