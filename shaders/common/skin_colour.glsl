// Colour of the skin: its own, the signs of conditions (PHYSIOLOGY 5.2, seen from a doctor's distance and never
// gory), and the marks of what presses on it. Rest frame, mm; colours linear.
#ifndef COMMON_SKIN_COLOUR
#define COMMON_SKIN_COLOUR
#include "common/frame.glsl"

layout(std140, binding = 17) uniform SkinBlock { SkinInput skin_; };

const vec3 kDusky = vec3(0.225, 0.105, 0.190);  // blood that stands
const vec3 kPallor = vec3(0.74, 0.575, 0.44);
const vec3 kPigment = vec3(0.110, 0.042, 0.020); // haemosiderin
const vec3 kFlush = vec3(0.72, 0.25, 0.17);
const vec3 kSpider = vec3(0.26, 0.030, 0.075);
const vec3 kReticular = vec3(0.27, 0.215, 0.27);
const vec3 kMark = vec3(0.16, 0.72, 0.95);

struct SkinLook {
    vec3 colour;
    float seen; // least opacity where the skin is a ghost
};

float skinWave(float x) {
    float t = fract(x * 0.15915494) * 2.0 - 1.0;
    return 4.0 * t * (abs(t) - 1.0);
}

// Patches about `size` mm wide, -1 to 1.
float patches(vec3 p, float size) {
    vec3 q = p / size;
    return 0.5 * skinWave(q.x * 1.3 + 1.4 * skinWave(q.z * 0.9 + 0.6 * q.y)) + 0.5 * skinWave(q.z * 1.1 + q.y * 0.8 - 1.1 * skinWave(q.x * 0.7 + q.y));
}

// Winding lines, as veins of the skin run: 1 on the line, `width` mm wide.
float lines(vec3 p, float spacing, float width) {
    vec3 q = p / spacing;
    float f = skinWave(q.x * 2.1 + 1.6 * skinWave(q.z * 1.7 + q.y * 0.6)) + skinWave(q.z * 1.9 - q.y * 1.2 + 1.3 * skinWave(q.x * 1.5 + 0.8));
    return clamp(1.5 - abs(f) * spacing / (width * 2.6), 0.0, 1.0);
}

SkinLook withSigns(SkinLook look, vec3 rest, float mmPerPixel) {
    SkinSigns s = skin_.signs;
    float height = rest.z + 62.0;
    float inner = clamp(0.5 - (rest.x - 2.0) / 60.0, 0.0, 1.0);
    float mottled = patches(rest, 9.0);

    float dusky = s.dusky * (1.0 - smoothstep(s.duskyTop - 110.0, s.duskyTop + 30.0, height));
    dusky *= 0.72 + 0.28 * (1.0 - smoothstep(0.0, 250.0, height)) + 0.12 * mottled;
    look.colour = mix(look.colour, kDusky, dusky * 0.8);
    float pale = s.pale * (1.0 - 0.65 * smoothstep(60.0, 420.0, height));
    look.colour = mix(look.colour, kPallor, pale * 0.85);
    look.colour = mix(look.colour, kFlush, s.warm * (0.30 + 0.06 * mottled));
    // Pigment sits in the gaiter area, more on the inner side, in patches that run together when it is marked.
    float gaiter = smoothstep(58.0, 95.0, height) * (1.0 - smoothstep(165.0, 255.0, height)) * (0.35 + 0.65 * inner);
    float brown = s.brown * gaiter * clamp(0.35 + 0.75 * s.brown + 0.75 * patches(rest, 13.0) + 0.25 * mottled, 0.0, 1.0);
    look.colour = mix(look.colour, kPigment, brown * 0.85);

    if (s.spider > 0.0) {
        // In fans: below the ankles, behind the knee, at the outer thigh.
        float fan = smoothstep(0.25, 0.65, patches(rest + vec3(13.0, 40.0, 7.0), 26.0) + 0.5 * s.spider);
        float ankle = smoothstep(15.0, 40.0, height) * (1.0 - smoothstep(85.0, 130.0, height)) * inner;
        fan = clamp(fan + 0.8 * ankle * s.spider, 0.0, 1.0) * s.spider;
        float fine = clamp(1.35 - mmPerPixel, 0.0, 1.0);
        look.colour = mix(look.colour, kReticular, 0.30 * fan * lines(rest.yzx, 31.0, 1.6) * clamp(1.8 - 0.5 * mmPerPixel, 0.3, 1.0));
        look.colour = mix(look.colour, kSpider, 0.70 * fan * fine * lines(rest, 9.0, 0.40));
        look.seen = max(look.seen, 0.25 * fan);
    }
    look.seen = max(look.seen, 0.42 * max(max(dusky, brown), max(pale, 0.5 * s.warm)));
    return look;
}

// A soft disc with a clear rim under a finger, a band with two rims under hands. Blood is pressed out: paler.
SkinLook withMarks(SkinLook look, vec3 rest, float mmPerPixel) {
    for (uint i = 0u; i < skin_.contactCount; ++i) {
        Contact c = skin_.contacts[i];
        vec3 v = rest - c.place;
        float along = dot(v, c.inward);
        float far = c.kind == kContactBand ? abs(along) : length(v - c.inward * along);
        float side = 1.0;
        if (c.kind == kContactBand) {
            vec3 aside = v - c.inward * along;
            side = clamp(0.55 + 0.9 * dot(aside, c.palm) / max(length(aside), 1.0), 0.0, 1.0);
        } else {
            side = clamp(1.0 - along / (2.5 * c.radius), 0.0, 1.0); // not on the far side of the leg
        }
        float rimWidth = max(c.kind == kContactBand ? 1.6 : 1.1, 1.3 * mmPerPixel);
        float rim = clamp(1.6 - abs(far - c.radius) / rimWidth, 0.0, 1.0) * side;
        float inside = (1.0 - smoothstep(0.6 * c.radius, c.radius, far)) * side;
        look.colour = mix(look.colour, kPallor, inside * c.mark * 0.55);
        look.colour = mix(look.colour, kMark, c.mark * max(0.85 * rim, 0.22 * inside));
        look.seen = max(look.seen, c.mark * max(0.85 * rim, 0.34 * inside));
    }
    return look;
}

SkinLook skinLook(vec3 own, vec3 rest, float mmPerPixel) {
    SkinLook look = SkinLook(own * (1.0 + 0.035 * patches(rest, 17.0)), 0.0);
    look = withSigns(look, rest, mmPerPixel);
    return withMarks(look, rest, mmPerPixel);
}
#endif
