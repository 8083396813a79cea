#pragma once

#include "gpu/Instance.h"
#include "gpu/PipelineCache.h"

#include <atomic>
#include <filesystem>
#include <optional>

namespace pump::gpu {

/// What is known of one physical device, and why it cannot be used if so.
struct DeviceReport {
    int index = 0; ///< position in the loader's list
    std::string name;
    VkPhysicalDeviceType type = VK_PHYSICAL_DEVICE_TYPE_OTHER;
    std::string driver;               ///< "llvmpipe, Mesa 22.3.6 (LLVM 15.0.6)"
    std::uint32_t api = 0;            ///< Vulkan version
    VkDeviceSize memory = 0;          ///< bytes of the largest device-local heap
    std::vector<std::string> reasons; ///< why it cannot be used; empty: usable
    bool usable() const { return reasons.empty(); }
};

/// All physical devices. With a surface, being able to present to it is a condition too.
std::vector<DeviceReport> listDevices(const Instance& instance, VkSurfaceKHR surface = VK_NULL_HANDLE);

/// The reports as text for people, several lines a device.
std::string describeDevices(const std::vector<DeviceReport>& reports);

/// Which of the reports to use. `wanted`: empty (the best: discrete, integrated, virtual, CPU), an index, or
/// part of a name in any case. Throws Error(Device) that says why each device was rejected and what to do.
std::size_t chooseDevice(const std::vector<DeviceReport>& reports, std::string_view wanted);

/// What differs between devices and matters to us.
struct DeviceFacts {
    bool software = false; ///< a CPU driver: choose the software tier of drawing
    bool timestamps = false;
    double timestampPeriodNs = 1;
    std::uint32_t timestampBits = 0;
    bool fragmentStoresAndAtomics = false;
    bool vertexStoresAndAtomics = false;
    bool shaderDrawParameters = false;
    bool multiDrawIndirect = false;
    bool drawIndirectFirstInstance = false;
    bool samplerAnisotropy = false;
    VkSampleCountFlags sampleCounts = VK_SAMPLE_COUNT_1_BIT; ///< of colour and depth attachments together
    std::uint32_t maxPushConstants = 128;
    VkDeviceSize maxStorageRange = 0;
    VkDeviceSize maxTexels = 65536; ///< vectors in a view of a buffer
    VkDeviceSize texelAlignment = 1;
    VkDeviceSize uniformAlignment = 1;
    VkDeviceSize storageAlignment = 1;
    std::uint32_t maxImageSize = 0;
    std::uint32_t maxGroups = 65535; ///< of a dispatch along x
};

struct DeviceDesc {
    std::string wanted;                    ///< see chooseDevice
    VkSurfaceKHR surface = VK_NULL_HANDLE; ///< must be presentable to, if given
    std::filesystem::path cacheDirectory;  ///< of the pipeline cache; empty: kept in memory only
};

/// The logical device with its one queue (graphics + compute + present). Everything else in this layer holds
/// a reference to it and must go first.
class Device {
  public:
    Device(const Instance& instance, const DeviceDesc& desc);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    /// Waits for the device, then saves the pipeline cache.
    ~Device();

    const Instance& instance() const { return m_instance; }
    VkPhysicalDevice physical() const { return m_physical; }
    VkDevice handle() const { return m_device; }
    VkQueue queue() const { return m_queue; }
    std::uint32_t queueFamily() const { return m_queueFamily; }
    const DeviceReport& report() const { return m_report; }
    const DeviceFacts& facts() const { return m_facts; }
    VkPipelineCache pipelineCache() const { return m_cache->handle(); }
    PipelineCache& cacheFile() const { return *m_cache; }

    /// The largest of 1, 2, 4, 8 samples that is supported and not above `wanted`.
    VkSampleCountFlagBits samples(int wanted) const;

    /// Throws Error(Device) when the device is lost.
    void waitIdle() const;

    /// Name of any object in validation messages and captures. No effect without VK_EXT_debug_utils.
    template <typename T>
    void setName(VkObjectType type, T object, std::string_view name) const {
        setNameOf(type, reinterpret_cast<std::uint64_t>(object), name);
    }

    /// Memory type for a resource; the flags in `wanted` are required, those in `preferred` tried first.
    std::uint32_t memoryType(std::uint32_t allowed, VkMemoryPropertyFlags wanted,
                             VkMemoryPropertyFlags preferred) const;
    VkMemoryPropertyFlags memoryFlags(std::uint32_t type) const;
    /// Bytes allocated by this layer at the moment, and how many allocations they are.
    VkDeviceSize allocatedBytes() const { return m_allocatedBytes; }
    std::uint32_t allocations() const { return m_allocations; }

    /// Extension commands, loaded by hand.
    struct Commands {
        PFN_vkCmdPushDescriptorSetKHR pushDescriptorSet = nullptr;
        PFN_vkCmdBeginDebugUtilsLabelEXT beginLabel = nullptr;
        PFN_vkCmdEndDebugUtilsLabelEXT endLabel = nullptr;
        PFN_vkSetDebugUtilsObjectNameEXT setName = nullptr;
    };
    const Commands& commands() const { return m_commands; }

  private:
    friend class Memory;
    void setNameOf(VkObjectType type, std::uint64_t object, std::string_view name) const;
    void readFacts();
    void createDevice(bool presenting);

    const Instance& m_instance;
    DeviceReport m_report;
    DeviceFacts m_facts;
    VkPhysicalDevice m_physical = VK_NULL_HANDLE;
    VkDevice m_device = VK_NULL_HANDLE;
    VkQueue m_queue = VK_NULL_HANDLE;
    std::uint32_t m_queueFamily = 0;
    Commands m_commands;
    VkPhysicalDeviceMemoryProperties m_memory{};
    mutable std::atomic<VkDeviceSize> m_allocatedBytes{0};
    mutable std::atomic<std::uint32_t> m_allocations{0};
    std::unique_ptr<PipelineCache> m_cache;
};

} // namespace pump::gpu
