#include "gpu/Device.h"

#include "core/Error.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

namespace {

bool hasDeviceExtension(VkPhysicalDevice device, std::string_view name) {
    std::uint32_t count = 0;
    if (vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr) != VK_SUCCESS) return false;
    std::vector<VkExtensionProperties> all(count);
    if (vkEnumerateDeviceExtensionProperties(device, nullptr, &count, all.data()) < 0) return false;
    return std::any_of(all.begin(), all.end(), [&](const auto& e) { return name == e.extensionName; });
}

void addMissingFeatures(VkPhysicalDevice device, std::vector<std::string>& reasons) {
    VkPhysicalDeviceVulkan13Features v13{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
    VkPhysicalDeviceVulkan12Features v12{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
    v12.pNext = &v13;
    VkPhysicalDeviceFeatures2 features{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2};
    features.pNext = &v12;
    vkGetPhysicalDeviceFeatures2(device, &features);
    const auto need = [&](VkBool32 has, std::string_view name) {
        if (!has) reasons.push_back(fmt::format("lacks the feature {}", name));
    };
    need(v13.dynamicRendering, "dynamicRendering");
    need(v13.synchronization2, "synchronization2");
    need(v13.maintenance4, "maintenance4");
    need(v12.scalarBlockLayout, "scalarBlockLayout");
    need(features.features.independentBlend, "independentBlend");
}

std::string driverText(const VkPhysicalDeviceDriverProperties& driver, std::uint32_t version) {
    std::string text = driver.driverName;
    if (driver.driverInfo[0] != '\0') {
        text += ", ";
        text += driver.driverInfo;
    } else {
        text += fmt::format(", {}", versionText(version));
    }
    return text;
}

bool hasQueue(VkPhysicalDevice device, VkSurfaceKHR surface, bool& presents) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
    bool found = false;
    presents = false;
    for (std::uint32_t i = 0; i < count; ++i) {
        constexpr VkQueueFlags kNeeded = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;
        if ((families[i].queueFlags & kNeeded) != kNeeded) continue;
        found = true;
        if (surface == VK_NULL_HANDLE) continue;
        VkBool32 supported = VK_FALSE;
        if (vkGetPhysicalDeviceSurfaceSupportKHR(device, i, surface, &supported) == VK_SUCCESS && supported) {
            presents = true;
        }
    }
    return found;
}

VkDeviceSize largestLocalHeap(VkPhysicalDevice device) {
    VkPhysicalDeviceMemoryProperties memory;
    vkGetPhysicalDeviceMemoryProperties(device, &memory);
    VkDeviceSize largest = 0;
    for (std::uint32_t i = 0; i < memory.memoryHeapCount; ++i) {
        if (memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) {
            largest = std::max(largest, memory.memoryHeaps[i].size);
        }
    }
    return largest;
}

DeviceReport report(VkPhysicalDevice device, int index, VkSurfaceKHR surface) {
    VkPhysicalDeviceDriverProperties driver{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
    VkPhysicalDeviceProperties2 properties{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    VkPhysicalDeviceProperties first;
    vkGetPhysicalDeviceProperties(device, &first);
    if (first.apiVersion >= VK_API_VERSION_1_2) properties.pNext = &driver;
    vkGetPhysicalDeviceProperties2(device, &properties);
    const auto& p = properties.properties;

    DeviceReport result;
    result.index = index;
    result.name = p.deviceName;
    result.type = p.deviceType;
    result.api = p.apiVersion;
    result.driver =
        driver.driverName[0] != '\0' ? driverText(driver, p.driverVersion) : versionText(p.driverVersion);
    result.memory = largestLocalHeap(device);
    if (p.apiVersion < VK_API_VERSION_1_3) {
        result.reasons.push_back(fmt::format("offers Vulkan {}, 1.3 is needed; a newer driver may help",
                                             versionText(p.apiVersion)));
        return result; // the feature structures below are not defined for it
    }
    addMissingFeatures(device, result.reasons);
    if (!hasDeviceExtension(device, VK_KHR_PUSH_DESCRIPTOR_EXTENSION_NAME)) {
        result.reasons.emplace_back("lacks the extension VK_KHR_push_descriptor");
    }
    bool presents = false;
    if (!hasQueue(device, surface, presents)) {
        result.reasons.emplace_back("has no queue for both graphics and compute");
    } else if (surface != VK_NULL_HANDLE) {
        if (!presents) result.reasons.emplace_back("cannot show pictures in this window");
        if (!hasDeviceExtension(device, VK_KHR_SWAPCHAIN_EXTENSION_NAME)) {
            result.reasons.emplace_back("lacks the extension VK_KHR_swapchain");
        }
    }
    return result;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

int rank(VkPhysicalDeviceType type) {
    switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return 4;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return 3;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return 2;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return 1;
    default:
        return 0;
    }
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    return fmt::format("{}", fmt::join(parts, separator));
}

/// "0 'A': why; 1 'B': why"
std::string whyNot(const std::vector<DeviceReport>& reports) {
    std::vector<std::string> parts;
    for (const auto& r : reports) {
        parts.push_back(
            fmt::format("{} '{}' {}", r.index, r.name, r.usable() ? "is usable" : joined(r.reasons, ", ")));
    }
    return joined(parts, "; ");
}

bool matches(const DeviceReport& r, std::string_view wanted) {
    int index = -1;
    const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), index);
    if (error == std::errc{} && end == wanted.data() + wanted.size()) return r.index == index;
    return lower(r.name).find(lower(wanted)) != std::string::npos;
}

} // namespace

std::vector<VkPhysicalDevice> physicalDevices(VkInstance instance) {
    std::uint32_t count = 0;
    check(vkEnumeratePhysicalDevices(instance, &count, nullptr), "listing graphics devices");
    std::vector<VkPhysicalDevice> devices(count);
    check(vkEnumeratePhysicalDevices(instance, &count, devices.data()), "listing graphics devices");
    devices.resize(count);
    return devices;
}

std::vector<DeviceReport> listDevices(const Instance& instance, VkSurfaceKHR surface) {
    std::vector<DeviceReport> reports;
    for (const VkPhysicalDevice device : physicalDevices(instance.handle())) {
        reports.push_back(report(device, static_cast<int>(reports.size()), surface));
    }
    return reports;
}

std::string describeDevices(const std::vector<DeviceReport>& reports) {
    if (reports.empty()) {
        return "No Vulkan device found. Install mesa-vulkan-drivers (it also draws without a graphics card) "
               "or "
               "the driver of your graphics card.\n";
    }
    std::string text;
    for (const auto& r : reports) {
        text += fmt::format("Device {}: {}\n  type    {}\n  driver  {}\n  Vulkan  {}\n  memory  {:.1f} GiB\n",
                            r.index, r.name, deviceTypeName(r.type), r.driver, versionText(r.api),
                            static_cast<double>(r.memory) / (1024.0 * 1024.0 * 1024.0));
        text += r.usable() ? "  usable  yes\n" : fmt::format("  usable  no: {}\n", joined(r.reasons, "; "));
    }
    return text;
}

std::size_t chooseDevice(const std::vector<DeviceReport>& reports, std::string_view wanted) {
    if (reports.empty()) {
        throw Error(ErrorKind::Device,
                    "no Vulkan device found; install mesa-vulkan-drivers (it also draws without a graphics "
                    "card) or the driver of your graphics card");
    }
    std::optional<std::size_t> best;
    std::optional<std::size_t> rejected;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        if (!wanted.empty() && !matches(reports[i], wanted)) continue;
        if (!reports[i].usable()) {
            if (!rejected) rejected = i;
        } else if (!best || rank(reports[i].type) > rank(reports[*best].type)) {
            best = i;
        }
    }
    if (best) return *best;
    if (wanted.empty()) {
        throw Error(ErrorKind::Device,
                    "no Vulkan device is usable: {}; update the graphics driver, or install "
                    "mesa-vulkan-drivers to draw without a graphics card",
                    whyNot(reports));
    }
    if (rejected) {
        throw Error(ErrorKind::Device,
                    "device '{}' is not usable: {}; leave --device out to let the program choose",
                    reports[*rejected].name, joined(reports[*rejected].reasons, ", "));
    }
    throw Error(ErrorKind::Device, "no device matches '{}'; there is: {}", wanted, whyNot(reports));
}

} // namespace pump::gpu
