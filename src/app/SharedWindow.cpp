#include "app/SharedWindow.h"

#ifndef PUMP_X11

namespace pump::app {

std::unique_ptr<SharedWindow> SharedWindow::open(GLFWwindow*) {
    return nullptr;
}

} // namespace pump::app

#else

#include "core/Error.h"

#include <X11/Xutil.h> // first: the next header needs it

#include <X11/extensions/XShm.h>

#include <bit>
#include <cstdint>
#include <sys/ipc.h>
#include <sys/shm.h>

// GLFW's header for these wants the headers of more of X. Weak: a GLFW made for Wayland alone lacks them.
extern "C" {
[[gnu::weak]] Display* glfwGetX11Display();
[[gnu::weak]] Window glfwGetX11Window(GLFWwindow* window);
}

namespace pump::app {
namespace {

bool g_refused = false; ///< Xlib hands errors to a plain function

int noteRefusal(Display*, XErrorEvent*) {
    g_refused = true;
    return 0;
}

/// Memory that the server can read, for one picture.
class SharedPicture {
  public:
    explicit SharedPicture(Display* display) : m_display(display) {}
    SharedPicture(const SharedPicture&) = delete;
    SharedPicture& operator=(const SharedPicture&) = delete;
    ~SharedPicture() { release(); }

    /// False: the server did not take it, or there is no memory.
    bool allocate(const XWindowAttributes& window, int width, int height) {
        release();
        m_image =
            XShmCreateImage(m_display, window.visual, static_cast<unsigned>(window.depth), ZPixmap, nullptr,
                            &m_info, static_cast<unsigned>(width), static_cast<unsigned>(height));
        if (!m_image || m_image->bits_per_pixel != 32) return false;
        const auto bytes =
            static_cast<std::size_t>(m_image->bytes_per_line) * static_cast<std::size_t>(m_image->height);
        m_info.shmid = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);
        if (m_info.shmid < 0) return false;
        void* const memory = shmat(m_info.shmid, nullptr, 0);
        const bool mapped = memory != reinterpret_cast<void*>(-1);
        if (mapped) {
            m_info.shmaddr = m_image->data = static_cast<char*>(memory);
            m_info.readOnly = True;
            // The server answers a segment that it cannot reach with an error, later.
            XSync(m_display, False);
            g_refused = false;
            const auto before = XSetErrorHandler(noteRefusal);
            m_attached = XShmAttach(m_display, &m_info) != 0;
            XSync(m_display, False);
            XSetErrorHandler(before);
            m_attached = m_attached && !g_refused;
        }
        shmctl(m_info.shmid, IPC_RMID, nullptr); // goes with the last process that has it mapped
        return m_attached;
    }
    bool fits(int width, int height) const {
        return m_attached && m_image->width == width && m_image->height == height;
    }
    XImage* image() const { return m_image; }

  private:
    void release() {
        if (m_attached) {
            XShmDetach(m_display, &m_info);
            XSync(m_display, False);
        }
        if (m_image) {
            m_image->data = nullptr;
            XDestroyImage(m_image);
        }
        if (m_info.shmaddr) shmdt(m_info.shmaddr);
        m_image = nullptr;
        m_info = {};
        m_attached = false;
    }

    Display* m_display;
    XImage* m_image = nullptr;
    XShmSegmentInfo m_info{};
    bool m_attached = false;
};

class X11SharedWindow final : public SharedWindow {
  public:
    X11SharedWindow(Display* display, Window window, const XWindowAttributes& attributes)
        : m_display(display),
          m_window(window),
          m_attributes(attributes),
          m_context(XCreateGC(display, window, 0, nullptr)) {}
    ~X11SharedWindow() override { XFreeGC(m_display, m_context); }

    bool works() { return m_picture.allocate(m_attributes, 16, 16); }

    void show(std::span<const std::byte> rgba, int width, int height) override {
        if (!m_picture.fits(width, height) && !m_picture.allocate(m_attributes, width, height)) {
            throw core::Error(core::ErrorKind::Device,
                              "no memory to share with the display for a picture of {} x {} pixels; "
                              "start with --present swapchain",
                              width, height);
        }
        // The last picture is on the screen, most likely since long: its memory is free for the next one.
        XSync(m_display, False);
        convert(rgba, *m_picture.image());
        XShmPutImage(m_display, m_window, m_context, m_picture.image(), 0, 0, 0, 0,
                     static_cast<unsigned>(width), static_cast<unsigned>(height), False);
        XFlush(m_display);
    }

  private:
    /// Red and blue change places; alpha, which some servers blend with, is full.
    static void convert(std::span<const std::byte> rgba, XImage& image) {
        const auto width = static_cast<std::size_t>(image.width);
        const auto* from = reinterpret_cast<const std::uint32_t*>(rgba.data());
        for (int y = 0; y < image.height; ++y, from += width) {
            auto* to =
                reinterpret_cast<std::uint32_t*>(image.data + std::ptrdiff_t{y} * image.bytes_per_line);
            for (std::size_t x = 0; x < width; ++x) {
                const std::uint32_t p = from[x];
                to[x] = 0xff000000u | (p & 0x0000ff00u) | ((p >> 16) & 0xffu) | ((p & 0xffu) << 16);
            }
        }
    }

    Display* m_display;
    Window m_window;
    XWindowAttributes m_attributes;
    GC m_context;
    SharedPicture m_picture{m_display};
};

} // namespace

std::unique_ptr<SharedWindow> SharedWindow::open(GLFWwindow* window) {
    static_assert(std::endian::native == std::endian::little);
    if (!glfwGetX11Display || !glfwGetX11Window) return nullptr;
    Display* const display = glfwGetX11Display();
    const Window handle = display ? glfwGetX11Window(window) : 0;
    if (!handle || !XShmQueryExtension(display)) return nullptr;
    XWindowAttributes attributes;
    if (!XGetWindowAttributes(display, handle, &attributes)) return nullptr;
    const auto* visual = attributes.visual;
    if (visual->red_mask != 0xff0000 || visual->green_mask != 0xff00 || visual->blue_mask != 0xff ||
        ImageByteOrder(display) != LSBFirst)
        return nullptr;
    auto shared = std::make_unique<X11SharedWindow>(display, handle, attributes);
    if (!shared->works()) return nullptr;
    return shared;
}

} // namespace pump::app

#endif
