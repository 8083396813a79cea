#pragma once

#include "gpu/Vulkan.h"

#include <optional>
#include <vector>

namespace pump::gpu {

class Buffer;
class Image;

/// How a pass uses a resource. `layout` counts for images only.
struct Use {
    VkPipelineStageFlags2 stages = VK_PIPELINE_STAGE_2_NONE;
    VkAccessFlags2 access = VK_ACCESS_2_NONE;
    VkImageLayout layout = VK_IMAGE_LAYOUT_UNDEFINED;
    bool discard = false; ///< images: what was in it is not needed any more

    bool writes() const;
};

/// The uses that occur; a pass may combine its own.
namespace use {
inline constexpr VkPipelineStageFlags2 kGraphicsShaders =
    VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT | VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT;
inline constexpr VkPipelineStageFlags2 kCompute = VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT;
inline constexpr VkAccessFlags2 kShaderRead = VK_ACCESS_2_SHADER_STORAGE_READ_BIT;
inline constexpr VkAccessFlags2 kShaderWrite = VK_ACCESS_2_SHADER_STORAGE_WRITE_BIT;

// Buffers.
inline constexpr Use kComputeRead{kCompute, kShaderRead};
inline constexpr Use kComputeUniform{kCompute, VK_ACCESS_2_UNIFORM_READ_BIT};
inline constexpr Use kComputeWrite{kCompute, kShaderWrite};
inline constexpr Use kComputeReadWrite{kCompute, kShaderRead | kShaderWrite};
inline constexpr Use kComputeTexels{kCompute, VK_ACCESS_2_SHADER_SAMPLED_READ_BIT};
inline constexpr Use kVertexTexels{VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT,
                                   VK_ACCESS_2_SHADER_SAMPLED_READ_BIT};
inline constexpr Use kVertexInput{VK_PIPELINE_STAGE_2_VERTEX_INPUT_BIT,
                                  VK_ACCESS_2_VERTEX_ATTRIBUTE_READ_BIT};
inline constexpr Use kVertexRead{VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT, kShaderRead};
inline constexpr Use kFragmentRead{VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT, kShaderRead};
inline constexpr Use kFragmentReadWrite{VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT, kShaderRead | kShaderWrite};
inline constexpr Use kGraphicsRead{kGraphicsShaders, kShaderRead};
inline constexpr Use kGraphicsUniform{kGraphicsShaders, VK_ACCESS_2_UNIFORM_READ_BIT};
inline constexpr Use kIndexRead{VK_PIPELINE_STAGE_2_INDEX_INPUT_BIT, VK_ACCESS_2_INDEX_READ_BIT};
inline constexpr Use kIndirectRead{VK_PIPELINE_STAGE_2_DRAW_INDIRECT_BIT,
                                   VK_ACCESS_2_INDIRECT_COMMAND_READ_BIT};
inline constexpr Use kHostRead{VK_PIPELINE_STAGE_2_HOST_BIT, VK_ACCESS_2_HOST_READ_BIT};

// Buffers and images.
inline constexpr Use kTransferRead{VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT, VK_ACCESS_2_TRANSFER_READ_BIT,
                                   VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL};
inline constexpr Use kTransferWrite{VK_PIPELINE_STAGE_2_ALL_TRANSFER_BIT, VK_ACCESS_2_TRANSFER_WRITE_BIT,
                                    VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL};

// Images.
inline constexpr Use kColorAttachment{VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT,
                                      VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT |
                                          VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT,
                                      VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
inline constexpr VkPipelineStageFlags2 kDepthTests =
    VK_PIPELINE_STAGE_2_EARLY_FRAGMENT_TESTS_BIT | VK_PIPELINE_STAGE_2_LATE_FRAGMENT_TESTS_BIT;
inline constexpr Use kDepthAttachment{kDepthTests,
                                      VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_READ_BIT |
                                          VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT,
                                      VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL};
inline constexpr Use kSampledInFragment{VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT,
                                        VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                                        VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
inline constexpr Use kSampledInCompute{kCompute, VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                                       VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
inline constexpr Use kStorageImageRead{kCompute, kShaderRead, VK_IMAGE_LAYOUT_GENERAL};
inline constexpr Use kStorageImageWrite{kCompute, kShaderWrite, VK_IMAGE_LAYOUT_GENERAL};
inline constexpr Use kStorageImageReadWrite{kCompute, kShaderRead | kShaderWrite, VK_IMAGE_LAYOUT_GENERAL};
} // namespace use

/// What must be waited for before a new use.
struct Dependency {
    VkPipelineStageFlags2 fromStages = 0;
    VkAccessFlags2 fromAccess = 0;
    VkPipelineStageFlags2 toStages = 0;
    VkAccessFlags2 toAccess = 0;
    VkImageLayout fromLayout = VK_IMAGE_LAYOUT_UNDEFINED;
    VkImageLayout toLayout = VK_IMAGE_LAYOUT_UNDEFINED;
};

/// The past of one resource: the last write, and the reads that have seen it. Every Buffer and Image carries
/// one; it outlives frames, since all work goes to one queue in order.
class UseHistory {
  public:
    enum class Kind { Buffer, Image };
    explicit UseHistory(Kind kind) : m_kind(kind) {}

    /// Records `next` and says what it depends on; nothing when it may start at once.
    std::optional<Dependency> advance(const Use& next);
    VkImageLayout layout() const { return m_layout; }
    /// For uses that happen behind the tracker's back, e.g. a render pass that ends in another layout.
    void assume(const Use& last);

  private:
    Kind m_kind;
    VkImageLayout m_layout = VK_IMAGE_LAYOUT_UNDEFINED;
    VkPipelineStageFlags2 m_writeStages = 0;
    VkAccessFlags2 m_writeAccess = 0;
    std::vector<Use> m_reads; ///< since the last write
};

/// Collects the dependencies of one pass and emits them as a single synchronization2 barrier.
class BarrierTracker {
  public:
    void use(const Buffer& buffer, const Use& next);
    void use(const Image& image, const Use& next);
    /// Records the barrier, if one is needed.
    void flush(VkCommandBuffer commands);
    bool pending() const { return !m_buffers.empty() || !m_images.empty(); }

  private:
    std::vector<VkBufferMemoryBarrier2> m_buffers;
    std::vector<VkImageMemoryBarrier2> m_images;
};

} // namespace pump::gpu
