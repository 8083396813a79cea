#include "render/passes/BloodPass.h"

#include <algorithm>
#include <cmath>

namespace pump::render {

namespace {

constexpr std::uint32_t kCells = binding::kFirstOwn, kVessels = binding::kFirstOwn + 1,
                        kPixels = binding::kFirstOwn + 2, kTiles = binding::kFirstOwn + 3;

/// The more cells there are, the smaller each is drawn, so that they fill the vessels alike.
float drawnRadius(const BloodFlow& flow) {
    const float concentration = flow.tables().concentration(flow.cells());
    return concentration > 0 ? std::clamp(0.42f / std::cbrt(concentration), 0.20f, 0.75f) : 0.5f;
}

gpu::GraphicsPipelineDesc pipelineDesc(std::string_view name, std::string_view vertex,
                                       std::string_view fragment, VkSampleCountFlagBits samples) {
    gpu::GraphicsPipelineDesc desc;
    desc.name = name;
    desc.vertexShader = vertex;
    desc.fragmentShader = fragment;
    desc.colors = {{.format = kColorFormat}};
    desc.depthFormat = kDepthFormat;
    desc.depth = gpu::DepthUse::TestAndWrite;
    desc.cull = VK_CULL_MODE_NONE;
    desc.samples = samples;
    return desc;
}

gpu::GraphicsPipeline discPipeline(const BloodPassDesc& desc) {
    auto pipeline = pipelineDesc("blood-discs", "blood_disc.vert", "blood_disc.frag", desc.samples);
    pipeline.topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP;
    return {desc.shaders, pipeline};
}

} // namespace

BloodPass::BloodPass(const BloodPassDesc& desc)
    : m_device(desc.device),
      m_tier(desc.tier),
      m_seed(desc.seed),
      m_cellRadius(0),
      m_flow({.device = desc.device,
              .shaders = desc.shaders,
              .leg = desc.leg,
              .cells = desc.cells,
              .seed = desc.seed}) {
    m_cellRadius = drawnRadius(m_flow);
    if (m_tier == Tier::Gpu) {
        m_discs = discPipeline(desc);
        return;
    }
    m_splat = gpu::ComputePipeline(desc.shaders, {.name = "blood-splat", .shader = "blood_splat.comp"});
    m_composite = gpu::GraphicsPipeline(desc.shaders, pipelineDesc("blood-composite", "blood_composite.vert",
                                                                   "blood_composite.frag", desc.samples));
}

std::uint32_t BloodPass::tilesAcross() const {
    return (m_extent.width + shared::kSplatTile - 1) / shared::kSplatTile;
}

std::uint32_t BloodPass::tileCount() const {
    return tilesAcross() * ((m_extent.height + shared::kSplatTile - 1) / shared::kSplatTile);
}

void BloodPass::resize(VkExtent2D extent) {
    if (extent.width == m_extent.width && extent.height == m_extent.height) return;
    m_extent = extent;
    constexpr VkBufferUsageFlags kUsage =
        VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    m_pixels = gpu::Buffer(
        m_device,
        {.name = "blood pixels", .size = VkDeviceSize{4} * extent.width * extent.height, .usage = kUsage});
    m_tiles = gpu::Buffer(m_device, {.name = "blood tiles",
                                     .size = sizeof(shared::SplatTiles) + VkDeviceSize{8} * tileCount(),
                                     .usage = kUsage | VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT});
    m_pixelsFresh = true;
}

shared::CellLook BloodPass::look() const {
    return {.cellCount = m_flow.cells(),
            .seed = m_seed,
            .radius = m_cellRadius,
            .width = m_extent.width,
            .height = m_extent.height,
            .tilesAcross = tilesAcross()};
}

void BloodPass::prepare(const PassContext& context) {
    if (m_flow.cells() == 0) return;
    gpu::CommandRecorder& commands = context.commands;
    if (m_tier == Tier::Gpu) {
        m_extent = context.targets.extent;
        commands.use({{m_flow.cellBuffer(), gpu::use::kVertexRead},
                      {context.leg.vesselFrames, gpu::use::kVertexTexels}});
        return;
    }
    if (context.targets.extent.width != m_extent.width || context.targets.extent.height != m_extent.height) {
        if (m_pixels) context.frame.retire(std::move(m_pixels));
        if (m_tiles) context.frame.retire(std::move(m_tiles));
        resize(context.targets.extent);
    }
    const auto scope = commands.scope("blood-splat");
    if (m_pixelsFresh) commands.fill({&m_pixels}, shared::kSplatEmpty);
    m_pixelsFresh = false;
    commands.fill({&m_tiles, 0, sizeof(shared::SplatTiles) + VkDeviceSize{4} * tileCount()}, 0);
    commands.use({{m_flow.cellBuffer(), gpu::use::kComputeRead},
                  {context.leg.vesselFrames, gpu::use::kComputeTexels},
                  {m_pixels, gpu::use::kComputeReadWrite},
                  {m_tiles, gpu::use::kComputeReadWrite}});
    context.bind(m_splat, {{kCells, m_flow.cellBuffer()},
                           {kVessels, m_flow.vesselSlice()},
                           {kPixels, m_pixels},
                           {kTiles, m_tiles}});
    commands.pushConstants(look());
    commands.dispatch(m_flow.cells());
    const gpu::Use drawn{VK_PIPELINE_STAGE_2_DRAW_INDIRECT_BIT | VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT,
                         VK_ACCESS_2_INDIRECT_COMMAND_READ_BIT | VK_ACCESS_2_SHADER_STORAGE_READ_BIT};
    commands.use({{m_pixels, gpu::use::kFragmentReadWrite}, {m_tiles, drawn}});
}

void BloodPass::draw(const PassContext& context) const {
    if (m_flow.cells() == 0) return;
    gpu::CommandRecorder& commands = context.commands;
    if (m_tier == Tier::Gpu) {
        const auto scope = commands.scope("blood-discs");
        context.bind(m_discs, {{kCells, m_flow.cellBuffer()}, {kVessels, m_flow.vesselSlice()}});
        commands.pushConstants(look());
        commands.draw(4, m_flow.cells());
        return;
    }
    const auto scope = commands.scope("blood-composite");
    context.bind(m_composite, {{kPixels, m_pixels}, {kTiles, m_tiles}});
    commands.pushConstants(look());
    commands.drawIndirect(m_tiles, 0, 1);
}

} // namespace pump::render
