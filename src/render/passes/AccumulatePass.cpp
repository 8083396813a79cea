#include "render/passes/AccumulatePass.h"

namespace pump::render {

AccumulatePass::AccumulatePass(const gpu::ShaderLibrary& shaders)
    : m_pipeline(shaders, {.name = "accumulate", .shader = "accumulate.comp"}) {}

void AccumulatePass::resize(const gpu::Device& device, VkExtent2D extent) {
    m_sums = gpu::Buffer(device, {.name = "accumulated samples",
                                  .size = VkDeviceSize{extent.width} * extent.height * 8,
                                  .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT});
}

void AccumulatePass::record(gpu::CommandRecorder& commands, const gpu::Image& picture, const VkRect2D& area,
                            std::uint32_t samples) const {
    const auto scope = commands.scope("accumulate");
    dispatch(commands, picture, area, samples, Step::Add);
}

void AccumulatePass::restore(gpu::CommandRecorder& commands, const gpu::Image& picture, const VkRect2D& area,
                             std::uint32_t samples) const {
    const auto scope = commands.scope("restore");
    dispatch(commands, picture, area, samples, Step::Restore);
}

void AccumulatePass::dispatch(gpu::CommandRecorder& commands, const gpu::Image& picture, const VkRect2D& area,
                              std::uint32_t samples, Step step) const {
    struct Push {
        VkRect2D area;
        std::uint32_t samples;
        Step step;
    };
    commands.use({{picture, gpu::use::kStorageImageReadWrite}, {m_sums, gpu::use::kComputeReadWrite}});
    commands.bind(m_pipeline);
    commands.push({{0u, picture}, {1u, m_sums}});
    commands.pushConstants(Push{area, samples, step});
    commands.dispatch(area.extent.width, area.extent.height);
}

} // namespace pump::render
