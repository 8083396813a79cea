#pragma once

#include "app/PanelRedraw.h"
#include "gpu/Frames.h"

#include <span>
#include <vector>

struct ImDrawData;

namespace pump::app {

/// Draws Dear ImGui's output over the renderer's final image. Its Vulkan backend needs a render pass: one
/// that loads what is there and adds to it. Knows no window: input and the size come with the context. A Dear
/// ImGui context with its fonts must exist before this object and outlive it.
class ImGuiLayer {
  public:
    static constexpr VkFormat kFormat = VK_FORMAT_R8G8B8A8_UNORM; ///< of the images drawn on

    ImGuiLayer(const gpu::Device& device, std::uint32_t framesInFlight);
    ImGuiLayer(const ImGuiLayer&) = delete;
    ImGuiLayer& operator=(const ImGuiLayer&) = delete;
    /// Waits for the device.
    ~ImGuiLayer();

    /// Surfaces that only the interface draws on; `picture`: another number, another image.
    struct Docked {
        std::span<const ui::Rect> areas{};
        std::uint64_t picture = 0;
    };

    /// Draws in pixels of `image`, which has format kFormat and COLOR_ATTACHMENT usage. Docked areas are
    /// filled with the panel's colour before; those that show the same as in the last call are left as they
    /// are. Fonts that changed since then (another content scale) are sent to the device first.
    void draw(gpu::Frame& frame, const gpu::Image& image, ImDrawData& data, const Docked& docked);

  private:
    void connect();
    void disconnect();

    const gpu::Device& m_device;
    std::uint32_t m_framesInFlight;
    bool m_connected = false;
    gpu::DescriptorPoolHandle m_descriptors;
    gpu::RenderPassHandle m_pass;
    std::vector<float> m_fonts; ///< what tells the uploaded fonts from others
    PanelRedraw m_redraw;
};

} // namespace pump::app
