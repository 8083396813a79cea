#include "gpu/Frames.h"

#include "core/Error.h"

#include <algorithm>

namespace pump::gpu {
namespace {

constexpr VkDeviceSize kArenaBytes = 1u << 20;
constexpr VkBufferUsageFlags kArenaUsage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                                           VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT |
                                           VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | kTexels;

CommandPoolHandle makePool(const Device& device, std::string_view name) {
    VkCommandPoolCreateInfo info{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    info.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT;
    info.queueFamilyIndex = device.queueFamily();
    VkCommandPool pool = VK_NULL_HANDLE;
    check(vkCreateCommandPool(device.handle(), &info, nullptr, &pool), "making a command pool");
    device.setName(VK_OBJECT_TYPE_COMMAND_POOL, pool, name);
    return CommandPoolHandle(device.handle(), pool);
}

VkCommandBuffer allocateCommands(const Device& device, VkCommandPool pool, std::string_view name) {
    VkCommandBufferAllocateInfo info{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    info.commandPool = pool;
    info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    info.commandBufferCount = 1;
    VkCommandBuffer commands = VK_NULL_HANDLE;
    check(vkAllocateCommandBuffers(device.handle(), &info, &commands), "allocating a command buffer");
    device.setName(VK_OBJECT_TYPE_COMMAND_BUFFER, commands, name);
    return commands;
}

FenceHandle makeFence(const Device& device, std::string_view name) {
    VkFenceCreateInfo info{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    VkFence fence = VK_NULL_HANDLE;
    check(vkCreateFence(device.handle(), &info, nullptr, &fence), "making a fence");
    device.setName(VK_OBJECT_TYPE_FENCE, fence, name);
    return FenceHandle(device.handle(), fence);
}

void beginCommands(VkCommandBuffer commands) {
    VkCommandBufferBeginInfo info{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    info.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    check(vkBeginCommandBuffer(commands, &info), "beginning a command buffer");
}

void submitCommands(const Device& device, VkCommandBuffer commands, const SubmitSync& sync, VkFence fence) {
    check(vkEndCommandBuffer(commands), "ending a command buffer");
    VkCommandBufferSubmitInfo buffer{VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO};
    buffer.commandBuffer = commands;
    VkSemaphoreSubmitInfo wait{VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO};
    wait.semaphore = sync.wait;
    wait.stageMask = sync.waitStage;
    VkSemaphoreSubmitInfo signal{VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO};
    signal.semaphore = sync.signal;
    signal.stageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
    VkSubmitInfo2 info{VK_STRUCTURE_TYPE_SUBMIT_INFO_2};
    info.commandBufferInfoCount = 1;
    info.pCommandBufferInfos = &buffer;
    info.waitSemaphoreInfoCount = sync.wait ? 1 : 0;
    info.pWaitSemaphoreInfos = &wait;
    info.signalSemaphoreInfoCount = sync.signal ? 1 : 0;
    info.pSignalSemaphoreInfos = &signal;
    check(vkQueueSubmit2(device.queue(), 1, &info, fence), "submitting work");
}

void waitFor(const Device& device, VkFence fence) {
    check(vkWaitForFences(device.handle(), 1, &fence, VK_TRUE, UINT64_MAX), "waiting for a frame");
    check(vkResetFences(device.handle(), 1, &fence), "resetting a fence");
}

} // namespace

Frame::Frame(const Device& device, std::uint32_t index)
    : m_device(device),
      m_index(index),
      m_pool(makePool(device, fmt::format("frame {}", index))),
      m_commands(allocateCommands(device, m_pool.get(), fmt::format("frame {}", index))),
      m_done(makeFence(device, fmt::format("frame {} done", index))),
      m_timestamps(device) {}

void Frame::begin() {
    check(vkResetCommandPool(m_device.handle(), m_pool.get(), 0), "resetting a command pool");
    beginCommands(m_commands);
    m_timestamps.reset(m_commands);
    m_recorder = std::make_unique<CommandRecorder>(m_device, m_commands, &m_timestamps);
}

void Frame::finish() {
    m_retired.clear();
    for (const auto& arena : m_arenas) arena->dropTexels();
    // One arena that holds all of the last frame is better than several.
    if (m_arenas.size() > 1) {
        VkDeviceSize total = 0;
        for (const auto& arena : m_arenas) total += arena->size();
        m_arenas.clear();
        m_arenas.push_back(
            std::make_unique<Buffer>(m_device, BufferDesc{.name = fmt::format("upload of frame {}", m_index),
                                                          .size = total,
                                                          .usage = kArenaUsage,
                                                          .intent = MemoryIntent::Upload}));
    }
    m_arenaUsed = 0;
}

BufferSlice Frame::upload(std::span<const std::byte> bytes) {
    const auto& facts = m_device.facts();
    const VkDeviceSize alignment = std::max({facts.uniformAlignment, facts.storageAlignment,
                                             facts.texelAlignment, VkDeviceSize{16}}); // powers of two
    // An empty table still has a binding, and a view holds whole vectors.
    const VkDeviceSize wanted = std::max<VkDeviceSize>((bytes.size() + 15) & ~VkDeviceSize{15}, 16);
    VkDeviceSize offset = (m_arenaUsed + alignment - 1) & ~(alignment - 1);
    if (m_arenas.empty() || offset + wanted > m_arenas.back()->size()) {
        const auto name = fmt::format("upload of frame {}", m_index);
        m_arenas.push_back(std::make_unique<Buffer>(
            m_device, BufferDesc{.name = name,
                                 .size = std::max(kArenaBytes, (wanted + 4095) & ~VkDeviceSize{4095}),
                                 .usage = kArenaUsage,
                                 .intent = MemoryIntent::Upload}));
        offset = 0;
    }
    const Buffer& arena = *m_arenas.back();
    arena.write(offset, bytes);
    m_arenaUsed = offset + wanted;
    return {&arena, offset, wanted};
}

void Frame::update(const Buffer& buffer, VkDeviceSize offset, std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    BufferSlice slice = upload(bytes);
    slice.size = bytes.size();
    commands().copy(slice, buffer, offset);
}

FrameRing::FrameRing(const Device& device, std::uint32_t framesInFlight) : m_device(device) {
    for (std::uint32_t i = 0; i < framesInFlight; ++i) m_frames.push_back(std::make_unique<Frame>(device, i));
}

FrameRing::~FrameRing() {
    vkDeviceWaitIdle(m_device.handle());
}

void FrameRing::finish(Frame& frame) {
    if (frame.m_inFlight) {
        waitFor(m_device, frame.m_done.get());
        frame.m_inFlight = false;
        if (auto times = frame.m_timestamps.collect(); !times.empty()) m_passTimes = std::move(times);
    }
    frame.finish();
}

Frame& FrameRing::begin() {
    Frame& frame = *m_frames[m_next];
    m_next = (m_next + 1) % framesInFlight();
    finish(frame);
    frame.begin();
    return frame;
}

void FrameRing::submit(Frame& frame, const SubmitSync& sync) {
    submitCommands(m_device, frame.m_commands, sync, frame.m_done.get());
    frame.m_inFlight = true;
}

void FrameRing::waitForOlder(const Frame& frame) {
    for (std::uint32_t i = 1; i < framesInFlight(); ++i) {
        finish(*m_frames[(frame.index() + i) % framesInFlight()]);
    }
}

void FrameRing::waitIdle() {
    for (std::uint32_t i = 0; i < framesInFlight(); ++i) { // oldest first, so that the newest times stay
        finish(*m_frames[(m_next + i) % framesInFlight()]);
    }
}

void FrameRing::setTimestamps(bool enabled) {
    for (auto& frame : m_frames) frame->m_timestamps.setEnabled(enabled);
}

void runNow(const Device& device, std::string_view name,
            const std::function<void(CommandRecorder&)>& record) {
    const auto pool = makePool(device, name);
    const VkCommandBuffer commands = allocateCommands(device, pool.get(), name);
    const auto done = makeFence(device, name);
    beginCommands(commands);
    CommandRecorder recorder(device, commands);
    record(recorder);
    submitCommands(device, commands, {}, done.get());
    waitFor(device, done.get());
}

} // namespace pump::gpu
