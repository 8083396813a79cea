#include "gpu/Instance.h"

#include "core/Error.h"
#include "core/Log.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <string_view>

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

bool hasExtension(const char* layer, std::string_view name) {
    std::uint32_t count = 0;
    if (vkEnumerateInstanceExtensionProperties(layer, &count, nullptr) != VK_SUCCESS) return false;
    std::vector<VkExtensionProperties> all(count);
    if (vkEnumerateInstanceExtensionProperties(layer, &count, all.data()) < 0) return false;
    return std::any_of(all.begin(), all.end(), [&](const auto& e) { return name == e.extensionName; });
}

bool hasValidationLayer() {
    std::uint32_t count = 0;
    if (vkEnumerateInstanceLayerProperties(&count, nullptr) != VK_SUCCESS) return false;
    std::vector<VkLayerProperties> all(count);
    if (vkEnumerateInstanceLayerProperties(&count, all.data()) < 0) return false;
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& l) { return std::string_view(l.layerName) == kValidationLayer; });
}

void requireVersion() {
    std::uint32_t version = VK_API_VERSION_1_0;
    vkEnumerateInstanceVersion(&version);
    if (version < VK_API_VERSION_1_3) {
        throw Error(ErrorKind::Device,
                    "the Vulkan loader has version {}, 1.3 is needed; install a newer libvulkan1",
                    versionText(version));
    }
}

std::vector<std::string> requiredExtensions(const InstanceDesc& desc) {
    auto extensions = desc.extensions;
    for (const auto& name : extensions) {
        if (!hasExtension(nullptr, name)) {
            throw Error(ErrorKind::Device,
                        "Vulkan lacks the instance extension {}, which the window system needs; update the "
                        "graphics driver or run without a window (second-heart render)",
                        name);
        }
    }
    return extensions;
}

} // namespace

struct Instance::MessageLog {
    mutable std::mutex mutex;
    std::vector<std::string> texts;

    static VkBool32 VKAPI_PTR receive(VkDebugUtilsMessageSeverityFlagBitsEXT, VkDebugUtilsMessageTypeFlagsEXT,
                                      const VkDebugUtilsMessengerCallbackDataEXT* data, void* user) {
        auto* log = static_cast<MessageLog*>(user);
        {
            const std::lock_guard lock(log->mutex);
            log->texts.emplace_back(data->pMessage);
        }
        core::logWarning("Vulkan validation: {}", data->pMessage);
        return VK_FALSE;
    }
};

namespace {

/// Everything VkInstanceCreateInfo points at, kept together.
struct CreateChain {
    std::vector<const char*> layers;
    std::vector<const char*> extensions;
    VkValidationFeaturesEXT features{VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT};
    std::array<VkValidationFeatureEnableEXT, 1> enables{
        VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
    VkDebugUtilsMessengerCreateInfoEXT messenger{VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT};
#ifdef VK_EXT_layer_settings
    // Newer validation layers (1.4.309) look at what shaders read and write only when asked to.
    VkBool32 enabled = VK_TRUE;
    VkLayerSettingEXT shaderAccesses{kValidationLayer, "syncval_shader_accesses_heuristic",
                                     VK_LAYER_SETTING_TYPE_BOOL32_EXT, 1, &enabled};
    VkLayerSettingsCreateInfoEXT settings{VK_STRUCTURE_TYPE_LAYER_SETTINGS_CREATE_INFO_EXT, nullptr, 1,
                                          &shaderAccesses};
#endif
};

} // namespace

Instance::Instance(const InstanceDesc& desc)
    : m_log(std::make_unique<MessageLog>()), m_validation(desc.validation) {
    requireVersion();
    const auto windowExtensions = requiredExtensions(desc);
    CreateChain chain;
    for (const auto& name : windowExtensions) chain.extensions.push_back(name.c_str());
    if (m_validation != Validation::Off) {
        if (!hasValidationLayer()) {
            throw Error(ErrorKind::Device, "{} is not installed; install vulkan-validationlayers",
                        kValidationLayer);
        }
        chain.layers.push_back(kValidationLayer);
    }
    const char* debugLayer = m_validation == Validation::Off ? nullptr : kValidationLayer;
    m_debugUtils = hasExtension(nullptr, VK_EXT_DEBUG_UTILS_EXTENSION_NAME) ||
                   (debugLayer && hasExtension(debugLayer, VK_EXT_DEBUG_UTILS_EXTENSION_NAME));
    if (m_debugUtils) chain.extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);

    chain.messenger.messageSeverity =
        VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
    chain.messenger.messageType =
        VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
    chain.messenger.pfnUserCallback = MessageLog::receive;
    chain.messenger.pUserData = m_log.get();
    const void* next = nullptr;
    if (m_validation != Validation::Off && m_debugUtils) next = &chain.messenger;
    if (m_validation == Validation::OnSynced) {
        chain.extensions.push_back(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME);
        chain.features.enabledValidationFeatureCount = static_cast<std::uint32_t>(chain.enables.size());
        chain.features.pEnabledValidationFeatures = chain.enables.data();
        chain.features.pNext = next;
        next = &chain.features;
#ifdef VK_EXT_layer_settings
        if (hasExtension(kValidationLayer, VK_EXT_LAYER_SETTINGS_EXTENSION_NAME)) {
            chain.extensions.push_back(VK_EXT_LAYER_SETTINGS_EXTENSION_NAME);
            chain.settings.pNext = next;
            next = &chain.settings;
        }
#endif
    }

    VkApplicationInfo application{VK_STRUCTURE_TYPE_APPLICATION_INFO};
    application.pApplicationName = desc.application.c_str();
    application.apiVersion = VK_API_VERSION_1_3;
    VkInstanceCreateInfo info{VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
    info.pNext = next;
    info.pApplicationInfo = &application;
    info.enabledLayerCount = static_cast<std::uint32_t>(chain.layers.size());
    info.ppEnabledLayerNames = chain.layers.data();
    info.enabledExtensionCount = static_cast<std::uint32_t>(chain.extensions.size());
    info.ppEnabledExtensionNames = chain.extensions.data();
    const VkResult result = vkCreateInstance(&info, nullptr, &m_instance);
    if (result == VK_ERROR_INCOMPATIBLE_DRIVER) {
        throw Error(ErrorKind::Device,
                    "no Vulkan driver is installed; install mesa-vulkan-drivers (it also draws without a "
                    "graphics card) or the driver of your graphics card");
    }
    check(result, "connecting to Vulkan");
    if (m_validation != Validation::Off && m_debugUtils) {
        const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
            vkGetInstanceProcAddr(m_instance, "vkCreateDebugUtilsMessengerEXT"));
        if (create) create(m_instance, &chain.messenger, nullptr, &m_messenger);
    }
}

Instance::~Instance() {
    if (m_messenger) {
        const auto destroy = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(
            vkGetInstanceProcAddr(m_instance, "vkDestroyDebugUtilsMessengerEXT"));
        if (destroy) destroy(m_instance, m_messenger, nullptr);
    }
    vkDestroyInstance(m_instance, nullptr);
}

std::vector<std::string> Instance::messages() const {
    const std::lock_guard lock(m_log->mutex);
    return m_log->texts;
}

void Instance::clearMessages() {
    const std::lock_guard lock(m_log->mutex);
    m_log->texts.clear();
}

Surface::Surface(const Instance& instance, SurfaceFactory factory)
    : m_instance(instance.handle()), m_factory(std::move(factory)) {
    remake();
}

void Surface::remake() {
    m_surface.reset();
    VkSurfaceKHR surface = VK_NULL_HANDLE;
    check(m_factory(m_instance, &surface), "making the window's drawing surface");
    m_surface = SurfaceHandle(m_instance, surface);
}

} // namespace pump::gpu
