#ifndef PUMP_RANDOM_GLSL
#define PUMP_RANDOM_GLSL
// Twin of core/HashRandom.h: the same (seed, id, step) gives the same bits in C++.

uint pcgWord(uint x) {
    uint state = x * 747796405u + 2891336453u;
    uint word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

uint pcgHash(uint seed, uint id, uint step) {
    return pcgWord(seed ^ pcgWord(id ^ pcgWord(step)));
}

// Uniform in [0, 1).
float hashUniform(uint seed, uint id, uint step) {
    return float(pcgHash(seed, id, step) >> 8u) * (1.0 / 16777216.0);
}

#endif
