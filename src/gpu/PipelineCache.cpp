#include "gpu/PipelineCache.h"

#include "core/Log.h"

#include <array>
#include <cstring>
#include <fstream>
#include <system_error>

#include <unistd.h>

namespace pump::gpu {
namespace {

struct FileHeader {
    std::array<char, 8> mark{};
    std::uint64_t size = 0;
    std::uint64_t checksum = 0;
};
constexpr std::array<char, 8> kMark{'P', 'U', 'M', 'P', 'P', 'C', '0', '1'};

/// FNV-1a, 64 bits.
std::uint64_t checksum(std::span<const std::byte> bytes) {
    std::uint64_t hash = 14695981039346656037ull;
    for (const std::byte b : bytes) hash = (hash ^ std::to_integer<std::uint64_t>(b)) * 1099511628211ull;
    return hash;
}

std::vector<std::byte> readFile(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return {};
    const auto size = file.tellg();
    if (size <= 0) return {};
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(bytes.data()), size);
    if (!file) return {};
    return bytes;
}

/// The header that the driver put before its own data must be this device's.
bool belongsTo(std::span<const std::byte> payload, const VkPhysicalDeviceProperties& properties) {
    VkPipelineCacheHeaderVersionOne header;
    if (payload.size() < sizeof(header)) return false;
    std::memcpy(&header, payload.data(), sizeof(header));
    return header.headerVersion == VK_PIPELINE_CACHE_HEADER_VERSION_ONE &&
           header.vendorID == properties.vendorID && header.deviceID == properties.deviceID &&
           std::memcmp(header.pipelineCacheUUID, properties.pipelineCacheUUID, VK_UUID_SIZE) == 0;
}

/// CPU drivers keep one cache UUID and one version number for years; what tells their versions apart is the
/// device UUID and the driver's text. So the name is a checksum of all that identifies device and driver.
std::string fileName(VkPhysicalDevice physical) {
    VkPhysicalDeviceIDProperties ids{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES};
    VkPhysicalDeviceDriverProperties driver{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
    driver.pNext = &ids;
    VkPhysicalDeviceProperties2 properties{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    properties.pNext = &driver;
    vkGetPhysicalDeviceProperties2(physical, &properties);
    const auto& p = properties.properties;
    std::string key = fmt::format("{:x} {:x} {:x} {} {}", p.vendorID, p.deviceID, p.driverVersion,
                                  driver.driverName, driver.driverInfo);
    const std::array<const std::uint8_t*, 3> uuids{ids.deviceUUID, ids.driverUUID, p.pipelineCacheUUID};
    for (const std::uint8_t* uuid : uuids) {
        for (std::size_t i = 0; i < VK_UUID_SIZE; ++i) key += fmt::format("{:02x}", uuid[i]);
    }
    return fmt::format("pipelines-{:016x}.bin", checksum(std::as_bytes(std::span(key))));
}

} // namespace

std::vector<std::byte> packCacheFile(std::span<const std::byte> payload) {
    const FileHeader header{kMark, payload.size(), checksum(payload)};
    std::vector<std::byte> file(sizeof(header) + payload.size());
    std::memcpy(file.data(), &header, sizeof(header));
    if (!payload.empty()) std::memcpy(file.data() + sizeof(header), payload.data(), payload.size());
    return file;
}

std::vector<std::byte> unpackCacheFile(std::span<const std::byte> file) {
    FileHeader header;
    if (file.size() < sizeof(header)) return {};
    std::memcpy(&header, file.data(), sizeof(header));
    const auto payload = file.subspan(sizeof(header));
    if (header.mark != kMark || header.size != payload.size() || header.checksum != checksum(payload))
        return {};
    return {payload.begin(), payload.end()};
}

PipelineCache::PipelineCache(VkPhysicalDevice physical, VkDevice device,
                             const std::filesystem::path& directory)
    : m_device(device) {
    if (!directory.empty()) {
        VkPhysicalDeviceProperties properties;
        vkGetPhysicalDeviceProperties(physical, &properties);
        m_file = directory / fileName(physical);
        const auto file = readFile(m_file);
        m_onDisk = unpackCacheFile(file);
        if (!m_onDisk.empty() && !belongsTo(m_onDisk, properties)) m_onDisk.clear();
        m_loaded = !m_onDisk.empty();
        if (!file.empty() && !m_loaded) {
            core::logWarning("pipeline cache {} is damaged or of another device; it will be made again",
                             m_file.string());
        }
    }
    VkPipelineCacheCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO};
    info.initialDataSize = m_onDisk.size();
    info.pInitialData = m_onDisk.data();
    VkPipelineCache cache = VK_NULL_HANDLE;
    check(vkCreatePipelineCache(device, &info, nullptr, &cache), "making the pipeline cache");
    m_cache = PipelineCacheHandle(device, cache);
}

void PipelineCache::save() {
    if (m_file.empty() || !m_cache) return;
    std::size_t size = 0;
    if (vkGetPipelineCacheData(m_device, m_cache.get(), &size, nullptr) != VK_SUCCESS || size == 0) return;
    std::vector<std::byte> payload(size);
    if (vkGetPipelineCacheData(m_device, m_cache.get(), &size, payload.data()) != VK_SUCCESS) return;
    payload.resize(size);
    if (payload == m_onDisk) return;

    std::error_code error;
    std::filesystem::create_directories(m_file.parent_path(), error);
    auto beside = m_file;
    beside += fmt::format(".{}.tmp", ::getpid());
    const auto packed = packCacheFile(payload);
    std::ofstream file(beside, std::ios::binary);
    file.write(reinterpret_cast<const char*>(packed.data()), static_cast<std::streamsize>(packed.size()));
    file.close();
    if (file) std::filesystem::rename(beside, m_file, error);
    if (!file || error) {
        core::logWarning("cannot write the pipeline cache {}: starting will take a little longer",
                         m_file.string());
        std::filesystem::remove(beside, error);
        return;
    }
    m_onDisk = std::move(payload);
}

} // namespace pump::gpu
