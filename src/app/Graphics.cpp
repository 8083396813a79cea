#include "app/Graphics.h"

#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Log.h"

#include <fmt/format.h>

namespace pump::app {

namespace {

render::QualitySettings firstQuality(std::string_view quality, bool software) {
    return render::qualitySettings(render::findQuality(quality).value_or(render::QualityLevel::Medium),
                                   software);
}

} // namespace

GraphicsDevice::GraphicsDevice(const Options& options, const std::vector<std::string>& instanceExtensions,
                               gpu::SurfaceFactory window) {
    gpu::InstanceDesc instance;
    instance.validation = options.validate ? gpu::Validation::OnSynced : gpu::Validation::Off;
    instance.extensions = instanceExtensions;
    m_instance = std::make_unique<gpu::Instance>(instance);
    if (window) m_surface = std::make_unique<gpu::Surface>(*m_instance, std::move(window));
    gpu::DeviceDesc device;
    device.wanted = options.device;
    device.surface = m_surface ? m_surface->handle() : VK_NULL_HANDLE;
    device.cacheDirectory = core::cacheDirectory();
    m_device = std::make_unique<gpu::Device>(*m_instance, device);
    m_shaders = std::make_unique<gpu::ShaderLibrary>(*m_device, options.shaderDir);
    m_passes =
        render::preparePasses(*m_device, *m_shaders, firstQuality(options.settings.quality, software()));
    core::logDebug("graphics device: {}", describe());
}

std::string GraphicsDevice::describe() const {
    const auto& report = m_device->report();
    return fmt::format("{}, {}", report.name, report.driver);
}

void GraphicsDevice::checkValidation() const {
    m_device->waitIdle();
    const auto messages = m_instance->messages();
    if (!messages.empty()) {
        throw core::Error(core::ErrorKind::Device, "the validation layer found {} faults; the first: {}",
                          messages.size(), messages.front());
    }
    core::logInfo("the validation layer found nothing");
}

anatomy::DetailLevel firstDetail(std::string_view quality, bool software) {
    return firstQuality(quality, software).detail;
}

Graphics::Graphics(const GraphicsDevice& device, Legs& legs, const Options& options,
                   std::optional<double> goalMs)
    : m_device(device),
      m_legs(legs),
      m_goalMs(goalMs),
      m_quality(options.settings.quality),
      m_controller(controllerFor(m_quality)),
      m_ring(device.device()),
      m_renderer({.device = device.device(),
                  .shaders = device.shaders(),
                  .legs = legs.byLevel(),
                  .quality = m_controller.settings(),
                  .extent = {static_cast<std::uint32_t>(options.size.width),
                             static_cast<std::uint32_t>(options.size.height)},
                  .seed = options.settings.seed,
                  .passes = device.passes()}),
      m_layer(device.device(), m_ring.framesInFlight()),
      m_width(options.size.width),
      m_height(options.size.height) {
    // On a CPU driver a timestamp waits for all work before it.
    if (device.software()) m_ring.setTimestamps(false);
}

render::QualityController Graphics::controllerFor(const std::string& quality) const {
    auto fixed = render::findQuality(quality);
    if (!fixed && !m_goalMs) fixed = render::QualityLevel::Medium;
    return render::QualityController(m_device.software(), m_goalMs.value_or(1000.0 / 30), fixed);
}

void Graphics::resize(int width, int height) {
    if (width == m_width && height == m_height) return;
    m_width = width;
    m_height = height;
    m_renderer.resize({static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)});
}

void Graphics::draw(gpu::Frame& frame, const scene::RenderInput& input, ImDrawData* interfaceDraw,
                    std::span<const ui::Rect> docked) {
    m_renderer.render(frame, input);
    if (interfaceDraw)
        m_layer.draw(frame, m_renderer.image(), *interfaceDraw, {docked, m_renderer.imageNumber()});
}

void Graphics::chooseQuality(const std::string& quality) {
    if (quality == m_quality) return;
    m_quality = quality;
    m_controller = controllerFor(quality);
    applyQuality();
}

void Graphics::applyQuality() {
    auto settings = m_controller.settings();
    // Whoever waits for each frame anyway gets what was asked for, always the same.
    if (m_goalMs) {
        m_legs.request(settings.detail);
    } else {
        m_legs.require(settings.detail);
    }
    settings.detail = m_legs.available(settings.detail);
    m_renderer.setLegs(m_legs.byLevel());
    m_renderer.setQuality(settings);
}

void Graphics::frameTook(double milliseconds) {
    const bool arrived = m_legs.takeArrival();
    if (m_controller.addFrame(milliseconds) || arrived) applyQuality();
}

std::string Graphics::qualityInUse() const {
    if (m_controller.fixed()) return {};
    const auto& settings = m_controller.settings();
    return fmt::format("{} k cells, {:.0f} %", settings.particles / 1024, settings.renderScale * 100);
}

} // namespace pump::app
