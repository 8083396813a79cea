// Cross section of a vein, one text for shaders and C++ (see shared/deform.h): from the unit circle over the
// ellipse to the dumb-bell of a collapsed vein, whose walls nearly touch in the middle (Shapiro 1977; two-lobed
// buckling). `across` is in units of the radius of a circle with the simulated area; flatness 0 round ... 1
// collapsed; `turn` is the angle of the direction in which it is pressed flat, from the frame's normal.
//
//   S(x, y) = F (x / w P(y), y w),  w = 1 + 0.75 f,  P = 1 - c f^2 (1 - y^2),  c = 0.75
//   area of S = pi F^2 (1 - 3/4 c f^2), so F = 1 / sqrt(1 - 3/4 c f^2) keeps the simulated area.

const float kSectionPinch = 0.75f;

vec2 turnedBy(vec2 v, float angle) {
    float c = cos(angle);
    float s = sin(angle);
    return vec2(v.x * c - v.y * s, v.x * s + v.y * c);
}

vec2 flatSection(vec2 across, float flatness) {
    float wide = 1.0f + 0.75f * flatness;
    float pinch = kSectionPinch * flatness * flatness;
    float narrow = 1.0f - pinch * max(0.0f, 1.0f - across.y * across.y);
    return vec2(across.x / wide * narrow, across.y * wide) * inversesqrt(1.0f - 0.75f * pinch);
}

vec2 sectionPoint(vec2 across, float flatness, float turn) {
    return turnedBy(flatSection(turnedBy(across, -turn), flatness), turn);
}

// Of the wall at `across`, where the round wall has `normal`: inverse transpose of the derivative of S.
vec2 sectionNormal(vec2 across, vec2 normal, float flatness, float turn) {
    vec2 p = turnedBy(across, -turn);
    vec2 n = turnedBy(normal, -turn);
    float wide = 1.0f + 0.75f * flatness;
    float pinch = kSectionPinch * flatness * flatness;
    float inside = max(0.0f, 1.0f - p.y * p.y);
    float narrow = (1.0f - pinch * inside) / wide;
    float slope = inside > 0.0f ? 2.0f * pinch * p.x * p.y / wide : 0.0f;
    return turnedBy(vec2(n.x * wide, n.y * narrow - n.x * slope), turn);
}
