#pragma once

#include "render/PassContext.h"
#include "render/passes/BloodFlow.h"

namespace pump::render {

struct BloodPassDesc {
    const gpu::Device& device;
    const gpu::ShaderLibrary& shaders;
    const anatomy::LegModel& leg; ///< must outlive the pass
    Tier tier = Tier::Software;
    std::uint32_t cells = 65536;
    std::uint32_t seed = 1;
    VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
};

/// Moves the blood cells and draws them, solid and with depth, for both tiers: splatted by compute and put
/// into the picture tile by tile (software), or as lit discs that face the camera (GPU). In a frame:
/// advance(), prepare() after the deformation, then draw() between the solid parts and the ghosts.
class BloodPass {
  public:
    explicit BloodPass(const BloodPassDesc& desc);

    /// Moves the cells by the input's simulated time.
    void advance(gpu::Frame& frame, const scene::RenderInput& input) { m_flow.advance(frame, input); }
    /// Compute work and dependencies of draw(); outside of a rendering scope, after the vessels were posed.
    void prepare(const PassContext& context);
    /// Inside the rendering scope of the frame's targets. Must follow every prepare().
    void draw(const PassContext& context) const;
    /// All cells back to their first places.
    void reset() { m_flow.reset(); }

    const BloodFlow& flow() const { return m_flow; }

  private:
    void resize(VkExtent2D extent);
    shared::CellLook look() const;
    std::uint32_t tilesAcross() const;
    std::uint32_t tileCount() const;

    const gpu::Device& m_device;
    Tier m_tier;
    std::uint32_t m_seed;
    float m_cellRadius; ///< mm
    BloodFlow m_flow;
    gpu::ComputePipeline m_splat;
    gpu::GraphicsPipeline m_composite, m_discs;
    VkExtent2D m_extent{};
    gpu::Buffer m_pixels, m_tiles;
    bool m_pixelsFresh = false;
};

} // namespace pump::render
