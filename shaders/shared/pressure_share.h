// How much of what presses on the skin arrives below it: one text for shaders and C++ (shared/skin.h has Contact).

// Share of the pressure under a round pad that arrives at a place: on its axis as in an elastic half space
// (Boussinesq: 1 - 1 / (1 + (a / z)^2)^1.5), fading toward the side over the width to which it has spread.
float pressureShare(Contact c, vec3 p) {
    vec3 v = p - c.place;
    if (c.kind == kContactBand) {
        float along = dot(v, c.inward) / max(c.radius, 1.0f);
        return max(1.0f - along * along, 0.0f);
    }
    float down = max(dot(v, c.inward), 0.0f);
    vec3 aside = v - c.inward * dot(v, c.inward);
    float ratio = c.radius / max(down, 0.1f);
    float spread = 1.0f + ratio * ratio;
    float middle = 1.0f - inversesqrt(spread * spread * spread);
    float reach = 1.3f * c.radius + 0.5f * down;
    float s = dot(aside, aside) / (reach * reach);
    return middle * max(1.0f - s * s, 0.0f);
}
