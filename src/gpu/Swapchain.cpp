#include "gpu/Swapchain.h"

#include "core/Error.h"

#include <algorithm>

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

namespace {

template <typename T, typename Query>
std::vector<T> listOf(Query&& query) {
    std::uint32_t count = 0;
    check(query(&count, nullptr), "asking the window");
    std::vector<T> all(count);
    check(query(&count, all.data()), "asking the window");
    all.resize(count);
    return all;
}

/// The final image holds encoded colours, so a UNORM format that a blit can write.
VkSurfaceFormatKHR chooseFormat(VkPhysicalDevice device, VkSurfaceKHR surface) {
    const auto all = listOf<VkSurfaceFormatKHR>([&](std::uint32_t* count, VkSurfaceFormatKHR* out) {
        return vkGetPhysicalDeviceSurfaceFormatsKHR(device, surface, count, out);
    });
    const auto writable = [&](VkFormat format) {
        VkFormatProperties properties;
        vkGetPhysicalDeviceFormatProperties(device, format, &properties);
        return (properties.optimalTilingFeatures & VK_FORMAT_FEATURE_BLIT_DST_BIT) != 0;
    };
    for (const VkFormat wanted :
         {VK_FORMAT_B8G8R8A8_UNORM, VK_FORMAT_R8G8B8A8_UNORM, VK_FORMAT_A2B10G10R10_UNORM_PACK32,
          VK_FORMAT_A2R10G10B10_UNORM_PACK32, VK_FORMAT_R5G6B5_UNORM_PACK16, VK_FORMAT_B5G6R5_UNORM_PACK16}) {
        for (const auto& format : all) {
            if (format.format == wanted && format.colorSpace == VK_COLOR_SPACE_SRGB_NONLINEAR_KHR &&
                writable(wanted)) {
                return format;
            }
        }
    }
    throw Error(ErrorKind::Device,
                "the window offers no colour format that can be drawn to ({} offered); run "
                "without a window (second-heart render)",
                all.size());
}

VkPresentModeKHR vulkanMode(PresentMode mode) {
    switch (mode) {
    case PresentMode::Mailbox:
        return VK_PRESENT_MODE_MAILBOX_KHR;
    case PresentMode::Immediate:
        return VK_PRESENT_MODE_IMMEDIATE_KHR;
    case PresentMode::Fifo:
        break;
    }
    return VK_PRESENT_MODE_FIFO_KHR;
}

PresentMode chooseMode(VkPhysicalDevice device, VkSurfaceKHR surface, PresentMode wanted) {
    const auto all = listOf<VkPresentModeKHR>([&](std::uint32_t* count, VkPresentModeKHR* out) {
        return vkGetPhysicalDeviceSurfacePresentModesKHR(device, surface, count, out);
    });
    const auto offered = [&](PresentMode mode) {
        return std::find(all.begin(), all.end(), vulkanMode(mode)) != all.end();
    };
    if (wanted == PresentMode::Immediate && offered(PresentMode::Immediate)) return PresentMode::Immediate;
    if (wanted != PresentMode::Fifo && offered(PresentMode::Mailbox)) return PresentMode::Mailbox;
    return PresentMode::Fifo;
}

VkExtent2D chooseExtent(const VkSurfaceCapabilitiesKHR& surface, VkExtent2D window) {
    constexpr std::uint32_t kAskTheWindow = 0xffffffffu;
    if (surface.currentExtent.width != kAskTheWindow) return surface.currentExtent;
    return {std::clamp(window.width, surface.minImageExtent.width, surface.maxImageExtent.width),
            std::clamp(window.height, surface.minImageExtent.height, surface.maxImageExtent.height)};
}

SemaphoreHandle makeSemaphore(const Device& device, std::string_view name) {
    VkSemaphoreCreateInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
    VkSemaphore semaphore = VK_NULL_HANDLE;
    check(vkCreateSemaphore(device.handle(), &info, nullptr, &semaphore), "making a semaphore");
    device.setName(VK_OBJECT_TYPE_SEMAPHORE, semaphore, name);
    return SemaphoreHandle(device.handle(), semaphore);
}

VkImageMemoryBarrier2 layoutChange(VkImage image, const Use& from, const Use& to) {
    VkImageMemoryBarrier2 barrier{VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2};
    barrier.srcStageMask = from.stages;
    barrier.srcAccessMask = from.access;
    barrier.dstStageMask = to.stages;
    barrier.dstAccessMask = to.access;
    barrier.oldLayout = from.layout;
    barrier.newLayout = to.layout;
    barrier.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    barrier.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    barrier.image = image;
    barrier.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
    return barrier;
}

void record(VkCommandBuffer commands, const VkImageMemoryBarrier2& barrier) {
    VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO};
    info.imageMemoryBarrierCount = 1;
    info.pImageMemoryBarriers = &barrier;
    vkCmdPipelineBarrier2(commands, &info);
}

} // namespace

Swapchain::Swapchain(const Device& device, Surface& surface, const SwapchainDesc& desc)
    : m_device(device), m_surface(surface) {
    create(desc);
}

Swapchain::~Swapchain() {
    vkDeviceWaitIdle(m_device.handle());
}

void Swapchain::resize(const SwapchainDesc& desc) {
    m_device.waitIdle();
    if (m_surfaceLost) {
        m_swapchain.reset();
        m_surface.remake();
        m_surfaceLost = false;
    }
    create(desc);
}

void Swapchain::create(const SwapchainDesc& desc) {
    m_images.clear();
    VkSurfaceCapabilitiesKHR capabilities;
    const VkResult asked =
        vkGetPhysicalDeviceSurfaceCapabilitiesKHR(m_device.physical(), m_surface.handle(), &capabilities);
    if (asked == VK_ERROR_SURFACE_LOST_KHR) {
        m_surfaceLost = true; // the next resize() makes a new one
        return;
    }
    check(asked, "asking the window for its size");
    const VkExtent2D extent = chooseExtent(capabilities, desc.size);
    if (desc.size.width == 0 || desc.size.height == 0 || extent.width == 0 || extent.height == 0) return;

    const auto format = chooseFormat(m_device.physical(), m_surface.handle());
    m_mode = chooseMode(m_device.physical(), m_surface.handle(), desc.mode);
    m_format = format.format;
    m_extent = extent;
    std::uint32_t count = std::max(capabilities.minImageCount + 1, 3u);
    if (capabilities.maxImageCount > 0) count = std::min(count, capabilities.maxImageCount);
    if (!(capabilities.supportedUsageFlags & VK_IMAGE_USAGE_TRANSFER_DST_BIT)) {
        throw Error(ErrorKind::Device, "the window's pictures cannot be copied to; run without a window "
                                       "(second-heart render)");
    }
    VkSwapchainCreateInfoKHR info{VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR};
    info.surface = m_surface.handle();
    info.minImageCount = count;
    info.imageFormat = format.format;
    info.imageColorSpace = format.colorSpace;
    info.imageExtent = extent;
    info.imageArrayLayers = 1;
    info.imageUsage = VK_IMAGE_USAGE_TRANSFER_DST_BIT;
    info.imageSharingMode = VK_SHARING_MODE_EXCLUSIVE;
    info.preTransform = capabilities.currentTransform;
    info.compositeAlpha = (capabilities.supportedCompositeAlpha & VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR)
                              ? VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR
                              : VK_COMPOSITE_ALPHA_INHERIT_BIT_KHR;
    info.presentMode = vulkanMode(m_mode);
    info.clipped = VK_TRUE;
    info.oldSwapchain = m_swapchain.get();
    VkSwapchainKHR swapchain = VK_NULL_HANDLE;
    check(vkCreateSwapchainKHR(m_device.handle(), &info, nullptr, &swapchain), "making the swapchain");
    m_swapchain =
        SwapchainHandle(m_device.handle(), swapchain); // the old one goes after its successor is made
    m_device.setName(VK_OBJECT_TYPE_SWAPCHAIN_KHR, swapchain, "window");
    m_images = listOf<VkImage>([&](std::uint32_t* n, VkImage* out) {
        return vkGetSwapchainImagesKHR(m_device.handle(), swapchain, n, out);
    });
    createSemaphores();
}

void Swapchain::createSemaphores() {
    m_acquired.clear();
    m_rendered.clear();
    m_acquireSlot = 0;
    for (std::size_t i = 0; i < m_images.size(); ++i) {
        m_device.setName(VK_OBJECT_TYPE_IMAGE, m_images[i], fmt::format("window {}", i));
        m_rendered.push_back(makeSemaphore(m_device, fmt::format("window {} drawn", i)));
    }
    for (std::size_t i = 0; i <= m_images.size(); ++i) {
        m_acquired.push_back(makeSemaphore(m_device, fmt::format("window free {}", i)));
    }
}

PresentOutcome Swapchain::acquire() {
    if (m_surfaceLost) return PresentOutcome::OutOfDate;
    if (m_images.empty()) return PresentOutcome::Minimized;
    const auto slot = (m_acquireSlot + 1) % static_cast<std::uint32_t>(m_acquired.size());
    const VkResult result = vkAcquireNextImageKHR(m_device.handle(), m_swapchain.get(), UINT64_MAX,
                                                  m_acquired[slot].get(), VK_NULL_HANDLE, &m_image);
    if (result == VK_ERROR_OUT_OF_DATE_KHR) return PresentOutcome::OutOfDate;
    if (result == VK_ERROR_SURFACE_LOST_KHR) {
        m_surfaceLost = true;
        return PresentOutcome::OutOfDate;
    }
    check(result, "getting the window's next picture");
    m_acquireSlot = slot; // taken only now: a failed acquire leaves its semaphore unsignalled
    return result == VK_SUBOPTIMAL_KHR ? PresentOutcome::Suboptimal : PresentOutcome::Shown;
}

void Swapchain::blit(CommandRecorder& commands, const Image& image, VkFilter filter) {
    commands.use({{image, use::kTransferRead}});
    const VkImage target = m_images[m_image];
    // The acquire semaphore is waited for at the transfer stage: the change of layout must not come earlier.
    const Use taken{VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT, 0, VK_IMAGE_LAYOUT_UNDEFINED};
    record(commands.handle(), layoutChange(target, taken, use::kTransferWrite));
    VkImageBlit region{};
    region.srcSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
    region.dstSubresource = region.srcSubresource;
    region.srcOffsets[1] = {static_cast<std::int32_t>(image.extent().width),
                            static_cast<std::int32_t>(image.extent().height), 1};
    region.dstOffsets[1] = {static_cast<std::int32_t>(m_extent.width),
                            static_cast<std::int32_t>(m_extent.height), 1};
    const bool sameSize = image.extent().width == m_extent.width && image.extent().height == m_extent.height;
    vkCmdBlitImage(commands.handle(), image.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, target,
                   VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region, sameSize ? VK_FILTER_NEAREST : filter);
    const Use shown{VK_PIPELINE_STAGE_2_NONE, 0, VK_IMAGE_LAYOUT_PRESENT_SRC_KHR};
    record(commands.handle(), layoutChange(target, use::kTransferWrite, shown));
}

SubmitSync Swapchain::sync() const {
    return {m_acquired[m_acquireSlot].get(), VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT, m_rendered[m_image].get()};
}

PresentOutcome Swapchain::present() {
    const VkSemaphore wait = m_rendered[m_image].get();
    const VkSwapchainKHR swapchain = m_swapchain.get();
    VkPresentInfoKHR info{VK_STRUCTURE_TYPE_PRESENT_INFO_KHR};
    info.waitSemaphoreCount = 1;
    info.pWaitSemaphores = &wait;
    info.swapchainCount = 1;
    info.pSwapchains = &swapchain;
    info.pImageIndices = &m_image;
    const VkResult result = vkQueuePresentKHR(m_device.queue(), &info);
    if (result == VK_ERROR_OUT_OF_DATE_KHR) return PresentOutcome::OutOfDate;
    if (result == VK_ERROR_SURFACE_LOST_KHR) {
        m_surfaceLost = true;
        return PresentOutcome::OutOfDate;
    }
    check(result, "showing the picture");
    return result == VK_SUBOPTIMAL_KHR ? PresentOutcome::Suboptimal : PresentOutcome::Shown;
}

} // namespace pump::gpu
