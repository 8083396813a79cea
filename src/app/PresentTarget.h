#pragma once

#include "app/Graphics.h"
#include "app/SharedWindow.h"
#include "app/WindowSource.h"
#include "core/Image.h"
#include "gpu/Swapchain.h"

#include <array>
#include <chrono>
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

/// Reads each picture back and puts it into the window through shared memory, one frame later, so that the
/// next one is prepared meanwhile. For drivers that draw in main memory.
class SharedMemoryTarget final : public PresentTarget {
  public:
    /// `refreshHz`: frames a second that are not exceeded; 0: as many as there are.
    SharedMemoryTarget(const gpu::Device& device, std::unique_ptr<SharedWindow> window, double refreshHz);
    bool begin(int width, int height) override { return width > 0 && height > 0; }
    void present(gpu::FrameRing& ring, gpu::Frame& frame, const gpu::Image& picture) override;

  private:
    struct Copy {
        gpu::Buffer pixels;
        int width = 0, height = 0;
        bool drawn = false; ///< and not shown yet
    };
    void keepPace();

    const gpu::Device& m_device;
    std::unique_ptr<SharedWindow> m_window;
    std::chrono::steady_clock::duration m_interval;
    std::chrono::steady_clock::time_point m_due{};
    std::array<Copy, 2> m_copies;
    std::size_t m_next = 0;
};

/// The target that the options ask for; PresentPath::Automatic: shared memory for a CPU driver where the
/// display allows it, else the swapchain. Throws Error(Usage) when shared memory is asked for and not
/// possible.
std::unique_ptr<PresentTarget> makeWindowTarget(const GraphicsDevice& device, const WindowSource& window,
                                                PresentPath path, gpu::PresentMode mode);

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
