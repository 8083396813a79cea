#include "gpu/Memory.h"

#include "core/Error.h"

#include <utility>

namespace pump::gpu {
namespace {

struct Wanted {
    VkMemoryPropertyFlags required = 0;
    VkMemoryPropertyFlags preferred = 0;
};

Wanted wantedFlags(MemoryIntent intent) {
    constexpr VkMemoryPropertyFlags kHost =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    switch (intent) {
    case MemoryIntent::Upload:
        return {kHost, 0};
    case MemoryIntent::Readback:
        return {kHost, VK_MEMORY_PROPERTY_HOST_CACHED_BIT};
    case MemoryIntent::DeviceLocal:
        break;
    }
    return {0, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT};
}

} // namespace

Memory::Memory(const Device& device, const VkMemoryRequirements& requirements, MemoryIntent intent,
               std::string_view name)
    : m_device(&device), m_size(requirements.size) {
    const auto wanted = wantedFlags(intent);
    const auto type = device.memoryType(requirements.memoryTypeBits, wanted.required, wanted.preferred);
    VkMemoryAllocateInfo info{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    info.allocationSize = requirements.size;
    info.memoryTypeIndex = type;
    VkDeviceMemory memory = VK_NULL_HANDLE;
    check(vkAllocateMemory(device.handle(), &info, nullptr, &memory),
          fmt::format("allocating {} bytes for '{}'", requirements.size, name));
    m_memory = MemoryHandle(device.handle(), memory);
    device.setName(VK_OBJECT_TYPE_DEVICE_MEMORY, memory, name);
    device.m_allocatedBytes += m_size;
    ++device.m_allocations;

    constexpr VkMemoryPropertyFlags kHost =
        VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
    if ((device.memoryFlags(type) & kHost) == kHost) {
        void* data = nullptr;
        check(vkMapMemory(device.handle(), memory, 0, VK_WHOLE_SIZE, 0, &data),
              fmt::format("mapping the memory of '{}'", name));
        m_mapped = {static_cast<std::byte*>(data), static_cast<std::size_t>(m_size)};
    }
}

Memory::Memory(Memory&& other) noexcept
    : m_device(std::exchange(other.m_device, nullptr)),
      m_memory(std::move(other.m_memory)),
      m_size(std::exchange(other.m_size, 0)),
      m_mapped(std::exchange(other.m_mapped, {})) {}

Memory& Memory::operator=(Memory&& other) noexcept {
    if (this != &other) {
        release();
        m_device = std::exchange(other.m_device, nullptr);
        m_memory = std::move(other.m_memory);
        m_size = std::exchange(other.m_size, 0);
        m_mapped = std::exchange(other.m_mapped, {});
    }
    return *this;
}

Memory::~Memory() {
    release();
}

void Memory::release() {
    if (!m_memory) return;
    m_memory.reset(); // freeing unmaps
    m_device->m_allocatedBytes -= m_size;
    --m_device->m_allocations;
}

} // namespace pump::gpu
