#include "app/PresentTarget.h"

#include "core/Error.h"
#include "core/Log.h"
#include "gpu/Transfer.h"

#include <algorithm>
#include <thread>
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

SharedMemoryTarget::SharedMemoryTarget(const gpu::Device& device, std::unique_ptr<SharedWindow> window,
                                       double refreshHz)
    : m_device(device), m_window(std::move(window)), m_interval(0) {
    using namespace std::chrono;
    if (refreshHz > 0) m_interval = duration_cast<steady_clock::duration>(duration<double>(1 / refreshHz));
}

void SharedMemoryTarget::present(gpu::FrameRing& ring, gpu::Frame& frame, const gpu::Image& picture) {
    auto& copy = m_copies[m_next];
    m_next = (m_next + 1) % m_copies.size();
    auto& last = m_copies[m_next];
    const auto extent = picture.extent();
    copy.width = static_cast<int>(extent.width);
    copy.height = static_cast<int>(extent.height);
    const VkDeviceSize bytes = VkDeviceSize{extent.width} * extent.height * 4;
    if (copy.pixels.size() != bytes) {
        copy.pixels = gpu::Buffer(m_device, {.name = "picture for the window",
                                             .size = bytes,
                                             .usage = VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                                             .intent = gpu::MemoryIntent::Readback});
    }
    frame.commands().copy(picture, copy.pixels);
    frame.commands().use({{copy.pixels, gpu::use::kHostRead}});
    ring.submit(frame);
    copy.drawn = true;
    ring.waitForOlder(frame);
    if (std::exchange(last.drawn, false)) {
        keepPace();
        m_window->show(last.pixels.mapped(), last.width, last.height);
    }
}

void SharedMemoryTarget::keepPace() {
    const auto now = std::chrono::steady_clock::now();
    if (m_due > now) std::this_thread::sleep_until(m_due);
    m_due = std::max(m_due, now) + m_interval;
}

std::unique_ptr<PresentTarget> makeWindowTarget(const GraphicsDevice& device, const WindowSource& window,
                                                PresentPath path, gpu::PresentMode mode) {
    if (path == PresentPath::SharedMemory || (path == PresentPath::Automatic && device.software())) {
        if (auto shared = SharedWindow::open(window.handle())) {
            core::logDebug("pictures go to the window through shared memory");
            const double pace = mode == gpu::PresentMode::Fifo ? window.refreshHz() : 0;
            return std::make_unique<SharedMemoryTarget>(device.device(), std::move(shared), pace);
        }
        if (path == PresentPath::SharedMemory)
            throw core::Error(core::ErrorKind::Usage,
                              "--present: this window cannot take pictures from shared memory (it needs an "
                              "X11 display on this machine with 32-bit pixels); give swapchain or auto");
    }
    return std::make_unique<SwapchainTarget>(device, window.width(), window.height(), mode);
}

void OffscreenTarget::present(gpu::FrameRing& ring, gpu::Frame& frame, const gpu::Image& picture) {
    ring.submit(frame);
    if (!m_keep) return;
    const auto keep = std::exchange(m_keep, {});
    ring.waitIdle();
    keep(gpu::readback(m_device, picture));
}

} // namespace pump::app
