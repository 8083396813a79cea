#pragma once

#include "app/ImGuiLayer.h"
#include "app/Legs.h"
#include "app/Options.h"
#include "gpu/Frames.h"
#include "gpu/Instance.h"
#include "gpu/Shader.h"
#include "render/Quality.h"
#include "render/Renderer.h"

#include <memory>
#include <optional>

namespace pump::app {

/// The graphics device: what must exist before it is known how the leg will be drawn.
class GraphicsDevice {
  public:
    /// `window`: makes a surface that the device must be able to show; empty: pictures only.
    /// Throws Error(Device) with the reason each device was rejected, Error(Asset) on a bad shader folder.
    GraphicsDevice(const Options& options, const std::vector<std::string>& instanceExtensions = {},
                   gpu::SurfaceFactory window = {});

    const gpu::Instance& instance() const { return *m_instance; }
    const gpu::Device& device() const { return *m_device; }
    const gpu::ShaderLibrary& shaders() const { return *m_shaders; }
    gpu::Surface* surface() const { return m_surface.get(); }
    bool software() const { return m_device->facts().software; }
    /// With --validate: throws Error(Device) with the first message if there was any, else says that there
    /// was none.
    void checkValidation() const;
    /// What drawing with the options' quality begins with: made on another thread from the start.
    const render::PassesToCome& passes() const { return m_passes; }
    /// "NAME, DRIVER" for people.
    std::string describe() const;

  private:
    std::unique_ptr<gpu::Instance> m_instance;
    std::unique_ptr<gpu::Surface> m_surface;
    std::unique_ptr<gpu::Device> m_device;
    std::unique_ptr<gpu::ShaderLibrary> m_shaders;
    render::PassesToCome m_passes; // last: goes before what it uses
};

/// Level of detail that drawing with a quality ("low" ... "ultra", "auto") begins with on this kind of
/// device.
anatomy::DetailLevel firstDetail(std::string_view quality, bool software);

/// Everything that draws: frames in flight, the renderer, the panel's layer, and the quality in use.
class Graphics {
  public:
    /// `goalMs`: time of a frame that automatic quality keeps to; nothing: quality never changes by itself
    /// ("auto" is then "medium").
    Graphics(const GraphicsDevice& device, Legs& legs, const Options& options, std::optional<double> goalMs);

    gpu::FrameRing& ring() { return m_ring; }
    render::Renderer& renderer() { return m_renderer; }
    void resize(int width, int height);
    /// One frame into renderer().image(): the leg, over it the interface if there is one, with its docked
    /// surfaces.
    void draw(gpu::Frame& frame, const scene::RenderInput& input, ImDrawData* interfaceDraw,
              std::span<const ui::Rect> docked);
    /// A new choice of the visitor; nothing happens when it is the present one.
    void chooseQuality(const std::string& quality);
    /// After each frame: lets automatic quality react.
    void frameTook(double milliseconds);
    /// Level in use when automatic, for the panel; empty when fixed.
    std::string qualityInUse() const;

  private:
    render::QualityController controllerFor(const std::string& quality) const;
    void applyQuality();

    const GraphicsDevice& m_device;
    Legs& m_legs;
    std::optional<double> m_goalMs;
    std::string m_quality;
    render::QualityController m_controller;
    gpu::FrameRing m_ring;
    render::Renderer m_renderer;
    ImGuiLayer m_layer;
    int m_width = 0, m_height = 0;
};

} // namespace pump::app
