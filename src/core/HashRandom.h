#pragma once

#include <cstdint>

namespace pump::core {

/// Stateless random numbers: the same (seed, id, step) always gives the same bits (PCG-RXS-M-XS output
/// function). The GLSL twin is pcgHash in shaders/common/random.glsl.
constexpr std::uint32_t hashRandom(std::uint32_t seed, std::uint32_t id, std::uint32_t step) {
    auto pcg = [](std::uint32_t x) {
        const std::uint32_t state = x * 747796405u + 2891336453u;
        const std::uint32_t word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
        return (word >> 22u) ^ word;
    };
    return pcg(seed ^ pcg(id ^ pcg(step)));
}

/// Uniform in [0, 1).
constexpr float hashUniform(std::uint32_t seed, std::uint32_t id, std::uint32_t step) {
    return static_cast<float>(hashRandom(seed, id, step) >> 8u) * (1.0f / 16777216.0f);
}

} // namespace pump::core
