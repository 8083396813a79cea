#include "gpu/Transfer.h"

#include "core/Error.h"
#include "gpu/Frames.h"

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

namespace {

Buffer makeStaging(const Device& device, std::string_view name, std::span<const std::byte> bytes) {
    const auto title = fmt::format("staging of {}", name);
    Buffer staging(device, {.name = title,
                            .size = bytes.size(),
                            .usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT,
                            .intent = MemoryIntent::Upload});
    staging.write(0, bytes);
    return staging;
}

Buffer makeReadback(const Device& device, std::string_view name, VkDeviceSize size) {
    const auto title = fmt::format("readback of {}", name);
    return Buffer(device, {.name = title,
                           .size = size,
                           .usage = VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                           .intent = MemoryIntent::Readback});
}

std::vector<std::byte> bytesOf(const Buffer& buffer) {
    return {buffer.mapped().begin(), buffer.mapped().end()};
}

} // namespace

void upload(const Device& device, const Buffer& buffer, std::span<const std::byte> bytes,
            VkDeviceSize offset) {
    if (bytes.empty()) return;
    if (!buffer.mapped().empty()) {
        buffer.write(offset, bytes);
        return;
    }
    const Buffer staging = makeStaging(device, buffer.name(), bytes);
    runNow(device, "upload",
           [&](CommandRecorder& commands) { commands.copy(BufferSlice{&staging}, buffer, offset); });
}

Buffer makeBuffer(const Device& device, std::string_view name, VkBufferUsageFlags usage,
                  std::span<const std::byte> bytes) {
    Buffer buffer(device,
                  {.name = name, .size = bytes.size(), .usage = usage | VK_BUFFER_USAGE_TRANSFER_DST_BIT});
    upload(device, buffer, bytes);
    return buffer;
}

Image makeImage(const Device& device, std::string_view name, const core::Image& picture) {
    Image image(device, {.name = name,
                         .extent = {static_cast<std::uint32_t>(picture.width),
                                    static_cast<std::uint32_t>(picture.height)},
                         .format = VK_FORMAT_R8G8B8A8_UNORM,
                         .usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT});
    const Buffer staging = makeStaging(device, name, std::as_bytes(std::span(picture.rgba)));
    runNow(device, "upload", [&](CommandRecorder& commands) {
        commands.copy(BufferSlice{&staging}, image);
        commands.use({{image, use::kSampledInFragment}});
    });
    return image;
}

std::vector<std::byte> readback(const Device& device, const Buffer& buffer) {
    if (!buffer.mapped().empty()) {
        // Writes become visible to the host only behind a barrier, mapped or not.
        runNow(device, "readback", [&](CommandRecorder& commands) {
            commands.use({{buffer, use::kHostRead}});
        });
        return bytesOf(buffer);
    }
    const Buffer target = makeReadback(device, buffer.name(), buffer.size());
    runNow(device, "readback", [&](CommandRecorder& commands) {
        commands.copy(BufferSlice{&buffer}, target);
        commands.use({{target, use::kHostRead}});
    });
    return bytesOf(target);
}

std::vector<std::byte> readbackTexels(const Device& device, const Image& image) {
    const auto extent = image.extent();
    const Buffer target = makeReadback(
        device, image.name(), VkDeviceSize{extent.width} * extent.height * texelBytes(image.format()));
    runNow(device, "readback", [&](CommandRecorder& commands) {
        commands.copy(image, target);
        commands.use({{target, use::kHostRead}});
    });
    return bytesOf(target);
}

core::Image readback(const Device& device, const Image& image) {
    const bool bgra = image.format() == VK_FORMAT_B8G8R8A8_UNORM || image.format() == VK_FORMAT_B8G8R8A8_SRGB;
    const bool rgba = image.format() == VK_FORMAT_R8G8B8A8_UNORM || image.format() == VK_FORMAT_R8G8B8A8_SRGB;
    if (!bgra && !rgba) {
        throw Error(ErrorKind::Device, "image '{}' has format {}, only 8-bit RGBA can become a picture",
                    image.name(), static_cast<int>(image.format()));
    }
    const auto texels = readbackTexels(device, image);
    core::Image picture{static_cast<int>(image.extent().width), static_cast<int>(image.extent().height), {}};
    picture.rgba.resize(texels.size());
    std::memcpy(picture.rgba.data(), texels.data(), texels.size());
    if (bgra) {
        for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
            std::swap(picture.rgba[i], picture.rgba[i + 2]);
    }
    return picture;
}

} // namespace pump::gpu
