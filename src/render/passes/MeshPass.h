#pragma once

#include "render/DrawList.h"
#include "render/PassContext.h"

namespace pump::render {

/// Draws the deformed leg: solid parts, ghosts layer by layer from the inside out, and an outline.
/// All of it inside an open rendering scope.
class MeshPass {
  public:
    MeshPass(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples);

    /// Buffers that the drawing reads; before the rendering scope opens.
    void prepare(const PassContext& context) const;
    void drawBackground(const PassContext& context) const;
    void drawSolid(const PassContext& context, const DrawList& list) const;
    /// Each layer with a depth pass of its own before it, so that only its nearest surface blends.
    void drawGhosts(const PassContext& context, const DrawList& list) const;
    void drawOutline(const PassContext& context, const DrawList& list) const;

  private:
    static void drawRanges(const PassContext& context, const DrawList& list,
                           const std::vector<DrawRange>& ranges);
    void drawTissue(const PassContext& context, const DrawList& list,
                    const std::array<gpu::GraphicsPipeline, kTissueVariants>& pipelines,
                    const TissueRanges& tissue) const;

    gpu::GraphicsPipeline m_background, m_shadow;
    std::array<gpu::GraphicsPipeline, kTissueVariants> m_solid;
    gpu::GraphicsPipeline m_depth;
    std::array<gpu::GraphicsPipeline, kTissueVariants> m_ghost;
    gpu::GraphicsPipeline m_outline;
};

} // namespace pump::render
