#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace pump::gpu {

/// Name of a result code as the specification writes it, e.g. "VK_ERROR_DEVICE_LOST".
std::string_view resultName(VkResult result);

/// Name of a device type in plain words: "discrete GPU", "integrated GPU", "virtual GPU", "CPU", "other".
std::string_view deviceTypeName(VkPhysicalDeviceType type);

/// "1.3.230"
std::string versionText(std::uint32_t version);

/// Throws Error(Device) that says what failed, with which result and what to do, when `result` is an error.
/// A lost device and exhausted memory have messages of their own.
void check(VkResult result, std::string_view what);

/// True for formats with a depth aspect.
bool isDepthFormat(VkFormat format);
/// Bytes of one texel of the uncompressed formats that this program uses. Throws Error(Device) on others.
std::uint32_t texelBytes(VkFormat format);

} // namespace pump::gpu
