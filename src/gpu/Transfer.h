#pragma once

#include "core/Image.h"
#include "gpu/Commands.h"

namespace pump::gpu {

/// Fills a buffer while loading: directly where the host sees its memory, else through a staging buffer,
/// waiting for the copy. The device must not be using the buffer. Throws Error(Device) when the bytes do not
/// fit.
void upload(const Device& device, const Buffer& buffer, std::span<const std::byte> bytes,
            VkDeviceSize offset = 0);

/// A device-local buffer with this content.
Buffer makeBuffer(const Device& device, std::string_view name, VkBufferUsageFlags usage,
                  std::span<const std::byte> bytes);

/// Copies a picture into a sampled RGBA8 image.
Image makeImage(const Device& device, std::string_view name, const core::Image& picture);

/// The bytes of a buffer; waits for the device. The buffer needs TRANSFER_SRC usage unless it is mapped.
std::vector<std::byte> readback(const Device& device, const Buffer& buffer);

/// The texels of an image as they are in memory, rows top to bottom without padding; waits for the device.
/// The image needs TRANSFER_SRC usage and one sample.
std::vector<std::byte> readbackTexels(const Device& device, const Image& image);

/// An RGBA8 or BGRA8 image as a picture; waits for the device. Throws Error(Device) on another format.
core::Image readback(const Device& device, const Image& image);

} // namespace pump::gpu
