#pragma once

#include "gpu/Frames.h"
#include "ui/Layout.h"

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

    /// Draws in pixels of `image`, which has format kFormat and COLOR_ATTACHMENT usage; `filled` are filled
    /// with the panel's colour before. Fonts that changed since the last call (another content scale) are
    /// sent to the device first.
    void draw(gpu::Frame& frame, const gpu::Image& image, ImDrawData& data,
              std::span<const ui::Rect> filled = {});

  private:
    void connect();
    void disconnect();

    const gpu::Device& m_device;
    std::uint32_t m_framesInFlight;
    bool m_connected = false;
    gpu::DescriptorPoolHandle m_descriptors;
    gpu::RenderPassHandle m_pass;
    std::vector<float> m_fonts; ///< what tells the uploaded fonts from others
};

} // namespace pump::app
