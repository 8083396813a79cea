// One studio for everything drawn: key light from the upper left of the camera, cool fill, light from behind,
// and an ambient that is brighter from above. Directions in leg frame. Colours linear; encode() at the end.
#ifndef COMMON_LIGHT
#define COMMON_LIGHT
#include "common/frame.glsl"

const float kExposure = 0.60;

// Filmic curve (fit of the ACES transform by K. Narkowicz, 2015) and the sRGB curve from square roots, which
// cost a CPU driver a fraction of pow() (error below 0.5 / 255).
vec3 encode(vec3 c) {
    c *= kExposure;
    c = clamp(c * (2.51 * c + 0.03) / (c * (2.43 * c + 0.59) + 0.14), 0.0, 1.0);
    vec3 s1 = sqrt(c);
    vec3 s2 = sqrt(s1);
    vec3 s3 = sqrt(s2);
    return 0.662002687 * s1 + 0.684122060 * s2 - 0.323583601 * s3 - 0.0225411470 * c;
}

struct Surface {
    vec3 colour;
    float wrap;  // how far light reaches round the edge, 0 dry - 0.6 flesh
    float gloss; // exponent of the highlight
    float shine; // its strength
    float sheen; // light along the rim
    float occlusion;
};

// Close to pow(x, n) for a highlight (Schlick 1994), without its cost.
float highlight(float x, float n) { return x / (n - n * x + x); }

vec3 lit(Surface s, vec3 normal, vec3 toEye) {
    float key = max((dot(normal, frame.keyLight) + s.wrap) / (1.0 + s.wrap), 0.0);
    float fill = max((dot(normal, frame.fillLight) + 0.3) / 1.3, 0.0);
    float back = max(dot(normal, frame.backLight), 0.0);
    vec3 ambient = mix(vec3(0.16, 0.13, 0.12), vec3(0.34, 0.37, 0.42), normal.z * 0.5 + 0.5);
    vec3 energy = ambient * s.occlusion + (key * mix(1.0, s.occlusion, 0.35)) * vec3(1.28, 1.20, 1.10) +
                  fill * vec3(0.20, 0.25, 0.33) + back * vec3(0.28, 0.32, 0.38);
    vec3 h = normalize(frame.keyLight + toEye);
    float shine = highlight(max(dot(normal, h), 0.0), s.gloss * 1.6) * s.shine;
    float rim = 1.0 - max(dot(normal, toEye), 0.0);
    rim = rim * rim * rim * s.sheen;
    return s.colour * energy + vec3(shine * s.occlusion) + vec3(0.55, 0.65, 0.8) * rim;
}
#endif
