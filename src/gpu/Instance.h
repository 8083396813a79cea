#pragma once

#include "gpu/Handle.h"
#include "gpu/Vulkan.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pump::gpu {

enum class Validation {
    Off,
    On,      ///< the Khronos validation layer
    OnSynced ///< ... with its synchronization validation
};

struct InstanceDesc {
    std::string application = "second-heart";
    Validation validation = Validation::Off;
    std::vector<std::string> extensions; ///< what the window system needs, e.g. from GLFW
};

/// The connection to Vulkan 1.3. With validation every warning and error of the layers is collected (and
/// logged), so that a test can assert that there were none. Debug names and labels are on whenever
/// VK_EXT_debug_utils is there.
class Instance {
  public:
    /// Throws Error(Device): no Vulkan loader or driver, version below 1.3, a missing extension or, when
    /// asked for, a missing validation layer; each with the package that brings it.
    explicit Instance(const InstanceDesc& desc = {});
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;
    ~Instance();

    VkInstance handle() const { return m_instance; }
    bool debugNames() const { return m_debugUtils; }
    Validation validation() const { return m_validation; }

    /// Validation messages since the start or since the last clearMessages().
    std::vector<std::string> messages() const;
    void clearMessages();

  private:
    struct MessageLog;

    VkInstance m_instance = VK_NULL_HANDLE;
    VkDebugUtilsMessengerEXT m_messenger = VK_NULL_HANDLE;
    std::unique_ptr<MessageLog> m_log;
    bool m_debugUtils = false;
    Validation m_validation = Validation::Off;
};

/// Makes a surface for a window on the given instance; returns the result code of the window system's call.
using SurfaceFactory = std::function<VkResult(VkInstance, VkSurfaceKHR*)>;

/// A window's surface. Keeps its factory, so that a lost surface can be made again.
class Surface {
  public:
    /// Throws Error(Device).
    Surface(const Instance& instance, SurfaceFactory factory);
    VkSurfaceKHR handle() const { return m_surface.get(); }
    /// After VK_ERROR_SURFACE_LOST_KHR; no swapchain may be alive on the old one.
    void remake();

  private:
    VkInstance m_instance;
    SurfaceFactory m_factory;
    SurfaceHandle m_surface;
};

} // namespace pump::gpu
