#pragma once

#include "gpu/Vulkan.h"

#include <array>
#include <span>
#include <vector>

namespace pump::gpu {

/// One resource that a shader declares.
struct ShaderBinding {
    std::uint32_t set = 0;
    std::uint32_t binding = 0;
    VkDescriptorType type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
    std::uint32_t count = 1; ///< array size
    VkShaderStageFlags stages = 0;
    std::string name; ///< variable or block name; empty when the compiler stripped it
};

struct SpecializationInfo {
    std::uint32_t id = 0;
    std::uint32_t defaultValue = 0;
};

/// The outside of a shader stage, or of several stages merged.
struct ShaderInterface {
    VkShaderStageFlags stages = 0;
    std::vector<ShaderBinding> bindings; ///< sorted by set and binding
    std::uint32_t pushConstantBytes = 0; ///< from offset 0 to the end of the last member
    VkShaderStageFlags pushConstantStages = 0;
    std::array<std::uint32_t, 3> localSize{0, 0, 0}; ///< compute only, after default specialization
    std::vector<SpecializationInfo> constants;

    const ShaderBinding* find(std::uint32_t binding) const;
    const ShaderBinding* find(std::string_view name) const;
};

/// Reads the interface out of SPIR-V of one stage with the entry point "main". `name` is for messages. Throws
/// Error(Asset): not SPIR-V, cut short, no entry point, a resource of a kind that this layer does not offer.
ShaderInterface reflect(std::string_view name, std::span<const std::uint32_t> spirv);

/// Joins the stages of one pipeline. Throws Error(Asset) when they declare one binding differently.
ShaderInterface merge(std::string_view name, std::span<const ShaderInterface> stages);

} // namespace pump::gpu
