#pragma once

#include "render/PassContext.h"

#include <array>

namespace pump::render {

/// From rest to pose: vessel lines first, then every vertex of what is shown.
class DeformPass {
  public:
    explicit DeformPass(const gpu::ShaderLibrary& shaders);
    void record(const PassContext& context) const;
    /// Vertices that the last record() deformed.
    std::uint32_t vertices() const { return m_deformed; }

  private:
    static constexpr std::size_t kInfluenceVariants = 3; ///< 1, 2 or 4 joints
    void recordLines(const PassContext& context) const;
    void recordVertices(const PassContext& context) const;

    gpu::ComputePipeline m_points, m_frames;
    std::array<std::array<gpu::ComputePipeline, kInfluenceVariants>, shared::kDeformKinds> m_vertices;
    mutable std::uint32_t m_deformed = 0;
};

} // namespace pump::render
