#include "gpu/Buffer.h"

#include "core/Error.h"

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

Buffer::Buffer(const Device& device, const BufferDesc& desc)
    : m_name(desc.name), m_size(desc.size), m_history(UseHistory::Kind::Buffer) {
    if (desc.size == 0) throw Error(ErrorKind::Device, "buffer '{}' would have no bytes", desc.name);
    if ((desc.usage & VK_BUFFER_USAGE_STORAGE_BUFFER_BIT) && desc.size > device.facts().maxStorageRange) {
        throw Error(
            ErrorKind::Device,
            "buffer '{}' of {} bytes is larger than the {} bytes that device '{}' lets a shader see; choose "
            "a lower quality",
            desc.name, desc.size, device.facts().maxStorageRange, device.report().name);
    }
    VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    info.size = desc.size;
    info.usage = desc.usage;
    info.sharingMode = VK_SHARING_MODE_EXCLUSIVE;
    VkBuffer buffer = VK_NULL_HANDLE;
    check(vkCreateBuffer(device.handle(), &info, nullptr, &buffer),
          fmt::format("making buffer '{}'", desc.name));
    m_buffer = BufferHandle(device.handle(), buffer);
    VkMemoryRequirements requirements;
    vkGetBufferMemoryRequirements(device.handle(), buffer, &requirements);
    m_memory = Memory(device, requirements, desc.intent, desc.name);
    check(vkBindBufferMemory(device.handle(), buffer, m_memory.handle(), 0),
          fmt::format("binding the memory of buffer '{}'", desc.name));
    if (!m_memory.mapped().empty()) m_mapped = m_memory.mapped().first(static_cast<std::size_t>(desc.size));
    device.setName(VK_OBJECT_TYPE_BUFFER, buffer, desc.name);
}

void Buffer::write(VkDeviceSize offset, std::span<const std::byte> bytes) const {
    if (m_mapped.empty()) {
        throw Error(ErrorKind::Device, "buffer '{}' is not in memory that the host sees", m_name);
    }
    if (offset > m_size || bytes.size() > m_size - offset) {
        throw Error(ErrorKind::Device, "writing {} bytes at {} goes beyond buffer '{}' of {} bytes",
                    bytes.size(), offset, m_name, m_size);
    }
    if (!bytes.empty()) std::memcpy(m_mapped.data() + offset, bytes.data(), bytes.size());
}

VkBufferView Buffer::texels(const Device& device, VkDeviceSize offset, VkDeviceSize size) const {
    constexpr VkDeviceSize kTexel = 16;
    for (const Texels& texels : m_texels)
        if (texels.offset == offset && texels.size == size) return texels.view.get();
    if (size / kTexel > device.facts().maxTexels) {
        throw Error(
            ErrorKind::Device,
            "buffer '{}' has {} vectors, device '{}' lets a shader fetch from {}; choose a lower quality",
            m_name, size / kTexel, device.report().name, device.facts().maxTexels);
    }
    VkBufferViewCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO};
    info.buffer = handle();
    info.format = VK_FORMAT_R32G32B32A32_UINT;
    info.offset = offset;
    info.range = size;
    VkBufferView view = VK_NULL_HANDLE;
    check(vkCreateBufferView(device.handle(), &info, nullptr, &view),
          fmt::format("making a view of buffer '{}'", m_name));
    device.setName(VK_OBJECT_TYPE_BUFFER_VIEW, view, m_name);
    m_texels.push_back({offset, size, BufferViewHandle(device.handle(), view)});
    return view;
}

} // namespace pump::gpu
