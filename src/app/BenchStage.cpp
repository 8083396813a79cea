#include "app/BenchStage.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pump::app {
namespace {

/// The scene that the figures of other programs were measured with has so many triangles.
constexpr double kComparisonTriangles = 338'000;
constexpr double kFrameGoalMs = 1000.0 / 30;

std::unique_ptr<GraphicsDevice> openDevice(const Options& options, const WindowSource* window) {
    if (!window) return std::make_unique<GraphicsDevice>(options);
    return std::make_unique<GraphicsDevice>(options, window->instanceExtensions(), window->surfaceFactory());
}

anatomy::DetailLevel detailOf(const StageDesc& desc, bool software) {
    return desc.comparison ? desc.comparison->detail : firstDetail(desc.options.settings.quality, software);
}

} // namespace

bool isCover(anatomy::Layer layer) {
    return layer == anatomy::Layer::Skin || layer == anatomy::Layer::Fat || layer == anatomy::Layer::Fascia;
}

double comparedTriangles(const anatomy::LegModel& leg) {
    std::uint32_t indices = 0;
    for (const auto& structure : leg.structures) {
        if (!isCover(structure.layer)) indices += structure.indexCount;
    }
    return indices / 3.0;
}

DetailChoice chooseDetail(const std::filesystem::path& leg) {
    DetailChoice choice;
    double nearest = std::numeric_limits<double>::infinity();
    for (const auto level :
         {anatomy::DetailLevel::High, anatomy::DetailLevel::Middle, anatomy::DetailLevel::Low}) {
        const double triangles = comparedTriangles(Legs(leg, level).reference());
        choice.triangles[static_cast<std::size_t>(level)] = triangles;
        const double away = std::abs(std::log(std::max(triangles, 1.0) / kComparisonTriangles));
        if (away < nearest) {
            nearest = away;
            choice.nearest = level;
        }
    }
    return choice;
}

std::unique_ptr<WindowSource> BenchStage::openWindow(const StageDesc& desc) {
    if (!desc.window) return nullptr;
    std::string reason;
    return WindowSource::open({.width = desc.options.size.width, .height = desc.options.size.height}, reason);
}

Options BenchStage::sized(const StageDesc& desc) const {
    Options options = desc.options;
    if (m_window) options.size = {m_window->width(), m_window->height()};
    return options;
}

BenchStage::BenchStage(const StageDesc& desc)
    : m_ahead(desc.options.leg, detailOf(desc, true)),
      m_window(openWindow(desc)),
      m_device(openDevice(desc.options, m_window.get())),
      m_legs(m_ahead.take(detailOf(desc, m_device->software()))),
      m_options(sized(desc)),
      m_session({.legs = *m_legs,
                 .assets = m_options.assets,
                 .settings = m_options.settings,
                 .panel = desc.panel,
                 .device = m_device->describe()}),
      m_graphics(*m_device, *m_legs, m_options, kFrameGoalMs),
      m_automatic(!desc.comparison) {
    if (m_window) {
        m_target = makeWindowTarget(*m_device, *m_window, m_options.present, gpu::PresentMode::Immediate);
    } else {
        m_target = std::make_unique<OffscreenTarget>(m_device->device());
    }
    if (!desc.comparison) return;
    auto quality = render::qualitySettings(render::QualityLevel::High, m_device->software());
    quality.detail = desc.comparison->detail;
    quality.particles = desc.comparison->cells;
    quality.samples = desc.comparison->samples;
    quality.renderScale = 1;
    m_graphics.renderer().setQuality(quality);
}

void BenchStage::frame(double seconds, const Change& change) {
    const auto begin = monotonicNs();
    FrameTick tick;
    if (m_window) {
        auto next = m_window->next();
        if (!next)
            throw core::Error(core::ErrorKind::Usage, "the window was closed before the measurement ended");
        tick = std::move(*next);
    } else {
        tick.width = m_options.size.width;
        tick.height = m_options.size.height;
    }
    tick.seconds = seconds;
    m_session.update(tick);
    if (!m_target->begin(tick.width, tick.height)) return;
    m_graphics.resize(tick.width, tick.height);
    auto& open = m_graphics.ring().begin();
    std::optional<scene::RenderInput> changed;
    if (change) change(changed.emplace(m_session.renderInput()), m_frame);
    m_graphics.draw(open, changed ? *changed : m_session.renderInput(), m_session.interfaceDraw(),
                    m_session.docked());
    m_target->present(m_graphics.ring(), open, m_graphics.renderer().image());
    ++m_frame;
    if (m_automatic) m_graphics.frameTook(static_cast<double>(monotonicNs() - begin) * 1e-6);
}

} // namespace pump::app
