#pragma once

#include "gpu/Vulkan.h"

#include <utility>

namespace pump::gpu {

/// Sole owner of a Vulkan object that is destroyed through its parent (VkDevice or VkInstance). Move-only.
template <typename Parent, typename T, auto Destroy>
class Handle {
  public:
    Handle() = default;
    Handle(Parent parent, T object) : m_parent(parent), m_object(object) {}
    Handle(Handle&& other) noexcept
        : m_parent(other.m_parent), m_object(std::exchange(other.m_object, T{VK_NULL_HANDLE})) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            reset();
            m_parent = other.m_parent;
            m_object = std::exchange(other.m_object, T{VK_NULL_HANDLE});
        }
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { reset(); }

    T get() const { return m_object; }
    explicit operator bool() const { return m_object != VK_NULL_HANDLE; }
    void reset() {
        if (m_object != VK_NULL_HANDLE) Destroy(m_parent, m_object, nullptr);
        m_object = VK_NULL_HANDLE;
    }

  private:
    Parent m_parent{};
    T m_object{VK_NULL_HANDLE};
};

template <typename T, auto Destroy>
using DeviceHandle = Handle<VkDevice, T, Destroy>;

using BufferHandle = DeviceHandle<VkBuffer, vkDestroyBuffer>;
using ImageHandle = DeviceHandle<VkImage, vkDestroyImage>;
using BufferViewHandle = DeviceHandle<VkBufferView, vkDestroyBufferView>;
using ImageViewHandle = DeviceHandle<VkImageView, vkDestroyImageView>;
using MemoryHandle = DeviceHandle<VkDeviceMemory, vkFreeMemory>;
using SamplerHandle = DeviceHandle<VkSampler, vkDestroySampler>;
using ShaderModuleHandle = DeviceHandle<VkShaderModule, vkDestroyShaderModule>;
using SetLayoutHandle = DeviceHandle<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout>;
using PipelineLayoutHandle = DeviceHandle<VkPipelineLayout, vkDestroyPipelineLayout>;
using PipelineHandle = DeviceHandle<VkPipeline, vkDestroyPipeline>;
using PipelineCacheHandle = DeviceHandle<VkPipelineCache, vkDestroyPipelineCache>;
using CommandPoolHandle = DeviceHandle<VkCommandPool, vkDestroyCommandPool>;
using QueryPoolHandle = DeviceHandle<VkQueryPool, vkDestroyQueryPool>;
using FenceHandle = DeviceHandle<VkFence, vkDestroyFence>;
using SemaphoreHandle = DeviceHandle<VkSemaphore, vkDestroySemaphore>;
using SwapchainHandle = DeviceHandle<VkSwapchainKHR, vkDestroySwapchainKHR>;
using RenderPassHandle = DeviceHandle<VkRenderPass, vkDestroyRenderPass>;
using FramebufferHandle = DeviceHandle<VkFramebuffer, vkDestroyFramebuffer>;
using DescriptorPoolHandle = DeviceHandle<VkDescriptorPool, vkDestroyDescriptorPool>;
using SurfaceHandle = Handle<VkInstance, VkSurfaceKHR, vkDestroySurfaceKHR>;

} // namespace pump::gpu
