#pragma once

#include "gpu/Barriers.h"
#include "gpu/Memory.h"

#include <cstring>
#include <type_traits>
#include <vector>

namespace pump::gpu {

/// Usage of a buffer that shaders also read as an array of uvec4. CPU drivers fetch these by whole vectors,
/// but storage buffers word by word and lane by lane: four times as dear (measured on Mesa 22.3).
inline constexpr VkBufferUsageFlags kTexels = VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT;

struct BufferDesc {
    std::string_view name; ///< mandatory
    VkDeviceSize size = 0; ///< bytes, > 0
    VkBufferUsageFlags usage = 0;
    MemoryIntent intent = MemoryIntent::DeviceLocal;
};

/// A buffer with its memory. Move-only. Content is undefined at first.
class Buffer {
  public:
    Buffer() : m_history(UseHistory::Kind::Buffer) {}
    /// Throws Error(Device) when memory is exhausted.
    Buffer(const Device& device, const BufferDesc& desc);

    VkBuffer handle() const { return m_buffer.get(); }
    VkDeviceSize size() const { return m_size; }
    const std::string& name() const { return m_name; }
    explicit operator bool() const { return static_cast<bool>(m_buffer); }

    /// The bytes, when the host can see them; else empty.
    std::span<std::byte> mapped() const { return m_mapped; }
    template <typename T>
    std::span<T> mappedAs() const {
        static_assert(std::is_trivially_copyable_v<T>);
        return {reinterpret_cast<T*>(m_mapped.data()), m_mapped.size() / sizeof(T)};
    }
    /// Into mapped memory that the device does not use at the moment. Throws Error(Device) when the range
    /// does not fit or the buffer is not mapped.
    void write(VkDeviceSize offset, std::span<const std::byte> bytes) const;

    /// View of a range as an array of uvec4 (utextureBuffer in shaders), made on first use. The buffer was
    /// made with kTexels; offset and size are multiples of 16. Throws Error(Device) when the device takes
    /// fewer.
    VkBufferView texels(const Device& device, VkDeviceSize offset, VkDeviceSize size) const;
    /// Frees the views: nothing that uses one is in flight.
    void dropTexels() const { m_texels.clear(); }

    UseHistory& history() const { return m_history; }

  private:
    struct Texels {
        VkDeviceSize offset = 0, size = 0;
        BufferViewHandle view;
    };
    std::string m_name;
    VkDeviceSize m_size = 0;
    Memory m_memory; // before the buffer: freed after it
    BufferHandle m_buffer;
    mutable std::vector<Texels> m_texels; // after the buffer: freed before it
    std::span<std::byte> m_mapped;
    mutable UseHistory m_history;
};

} // namespace pump::gpu
