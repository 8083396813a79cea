#ifndef PUMP_SHARED_COMMON_H
#define PUMP_SHARED_COMMON_H
// Headers in this folder are read by GLSL and by C++. They hold structs of scalars and vectors only, laid out
// alike in both with GL_EXT_scalar_block_layout; sizes are multiples of 16 bytes, since CPU drivers load
// arrays of vec4-aligned structs fastest. A shader that includes one starts with
//   #version 460
//   #extension GL_GOOGLE_include_directive : require
//   #extension GL_EXT_scalar_block_layout : require
// C++ asserts size and offsets at the end of each header. Include guards, since glslc knows no #pragma once.
#ifdef __cplusplus

#include <glm/glm.hpp>

#include <cstddef>
#include <cstdint>

namespace pump::shared {

using uint = std::uint32_t;
using glm::ivec2;
using glm::ivec4;
using glm::mat4;
using glm::uvec2;
using glm::uvec4;
using glm::vec2;
using glm::vec3;
using glm::vec4;

} // namespace pump::shared

#endif
#endif
