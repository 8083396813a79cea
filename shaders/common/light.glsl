// One studio for everything drawn: key light from the upper left of the camera, cool fill, light from behind,
// and an ambient that is brighter from above. Directions in leg frame. Colours linear; encode() at the end.
#ifndef COMMON_LIGHT
#define COMMON_LIGHT
#include "common/frame.glsl"

struct Studio {
    vec3 key;
    vec3 fill;
    vec3 back;
};

Studio studio() {
    vec3 toCamera = cross(frame.right, frame.up);
    Studio s;
    s.key = normalize(-0.55 * frame.right + 0.62 * frame.up + 0.72 * toCamera);
    s.fill = normalize(0.85 * frame.right - 0.1 * frame.up + 0.5 * toCamera);
    s.back = normalize(0.45 * frame.right + 0.55 * frame.up - 0.7 * toCamera);
    return s;
}

const float kExposure = 0.60;

// Filmic curve (fit of the ACES transform by K. Narkowicz, 2015) and sRGB.
vec3 encode(vec3 c) {
    c *= kExposure;
    c = c * (2.51 * c + 0.03) / (c * (2.43 * c + 0.59) + 0.14);
    return pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
}

struct Surface {
    vec3 colour;
    float wrap;   // how far light reaches round the edge, 0 dry - 0.6 flesh
    float gloss;  // exponent
    float shine;  // strength of the highlight
    float sheen;  // light along the rim
    float occlusion;
};

vec3 lit(Surface s, vec3 normal, vec3 toEye) {
    Studio light = studio();
    float nk = dot(normal, light.key);
    float key = max((nk + s.wrap) / (1.0 + s.wrap), 0.0);
    float fill = max((dot(normal, light.fill) + 0.3) / 1.3, 0.0);
    float back = max(dot(normal, light.back), 0.0);
    vec3 ambient = mix(vec3(0.16, 0.13, 0.12), vec3(0.34, 0.37, 0.42), normal.z * 0.5 + 0.5);
    vec3 energy = ambient * s.occlusion + key * vec3(1.28, 1.20, 1.10) * mix(1.0, s.occlusion, 0.35) +
                  fill * vec3(0.20, 0.25, 0.33) + back * vec3(0.28, 0.32, 0.38);
    vec3 h = normalize(light.key + toEye);
    float highlight = pow(max(dot(normal, h), 0.0), s.gloss) * s.shine;
    float rim = 1.0 - max(dot(normal, toEye), 0.0);
    rim = rim * rim * rim * s.sheen;
    return s.colour * energy + vec3(highlight * s.occlusion) + vec3(0.55, 0.65, 0.8) * rim;
}
#endif
