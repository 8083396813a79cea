#pragma once

#include "gpu/Barriers.h"
#include "gpu/Memory.h"

namespace pump::gpu {

struct ImageDesc {
    std::string_view name; ///< mandatory
    VkExtent2D extent{};   ///< pixels, both > 0
    VkFormat format = VK_FORMAT_R8G8B8A8_UNORM;
    VkImageUsageFlags usage = 0;
    VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
};

/// A 2D image without mip levels, with its memory and its one view. Move-only. Content is undefined at first.
class Image {
  public:
    Image() : m_history(UseHistory::Kind::Image) {}
    /// Throws Error(Device): an extent that the device cannot do, exhausted memory.
    Image(const Device& device, const ImageDesc& desc);

    VkImage handle() const { return m_image.get(); }
    VkImageView view() const { return m_view.get(); }
    VkExtent2D extent() const { return m_extent; }
    VkFormat format() const { return m_format; }
    VkSampleCountFlagBits samples() const { return m_samples; }
    VkImageAspectFlags aspect() const;
    const std::string& name() const { return m_name; }
    explicit operator bool() const { return static_cast<bool>(m_image); }

    UseHistory& history() const { return m_history; }

  private:
    std::string m_name;
    VkExtent2D m_extent{};
    VkFormat m_format = VK_FORMAT_UNDEFINED;
    VkSampleCountFlagBits m_samples = VK_SAMPLE_COUNT_1_BIT;
    Memory m_memory; // before the image: freed after it
    ImageHandle m_image;
    ImageViewHandle m_view;
    mutable UseHistory m_history;
};

struct SamplerDesc {
    std::string_view name; ///< mandatory
    VkFilter filter = VK_FILTER_LINEAR;
    VkSamplerAddressMode address = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
    bool compareLess = false; ///< shadow comparison
};

class Sampler {
  public:
    Sampler() = default;
    Sampler(const Device& device, const SamplerDesc& desc);
    VkSampler handle() const { return m_sampler.get(); }

  private:
    SamplerHandle m_sampler;
};

} // namespace pump::gpu
