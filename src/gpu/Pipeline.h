#pragma once

#include "gpu/Shader.h"

#include <variant>

namespace pump::gpu {

class Buffer;
class Image;
class Sampler;

struct SpecializationConstant {
    std::uint32_t id = 0;
    std::uint32_t value = 0; ///< bits of a 32-bit uint, int, float or bool
};

/// Layout made from what the shaders declare: all bindings in set 0, written with push descriptors.
class PipelineLayout {
  public:
    PipelineLayout() = default;
    /// Throws Error(Asset): a set other than 0, more push constants than the device has.
    PipelineLayout(const Device& device, std::string_view name, ShaderInterface interface);
    VkPipelineLayout handle() const { return m_layout.get(); }
    const ShaderInterface& interface() const { return m_interface; }

  private:
    ShaderInterface m_interface;
    SetLayoutHandle m_setLayout;
    PipelineLayoutHandle m_layout;
};

/// What CommandRecorder needs of either kind.
class Pipeline {
  public:
    VkPipeline handle() const { return m_pipeline.get(); }
    VkPipelineLayout layout() const { return m_layout.handle(); }
    VkPipelineBindPoint bindPoint() const { return m_bindPoint; }
    const ShaderInterface& interface() const { return m_layout.interface(); }
    const std::string& name() const { return m_name; }
    explicit operator bool() const { return static_cast<bool>(m_pipeline); }

  protected:
    Pipeline() = default;
    explicit Pipeline(std::string_view name, VkPipelineBindPoint point) : m_name(name), m_bindPoint(point) {}

    std::string m_name;
    VkPipelineBindPoint m_bindPoint = VK_PIPELINE_BIND_POINT_COMPUTE;
    PipelineLayout m_layout;
    PipelineHandle m_pipeline;
};

struct ComputePipelineDesc {
    std::string_view name;   ///< mandatory
    std::string_view shader; ///< file name, e.g. "deform_vertices.comp"
    std::vector<SpecializationConstant> constants;
};

class ComputePipeline : public Pipeline {
  public:
    ComputePipeline() = default;
    /// Throws Error(Asset) for shader trouble, Error(Device) when the driver refuses.
    ComputePipeline(const ShaderLibrary& shaders, const ComputePipelineDesc& desc);
    std::array<std::uint32_t, 3> localSize() const { return interface().localSize; }
};

enum class Blend {
    Opaque,
    Alpha,         ///< colour * alpha + below * (1 - alpha)
    Premultiplied, ///< colour + below * (1 - alpha)
    Additive,      ///< colour + below
    Multiply       ///< below * colour
};

struct ColorTarget {
    VkFormat format = VK_FORMAT_R8G8B8A8_UNORM;
    Blend blend = Blend::Opaque;
    bool write = true;
};

enum class DepthUse { Off, Test, TestAndWrite };

/// A vertex attribute that the shader reads at `location`.
struct VertexAttribute {
    std::uint32_t location = 0;
    std::uint32_t binding = 0; ///< of CommandRecorder::bindVertices
    VkFormat format = VK_FORMAT_R32G32B32A32_SFLOAT;
    std::uint32_t offset = 0; ///< bytes from the start of the vertex
};

struct GraphicsPipelineDesc {
    std::string_view name; ///< mandatory
    std::string_view vertexShader;
    std::string_view fragmentShader; ///< empty: depth only
    std::vector<ColorTarget> colors;
    VkFormat depthFormat = VK_FORMAT_UNDEFINED;
    DepthUse depth = DepthUse::Off;
    VkCompareOp depthCompare = VK_COMPARE_OP_LESS_OR_EQUAL;
    float depthBias = 0; ///< constant factor
    float depthBiasSlope = 0;
    VkCullModeFlags cull = VK_CULL_MODE_BACK_BIT;
    VkFrontFace front = VK_FRONT_FACE_COUNTER_CLOCKWISE;
    VkPrimitiveTopology topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST;
    VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
    std::vector<SpecializationConstant> constants; ///< for both stages
    std::vector<VertexAttribute> attributes;       ///< none: the shader makes or fetches its vertices
    std::vector<std::uint32_t> strides;            ///< bytes a vertex, by binding of the attributes
};

/// A pipeline for dynamic rendering.
/// Viewport and scissor are dynamic and set by CommandRecorder::beginRendering.
class GraphicsPipeline : public Pipeline {
  public:
    GraphicsPipeline() = default;
    GraphicsPipeline(const ShaderLibrary& shaders, const GraphicsPipelineDesc& desc);
};

} // namespace pump::gpu
