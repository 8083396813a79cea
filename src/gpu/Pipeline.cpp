#include "gpu/Pipeline.h"

#include "core/Error.h"

#include <algorithm>

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

namespace {

/// VkSpecializationInfo with what it points at.
class Specialization {
  public:
    explicit Specialization(std::span<const SpecializationConstant> constants) {
        for (const auto& constant : constants) {
            m_entries.push_back({constant.id, static_cast<std::uint32_t>(m_values.size() * 4), 4});
            m_values.push_back(constant.value);
        }
        m_info.mapEntryCount = static_cast<std::uint32_t>(m_entries.size());
        m_info.pMapEntries = m_entries.data();
        m_info.dataSize = m_values.size() * 4;
        m_info.pData = m_values.data();
    }
    const VkSpecializationInfo* get() const { return m_values.empty() ? nullptr : &m_info; }

  private:
    std::vector<VkSpecializationMapEntry> m_entries;
    std::vector<std::uint32_t> m_values;
    VkSpecializationInfo m_info{};
};

VkPipelineShaderStageCreateInfo stageInfo(const ShaderModule& module, const Specialization& specialization) {
    VkPipelineShaderStageCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO};
    info.stage = module.stage();
    info.module = module.handle();
    info.pName = "main";
    info.pSpecializationInfo = specialization.get();
    return info;
}

void requireStage(std::string_view pipeline, std::string_view shader, const ShaderModule& module,
                  VkShaderStageFlagBits stage) {
    if (module.stage() == stage) return;
    throw Error(ErrorKind::Asset, "pipeline '{}': shader '{}' is of another stage than needed", pipeline,
                shader);
}

VkPipelineColorBlendAttachmentState blendState(const ColorTarget& target) {
    VkPipelineColorBlendAttachmentState state{};
    if (target.write) {
        state.colorWriteMask = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT |
                               VK_COLOR_COMPONENT_B_BIT | VK_COLOR_COMPONENT_A_BIT;
    }
    if (target.blend == Blend::Opaque) return state;
    state.blendEnable = VK_TRUE;
    state.colorBlendOp = VK_BLEND_OP_ADD;
    state.alphaBlendOp = VK_BLEND_OP_ADD;
    state.srcColorBlendFactor = VK_BLEND_FACTOR_ONE;
    state.dstColorBlendFactor = VK_BLEND_FACTOR_ONE;
    state.srcAlphaBlendFactor = VK_BLEND_FACTOR_ONE;
    state.dstAlphaBlendFactor = VK_BLEND_FACTOR_ONE;
    switch (target.blend) {
    case Blend::Alpha:
        state.srcColorBlendFactor = VK_BLEND_FACTOR_SRC_ALPHA;
        state.dstColorBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
        state.dstAlphaBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
        break;
    case Blend::Premultiplied:
        state.dstColorBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
        state.dstAlphaBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
        break;
    case Blend::Multiply:
        state.srcColorBlendFactor = VK_BLEND_FACTOR_ZERO;
        state.dstColorBlendFactor = VK_BLEND_FACTOR_SRC_COLOR;
        state.srcAlphaBlendFactor = VK_BLEND_FACTOR_ZERO;
        state.dstAlphaBlendFactor = VK_BLEND_FACTOR_SRC_ALPHA;
        break;
    case Blend::Additive:
    case Blend::Opaque:
        break;
    }
    return state;
}

/// All states of a graphics pipeline, kept together while vkCreateGraphicsPipelines reads them.
struct GraphicsState {
    VkPipelineVertexInputStateCreateInfo vertexInput{
        VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO};
    VkPipelineInputAssemblyStateCreateInfo assembly{
        VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO};
    VkPipelineViewportStateCreateInfo viewport{VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO};
    VkPipelineRasterizationStateCreateInfo raster{VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO};
    VkPipelineMultisampleStateCreateInfo samples{VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO};
    VkPipelineDepthStencilStateCreateInfo depth{VK_STRUCTURE_TYPE_PIPELINE_DEPTH_STENCIL_STATE_CREATE_INFO};
    VkPipelineColorBlendStateCreateInfo blend{VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO};
    VkPipelineDynamicStateCreateInfo dynamic{VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO};
    VkPipelineRenderingCreateInfo rendering{VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO};
    std::array<VkDynamicState, 2> dynamicStates{VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR};
    std::vector<VkPipelineColorBlendAttachmentState> blends;
    std::vector<VkFormat> formats;
    std::vector<VkVertexInputBindingDescription> vertexBindings;
    std::vector<VkVertexInputAttributeDescription> vertexAttributes;

    explicit GraphicsState(const GraphicsPipelineDesc& desc) {
        for (std::uint32_t i = 0; i < desc.strides.size(); ++i)
            vertexBindings.push_back({i, desc.strides[i], VK_VERTEX_INPUT_RATE_VERTEX});
        for (const VertexAttribute& a : desc.attributes)
            vertexAttributes.push_back({a.location, a.binding, a.format, a.offset});
        vertexInput.vertexBindingDescriptionCount = static_cast<std::uint32_t>(vertexBindings.size());
        vertexInput.pVertexBindingDescriptions = vertexBindings.data();
        vertexInput.vertexAttributeDescriptionCount = static_cast<std::uint32_t>(vertexAttributes.size());
        vertexInput.pVertexAttributeDescriptions = vertexAttributes.data();
        assembly.topology = desc.topology;
        viewport.viewportCount = 1;
        viewport.scissorCount = 1;
        raster.polygonMode = VK_POLYGON_MODE_FILL;
        raster.cullMode = desc.cull;
        raster.frontFace = desc.front;
        raster.lineWidth = 1;
        raster.depthBiasEnable = desc.depthBias != 0 || desc.depthBiasSlope != 0;
        raster.depthBiasConstantFactor = desc.depthBias;
        raster.depthBiasSlopeFactor = desc.depthBiasSlope;
        samples.rasterizationSamples = desc.samples;
        depth.depthTestEnable = desc.depth != DepthUse::Off;
        depth.depthWriteEnable = desc.depth == DepthUse::TestAndWrite;
        depth.depthCompareOp = desc.depthCompare;
        for (const auto& target : desc.colors) {
            blends.push_back(blendState(target));
            formats.push_back(target.format);
        }
        blend.attachmentCount = static_cast<std::uint32_t>(blends.size());
        blend.pAttachments = blends.data();
        dynamic.dynamicStateCount = static_cast<std::uint32_t>(dynamicStates.size());
        dynamic.pDynamicStates = dynamicStates.data();
        rendering.colorAttachmentCount = static_cast<std::uint32_t>(formats.size());
        rendering.pColorAttachmentFormats = formats.data();
        rendering.depthAttachmentFormat = desc.depthFormat;
    }
    GraphicsState(const GraphicsState&) = delete;
    GraphicsState& operator=(const GraphicsState&) = delete;
};

} // namespace

PipelineLayout::PipelineLayout(const Device& device, std::string_view name, ShaderInterface interface)
    : m_interface(std::move(interface)) {
    std::vector<VkDescriptorSetLayoutBinding> bindings;
    for (const auto& binding : m_interface.bindings) {
        if (binding.set != 0 || binding.binding >= 64) {
            throw Error(ErrorKind::Asset,
                        "pipeline '{}': binding {} of set {}; only set 0 with bindings below 64 is used",
                        name, binding.binding, binding.set);
        }
        bindings.push_back({binding.binding, binding.type, binding.count, binding.stages, nullptr});
    }
    if (m_interface.pushConstantBytes > device.facts().maxPushConstants) {
        throw Error(ErrorKind::Asset, "pipeline '{}' has {} bytes of push constants, device '{}' has {}",
                    name, m_interface.pushConstantBytes, device.report().name,
                    device.facts().maxPushConstants);
    }
    VkDescriptorSetLayoutCreateInfo setInfo{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO};
    setInfo.flags = VK_DESCRIPTOR_SET_LAYOUT_CREATE_PUSH_DESCRIPTOR_BIT_KHR;
    setInfo.bindingCount = static_cast<std::uint32_t>(bindings.size());
    setInfo.pBindings = bindings.data();
    VkDescriptorSetLayout set = VK_NULL_HANDLE;
    check(vkCreateDescriptorSetLayout(device.handle(), &setInfo, nullptr, &set),
          fmt::format("making the descriptor layout of pipeline '{}'", name));
    m_setLayout = SetLayoutHandle(device.handle(), set);
    device.setName(VK_OBJECT_TYPE_DESCRIPTOR_SET_LAYOUT, set, name);

    const VkPushConstantRange range{m_interface.pushConstantStages, 0, m_interface.pushConstantBytes};
    VkPipelineLayoutCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO};
    info.setLayoutCount = 1;
    info.pSetLayouts = &set;
    info.pushConstantRangeCount = range.size > 0 ? 1 : 0;
    info.pPushConstantRanges = &range;
    VkPipelineLayout layout = VK_NULL_HANDLE;
    check(vkCreatePipelineLayout(device.handle(), &info, nullptr, &layout),
          fmt::format("making the layout of pipeline '{}'", name));
    m_layout = PipelineLayoutHandle(device.handle(), layout);
    device.setName(VK_OBJECT_TYPE_PIPELINE_LAYOUT, layout, name);
}

ComputePipeline::ComputePipeline(const ShaderLibrary& shaders, const ComputePipelineDesc& desc)
    : Pipeline(desc.name, VK_PIPELINE_BIND_POINT_COMPUTE) {
    const Device& device = shaders.device();
    const ShaderModule module = shaders.load(desc.shader);
    requireStage(desc.name, desc.shader, module, VK_SHADER_STAGE_COMPUTE_BIT);
    m_layout = PipelineLayout(device, desc.name, module.interface());
    const Specialization specialization(desc.constants);
    VkComputePipelineCreateInfo info{VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO};
    info.stage = stageInfo(module, specialization);
    info.layout = m_layout.handle();
    VkPipeline pipeline = VK_NULL_HANDLE;
    check(vkCreateComputePipelines(device.handle(), device.pipelineCache(), 1, &info, nullptr, &pipeline),
          fmt::format("making compute pipeline '{}'", desc.name));
    m_pipeline = PipelineHandle(device.handle(), pipeline);
    device.setName(VK_OBJECT_TYPE_PIPELINE, pipeline, desc.name);
}

GraphicsPipeline::GraphicsPipeline(const ShaderLibrary& shaders, const GraphicsPipelineDesc& desc)
    : Pipeline(desc.name, VK_PIPELINE_BIND_POINT_GRAPHICS) {
    const Device& device = shaders.device();
    std::vector<ShaderModule> modules;
    modules.push_back(shaders.load(desc.vertexShader));
    requireStage(desc.name, desc.vertexShader, modules[0], VK_SHADER_STAGE_VERTEX_BIT);
    if (!desc.fragmentShader.empty()) {
        modules.push_back(shaders.load(desc.fragmentShader));
        requireStage(desc.name, desc.fragmentShader, modules[1], VK_SHADER_STAGE_FRAGMENT_BIT);
    }
    const Specialization specialization(desc.constants);
    std::vector<ShaderInterface> interfaces;
    std::vector<VkPipelineShaderStageCreateInfo> stages;
    for (const auto& module : modules) {
        interfaces.push_back(module.interface());
        stages.push_back(stageInfo(module, specialization));
    }
    m_layout = PipelineLayout(device, desc.name, merge(desc.name, interfaces));
    const GraphicsState state(desc);
    VkGraphicsPipelineCreateInfo info{VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO};
    info.pNext = &state.rendering;
    info.stageCount = static_cast<std::uint32_t>(stages.size());
    info.pStages = stages.data();
    info.pVertexInputState = &state.vertexInput;
    info.pInputAssemblyState = &state.assembly;
    info.pViewportState = &state.viewport;
    info.pRasterizationState = &state.raster;
    info.pMultisampleState = &state.samples;
    info.pDepthStencilState = &state.depth;
    info.pColorBlendState = &state.blend;
    info.pDynamicState = &state.dynamic;
    info.layout = m_layout.handle();
    VkPipeline pipeline = VK_NULL_HANDLE;
    check(vkCreateGraphicsPipelines(device.handle(), device.pipelineCache(), 1, &info, nullptr, &pipeline),
          fmt::format("making graphics pipeline '{}'", desc.name));
    m_pipeline = PipelineHandle(device.handle(), pipeline);
    device.setName(VK_OBJECT_TYPE_PIPELINE, pipeline, desc.name);
}

} // namespace pump::gpu
