#pragma once

#include <cstddef>
#include <memory>
#include <span>

struct GLFWwindow;

namespace pump::app {

/// Puts pictures into an X11 window through memory that this program and the display's server share. A CPU
/// driver draws in main memory; its swapchain (Mesa 22.3) then sends every picture to the server through a
/// socket, which takes the two of them longer than to draw the leg.
class SharedWindow {
  public:
    /// Nothing where that cannot be done: another window system, a server on another machine, a screen whose
    /// pixels are not 32-bit RGB, a build without the X11 libraries. The window must outlive the object.
    static std::unique_ptr<SharedWindow> open(GLFWwindow* window);
    virtual ~SharedWindow() = default;
    SharedWindow(const SharedWindow&) = delete;
    SharedWindow& operator=(const SharedWindow&) = delete;

    /// Shows a picture in the upper left corner of the window: width x height RGBA8 pixels, rows top to
    /// bottom without padding. Waits until the server has taken the last picture. Throws
    /// Error(Device) when there is no memory to share for a picture of this size.
    virtual void show(std::span<const std::byte> rgba, int width, int height) = 0;

  protected:
    SharedWindow() = default;
};

} // namespace pump::app
