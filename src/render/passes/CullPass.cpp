#include "render/passes/CullPass.h"

#include "shared/cull.h"

#include <algorithm>
#include <vector>

namespace pump::render {

namespace {

constexpr std::uint32_t kBlocks = 13, kMasks = 14, kRanges = 15, kPlaces = 16, kDraws = 22, kLeft = 19,
                        kIndices = 20;
/// Corners are rounded to 1/256 pixel; with several samples a pixel any place in it may count.
constexpr float kMargin = 1.0f / 128, kSampledMargin = 0.5f;

} // namespace

CullPass::CullPass(const gpu::ShaderLibrary& shaders)
    : m_test(shaders, {.name = "cull test", .shader = "cull_test.comp"}),
      m_place(shaders, {.name = "cull place", .shader = "cull_place.comp"}),
      m_write(shaders, {.name = "cull write", .shader = "cull_write.comp"}) {}

void CullPass::resize(const PassContext& context, std::size_t blocks, std::size_t ranges) {
    const auto grow = [&](gpu::Buffer& buffer, std::string_view name, VkDeviceSize bytes,
                          VkBufferUsageFlags usage) {
        if (buffer && buffer.size() >= bytes) return;
        if (buffer) context.frame.retire(std::move(buffer));
        buffer = gpu::Buffer(
            context.commands.device(),
            {.name = name, .size = bytes + bytes / 4, .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | usage});
    };
    grow(m_masks, "cull masks", blocks * sizeof(std::uint32_t), 0);
    grow(m_places, "cull places", blocks * sizeof(std::uint32_t), 0);
    grow(m_draws, "cull draws", ranges * sizeof(VkDrawIndexedIndirectCommand),
         VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    if (m_left && m_left.size() == context.leg.indices.size()) return;
    if (m_left) context.frame.retire(std::move(m_left));
    m_left = gpu::Buffer(context.commands.device(),
                         {.name = "indices left",
                          .size = context.leg.indices.size(),
                          .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_INDEX_BUFFER_BIT |
                                   VK_BUFFER_USAGE_TRANSFER_SRC_BIT});
}

void CullPass::record(const PassContext& context, DrawList& list) {
    std::vector<shared::CullBlock> blocks;
    std::vector<shared::CullRange> ranges;
    forEachRange(list, [&](DrawRange& range) {
        range.draw = static_cast<std::uint32_t>(ranges.size());
        const auto first = static_cast<std::uint32_t>(blocks.size());
        for (std::uint32_t done = 0; done < range.indexCount; done += 3 * shared::kCullBlock)
            blocks.push_back(
                {range.firstIndex + done, std::min(shared::kCullBlock, (range.indexCount - done) / 3)});
        ranges.push_back({first, static_cast<std::uint32_t>(blocks.size()) - first, range.firstIndex, 0});
    });
    if (blocks.empty()) return;
    resize(context, blocks.size(), ranges.size());
    gpu::CommandRecorder& commands = context.commands;
    const auto scope = commands.scope("cull");
    const gpu::BufferSlice blockSlice = context.frame.upload(std::span<const shared::CullBlock>(blocks));
    const gpu::BufferSlice rangeSlice = context.frame.upload(std::span<const shared::CullRange>(ranges));
    const auto blockCount = static_cast<std::uint32_t>(blocks.size());
    const auto rangeCount = static_cast<std::uint32_t>(ranges.size());
    const VkRect2D& area = context.targets.area;
    const glm::vec2 low(area.offset.x, area.offset.y);
    shared::CullParams params{};
    params.margin = context.targets.samples == VK_SAMPLE_COUNT_1_BIT ? kMargin : kSampledMargin;
    params.low = low;
    params.high = low + glm::vec2(area.extent.width, area.extent.height);
    const auto dispatch = [&](std::uint32_t count) {
        params.count = count;
        commands.pushConstants(params);
        commands.dispatch(count);
    };
    commands.use({{context.leg.deformed, gpu::use::kComputeTexels},
                  {context.leg.indices, gpu::use::kComputeRead},
                  {m_masks, gpu::use::kComputeWrite}});
    context.bind(m_test, {{kBlocks, blockSlice}, {kMasks, m_masks}, {kIndices, context.leg.indices}});
    dispatch(blockCount);
    commands.use({{m_masks, gpu::use::kComputeRead},
                  {m_places, gpu::use::kComputeWrite},
                  {m_draws, gpu::use::kComputeWrite}});
    context.bind(m_place, {{kMasks, m_masks}, {kRanges, rangeSlice}, {kPlaces, m_places}, {kDraws, m_draws}});
    dispatch(rangeCount);
    commands.use({{m_places, gpu::use::kComputeRead}, {m_left, gpu::use::kComputeWrite}});
    context.bind(m_write, {{kBlocks, blockSlice},
                           {kMasks, m_masks},
                           {kPlaces, m_places},
                           {kLeft, m_left},
                           {kIndices, context.leg.indices}});
    dispatch(blockCount);
    commands.use({{m_left, gpu::use::kIndexRead}, {m_draws, gpu::use::kIndirectRead}});
    list.indices = &m_left;
    list.draws = &m_draws;
}

} // namespace pump::render
