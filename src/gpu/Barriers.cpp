#include "gpu/Barriers.h"

#include "gpu/Buffer.h"
#include "gpu/Image.h"

#include <algorithm>

namespace pump::gpu {
namespace {

constexpr VkAccessFlags2 kWriteAccess =
    VK_ACCESS_2_SHADER_STORAGE_WRITE_BIT | VK_ACCESS_2_SHADER_WRITE_BIT |
    VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT |
    VK_ACCESS_2_TRANSFER_WRITE_BIT | VK_ACCESS_2_HOST_WRITE_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT;

bool covers(const Use& seen, const Use& next) {
    return (next.stages & ~seen.stages) == 0 && (next.access & ~seen.access) == 0;
}

} // namespace

bool Use::writes() const {
    return (access & kWriteAccess) != 0;
}

std::optional<Dependency> UseHistory::advance(const Use& next) {
    const bool relayout = m_kind == Kind::Image && (next.layout != m_layout || next.discard);
    const bool write = next.writes() || relayout;
    if (!write &&
        std::any_of(m_reads.begin(), m_reads.end(), [&](const Use& r) { return covers(r, next); })) {
        return std::nullopt; // an earlier read with the same view already waited
    }
    Dependency dependency{m_writeStages, m_writeAccess, next.stages, next.access, m_layout, next.layout};
    if (write) {
        for (const Use& read : m_reads) dependency.fromStages |= read.stages;
    }
    if (m_kind == Kind::Buffer || !relayout) dependency.fromLayout = dependency.toLayout = m_layout;
    if (next.discard) dependency.fromLayout = VK_IMAGE_LAYOUT_UNDEFINED;

    const bool untouched = dependency.fromStages == 0;
    if (write) {
        // A change of layout is a write too; it is complete when `next` may start.
        m_writeStages = next.stages;
        m_writeAccess = next.access & kWriteAccess;
        m_reads.clear();
    }
    if (!next.writes()) m_reads.push_back(next);
    if (m_kind == Kind::Image) m_layout = next.layout;
    if (untouched && !relayout) return std::nullopt;
    return dependency;
}

void UseHistory::assume(const Use& last) {
    m_reads.clear();
    m_layout = last.layout;
    m_writeStages = last.stages;
    m_writeAccess = last.access & kWriteAccess;
}

void BarrierTracker::use(const Buffer& buffer, const Use& next) {
    const auto dependency = buffer.history().advance(next);
    if (!dependency) return;
    VkBufferMemoryBarrier2 barrier{VK_STRUCTURE_TYPE_BUFFER_MEMORY_BARRIER_2};
    barrier.srcStageMask = dependency->fromStages;
    barrier.srcAccessMask = dependency->fromAccess;
    barrier.dstStageMask = dependency->toStages;
    barrier.dstAccessMask = dependency->toAccess;
    barrier.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    barrier.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    barrier.buffer = buffer.handle();
    barrier.size = VK_WHOLE_SIZE;
    m_buffers.push_back(barrier);
}

void BarrierTracker::use(const Image& image, const Use& next) {
    const auto dependency = image.history().advance(next);
    if (!dependency) return;
    VkImageMemoryBarrier2 barrier{VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2};
    barrier.srcStageMask = dependency->fromStages;
    barrier.srcAccessMask = dependency->fromAccess;
    barrier.dstStageMask = dependency->toStages;
    barrier.dstAccessMask = dependency->toAccess;
    barrier.oldLayout = dependency->fromLayout;
    barrier.newLayout = dependency->toLayout;
    barrier.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    barrier.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    barrier.image = image.handle();
    barrier.subresourceRange = {image.aspect(), 0, 1, 0, 1};
    m_images.push_back(barrier);
}

void BarrierTracker::flush(VkCommandBuffer commands) {
    if (!pending()) return;
    VkDependencyInfo info{VK_STRUCTURE_TYPE_DEPENDENCY_INFO};
    info.bufferMemoryBarrierCount = static_cast<std::uint32_t>(m_buffers.size());
    info.pBufferMemoryBarriers = m_buffers.data();
    info.imageMemoryBarrierCount = static_cast<std::uint32_t>(m_images.size());
    info.pImageMemoryBarriers = m_images.data();
    vkCmdPipelineBarrier2(commands, &info);
    m_buffers.clear();
    m_images.clear();
}

} // namespace pump::gpu
