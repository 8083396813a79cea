#include "render/passes/DeformPass.h"

namespace pump::render {

DeformPass::DeformPass(const gpu::ShaderLibrary& shaders)
    : m_points(shaders, {.name = "deform points", .shader = "deform_points.comp"}),
      m_frames(shaders, {.name = "deform frames", .shader = "deform_frames.comp"}),
      m_vertices(shaders, {.name = "deform vertices", .shader = "deform_vertices.comp"}) {}

void DeformPass::record(const PassContext& context) const {
    gpu::CommandRecorder& commands = context.commands;
    const LegDevice& leg = context.leg;
    if (const std::uint32_t points = leg.vesselPointCount(); points > 0) {
        const auto scope = commands.scope("deform lines");
        commands.use({{leg.vesselFrames, gpu::use::kComputeWrite}});
        context.bind(m_points);
        commands.pushConstants(points);
        commands.dispatch(points);
        commands.use({{leg.vesselFrames, gpu::use::kComputeReadWrite}});
        context.bind(m_frames);
        commands.pushConstants(points);
        commands.dispatch(points);
    }
    const std::uint32_t vertices = leg.vertexCount();
    if (vertices == 0) return;
    const auto scope = commands.scope("deform vertices");
    commands.use({{leg.vesselFrames, gpu::use::kComputeRead}, {leg.deformed, gpu::use::kComputeWrite}});
    context.bind(m_vertices);
    commands.pushConstants(vertices);
    commands.dispatch(vertices);
}

} // namespace pump::render
