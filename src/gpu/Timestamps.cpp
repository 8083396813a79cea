#include "gpu/Timestamps.h"

namespace pump::gpu {

TimestampPool::TimestampPool(const Device& device)
    : m_device(device), m_supported(device.facts().timestamps) {
    if (!m_supported) return;
    VkQueryPoolCreateInfo info{VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO};
    info.queryType = VK_QUERY_TYPE_TIMESTAMP;
    info.queryCount = kMaxTimers * 2;
    VkQueryPool pool = VK_NULL_HANDLE;
    check(vkCreateQueryPool(device.handle(), &info, nullptr, &pool), "making the timestamp pool");
    m_pool = QueryPoolHandle(device.handle(), pool);
    device.setName(VK_OBJECT_TYPE_QUERY_POOL, pool, "pass times");
    m_enabled = true;
}

void TimestampPool::reset(VkCommandBuffer commands) {
    m_names.clear();
    if (m_enabled) vkCmdResetQueryPool(commands, m_pool.get(), 0, kMaxTimers * 2);
}

int TimestampPool::begin(VkCommandBuffer commands, std::string_view name) {
    if (!m_enabled || m_names.size() >= kMaxTimers) return -1;
    const int timer = static_cast<int>(m_names.size());
    m_names.emplace_back(name);
    vkCmdWriteTimestamp2(commands, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, m_pool.get(),
                         static_cast<std::uint32_t>(timer) * 2);
    return timer;
}

void TimestampPool::end(VkCommandBuffer commands, int timer) {
    if (timer < 0) return;
    vkCmdWriteTimestamp2(commands, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, m_pool.get(),
                         static_cast<std::uint32_t>(timer) * 2 + 1);
}

std::vector<PassTime> TimestampPool::collect() {
    std::vector<PassTime> times;
    if (m_names.empty()) return times;
    std::vector<std::uint64_t> ticks(m_names.size() * 2);
    const VkResult result = vkGetQueryPoolResults(
        m_device.handle(), m_pool.get(), 0, static_cast<std::uint32_t>(ticks.size()),
        ticks.size() * sizeof(std::uint64_t), ticks.data(), sizeof(std::uint64_t), VK_QUERY_RESULT_64_BIT);
    if (result == VK_NOT_READY) return times;
    check(result, "reading the pass times");
    const auto bits = m_device.facts().timestampBits;
    const std::uint64_t mask = bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        const std::uint64_t span = (ticks[i * 2 + 1] - ticks[i * 2]) & mask; // the counter may wrap
        times.push_back({m_names[i], static_cast<double>(span) * m_device.facts().timestampPeriodNs * 1e-6});
    }
    return times;
}

} // namespace pump::gpu
