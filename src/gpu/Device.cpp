#include "gpu/Device.h"

#include "core/Error.h"

#include <algorithm>

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

std::vector<VkPhysicalDevice> physicalDevices(VkInstance instance); // DeviceReport.cpp

namespace {

std::uint32_t findQueueFamily(VkPhysicalDevice device, VkSurfaceKHR surface,
                              std::vector<VkQueueFamilyProperties>& families) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
    families.resize(count);
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
    for (std::uint32_t i = 0; i < count; ++i) {
        constexpr VkQueueFlags kNeeded = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;
        if ((families[i].queueFlags & kNeeded) != kNeeded) continue;
        if (surface == VK_NULL_HANDLE) return i;
        VkBool32 supported = VK_FALSE;
        check(vkGetPhysicalDeviceSurfaceSupportKHR(device, i, surface, &supported), "asking the window");
        if (supported) return i;
    }
    throw Error(ErrorKind::Device, "the graphics device has no queue for graphics, compute and this window");
}

bool hasSwapchain(VkPhysicalDevice device) {
    std::uint32_t count = 0;
    vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr);
    std::vector<VkExtensionProperties> all(count);
    vkEnumerateDeviceExtensionProperties(device, nullptr, &count, all.data());
    return std::any_of(all.begin(), all.end(), [](const auto& e) {
        return std::string_view(e.extensionName) == VK_KHR_SWAPCHAIN_EXTENSION_NAME;
    });
}

} // namespace

Device::Device(const Instance& instance, const DeviceDesc& desc) : m_instance(instance) {
    const auto reports = listDevices(instance, desc.surface);
    const auto chosen = chooseDevice(reports, desc.wanted);
    m_report = reports[chosen];
    m_physical = physicalDevices(instance.handle()).at(chosen);
    std::vector<VkQueueFamilyProperties> families;
    m_queueFamily = findQueueFamily(m_physical, desc.surface, families);
    m_facts.timestampBits = families[m_queueFamily].timestampValidBits;
    readFacts();
    createDevice(desc.surface != VK_NULL_HANDLE);
    m_cache = std::make_unique<PipelineCache>(m_physical, m_device, desc.cacheDirectory);
}

void Device::readFacts() {
    VkPhysicalDeviceVulkan11Features v11{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES};
    VkPhysicalDeviceFeatures2 features{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2};
    features.pNext = &v11;
    vkGetPhysicalDeviceFeatures2(m_physical, &features);
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(m_physical, &properties);
    vkGetPhysicalDeviceMemoryProperties(m_physical, &m_memory);
    const auto& limits = properties.limits;
    m_facts.software = properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
    m_facts.timestampPeriodNs = static_cast<double>(limits.timestampPeriod);
    m_facts.timestamps = m_facts.timestampBits > 0 && limits.timestampPeriod > 0;
    m_facts.fragmentStoresAndAtomics = features.features.fragmentStoresAndAtomics;
    m_facts.vertexStoresAndAtomics = features.features.vertexPipelineStoresAndAtomics;
    m_facts.shaderDrawParameters = v11.shaderDrawParameters;
    m_facts.multiDrawIndirect = features.features.multiDrawIndirect;
    m_facts.drawIndirectFirstInstance = features.features.drawIndirectFirstInstance;
    m_facts.samplerAnisotropy = features.features.samplerAnisotropy;
    m_facts.sampleCounts = limits.framebufferColorSampleCounts & limits.framebufferDepthSampleCounts;
    m_facts.maxPushConstants = limits.maxPushConstantsSize;
    m_facts.maxStorageRange = limits.maxStorageBufferRange;
    m_facts.maxTexels = limits.maxTexelBufferElements;
    m_facts.texelAlignment = limits.minTexelBufferOffsetAlignment;
    m_facts.uniformAlignment = limits.minUniformBufferOffsetAlignment;
    m_facts.storageAlignment = limits.minStorageBufferOffsetAlignment;
    m_facts.maxImageSize = limits.maxImageDimension2D;
    m_facts.maxGroups = limits.maxComputeWorkGroupCount[0];
}

void Device::createDevice(bool presenting) {
    VkPhysicalDeviceVulkan13Features v13{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
    v13.dynamicRendering = VK_TRUE;
    v13.synchronization2 = VK_TRUE;
    v13.maintenance4 = VK_TRUE;
    VkPhysicalDeviceVulkan12Features v12{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
    v12.scalarBlockLayout = VK_TRUE;
    v12.pNext = &v13;
    VkPhysicalDeviceVulkan11Features v11{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES};
    v11.shaderDrawParameters = m_facts.shaderDrawParameters;
    v11.pNext = &v12;
    VkPhysicalDeviceFeatures2 features{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2};
    features.features.independentBlend = VK_TRUE;
    features.features.fragmentStoresAndAtomics = m_facts.fragmentStoresAndAtomics;
    features.features.vertexPipelineStoresAndAtomics = m_facts.vertexStoresAndAtomics;
    features.features.multiDrawIndirect = m_facts.multiDrawIndirect;
    features.features.drawIndirectFirstInstance = m_facts.drawIndirectFirstInstance;
    features.features.samplerAnisotropy = m_facts.samplerAnisotropy;
    features.pNext = &v11;

    const float priority = 1.0f;
    VkDeviceQueueCreateInfo queue{VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO};
    queue.queueFamilyIndex = m_queueFamily;
    queue.queueCount = 1;
    queue.pQueuePriorities = &priority;
    std::vector<const char*> extensions{VK_KHR_PUSH_DESCRIPTOR_EXTENSION_NAME};
    if (presenting && hasSwapchain(m_physical)) extensions.push_back(VK_KHR_SWAPCHAIN_EXTENSION_NAME);
    VkDeviceCreateInfo info{VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO};
    info.pNext = &features;
    info.queueCreateInfoCount = 1;
    info.pQueueCreateInfos = &queue;
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();
    check(vkCreateDevice(m_physical, &info, nullptr, &m_device),
          fmt::format("opening the graphics device '{}'", m_report.name));
    vkGetDeviceQueue(m_device, m_queueFamily, 0, &m_queue);

    const auto load = [&](const char* name) { return vkGetDeviceProcAddr(m_device, name); };
    m_commands.pushDescriptorSet =
        reinterpret_cast<PFN_vkCmdPushDescriptorSetKHR>(load("vkCmdPushDescriptorSetKHR"));
    if (m_instance.debugNames()) {
        m_commands.beginLabel =
            reinterpret_cast<PFN_vkCmdBeginDebugUtilsLabelEXT>(load("vkCmdBeginDebugUtilsLabelEXT"));
        m_commands.endLabel =
            reinterpret_cast<PFN_vkCmdEndDebugUtilsLabelEXT>(load("vkCmdEndDebugUtilsLabelEXT"));
        m_commands.setName =
            reinterpret_cast<PFN_vkSetDebugUtilsObjectNameEXT>(load("vkSetDebugUtilsObjectNameEXT"));
    }
    setName(VK_OBJECT_TYPE_QUEUE, m_queue, "main queue");
}

Device::~Device() {
    if (m_device) vkDeviceWaitIdle(m_device);
    if (m_cache) m_cache->save();
    m_cache.reset();
    vkDestroyDevice(m_device, nullptr);
}

VkSampleCountFlagBits Device::samples(int wanted) const {
    for (int count : {8, 4, 2}) {
        if (count <= wanted && (m_facts.sampleCounts & static_cast<VkSampleCountFlags>(count))) {
            return static_cast<VkSampleCountFlagBits>(count);
        }
    }
    return VK_SAMPLE_COUNT_1_BIT;
}

void Device::waitIdle() const {
    check(vkDeviceWaitIdle(m_device), "waiting for the graphics device");
}

void Device::setNameOf(VkObjectType type, std::uint64_t object, std::string_view name) const {
    if (!m_commands.setName) return;
    const std::string text(name);
    VkDebugUtilsObjectNameInfoEXT info{VK_STRUCTURE_TYPE_DEBUG_UTILS_OBJECT_NAME_INFO_EXT};
    info.objectType = type;
    info.objectHandle = object;
    info.pObjectName = text.c_str();
    m_commands.setName(m_device, &info);
}

std::uint32_t Device::memoryType(std::uint32_t allowed, VkMemoryPropertyFlags wanted,
                                 VkMemoryPropertyFlags preferred) const {
    for (const VkMemoryPropertyFlags flags : {wanted | preferred, wanted}) {
        for (std::uint32_t i = 0; i < m_memory.memoryTypeCount; ++i) {
            if ((allowed & (1u << i)) && (m_memory.memoryTypes[i].propertyFlags & flags) == flags) return i;
        }
    }
    throw Error(ErrorKind::Device, "the graphics device '{}' has no memory of the kind needed (flags {:#x})",
                m_report.name, wanted);
}

VkMemoryPropertyFlags Device::memoryFlags(std::uint32_t type) const {
    return m_memory.memoryTypes[type].propertyFlags;
}

} // namespace pump::gpu
