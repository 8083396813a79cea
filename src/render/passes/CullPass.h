#pragma once

#include "render/DrawList.h"
#include "render/PassContext.h"

namespace pump::render {

/// Leaves out of a draw list's triangles those that show nothing: turned away, outside the picture, or
/// between the middles of pixels. The picture stays the same to the bit. For CPU drivers, where one thread
/// alone sorts triangles into the picture; a GPU does it itself.
class CullPass {
  public:
    explicit CullPass(const gpu::ShaderLibrary& shaders);

    /// Before the rendering scope opens; the list draws what is left afterwards.
    void record(const PassContext& context, DrawList& list);

  private:
    void resize(const PassContext& context, std::size_t blocks, std::size_t ranges);

    gpu::ComputePipeline m_test, m_place, m_write;
    gpu::Buffer m_masks, m_places, m_draws, m_left;
};

} // namespace pump::render
