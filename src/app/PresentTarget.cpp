#include "app/PresentTarget.h"

#include "gpu/Transfer.h"

#include <utility>

namespace pump::app {

SwapchainTarget::SwapchainTarget(const GraphicsDevice& device, int width, int height, gpu::PresentMode mode)
    : m_mode(mode),
      m_swapchain(device.device(), *device.surface(), desc(width, height)),
      m_width(width),
      m_height(height) {}

gpu::SwapchainDesc SwapchainTarget::desc(int width, int height) const {
    return {.size = {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)}, .mode = m_mode};
}

bool SwapchainTarget::begin(int width, int height) {
    if (width <= 0 || height <= 0) {
        m_stale = true;
        return false;
    }
    if (m_stale || width != m_width || height != m_height) {
        m_width = width;
        m_height = height;
        m_swapchain.resize(desc(width, height));
        m_stale = false;
    }
    const auto outcome = m_swapchain.acquire();
    if (outcome == gpu::PresentOutcome::Suboptimal) m_stale = true;
    if (outcome == gpu::PresentOutcome::OutOfDate || outcome == gpu::PresentOutcome::Minimized) {
        m_stale = true;
        return false;
    }
    return true;
}

void SwapchainTarget::present(gpu::FrameRing& ring, gpu::Frame& frame, const gpu::Image& picture) {
    m_swapchain.blit(frame.commands(), picture, VK_FILTER_NEAREST);
    ring.submit(frame, m_swapchain.sync());
    if (m_swapchain.present() != gpu::PresentOutcome::Shown) m_stale = true;
}

void OffscreenTarget::present(gpu::FrameRing& ring, gpu::Frame& frame, const gpu::Image& picture) {
    ring.submit(frame);
    if (!m_keep) return;
    const auto keep = std::exchange(m_keep, {});
    ring.waitIdle();
    keep(gpu::readback(m_device, picture));
}

} // namespace pump::app
