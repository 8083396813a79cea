#pragma once

#include "gpu/Commands.h"

#include <functional>
#include <memory>

namespace pump::gpu {

/// Semaphores around a submission; null: none.
struct SubmitSync {
    VkSemaphore wait = VK_NULL_HANDLE;
    VkPipelineStageFlags2 waitStage = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
    VkSemaphore signal = VK_NULL_HANDLE;
};

/// One frame in flight: its commands, its upload space, and the objects that may go when it is finished.
class Frame {
  public:
    Frame(const Device& device, std::uint32_t index);

    CommandRecorder& commands() { return *m_recorder; }
    std::uint32_t index() const { return m_index; } ///< slot in the ring, 0 ... frames in flight - 1

    /// Bytes for the device to read in this frame, directly (uniform or storage buffer) or as the source of a
    /// copy. Aligned for both. Lives until the frame is finished.
    BufferSlice upload(std::span<const std::byte> bytes);
    template <typename T>
    BufferSlice upload(std::span<const T> values) {
        static_assert(std::is_trivially_copyable_v<T>);
        return upload(std::as_bytes(values));
    }
    template <typename T>
    BufferSlice uploadValue(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        return upload(std::as_bytes(std::span(&value, 1)));
    }
    /// Copies bytes into a device buffer within this frame.
    void update(const Buffer& buffer, VkDeviceSize offset, std::span<const std::byte> bytes);

    /// Keeps an object that this or an earlier frame uses until they are finished, then destroys it.
    template <typename T>
    void retire(T&& object) {
        static_assert(!std::is_lvalue_reference_v<T>, "retire(std::move(object))");
        m_retired.push_back(std::make_unique<Retired<T>>(std::move(object)));
    }

  private:
    friend class FrameRing;
    struct RetiredBase {
        virtual ~RetiredBase() = default;
    };
    template <typename T>
    struct Retired : RetiredBase {
        explicit Retired(T&& o) : object(std::move(o)) {}
        T object;
    };
    void begin();
    void finish();

    const Device& m_device;
    std::uint32_t m_index;
    CommandPoolHandle m_pool;
    VkCommandBuffer m_commands = VK_NULL_HANDLE;
    FenceHandle m_done;
    TimestampPool m_timestamps;
    std::unique_ptr<CommandRecorder> m_recorder;
    std::vector<std::unique_ptr<Buffer>> m_arenas;
    VkDeviceSize m_arenaUsed = 0;
    std::vector<std::unique_ptr<RetiredBase>> m_retired;
    bool m_inFlight = false;
};

/// Frames in flight. begin() -> record -> submit(), again and again.
class FrameRing {
  public:
    explicit FrameRing(const Device& device, std::uint32_t framesInFlight = 2);
    FrameRing(const FrameRing&) = delete;
    FrameRing& operator=(const FrameRing&) = delete;
    ~FrameRing();

    /// Waits for the oldest frame, frees what it kept, and opens it for recording. Throws Error(Device) when
    /// the device is lost.
    Frame& begin();
    void submit(Frame& frame, const SubmitSync& sync = {});
    /// Waits for the frames submitted before this one and frees what they kept.
    void waitForOlder(const Frame& frame);
    /// Waits for all frames and frees what they kept.
    void waitIdle();

    std::uint32_t framesInFlight() const { return static_cast<std::uint32_t>(m_frames.size()); }
    void setTimestamps(bool enabled);
    /// Times of the last finished frame.
    const std::vector<PassTime>& passTimes() const { return m_passTimes; }

  private:
    void finish(Frame& frame);

    const Device& m_device;
    std::vector<std::unique_ptr<Frame>> m_frames;
    std::uint32_t m_next = 0;
    std::vector<PassTime> m_passTimes;
};

/// Records, submits and waits: for loading and for tests, not for frames.
void runNow(const Device& device, std::string_view name, const std::function<void(CommandRecorder&)>& record);

} // namespace pump::gpu
