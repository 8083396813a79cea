#ifndef COMMON_BLOOD_COLOUR
#define COMMON_BLOOD_COLOUR
// Arterial blood is bright scarlet, venous blood dark with a blue tinge: told apart by lightness alone too.
vec3 bloodColour(float oxygen) {
    float t = smoothstep(0.66, 0.98, oxygen);
    return mix(vec3(0.135, 0.011, 0.060), vec3(1.00, 0.060, 0.035), t);
}
#endif
