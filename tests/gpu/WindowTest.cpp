#include "gpu/Swapchain.h"
#include "support/TestDisplay.h"
#include "support/TestGpu.h"

#include <catch2/generators/catch_generators.hpp>

#define GLFW_INCLUDE_VULKAN
#include <GLFW/glfw3.h>

#include <memory>

using namespace pump;
using gpu::PresentOutcome;

namespace {

struct WindowSystem {
    test::TestDisplay display;
    bool ready = false;
    WindowSystem() {
        ready = display.available() && glfwInit() == GLFW_TRUE && glfwVulkanSupported() == GLFW_TRUE;
    }
    WindowSystem(const WindowSystem&) = delete;
    WindowSystem& operator=(const WindowSystem&) = delete;
    ~WindowSystem() { glfwTerminate(); }

    static std::vector<std::string> extensions() {
        std::uint32_t count = 0;
        const char** names = glfwGetRequiredInstanceExtensions(&count);
        return {names, names + count};
    }
};

struct Window {
    GLFWwindow* handle = nullptr;
    Window() { open(); }
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    ~Window() { close(); }
    void open(int width = 320) {
        glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
        handle = glfwCreateWindow(width, 240, "test", nullptr, nullptr);
        REQUIRE(handle);
    }
    void close() {
        if (handle) glfwDestroyWindow(handle);
        handle = nullptr;
    }
    VkExtent2D size() const {
        int width = 0, height = 0;
        glfwGetFramebufferSize(handle, &width, &height);
        return {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)};
    }
    gpu::SurfaceFactory factory() {
        return [this](VkInstance instance, VkSurfaceKHR* surface) {
            return glfwCreateWindowSurface(instance, handle, nullptr, surface);
        };
    }
};

/// The least program: a cleared image, blitted and shown.
struct Presenter {
    gpu::Device& device;
    Window& window;
    gpu::FrameRing ring;
    gpu::Image picture;
    gpu::Swapchain swapchain;

    Presenter(gpu::Device& d, gpu::Surface& surface, Window& w, gpu::PresentMode mode)
        : device(d), window(w), ring(d), swapchain(d, surface, {.size = w.size(), .mode = mode}) {}

    PresentOutcome frame() {
        const auto acquired = swapchain.acquire();
        if (acquired == PresentOutcome::OutOfDate || acquired == PresentOutcome::Minimized) return acquired;
        auto& f = ring.begin();
        const auto extent = swapchain.extent();
        if (!picture || picture.extent().width != extent.width || picture.extent().height != extent.height) {
            if (picture) f.retire(std::move(picture));
            picture = gpu::Image(
                device, {.name = "picture",
                         .extent = extent,
                         .usage = VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT});
        }
        f.commands().clear(picture, {{0.2f, 0.4f, 0.6f, 1}});
        swapchain.blit(f.commands(), picture);
        ring.submit(f, swapchain.sync());
        return swapchain.present();
    }

    /// Until a frame was shown in the window's present size; at most a few attempts.
    bool show() {
        for (int attempt = 0; attempt < 10; ++attempt) {
            glfwPollEvents();
            const auto outcome = frame();
            const auto size = window.size();
            const bool fits =
                size.width == swapchain.extent().width && size.height == swapchain.extent().height;
            if (outcome == PresentOutcome::Shown && fits) return true;
            swapchain.resize({.size = size, .mode = swapchain.mode()});
        }
        return false;
    }
};

} // namespace

TEST_CASE("fifty resizes leave a shown picture each time and validation silent") {
    const WindowSystem system;
    if (!system.ready) SKIP("no display, and Xvfb is not installed");
    const auto mode =
        GENERATE(gpu::PresentMode::Fifo, gpu::PresentMode::Mailbox, gpu::PresentMode::Immediate);
    Window window;
    test::TestGpu gpu({}, window.factory(), WindowSystem::extensions());
    Presenter presenter(gpu.device(), gpu.surface(), window, mode);
    REQUIRE(presenter.show());
    for (int i = 0; i < 50; ++i) {
        glfwSetWindowSize(window.handle, 200 + (i * 137) % 900, 150 + (i * 71) % 700);
        // Some frames without looking at the size, as when the user drags the border.
        for (int frame = 0; frame < i % 3; ++frame) presenter.frame();
        CAPTURE(i);
        REQUIRE(presenter.show());
    }
}

TEST_CASE("a minimized window draws nothing and comes back") {
    const WindowSystem system;
    if (!system.ready) SKIP("no display, and Xvfb is not installed");
    Window window;
    test::TestGpu gpu({}, window.factory(), WindowSystem::extensions());
    Presenter presenter(gpu.device(), gpu.surface(), window, gpu::PresentMode::Fifo);
    REQUIRE(presenter.show());
    for (int i = 0; i < 3; ++i) {
        presenter.swapchain.resize({.size = {0, 0}});
        CHECK(presenter.swapchain.minimized());
        CHECK(presenter.frame() == PresentOutcome::Minimized);
        presenter.swapchain.resize({.size = window.size()});
        CHECK_FALSE(presenter.swapchain.minimized());
        REQUIRE(presenter.show());
    }
}

TEST_CASE("a device that draws in a window says which way it shows pictures") {
    const WindowSystem system;
    if (!system.ready) SKIP("no display, and Xvfb is not installed");
    Window window;
    test::TestGpu gpu({}, window.factory(), WindowSystem::extensions());
    const auto reports = gpu::listDevices(gpu.instance(), gpu.surface().handle());
    CHECK(reports[gpu::chooseDevice(reports, gpu.device().report().name)].usable());
    const Presenter presenter(gpu.device(), gpu.surface(), window, gpu::PresentMode::Fifo);
    CHECK(presenter.swapchain.mode() == gpu::PresentMode::Fifo);
    CHECK(presenter.swapchain.format() != VK_FORMAT_UNDEFINED);
}

TEST_CASE("a lost surface is made anew") {
    const WindowSystem system;
    if (!system.ready) SKIP("no display, and Xvfb is not installed");
    Window window;
    test::TestGpu gpu({}, window.factory(), WindowSystem::extensions());
    Presenter presenter(gpu.device(), gpu.surface(), window, gpu::PresentMode::Fifo);
    REQUIRE(presenter.show());
    window.close(); // what a restarted display server does to us
    window.open(500);
    REQUIRE(presenter.show());
    CHECK(presenter.swapchain.extent().width == 500);
}
