#pragma once

#include "gpu/Barriers.h"
#include "gpu/Memory.h"

#include <cstring>
#include <type_traits>

namespace pump::gpu {

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

    UseHistory& history() const { return m_history; }

  private:
    std::string m_name;
    VkDeviceSize m_size = 0;
    Memory m_memory; // before the buffer: freed after it
    BufferHandle m_buffer;
    std::span<std::byte> m_mapped;
    mutable UseHistory m_history;
};

} // namespace pump::gpu
