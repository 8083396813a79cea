#pragma once

#include "gpu/Barriers.h"
#include "gpu/Buffer.h"
#include "gpu/Image.h"
#include "gpu/Pipeline.h"
#include "gpu/Timestamps.h"

#include <initializer_list>

namespace pump::gpu {

/// A piece of a buffer.
struct BufferSlice {
    const Buffer* buffer = nullptr;
    VkDeviceSize offset = 0;
    VkDeviceSize size = VK_WHOLE_SIZE;
};

/// What to put on a binding, by number or by the name in the shader. The optimizer strips names from the
/// built-in shaders: passes use the numbers that the shader's shared header gives.
struct Bind {
    std::variant<std::uint32_t, std::string_view> binding;
    BufferSlice buffer{};
    const Image* image = nullptr;
    const Sampler* sampler = nullptr;

    Bind(std::variant<std::uint32_t, std::string_view> at, const Buffer& b) : binding(at), buffer{&b} {}
    Bind(std::variant<std::uint32_t, std::string_view> at, const BufferSlice& b) : binding(at), buffer(b) {}
    Bind(std::variant<std::uint32_t, std::string_view> at, const Image& i) : binding(at), image(&i) {}
    Bind(std::variant<std::uint32_t, std::string_view> at, const Image& i, const Sampler& s)
        : binding(at), image(&i), sampler(&s) {}
};

/// One use of one resource by a pass.
struct ResourceUse {
    const Buffer* buffer = nullptr;
    const Image* image = nullptr;
    Use use;

    ResourceUse(const Buffer& b, const Use& u) : buffer(&b), use(u) {}
    ResourceUse(const Image& i, const Use& u) : image(&i), use(u) {}
};

struct ColorAttachment {
    const Image* image = nullptr;
    std::optional<VkClearColorValue> clear; ///< nothing: keep what is there
    const Image* resolve = nullptr;         ///< single-sample target of a multisampled image
    bool store = true;
};

struct DepthAttachment {
    const Image* image = nullptr;
    std::optional<float> clear;
    bool store = true;
};

struct RenderingDesc {
    std::vector<ColorAttachment> colors;
    std::optional<DepthAttachment> depth;
    std::optional<VkRect2D> area; ///< all that is written; default: the whole of the attachments
};

/// Records commands. Checks what the validation layers cannot say in our terms: that every binding of the
/// pipeline was given, that push constants have the declared size. Barriers come from declared uses only.
class CommandRecorder {
  public:
    CommandRecorder(const Device& device, VkCommandBuffer commands, TimestampPool* timestamps = nullptr);
    CommandRecorder(const CommandRecorder&) = delete;
    CommandRecorder& operator=(const CommandRecorder&) = delete;

    VkCommandBuffer handle() const { return m_commands; }
    const Device& device() const { return m_device; }

    /// Declares what the following commands do with resources and waits for what came before, in one barrier.
    void use(std::initializer_list<ResourceUse> uses);
    void use(std::span<const ResourceUse> uses);

    void bind(const Pipeline& pipeline);
    /// Descriptors of the bound pipeline. Sampled images are expected in SHADER_READ_ONLY_OPTIMAL, storage
    /// images in GENERAL. Throws Error(Device) on a binding that the shader does not have.
    void push(std::initializer_list<Bind> binds);
    void push(std::span<const Bind> binds);
    template <typename T>
    void pushConstants(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        pushConstantBytes(std::as_bytes(std::span(&value, 1)));
    }

    /// As many groups as cover the given number of invocations; the shader guards its bounds.
    void dispatch(std::uint32_t x, std::uint32_t y = 1, std::uint32_t z = 1);
    /// Group counts from the buffer (VkDispatchIndirectCommand).
    void dispatchIndirect(const Buffer& buffer, VkDeviceSize offset = 0);

    /// Declares the attachments' uses itself and sets viewport and scissor to the area.
    void beginRendering(const RenderingDesc& desc);
    void endRendering();
    /// Pixels that the following draws may write, within the area of the rendering.
    void setScissor(const VkRect2D& area);
    void bindVertices(std::uint32_t binding, const Buffer& buffer, VkDeviceSize offset = 0);
    void bindIndices(const Buffer& buffer, VkDeviceSize offset = 0, VkIndexType type = VK_INDEX_TYPE_UINT32);
    void draw(std::uint32_t vertices, std::uint32_t instances = 1, std::uint32_t firstVertex = 0,
              std::uint32_t firstInstance = 0);
    void drawIndexed(std::uint32_t indices, std::uint32_t instances = 1, std::uint32_t firstIndex = 0,
                     std::int32_t vertexOffset = 0, std::uint32_t firstInstance = 0);
    void drawIndirect(const Buffer& buffer, VkDeviceSize offset, std::uint32_t draws);
    void drawIndexedIndirect(const Buffer& buffer, VkDeviceSize offset, std::uint32_t draws);

    // Transfers declare the uses of their operands themselves.
    void copy(const BufferSlice& from, const Buffer& to, VkDeviceSize offset = 0);
    void copy(const Image& from, const Buffer& to, VkDeviceSize offset = 0);
    void copy(const BufferSlice& from, const Image& to);
    void copy(const Image& from, const Image& to);
    /// Scales one area to the other's size.
    void blit(const Image& from, const VkRect2D& fromArea, const Image& to, const VkRect2D& toArea,
              VkFilter filter = VK_FILTER_LINEAR);
    /// Offset and size are multiples of 4 bytes.
    void fill(const BufferSlice& buffer, std::uint32_t value);
    void clear(const Image& image, const VkClearColorValue& color);

    /// A named stretch: label in captures and, where the device can, time in TimestampPool. Ends with the
    /// returned object.
    class Scope {
      public:
        Scope(CommandRecorder& recorder, std::string_view name);
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;
        ~Scope();

      private:
        CommandRecorder& m_recorder;
        int m_timer;
    };
    [[nodiscard]] Scope scope(std::string_view name) { return Scope(*this, name); }

  private:
    void pushConstantBytes(std::span<const std::byte> bytes);
    const ShaderBinding& resolve(const Bind& bind) const;
    void requireComplete() const;

    const Device& m_device;
    VkCommandBuffer m_commands;
    TimestampPool* m_timestamps;
    const Pipeline* m_pipeline = nullptr;
    std::uint64_t m_pushed = 0; ///< bit for each binding written since bind()
    bool m_constantsPushed = false;
    BarrierTracker m_barriers;
};

} // namespace pump::gpu
