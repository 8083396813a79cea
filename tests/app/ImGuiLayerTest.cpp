#include "app/ImGuiLayer.h"

#include "support/TestGpu.h"

#include <imgui.h>

using namespace pump;

namespace {

/// A context with the built-in font at a size, as the interface makes one.
struct TestContext {
    ImGuiContext* context = ImGui::CreateContext();
    TestContext() {
        ImGui::GetIO().IniFilename = nullptr;
        setFont(13);
    }
    TestContext(const TestContext&) = delete;
    TestContext& operator=(const TestContext&) = delete;
    ~TestContext() { ImGui::DestroyContext(context); }

    static void setFont(float size) {
        ImFontConfig config;
        config.SizePixels = size;
        ImGui::GetIO().Fonts->Clear();
        ImGui::GetIO().Fonts->AddFontDefault(&config);
        ImGui::GetIO().Fonts->Build();
    }
};

ImDrawData& drawSquare(VkExtent2D size) {
    auto& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
    io.DeltaTime = 0.01f;
    ImGui::NewFrame();
    ImGui::GetForegroundDrawList()->AddRectFilled({10, 10}, {20, 20}, IM_COL32(200, 100, 50, 255));
    ImGui::GetForegroundDrawList()->AddText({30, 10}, IM_COL32(255, 255, 255, 255), "MMM");
    ImGui::Render();
    return *ImGui::GetDrawData();
}

int brightPixels(const core::Image& picture) {
    int count = 0;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 30; x < picture.width; ++x) count += picture.pixel(x, y)[2] > 200 ? 1 : 0;
    }
    return count;
}

} // namespace

TEST_CASE("the panel is drawn over the picture with exact colours, and follows another font size") {
    test::TestGpu gpu;
    const TestContext context;
    app::ImGuiLayer layer(gpu.device(), 2);
    gpu::FrameRing ring(gpu.device(), 2);
    constexpr VkExtent2D kSize{160, 60};
    const gpu::Image image(gpu.device(),
                           {.name = "picture",
                            .extent = kSize,
                            .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT |
                                     VK_IMAGE_USAGE_TRANSFER_DST_BIT});
    const auto drawOnce = [&] {
        auto& frame = ring.begin();
        frame.commands().clear(image, {{0, 0, 0.2f, 1}});
        layer.draw(frame, image, drawSquare(kSize), {});
        ring.submit(frame);
    };
    for (int i = 0; i < 4; ++i) drawOnce();
    const auto picture = gpu::readback(gpu.device(), image);
    const auto* square = picture.pixel(15, 15);
    CHECK((square[0] == 200 && square[1] == 100 && square[2] == 50));
    const auto* below = picture.pixel(2, 2);
    CHECK((below[0] == 0 && below[1] == 0 && below[2] == 51));
    const int small = brightPixels(picture);
    CHECK(small > 20);

    TestContext::setFont(26);
    drawOnce();
    ring.waitIdle();
    CHECK(brightPixels(gpu::readback(gpu.device(), image)) > 2 * small);
}
