#pragma once

#include "gpu/Frames.h"
#include "gpu/Pipeline.h"

namespace pump::render {

/// Mean of jittered frames while nothing moves: the software tier's antialiasing.
class AccumulatePass {
  public:
    explicit AccumulatePass(const gpu::ShaderLibrary& shaders);
    void resize(const gpu::Device& device, VkExtent2D extent);
    /// Replaces the area of the picture by the mean of the last `samples` frames, this one being the last of
    /// them.
    void record(gpu::CommandRecorder& commands, const gpu::Image& picture, const VkRect2D& area,
                std::uint32_t samples) const;
    /// Writes the mean of those frames again: the interface was drawn on the picture since.
    void restore(gpu::CommandRecorder& commands, const gpu::Image& picture, const VkRect2D& area,
                 std::uint32_t samples) const;

  private:
    enum class Step : std::uint32_t { Restore, Add };
    void dispatch(gpu::CommandRecorder& commands, const gpu::Image& picture, const VkRect2D& area,
                  std::uint32_t samples, Step step) const;

    gpu::ComputePipeline m_pipeline;
    gpu::Buffer m_sums;
};

} // namespace pump::render
