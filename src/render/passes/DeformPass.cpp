#include "render/passes/DeformPass.h"

#include <vector>

namespace pump::render {

namespace {

std::size_t variantOf(std::uint32_t influences) {
    return influences == 1 ? 0 : influences == 2 ? 1 : 2;
}

struct Run {
    std::uint32_t first = 0, count = 0;
};

} // namespace

DeformPass::DeformPass(const gpu::ShaderLibrary& shaders)
    : m_points(shaders, {.name = "deform points", .shader = "deform_points.comp"}),
      m_frames(shaders, {.name = "deform frames", .shader = "deform_frames.comp"}) {
    for (std::uint32_t kind = 0; kind < shared::kDeformKinds; ++kind)
        for (const std::uint32_t influences : {1u, 2u, 4u}) {
            // Tubes and cusps follow the vessel's line: joints do not matter.
            const bool jointless = kind == shared::kDeformTube || kind == shared::kDeformCusp;
            if (jointless && influences > 1) continue;
            m_vertices[kind][variantOf(influences)] = gpu::ComputePipeline(
                shaders, {.name = "deform vertices",
                          .shader = "deform_vertices.comp",
                          .constants = {{.id = 0, .value = kind}, {.id = 1, .value = influences}}});
        }
}

void DeformPass::recordLines(const PassContext& context) const {
    const std::uint32_t points = context.leg.vesselPointCount();
    if (points == 0) return;
    gpu::CommandRecorder& commands = context.commands;
    const auto scope = commands.scope("deform lines");
    commands.use({{context.leg.vesselFrames, gpu::use::kComputeWrite}});
    context.bind(m_points);
    commands.pushConstants(points);
    commands.dispatch(points);
    commands.use({{context.leg.vesselFrames, gpu::use::kComputeReadWrite}});
    context.bind(m_frames);
    commands.pushConstants(points);
    commands.dispatch(points);
}

void DeformPass::recordVertices(const PassContext& context) const {
    std::array<std::array<std::vector<Run>, kInfluenceVariants>, shared::kDeformKinds> runs;
    m_deformed = 0;
    const std::vector<DeformRange>& ranges = context.leg.tables.ranges;
    for (const DeformRange& range : ranges) {
        if ((context.tables.structures[range.structure].flags & shared::kStructureHidden) != 0) continue;
        auto& list = runs[range.kind][variantOf(range.influences)];
        if (!list.empty() && list.back().first + list.back().count == range.firstVertex)
            list.back().count += range.vertexCount;
        else
            list.push_back({range.firstVertex, range.vertexCount});
        m_deformed += range.vertexCount;
    }
    gpu::CommandRecorder& commands = context.commands;
    const auto scope = commands.scope("deform vertices");
    commands.use({{context.leg.vesselFrames, gpu::use::kComputeTexels},
                  {context.leg.deformed, gpu::use::kComputeWrite}});
    for (std::size_t kind = 0; kind < runs.size(); ++kind)
        for (std::size_t variant = 0; variant < kInfluenceVariants; ++variant) {
            if (runs[kind][variant].empty()) continue;
            context.bind(m_vertices[kind][variant]);
            for (const Run& run : runs[kind][variant]) {
                commands.pushConstants(run);
                commands.dispatch(run.count);
            }
        }
}

void DeformPass::record(const PassContext& context) const {
    recordLines(context);
    recordVertices(context);
}

} // namespace pump::render
