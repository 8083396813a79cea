#pragma once

#include "render/PassContext.h"

namespace pump::render {

/// From rest to pose: vessel lines first, then every vertex.
class DeformPass {
  public:
    explicit DeformPass(const gpu::ShaderLibrary& shaders);
    void record(const PassContext& context) const;

  private:
    gpu::ComputePipeline m_points, m_frames, m_vertices;
};

} // namespace pump::render
