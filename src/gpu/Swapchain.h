#pragma once

#include "gpu/Frames.h"

namespace pump::gpu {

enum class PresentMode {
    Fifo,     ///< waits for the display; always there
    Mailbox,  ///< newest frame at each refresh, no tearing; falls back to Fifo
    Immediate ///< as fast as possible; falls back to Mailbox, then Fifo
};

/// What became of an attempt to show a frame. None of these is an error.
enum class PresentOutcome {
    Shown,
    Suboptimal, ///< shown, but resize() soon
    OutOfDate,  ///< not shown: resize()
    Minimized   ///< the window has no area: draw nothing, ask again later
};

struct SwapchainDesc {
    VkExtent2D size{}; ///< framebuffer size of the window in pixels; 0 x 0: minimized
    PresentMode mode = PresentMode::Fifo;
};

/// Shows the renderer's final image in a window:
///   if (swapchain.acquire() == Shown) { ...; swapchain.blit(commands, image);
///       ring.submit(frame, swapchain.sync()); swapchain.present(); }
class Swapchain {
  public:
    /// Throws Error(Device) when the surface offers no format that a blit can write.
    Swapchain(const Device& device, Surface& surface, const SwapchainDesc& desc);
    Swapchain(const Swapchain&) = delete;
    Swapchain& operator=(const Swapchain&) = delete;
    ~Swapchain();

    /// New size or mode. Waits for the device. Also what recovers from OutOfDate and a lost surface.
    void resize(const SwapchainDesc& desc);

    /// Gets the next image. Shown or Suboptimal: go on with blit; else do not.
    PresentOutcome acquire();
    /// Scales the final image onto the acquired one (any format) and readies it for presenting.
    void blit(CommandRecorder& commands, const Image& image, VkFilter filter = VK_FILTER_LINEAR);
    /// For the submission of the frame that holds the blit.
    SubmitSync sync() const;
    PresentOutcome present();

    VkExtent2D extent() const { return m_extent; }
    VkFormat format() const { return m_format; }
    PresentMode mode() const { return m_mode; }
    bool minimized() const { return m_images.empty(); }

  private:
    void create(const SwapchainDesc& desc);
    void createSemaphores();

    const Device& m_device;
    Surface& m_surface;
    SwapchainHandle m_swapchain;
    VkExtent2D m_extent{};
    VkFormat m_format = VK_FORMAT_UNDEFINED;
    PresentMode m_mode = PresentMode::Fifo;
    bool m_surfaceLost = false;
    std::vector<VkImage> m_images;
    std::vector<SemaphoreHandle> m_acquired; ///< one more than images, taken in turn
    std::vector<SemaphoreHandle> m_rendered; ///< one for each image
    std::uint32_t m_acquireSlot = 0;
    std::uint32_t m_image = 0;
};

} // namespace pump::gpu
