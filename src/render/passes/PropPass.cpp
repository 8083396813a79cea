#include "render/passes/PropPass.h"

#include <span>

namespace pump::render {

namespace {

constexpr std::uint32_t kBoxVertices = 36; // as in prop.vert

gpu::GraphicsPipeline propPipeline(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples,
                                   std::string_view name, gpu::DepthUse depth) {
    gpu::GraphicsPipelineDesc desc;
    desc.name = name;
    desc.vertexShader = "prop.vert";
    desc.fragmentShader = "prop.frag";
    desc.colors = {{.format = kColorFormat, .blend = gpu::Blend::Alpha}};
    desc.depthFormat = kDepthFormat;
    desc.depth = depth;
    desc.samples = samples;
    desc.cull = VK_CULL_MODE_NONE; // mirrored boxes too: the shader drops what faces away
    return {shaders, desc};
}

} // namespace

PropPass::PropPass(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples)
    : m_behind(propPipeline(shaders, samples, "surroundings", gpu::DepthUse::Off)),
      m_among(propPipeline(shaders, samples, "props", gpu::DepthUse::Test)) {}

void PropPass::drawBehind(const PassContext& context) const {
    draw(context, m_behind, context.input.surroundings);
}

void PropPass::drawAmong(const PassContext& context) const {
    draw(context, m_among, context.input.props);
}

void PropPass::draw(const PassContext& context, const gpu::GraphicsPipeline& pipeline,
                    const std::vector<shared::Prop>& props) const {
    if (props.empty()) return;
    const auto scope = context.commands.scope("props");
    context.bind(pipeline,
                 {{binding::kFirstOwn, context.frame.upload(std::span<const shared::Prop>(props))}});
    context.commands.draw(kBoxVertices, static_cast<std::uint32_t>(props.size()));
}

} // namespace pump::render
