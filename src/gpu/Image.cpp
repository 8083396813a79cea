#include "gpu/Image.h"

#include "core/Error.h"

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

Image::Image(const Device& device, const ImageDesc& desc)
    : m_name(desc.name),
      m_extent(desc.extent),
      m_format(desc.format),
      m_samples(desc.samples),
      m_history(UseHistory::Kind::Image) {
    const auto limit = device.facts().maxImageSize;
    if (desc.extent.width == 0 || desc.extent.height == 0 || desc.extent.width > limit ||
        desc.extent.height > limit) {
        throw Error(ErrorKind::Device, "image '{}' of {}x{} pixels: device '{}' can do 1 to {} each way",
                    desc.name, desc.extent.width, desc.extent.height, device.report().name, limit);
    }
    VkImageCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO};
    info.imageType = VK_IMAGE_TYPE_2D;
    info.format = desc.format;
    info.extent = {desc.extent.width, desc.extent.height, 1};
    info.mipLevels = 1;
    info.arrayLayers = 1;
    info.samples = desc.samples;
    info.tiling = VK_IMAGE_TILING_OPTIMAL;
    info.usage = desc.usage;
    info.sharingMode = VK_SHARING_MODE_EXCLUSIVE;
    info.initialLayout = VK_IMAGE_LAYOUT_UNDEFINED;
    VkImage image = VK_NULL_HANDLE;
    check(vkCreateImage(device.handle(), &info, nullptr, &image),
          fmt::format("making image '{}'", desc.name));
    m_image = ImageHandle(device.handle(), image);
    VkMemoryRequirements requirements;
    vkGetImageMemoryRequirements(device.handle(), image, &requirements);
    m_memory = Memory(device, requirements, MemoryIntent::DeviceLocal, desc.name);
    check(vkBindImageMemory(device.handle(), image, m_memory.handle(), 0),
          fmt::format("binding the memory of image '{}'", desc.name));
    device.setName(VK_OBJECT_TYPE_IMAGE, image, desc.name);

    constexpr VkImageUsageFlags kViewed =
        VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_STORAGE_BIT | VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT |
        VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | VK_IMAGE_USAGE_INPUT_ATTACHMENT_BIT;
    if (!(desc.usage & kViewed)) return; // a view of a transfer-only image is not allowed
    VkImageViewCreateInfo view{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
    view.image = image;
    view.viewType = VK_IMAGE_VIEW_TYPE_2D;
    view.format = desc.format;
    view.subresourceRange = {aspect(), 0, 1, 0, 1};
    VkImageView handle = VK_NULL_HANDLE;
    check(vkCreateImageView(device.handle(), &view, nullptr, &handle),
          fmt::format("making the view of image '{}'", desc.name));
    m_view = ImageViewHandle(device.handle(), handle);
    device.setName(VK_OBJECT_TYPE_IMAGE_VIEW, handle, desc.name);
}

VkImageAspectFlags Image::aspect() const {
    return isDepthFormat(m_format) ? VK_IMAGE_ASPECT_DEPTH_BIT : VK_IMAGE_ASPECT_COLOR_BIT;
}

Sampler::Sampler(const Device& device, const SamplerDesc& desc) {
    VkSamplerCreateInfo info{VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO};
    info.magFilter = desc.filter;
    info.minFilter = desc.filter;
    info.mipmapMode = VK_SAMPLER_MIPMAP_MODE_NEAREST;
    info.addressModeU = info.addressModeV = info.addressModeW = desc.address;
    info.compareEnable = desc.compareLess ? VK_TRUE : VK_FALSE;
    info.compareOp = VK_COMPARE_OP_LESS_OR_EQUAL;
    VkSampler sampler = VK_NULL_HANDLE;
    check(vkCreateSampler(device.handle(), &info, nullptr, &sampler),
          fmt::format("making sampler '{}'", desc.name));
    m_sampler = SamplerHandle(device.handle(), sampler);
    device.setName(VK_OBJECT_TYPE_SAMPLER, sampler, desc.name);
}

} // namespace pump::gpu
