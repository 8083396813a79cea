#include "app/SharedWindow.h"
#include "support/TestDisplay.h"

#define GLFW_INCLUDE_NONE
#include <catch2/catch_test_macros.hpp>
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#ifdef PUMP_X11

#include <X11/Xutil.h>

using namespace pump;

extern "C" {
Display* glfwGetX11Display();
Window glfwGetX11Window(GLFWwindow* window);
}

namespace {

struct TestWindow {
    GLFWwindow* window = nullptr;
    TestWindow() {
        if (!glfwInit()) return;
        glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
        window = glfwCreateWindow(320, 240, "shared", nullptr, nullptr);
        glfwPollEvents();
    }
    ~TestWindow() {
        if (window) glfwDestroyWindow(window);
        glfwTerminate();
    }
    /// 0xRRGGBB of the screen where the window is.
    std::uint32_t pixel(int x, int y) const {
        XImage* const image =
            XGetImage(glfwGetX11Display(), glfwGetX11Window(window), x, y, 1, 1, ~0ul, ZPixmap);
        REQUIRE(image);
        const auto value = static_cast<std::uint32_t>(XGetPixel(image, 0, 0) & 0xffffff);
        XDestroyImage(image);
        return value;
    }
};

/// Red grows to the right, green downwards, blue is the number of the picture.
std::vector<std::uint8_t> picture(int width, int height, int number) {
    std::vector<std::uint8_t> rgba;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (const int value : {x % 256, y % 256, number, 7})
                rgba.push_back(static_cast<std::uint8_t>(value));
        }
    }
    return rgba;
}

} // namespace

TEST_CASE("Pictures through shared memory are on the screen as they were given, at every size") {
    const test::TestDisplay display;
    if (!display.available()) SKIP("no display and no Xvfb");
    const TestWindow window;
    REQUIRE(window.window);
    const auto shared = app::SharedWindow::open(window.window);
    REQUIRE(shared);
    int number = 1;
    for (const auto& [width, height] : {std::pair{320, 240}, {320, 240}, {101, 57}, {320, 240}, {640, 480}}) {
        ++number;
        CAPTURE(width, height, number);
        const auto rgba = picture(width, height, number);
        shared->show(std::as_bytes(std::span(rgba)), width, height);
        const int right = std::min(width, 320) - 1, low = std::min(height, 240) - 1;
        const auto expected = [&](int x, int y) {
            return static_cast<std::uint32_t>(((x % 256) << 16) | ((y % 256) << 8) | number);
        };
        for (const auto& [x, y] : {std::pair{0, 0}, {right, 0}, {0, low}, {right, low}, {33, 20}})
            CHECK(window.pixel(x, y) == expected(x, y));
    }
}

#endif
