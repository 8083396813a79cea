#pragma once

#include "render/PassContext.h"

namespace pump::render {

/// What the limb rests on, pulls at or is measured by: boxes that blend.
class PropPass {
  public:
    PropPass(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples);

    /// Seat, bed and wall: never before the leg, from wherever one looks.
    void drawBehind(const PassContext& context) const;
    /// Band and arrow: hidden by what lies before them.
    void drawAmong(const PassContext& context) const;

  private:
    void draw(const PassContext& context, const gpu::GraphicsPipeline& pipeline,
              const std::vector<shared::Prop>& props) const;

    gpu::GraphicsPipeline m_behind, m_among;
};

} // namespace pump::render
