#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pump::shaders {

/// SPIR-V of one shader stage, compiled from the file of that name at build time.
struct EmbeddedShader {
    std::string_view name; ///< file name, e.g. "deform_vertices.comp"
    std::span<const std::uint32_t> spirv;
};

/// All stages in shaders/, sorted by name.
std::span<const EmbeddedShader> embeddedShaders();

} // namespace pump::shaders
