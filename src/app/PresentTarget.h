#pragma once

#include "app/Graphics.h"
#include "core/Image.h"
#include "gpu/Swapchain.h"

#include <functional>

namespace pump::app {

/// Where finished frames go.
class PresentTarget {
  public:
    virtual ~PresentTarget() = default;
    /// Gets ready for a frame of this size. False: nothing can be shown now, skip the frame.
    virtual bool begin(int width, int height) = 0;
    /// Submits the frame and shows or keeps the picture.
    virtual void present(gpu::FrameRing& ring, gpu::Frame& frame, const gpu::Image& picture) = 0;
};

class SwapchainTarget final : public PresentTarget {
  public:
    SwapchainTarget(const GraphicsDevice& device, int width, int height,
                    gpu::PresentMode mode = gpu::PresentMode::Fifo);
    bool begin(int width, int height) override;
    void present(gpu::FrameRing& ring, gpu::Frame& frame, const gpu::Image& picture) override;

  private:
    gpu::SwapchainDesc desc(int width, int height) const;
    gpu::PresentMode m_mode;
    gpu::Swapchain m_swapchain;
    int m_width, m_height;
    bool m_stale = false; ///< must be made anew before the next frame
};

/// Keeps nothing by itself: hands each picture to `keep`.
class OffscreenTarget final : public PresentTarget {
  public:
    using Keep = std::function<void(const core::Image&)>;

    explicit OffscreenTarget(const gpu::Device& device) : m_device(device) {}
    /// Read the next frame back for this; nothing: the picture is drawn but not read.
    void keepNext(Keep keep) { m_keep = std::move(keep); }
    bool begin(int width, int height) override { return width > 0 && height > 0; }
    void present(gpu::FrameRing& ring, gpu::Frame& frame, const gpu::Image& picture) override;

  private:
    const gpu::Device& m_device;
    Keep m_keep;
};

} // namespace pump::app
