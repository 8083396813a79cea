#include "app/Diagram.h"

#include "app/Graphics.h"
#include "gpu/Transfer.h"
#include "ui/Context.h"
#include "ui/Surface.h"

namespace pump::app {
namespace {

constexpr std::uint32_t kFramesInFlight = 2;

ImDrawData& layOut(ui::Context& context, const ui::ChartDesc& chart, PixelSize size) {
    const auto width = static_cast<float>(size.width), height = static_cast<float>(size.height);
    context.beginFrame(width, height, 0, {});
    {
        const float edge = context.metrics().padding;
        const ui::Surface surface("diagram", {0, 0, width, height}, context.metrics(), ui::theme::kPanel,
                                  ui::Surface::Input::PassesThrough);
        const ui::Widgets widgets(context.metrics(), context.fonts());
        ui::drawChart(widgets, chart, {width - 2 * edge, height - 2 * edge});
    }
    return *context.endFrame();
}

} // namespace

core::Image drawDiagram(const ui::ChartDesc& chart, const Options& options) {
    const GraphicsDevice graphics(options);
    const auto& device = graphics.device();
    ui::Context context(static_cast<float>(options.settings.uiScale));
    gpu::FrameRing ring(device, kFramesInFlight);
    ImGuiLayer layer(device, kFramesInFlight);
    const gpu::Image image(device,
                           {.name = "diagram",
                            .extent = {static_cast<std::uint32_t>(options.size.width),
                                       static_cast<std::uint32_t>(options.size.height)},
                            .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT |
                                     VK_IMAGE_USAGE_TRANSFER_DST_BIT});
    // The first frame of the interface only measures itself.
    layOut(context, chart, options.size);
    auto& drawn = layOut(context, chart, options.size);
    auto& frame = ring.begin();
    frame.commands().clear(image, {{0, 0, 0, 1}});
    layer.draw(frame, image, drawn, {});
    ring.submit(frame);
    ring.waitIdle();
    if (options.validate) graphics.checkValidation();
    return gpu::readback(device, image);
}

} // namespace pump::app
