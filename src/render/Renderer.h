#pragma once

#include "anatomy/LegModel.h"
#include "gpu/Frames.h"
#include "gpu/Image.h"
#include "gpu/Shader.h"
#include "render/Quality.h"
#include "scene/PickResult.h"
#include "scene/RenderInput.h"

#include <array>
#include <cstdint>
#include <future>
#include <memory>

namespace pump::render {

struct Passes;
/// Passes that are being made on another thread.
using PassesToCome = std::shared_future<std::shared_ptr<Passes>>;
/// Begins to make what a renderer with this quality needs; device and shaders outlive the result.
PassesToCome preparePasses(const gpu::Device& device, const gpu::ShaderLibrary& shaders,
                           const QualitySettings& quality);

/// What to draw and how. Everything referred to must outlive the renderer.
struct RendererDesc {
    const gpu::Device& device;
    const gpu::ShaderLibrary& shaders;
    /// By DetailLevel: High, Middle, Low. At least one; missing levels use the nearest one there is. All have
    /// the same structures in the same order and the same rig.
    std::array<const anatomy::LegModel*, 3> legs{};
    QualitySettings quality;
    VkExtent2D extent{1280, 720};
    std::uint32_t seed = 1; ///< of the blood cells
    PassesToCome passes;    ///< of no other renderer; not valid: made now
};

struct RenderStats {
    std::uint32_t triangles = 0; ///< drawn in the last frame, each pass counted
    std::uint32_t vertices = 0;  ///< deformed in the last frame
    std::uint32_t particles = 0;
    std::uint32_t structures = 0;         ///< drawn after culling
    std::uint32_t accumulatedSamples = 0; ///< in the picture; 1 while anything moves
};

/// Draws the leg into its own final picture. Times of its passes are FrameRing::passTimes().
class Renderer {
  public:
    /// Throws Error(Device), Error(Asset).
    explicit Renderer(const RendererDesc& desc);
    ~Renderer();
    Renderer(Renderer&&) noexcept;
    Renderer& operator=(Renderer&&) noexcept;

    /// New size of the final picture in pixels. Waits for the device; image() is another one afterwards.
    void resize(VkExtent2D extent);
    /// Waits for the device where buffers change size. Blood keeps flowing where the number of cells stays.
    void setQuality(const QualitySettings& quality);
    const QualitySettings& quality() const;
    /// More levels of detail than at the start; those that were there must stay. Used from the next
    /// setQuality.
    void setLegs(const std::array<const anatomy::LegModel*, 3>& legs);

    /// Records everything that one frame needs, compute and drawing, into the frame's commands. The input's
    /// arrays must match the rig. `input.still` after a frame with the same input refines the picture.
    void render(gpu::Frame& frame, const scene::RenderInput& input);

    /// Records only what moves the blood, for frames that nobody will see.
    void carryBlood(gpu::Frame& frame, const scene::RenderInput& input);

    /// RGBA8_UNORM, colours encoded sRGB; usable as colour attachment (UI), transfer source and sampled.
    /// Drawn in RenderInput::area; what else is on it stays.
    const gpu::Image& image() const;
    /// Grows when image() becomes another one.
    std::uint64_t imageNumber() const;
    /// Of the newest finished frame that asked; see RenderInput::pointer.
    const scene::PickResult& pick() const;
    const RenderStats& stats() const;

    /// Puts all cells back to their first places: scripts that must give the same picture call it at the
    /// start.
    void resetBlood();

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace pump::render
