#pragma once

#include "gpu/Device.h"

#include <cstddef>
#include <span>

namespace pump::gpu {

/// What memory is for; decides where it lives.
enum class MemoryIntent {
    DeviceLocal, ///< written and read by the device; mapped too where that is free (integrated, CPU drivers)
    Upload,      ///< written by the host once, read by the device; mapped
    Readback     ///< written by the device, read by the host; mapped, cached where possible
};

/// One allocation, counted in Device::allocatedBytes(). One resource has one allocation: have few, large
/// ones.
class Memory {
  public:
    Memory() = default;
    Memory(const Device& device, const VkMemoryRequirements& requirements, MemoryIntent intent,
           std::string_view name);
    Memory(Memory&& other) noexcept;
    Memory& operator=(Memory&& other) noexcept;
    ~Memory();

    VkDeviceMemory handle() const { return m_memory.get(); }
    /// Empty when the memory is not mapped.
    std::span<std::byte> mapped() const { return m_mapped; }

  private:
    void release();

    const Device* m_device = nullptr;
    MemoryHandle m_memory;
    VkDeviceSize m_size = 0;
    std::span<std::byte> m_mapped;
};

} // namespace pump::gpu
