#include "render/passes/MeshPass.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace pump::render {

namespace {

constexpr std::array<std::string_view, kGhostLayerCount> kLayerNames = {
    "ghost bones", "ghost deep vessels", "ghost muscles", "ghost fascia", "ghost superficial", "ghost skin"};
constexpr float kOutlinePixels = 2.0f;
constexpr std::uint32_t kBackgroundVertices = 24 * 14 * 6; // as in background.vert

/// Attributes of mesh.vert and those that share some of its inputs: the deformed vertex, and of the vertex at
/// rest what the variant shows. A driver fetches all that are declared.
enum class Inputs { Place, PlaceAndNormal, Tissue, Flesh, Cover };

void addInputs(gpu::GraphicsPipelineDesc& desc, Inputs inputs) {
    using shared::DeformedVertex;
    using shared::RestVertex;
    constexpr auto kPlace = VK_FORMAT_R32G32B32_SFLOAT;
    desc.strides = {sizeof(DeformedVertex)};
    desc.attributes = {{0, 0, kPlace, offsetof(DeformedVertex, position)}};
    if (inputs == Inputs::Place) return;
    desc.attributes.push_back({2, 0, VK_FORMAT_R32G32B32A32_SFLOAT, offsetof(DeformedVertex, normal)});
    if (inputs == Inputs::PlaceAndNormal) return;
    desc.attributes.push_back({1, 0, VK_FORMAT_R32_UINT, offsetof(DeformedVertex, structure)});
    // All that the shader declares must be there, used or not: the others read what is there anyway.
    const bool rest = inputs == Inputs::Flesh || inputs == Inputs::Cover;
    const std::uint32_t from = rest ? 1 : 0;
    if (rest) desc.strides.push_back(sizeof(RestVertex));
    const auto restAt = [&](std::size_t offset) { return rest ? static_cast<std::uint32_t>(offset) : 0u; };
    desc.attributes.push_back({3, from, kPlace, restAt(offsetof(RestVertex, position))});
    desc.attributes.push_back({4, from, kPlace, restAt(offsetof(RestVertex, more))});
    desc.attributes.push_back(
        {5, from, VK_FORMAT_R32_SFLOAT, restAt(offsetof(RestVertex, detail) + sizeof(float))});
}

gpu::GraphicsPipelineDesc meshDesc(std::string_view name, VkSampleCountFlagBits samples) {
    gpu::GraphicsPipelineDesc desc;
    desc.name = name;
    desc.vertexShader = "mesh.vert";
    desc.fragmentShader = "mesh.frag";
    desc.colors = {{.format = kColorFormat}};
    desc.depthFormat = kDepthFormat;
    desc.depth = gpu::DepthUse::TestAndWrite;
    desc.samples = samples;
    return desc;
}

gpu::GraphicsPipeline backgroundPipeline(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples) {
    gpu::GraphicsPipelineDesc desc = meshDesc("background", samples);
    desc.vertexShader = "background.vert";
    desc.fragmentShader = "background.frag";
    desc.depth = gpu::DepthUse::Off;
    desc.cull = VK_CULL_MODE_NONE;
    return {shaders, desc};
}

gpu::GraphicsPipeline shadowPipeline(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples) {
    gpu::GraphicsPipelineDesc desc = meshDesc("floor shadow", samples);
    desc.vertexShader = "fullscreen.vert";
    desc.fragmentShader = "floor_shadow.frag";
    desc.colors[0].blend = gpu::Blend::Multiply;
    desc.depth = gpu::DepthUse::Off;
    desc.cull = VK_CULL_MODE_NONE;
    return {shaders, desc};
}

gpu::GraphicsPipeline depthPipeline(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples) {
    gpu::GraphicsPipelineDesc desc = meshDesc("ghost depth", samples);
    desc.vertexShader = "mesh_depth.vert";
    addInputs(desc, Inputs::Place);
    desc.fragmentShader = "";
    desc.colors[0].write = false;
    return {shaders, desc};
}

gpu::GraphicsPipeline tissuePipeline(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples,
                                     bool ghost, std::size_t variant) {
    constexpr std::array<std::string_view, kTissueVariants> kNames{
        "", " flesh", " skin", " far away", " flesh far away", " skin far away"};
    constexpr std::array<Inputs, kTissueKinds> kInputs{Inputs::Tissue, Inputs::Flesh, Inputs::Cover};
    const std::size_t kind = variant % kTissueKinds;
    const std::string name = std::string(ghost ? "ghost" : "solid").append(kNames[variant]);
    gpu::GraphicsPipelineDesc desc = meshDesc(name, samples);
    addInputs(desc, kInputs[kind]);
    if (variant >= kTissueKinds) {
        desc.vertexShader = "mesh_far.vert";
        desc.fragmentShader = "mesh_far.frag";
    }
    if (ghost) {
        desc.colors[0].blend = gpu::Blend::Alpha;
        desc.depth = gpu::DepthUse::Test;
    }
    desc.constants = {{.id = 0, .value = ghost ? 1u : 0u},
                      {.id = 1, .value = kind == 1 ? 1u : 0u},
                      {.id = 2, .value = kind == 2 ? 1u : 0u}};
    return {shaders, desc};
}

gpu::GraphicsPipeline outlinePipeline(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples) {
    gpu::GraphicsPipelineDesc desc = meshDesc("outline", samples);
    desc.vertexShader = "outline.vert";
    desc.fragmentShader = "outline.frag";
    addInputs(desc, Inputs::PlaceAndNormal);
    desc.colors[0].blend = gpu::Blend::Alpha;
    desc.depth = gpu::DepthUse::Test;
    desc.cull = VK_CULL_MODE_FRONT_BIT;
    return {shaders, desc};
}

} // namespace

MeshPass::MeshPass(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samples)
    : m_background(backgroundPipeline(shaders, samples)),
      m_shadow(shadowPipeline(shaders, samples)),
      m_depth(depthPipeline(shaders, samples)),
      m_outline(outlinePipeline(shaders, samples)) {
    const std::size_t used = shaders.device().facts().software ? kTissueVariants : kTissueKinds;
    for (std::size_t variant = 0; variant < used; ++variant) {
        m_solid[variant] = tissuePipeline(shaders, samples, false, variant);
        m_ghost[variant] = tissuePipeline(shaders, samples, true, variant);
    }
}

void MeshPass::prepare(const PassContext& context) const {
    context.commands.use({{context.leg.deformed, gpu::use::kVertexInput},
                          {context.leg.restVertices, gpu::use::kVertexInput},
                          {context.leg.indices, gpu::use::kIndexRead}});
}

void MeshPass::drawRanges(const PassContext& context, const DrawList& list,
                          const std::vector<DrawRange>& ranges) {
    if (ranges.empty()) return;
    gpu::CommandRecorder& commands = context.commands;
    commands.bindVertices(0, context.leg.deformed);
    commands.bindVertices(1, context.leg.restVertices);
    if (!list.draws) {
        commands.bindIndices(context.leg.indices);
        for (const DrawRange& range : ranges) commands.drawIndexed(range.indexCount, 1, range.firstIndex);
        return;
    }
    commands.bindIndices(*list.indices);
    commands.drawIndexedIndirect(*list.draws, ranges.front().draw * sizeof(VkDrawIndexedIndirectCommand),
                                 static_cast<std::uint32_t>(ranges.size()));
}

void MeshPass::drawBackground(const PassContext& context) const {
    const auto scope = context.commands.scope("background");
    context.bind(m_background);
    context.commands.draw(kBackgroundVertices);
    // The shadow covers little of the picture: only there is it computed.
    glm::vec3 low(1e9f), high(-1e9f);
    for (const glm::vec4& contact : context.constants.contacts) {
        if (contact.w <= 0) continue;
        const float spread = (contact.w + contact.z * 0.8f) * 1.9f;
        low = glm::min(low, glm::vec3(contact.x - spread, contact.y - spread, context.constants.floorZ));
        high = glm::max(high, glm::vec3(contact.x + spread, contact.y + spread, context.constants.floorZ));
    }
    if (low.x > high.x) return;
    const VkRect2D rect = screenRect(context.constants, context.targets.area, low, high);
    if (rect.extent.width == 0 || rect.extent.height == 0) return;
    context.commands.setScissor(rect);
    context.bind(m_shadow);
    context.commands.draw(3);
    context.commands.setScissor(context.targets.area);
}

void MeshPass::drawSolid(const PassContext& context, const DrawList& list) const {
    const auto scope = context.commands.scope("solid");
    drawTissue(context, list, m_solid, list.solid);
}

void MeshPass::drawTissue(const PassContext& context, const DrawList& list,
                          const std::array<gpu::GraphicsPipeline, kTissueVariants>& pipelines,
                          const TissueRanges& tissue) const {
    for (std::size_t variant = 0; variant < kTissueVariants; ++variant) {
        if (tissue[variant].empty()) continue;
        context.bind(pipelines[variant]);
        drawRanges(context, list, tissue[variant]);
    }
}

void MeshPass::drawGhosts(const PassContext& context, const DrawList& list) const {
    for (std::size_t layer = 0; layer < kGhostLayerCount; ++layer) {
        const TissueRanges& tissue = list.ghosts[layer];
        if (std::all_of(tissue.begin(), tissue.end(), [](const auto& ranges) { return ranges.empty(); }))
            continue;
        const auto scope = context.commands.scope(kLayerNames[layer]);
        context.bind(m_depth);
        for (const std::vector<DrawRange>& ranges : tissue) drawRanges(context, list, ranges);
        drawTissue(context, list, m_ghost, tissue);
    }
}

void MeshPass::drawOutline(const PassContext& context, const DrawList& list) const {
    if (list.highlighted.empty()) return;
    const auto scope = context.commands.scope("outline");
    context.bind(m_outline);
    context.commands.pushConstants(kOutlinePixels);
    drawRanges(context, {}, list.highlighted); // from behind: nothing of it was culled
}

} // namespace pump::render
