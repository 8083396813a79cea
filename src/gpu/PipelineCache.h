#pragma once

#include "gpu/Handle.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

namespace pump::gpu {

/// Compiled pipelines kept on disk between runs, one file for each device and driver version. A missing file
/// is normal; a damaged or foreign one is ignored with a warning and replaced.
class PipelineCache {
  public:
    /// `directory` empty: kept in memory only.
    PipelineCache(VkPhysicalDevice physical, VkDevice device, const std::filesystem::path& directory);

    VkPipelineCache handle() const { return m_cache.get(); }
    const std::filesystem::path& file() const { return m_file; }
    bool loadedFromDisk() const { return m_loaded; }
    /// Writes the file if the content changed since it was read, beside it first and then by rename. A folder
    /// that cannot be written is a warning, not an error.
    void save();

  private:
    VkDevice m_device;
    std::filesystem::path m_file;
    PipelineCacheHandle m_cache;
    std::vector<std::byte> m_onDisk;
    bool m_loaded = false;
};

/// Content of a cache file for `payload`: mark, size and checksum before it.
std::vector<std::byte> packCacheFile(std::span<const std::byte> payload);
/// The payload of a cache file; empty when the mark, the size or the checksum is wrong.
std::vector<std::byte> unpackCacheFile(std::span<const std::byte> file);

} // namespace pump::gpu
