#ifndef COMMON_BLOOD_COLOUR
#define COMMON_BLOOD_COLOUR
// Arterial blood is bright scarlet, venous blood dark with a blue tinge: told apart by lightness alone too.
vec3 bloodColour(float oxygen) {
    float t = smoothstep(0.50, 0.97, oxygen);
    return mix(vec3(0.17, 0.018, 0.075), vec3(1.05, 0.085, 0.045), t);
}
#endif
