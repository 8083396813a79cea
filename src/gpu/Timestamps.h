#pragma once

#include "gpu/Device.h"

namespace pump::gpu {

struct PassTime {
    std::string name;
    double milliseconds = 0;
};

/// Times of the named stretches of one frame. Results are read when the frame is known to be finished, one or
/// two frames later, so nothing waits. Without timestamp support it stays empty.
class TimestampPool {
  public:
    static constexpr std::uint32_t kMaxTimers = 64;

    explicit TimestampPool(const Device& device);

    /// Off: begin() records nothing. On by default where supported. A timestamp makes a CPU driver finish
    /// what it has, which costs a little.
    void setEnabled(bool enabled) { m_enabled = enabled && m_supported; }
    bool enabled() const { return m_enabled; }

    void reset(VkCommandBuffer commands);
    /// -1 when nothing is recorded.
    int begin(VkCommandBuffer commands, std::string_view name);
    void end(VkCommandBuffer commands, int timer);
    /// Call when the commands have been executed. In order of begin().
    std::vector<PassTime> collect();

  private:
    const Device& m_device;
    QueryPoolHandle m_pool;
    std::vector<std::string> m_names;
    bool m_supported = false;
    bool m_enabled = false;
};

} // namespace pump::gpu
