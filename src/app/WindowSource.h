#pragma once

#include "app/FrameSource.h"
#include "app/Gamepad.h"
#include "gpu/Instance.h"

#include <chrono>
#include <memory>
#include <string>

struct GLFWwindow;

namespace pump::app {

struct WindowDesc {
    int width = 1280, height = 720; ///< at content scale 1
    const char* title = "Second Heart";
};

/// A window with its input and the real clock.
class WindowSource final : public FrameSource {
  public:
    /// Nothing when there is no display to open a window on; `reason` then says why.
    static std::unique_ptr<WindowSource> open(const WindowDesc& desc, std::string& reason);
    ~WindowSource() override;
    WindowSource(const WindowSource&) = delete;
    WindowSource& operator=(const WindowSource&) = delete;

    std::vector<std::string> instanceExtensions() const;
    gpu::SurfaceFactory surfaceFactory() const;
    int width() const { return m_width; } ///< of the framebuffer, pixels
    int height() const { return m_height; }
    GLFWwindow* handle() const { return m_window; }
    double refreshHz() const; ///< of the display; 60 where it does not say

    std::optional<FrameTick> next() override;
    void toggleFullscreen() override;
    bool canFullscreen() const override { return true; }
    bool leaveFullscreen() override;
    bool realTime() const override { return true; }

  private:
    explicit WindowSource(GLFWwindow* window);
    void installCallbacks();
    void readSize();
    float pixelsPerUnit() const;

    GLFWwindow* m_window;
    int m_width = 0, m_height = 0;
    std::vector<ui::InputEvent> m_events;
    Gamepad m_pad;
    std::chrono::steady_clock::time_point m_last;
    bool m_first = true;
    int m_windowedX = 0, m_windowedY = 0, m_windowedWidth = 0, m_windowedHeight = 0;
};

} // namespace pump::app
