#pragma once

#include "gpu/Device.h"
#include "gpu/Reflection.h"

#include <filesystem>

namespace pump::gpu {

/// A shader stage ready for a pipeline.
class ShaderModule {
  public:
    /// Throws Error(Asset) on broken SPIR-V.
    ShaderModule(const Device& device, std::string_view name, std::span<const std::uint32_t> spirv);
    VkShaderModule handle() const { return m_module.get(); }
    const ShaderInterface& interface() const { return m_interface; }
    VkShaderStageFlagBits stage() const { return static_cast<VkShaderStageFlagBits>(m_interface.stages); }

  private:
    ShaderInterface m_interface;
    ShaderModuleHandle m_module;
};

/// SPIR-V of a GLSL file, compiled with the glslc found in PATH. Throws Error(Asset): glslc's first message,
/// or that glslc is missing.
std::vector<std::uint32_t> compileShader(const std::filesystem::path& source);

/// Where shaders come from: built in or, in development, a folder. In the folder NAME.spv is taken as it is
/// and NAME (GLSL) is compiled with glslc; what is missing there is an error, not silently the built-in one.
class ShaderLibrary {
  public:
    /// `directory` empty: the built-in shaders. Throws Error(Asset) when the folder does not exist.
    explicit ShaderLibrary(const Device& device, std::filesystem::path directory = {});

    /// Throws Error(Asset): unknown name (with the nearest known ones), broken SPIR-V, glslc's first message.
    ShaderModule load(std::string_view name) const;
    std::vector<std::uint32_t> spirv(std::string_view name) const;

    /// Development: true once after any file in the folder changed. Looks at the disk at most every 0.5 s.
    bool changed();

    const Device& device() const { return m_device; }

  private:
    std::filesystem::file_time_type newestFile() const;

    const Device& m_device;
    std::filesystem::path m_directory;
    std::filesystem::file_time_type m_seen{};
    std::int64_t m_lastLookMs = 0;
};

} // namespace pump::gpu
