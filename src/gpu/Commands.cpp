#include "gpu/Commands.h"

#include "core/Error.h"

#include <algorithm>

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

namespace {

VkDeviceSize sliceBytes(const BufferSlice& slice) {
    return slice.size == VK_WHOLE_SIZE ? slice.buffer->size() - slice.offset : slice.size;
}

VkImageSubresourceLayers layersOf(const Image& image) {
    return {image.aspect(), 0, 0, 1};
}

VkBufferImageCopy wholeImage(const Image& image, VkDeviceSize bufferOffset) {
    VkBufferImageCopy region{};
    region.bufferOffset = bufferOffset;
    region.imageSubresource = layersOf(image);
    region.imageExtent = {image.extent().width, image.extent().height, 1};
    return region;
}

void setCorners(VkOffset3D (&corners)[2], const VkRect2D& area) {
    corners[0] = {area.offset.x, area.offset.y, 0};
    corners[1] = {area.offset.x + static_cast<std::int32_t>(area.extent.width),
                  area.offset.y + static_cast<std::int32_t>(area.extent.height), 1};
}

bool isBuffer(VkDescriptorType type) {
    return type == VK_DESCRIPTOR_TYPE_STORAGE_BUFFER || type == VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER ||
           type == VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER;
}

VkRenderingAttachmentInfo colorInfo(const ColorAttachment& attachment) {
    VkRenderingAttachmentInfo info{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    info.imageView = attachment.image->view();
    info.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    info.loadOp = attachment.clear ? VK_ATTACHMENT_LOAD_OP_CLEAR : VK_ATTACHMENT_LOAD_OP_LOAD;
    info.storeOp = attachment.store ? VK_ATTACHMENT_STORE_OP_STORE : VK_ATTACHMENT_STORE_OP_DONT_CARE;
    if (attachment.clear) info.clearValue.color = *attachment.clear;
    if (attachment.resolve) {
        info.resolveMode = VK_RESOLVE_MODE_AVERAGE_BIT;
        info.resolveImageView = attachment.resolve->view();
        info.resolveImageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    }
    return info;
}

VkRenderingAttachmentInfo depthInfo(const DepthAttachment& attachment) {
    VkRenderingAttachmentInfo info{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    info.imageView = attachment.image->view();
    info.imageLayout = VK_IMAGE_LAYOUT_DEPTH_ATTACHMENT_OPTIMAL;
    info.loadOp = attachment.clear ? VK_ATTACHMENT_LOAD_OP_CLEAR : VK_ATTACHMENT_LOAD_OP_LOAD;
    info.storeOp = attachment.store ? VK_ATTACHMENT_STORE_OP_STORE : VK_ATTACHMENT_STORE_OP_DONT_CARE;
    if (attachment.clear) info.clearValue.depthStencil.depth = *attachment.clear;
    return info;
}

} // namespace

CommandRecorder::CommandRecorder(const Device& device, VkCommandBuffer commands, TimestampPool* timestamps)
    : m_device(device), m_commands(commands), m_timestamps(timestamps) {}

void CommandRecorder::use(std::initializer_list<ResourceUse> uses) {
    use(std::span(uses.begin(), uses.size()));
}

void CommandRecorder::use(std::span<const ResourceUse> uses) {
    for (const auto& u : uses) {
        if (u.buffer) {
            m_barriers.use(*u.buffer, u.use);
        } else {
            m_barriers.use(*u.image, u.use);
        }
    }
    m_barriers.flush(m_commands);
}

void CommandRecorder::bind(const Pipeline& pipeline) {
    vkCmdBindPipeline(m_commands, pipeline.bindPoint(), pipeline.handle());
    m_pipeline = &pipeline;
    m_pushed = 0;
    m_constantsPushed = false;
}

const ShaderBinding& CommandRecorder::resolve(const Bind& bind) const {
    if (!m_pipeline) throw Error(ErrorKind::Device, "descriptors pushed before a pipeline was bound");
    const auto& interface = m_pipeline->interface();
    const ShaderBinding* found =
        std::visit([&](const auto& key) { return interface.find(key); }, bind.binding);
    const std::string text = std::visit([](const auto& key) { return fmt::format("{}", key); }, bind.binding);
    if (!found) {
        throw Error(ErrorKind::Device, "pipeline '{}' has no binding {}", m_pipeline->name(), text);
    }
    if (isBuffer(found->type) != (bind.buffer.buffer != nullptr)) {
        throw Error(ErrorKind::Device, "pipeline '{}': binding {} wants {}", m_pipeline->name(), text,
                    isBuffer(found->type) ? "a buffer" : "an image");
    }
    if (found->type == VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER && !bind.sampler) {
        throw Error(ErrorKind::Device, "pipeline '{}': binding {} wants a sampler too", m_pipeline->name(),
                    text);
    }
    return *found;
}

void CommandRecorder::push(std::initializer_list<Bind> binds) {
    push(std::span(binds.begin(), binds.size()));
}

void CommandRecorder::push(std::span<const Bind> binds) {
    constexpr std::size_t kMost = 32; // what VK_KHR_push_descriptor guarantees
    if (binds.size() > kMost) throw Error(ErrorKind::Device, "more than {} descriptors in one push", kMost);
    std::array<VkWriteDescriptorSet, kMost> writes;
    std::array<VkDescriptorBufferInfo, kMost> buffers;
    std::array<VkDescriptorImageInfo, kMost> images;
    std::array<VkBufferView, kMost> texels;
    std::uint32_t count = 0;
    for (const auto& bind : binds) {
        const ShaderBinding& binding = resolve(bind);
        auto& write = writes[count];
        write = VkWriteDescriptorSet{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET};
        write.dstBinding = binding.binding;
        write.descriptorCount = 1;
        write.descriptorType = binding.type;
        if (binding.type == VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER) {
            texels[count] = bind.buffer.buffer->texels(m_device, bind.buffer.offset, sliceBytes(bind.buffer));
            write.pTexelBufferView = &texels[count];
        } else if (bind.buffer.buffer) {
            buffers[count] = {bind.buffer.buffer->handle(), bind.buffer.offset, bind.buffer.size};
            write.pBufferInfo = &buffers[count];
        } else {
            const bool storage = binding.type == VK_DESCRIPTOR_TYPE_STORAGE_IMAGE;
            images[count] = {bind.sampler ? bind.sampler->handle() : VK_NULL_HANDLE, bind.image->view(),
                             storage ? VK_IMAGE_LAYOUT_GENERAL : VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
            write.pImageInfo = &images[count];
        }
        m_pushed |= std::uint64_t{1} << binding.binding;
        ++count;
    }
    if (count == 0) return;
    m_device.commands().pushDescriptorSet(m_commands, m_pipeline->bindPoint(), m_pipeline->layout(), 0, count,
                                          writes.data());
}

void CommandRecorder::pushConstantBytes(std::span<const std::byte> bytes) {
    if (!m_pipeline) throw Error(ErrorKind::Device, "push constants given before a pipeline was bound");
    const auto& interface = m_pipeline->interface();
    if (bytes.size() < interface.pushConstantBytes) {
        throw Error(ErrorKind::Device, "pipeline '{}' wants {} bytes of push constants, got {}",
                    m_pipeline->name(), interface.pushConstantBytes, bytes.size());
    }
    m_constantsPushed = true;
    if (interface.pushConstantBytes == 0) return; // the compiler dropped what the shader does not read
    vkCmdPushConstants(m_commands, m_pipeline->layout(), interface.pushConstantStages, 0,
                       interface.pushConstantBytes, bytes.data());
}

void CommandRecorder::requireComplete() const {
    if (!m_pipeline) throw Error(ErrorKind::Device, "work recorded before a pipeline was bound");
    const auto& interface = m_pipeline->interface();
    for (const auto& binding : interface.bindings) {
        if (m_pushed & (std::uint64_t{1} << binding.binding)) continue;
        throw Error(ErrorKind::Device, "pipeline '{}': binding {} {} was not given", m_pipeline->name(),
                    binding.binding, binding.name);
    }
    if (interface.pushConstantBytes > 0 && !m_constantsPushed) {
        throw Error(ErrorKind::Device, "pipeline '{}': its push constants were not given",
                    m_pipeline->name());
    }
}

void CommandRecorder::dispatch(std::uint32_t x, std::uint32_t y, std::uint32_t z) {
    requireComplete();
    if (x == 0 || y == 0 || z == 0) return;
    const auto size = m_pipeline->interface().localSize;
    const auto groups = [](std::uint32_t count, std::uint32_t local) {
        return count / local + (count % local != 0 ? 1 : 0);
    };
    const std::uint32_t along = groups(x, size[0]);
    if (along > m_device.facts().maxGroups) {
        throw Error(ErrorKind::Device, "pipeline '{}': {} invocations are {} groups, the device does {}",
                    m_pipeline->name(), x, along, m_device.facts().maxGroups);
    }
    vkCmdDispatch(m_commands, along, groups(y, size[1]), groups(z, size[2]));
}

void CommandRecorder::dispatchIndirect(const Buffer& buffer, VkDeviceSize offset) {
    requireComplete();
    vkCmdDispatchIndirect(m_commands, buffer.handle(), offset);
}

void CommandRecorder::beginRendering(const RenderingDesc& desc) {
    std::vector<VkRenderingAttachmentInfo> colors;
    VkExtent2D extent{};
    const auto attach = [&](const Image& image, const Use& how, bool discard) {
        Use u = how;
        u.discard = discard;
        m_barriers.use(image, u);
        extent = image.extent();
    };
    for (const auto& color : desc.colors) {
        attach(*color.image, use::kColorAttachment, color.clear.has_value() && !desc.area);
        if (color.resolve) attach(*color.resolve, use::kColorAttachment, !desc.area);
        colors.push_back(colorInfo(color));
    }
    VkRenderingAttachmentInfo depth{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
    if (desc.depth) {
        attach(*desc.depth->image, use::kDepthAttachment, desc.depth->clear.has_value() && !desc.area);
        depth = depthInfo(*desc.depth);
    }
    m_barriers.flush(m_commands);
    const VkRect2D area = desc.area.value_or(VkRect2D{{0, 0}, extent});
    VkRenderingInfo info{VK_STRUCTURE_TYPE_RENDERING_INFO};
    info.renderArea = area;
    info.layerCount = 1;
    info.colorAttachmentCount = static_cast<std::uint32_t>(colors.size());
    info.pColorAttachments = colors.data();
    info.pDepthAttachment = desc.depth ? &depth : nullptr;
    vkCmdBeginRendering(m_commands, &info);
    const VkViewport viewport{0, 0, static_cast<float>(extent.width), static_cast<float>(extent.height),
                              0, 1};
    vkCmdSetViewport(m_commands, 0, 1, &viewport);
    setScissor(area);
}

void CommandRecorder::endRendering() {
    vkCmdEndRendering(m_commands);
}

void CommandRecorder::setScissor(const VkRect2D& area) {
    vkCmdSetScissor(m_commands, 0, 1, &area);
}

void CommandRecorder::bindVertices(std::uint32_t binding, const Buffer& buffer, VkDeviceSize offset) {
    const VkBuffer handle = buffer.handle();
    vkCmdBindVertexBuffers(m_commands, binding, 1, &handle, &offset);
}

void CommandRecorder::bindIndices(const Buffer& buffer, VkDeviceSize offset, VkIndexType type) {
    vkCmdBindIndexBuffer(m_commands, buffer.handle(), offset, type);
}

void CommandRecorder::draw(std::uint32_t vertices, std::uint32_t instances, std::uint32_t firstVertex,
                           std::uint32_t firstInstance) {
    requireComplete();
    vkCmdDraw(m_commands, vertices, instances, firstVertex, firstInstance);
}

void CommandRecorder::drawIndexed(std::uint32_t indices, std::uint32_t instances, std::uint32_t firstIndex,
                                  std::int32_t vertexOffset, std::uint32_t firstInstance) {
    requireComplete();
    vkCmdDrawIndexed(m_commands, indices, instances, firstIndex, vertexOffset, firstInstance);
}

void CommandRecorder::drawIndirect(const Buffer& buffer, VkDeviceSize offset, std::uint32_t draws) {
    requireComplete();
    vkCmdDrawIndirect(m_commands, buffer.handle(), offset, draws, sizeof(VkDrawIndirectCommand));
}

void CommandRecorder::drawIndexedIndirect(const Buffer& buffer, VkDeviceSize offset, std::uint32_t draws) {
    requireComplete();
    constexpr std::uint32_t kStride = sizeof(VkDrawIndexedIndirectCommand);
    const std::uint32_t atOnce = m_device.facts().multiDrawIndirect ? draws : 1;
    for (std::uint32_t i = 0; i < draws; i += atOnce)
        vkCmdDrawIndexedIndirect(m_commands, buffer.handle(), offset + VkDeviceSize{kStride} * i, atOnce,
                                 kStride);
}

void CommandRecorder::copy(const BufferSlice& from, const Buffer& to, VkDeviceSize offset) {
    const VkDeviceSize bytes = sliceBytes(from);
    if (offset > to.size() || bytes > to.size() - offset) {
        throw Error(ErrorKind::Device, "copying {} bytes to {} goes beyond buffer '{}' of {} bytes", bytes,
                    offset, to.name(), to.size());
    }
    use({{*from.buffer, use::kTransferRead}, {to, use::kTransferWrite}});
    const VkBufferCopy region{from.offset, offset, bytes};
    vkCmdCopyBuffer(m_commands, from.buffer->handle(), to.handle(), 1, &region);
}

void CommandRecorder::copy(const Image& from, const Buffer& to, VkDeviceSize offset) {
    use({{from, use::kTransferRead}, {to, use::kTransferWrite}});
    const auto region = wholeImage(from, offset);
    vkCmdCopyImageToBuffer(m_commands, from.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, to.handle(), 1,
                           &region);
}

void CommandRecorder::copy(const BufferSlice& from, const Image& to) {
    use({{*from.buffer, use::kTransferRead}, {to, use::kTransferWrite}});
    const auto region = wholeImage(to, from.offset);
    vkCmdCopyBufferToImage(m_commands, from.buffer->handle(), to.handle(),
                           VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
}

void CommandRecorder::copy(const Image& from, const Image& to) {
    use({{from, use::kTransferRead}, {to, use::kTransferWrite}});
    VkImageCopy region{};
    region.srcSubresource = layersOf(from);
    region.dstSubresource = layersOf(to);
    region.extent = {std::min(from.extent().width, to.extent().width),
                     std::min(from.extent().height, to.extent().height), 1};
    vkCmdCopyImage(m_commands, from.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, to.handle(),
                   VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region);
}

void CommandRecorder::blit(const Image& from, const VkRect2D& fromArea, const Image& to,
                           const VkRect2D& toArea, VkFilter filter) {
    use({{from, use::kTransferRead}, {to, use::kTransferWrite}});
    VkImageBlit region{};
    region.srcSubresource = layersOf(from);
    region.dstSubresource = layersOf(to);
    setCorners(region.srcOffsets, fromArea);
    setCorners(region.dstOffsets, toArea);
    vkCmdBlitImage(m_commands, from.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, to.handle(),
                   VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &region, filter);
}

void CommandRecorder::fill(const BufferSlice& slice, std::uint32_t value) {
    use({{*slice.buffer, use::kTransferWrite}});
    vkCmdFillBuffer(m_commands, slice.buffer->handle(), slice.offset, slice.size, value);
}

void CommandRecorder::clear(const Image& image, const VkClearColorValue& color) {
    Use write = use::kTransferWrite;
    write.discard = true;
    use({{image, write}});
    const VkImageSubresourceRange range{image.aspect(), 0, 1, 0, 1};
    vkCmdClearColorImage(m_commands, image.handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, &color, 1, &range);
}

CommandRecorder::Scope::Scope(CommandRecorder& recorder, std::string_view name)
    : m_recorder(recorder), m_timer(-1) {
    if (const auto begin = recorder.m_device.commands().beginLabel) {
        const std::string text(name);
        VkDebugUtilsLabelEXT label{VK_STRUCTURE_TYPE_DEBUG_UTILS_LABEL_EXT};
        label.pLabelName = text.c_str();
        begin(recorder.m_commands, &label);
    }
    if (recorder.m_timestamps) m_timer = recorder.m_timestamps->begin(recorder.m_commands, name);
}

CommandRecorder::Scope::~Scope() {
    if (m_recorder.m_timestamps) m_recorder.m_timestamps->end(m_recorder.m_commands, m_timer);
    if (const auto end = m_recorder.m_device.commands().endLabel) end(m_recorder.m_commands);
}

} // namespace pump::gpu
