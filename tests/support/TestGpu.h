#pragma once

#include "gpu/Frames.h"
#include "gpu/Transfer.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <memory>

namespace pump::test {

/// A device without a window, with validation and synchronization validation. Any message of theirs, up to
/// and including the destruction of the device, fails the test. Objects made on the device must be declared
/// after it. The environment variable SECOND_HEART_TEST_DEVICE chooses the device (name or index).
class TestGpu {
  public:
    explicit TestGpu(std::filesystem::path cacheDirectory = {}, gpu::SurfaceFactory surface = {},
                     std::vector<std::string> extensions = {})
        : m_instance({.validation = gpu::Validation::OnSynced, .extensions = std::move(extensions)}) {
        if (surface) m_surface = std::make_unique<gpu::Surface>(m_instance, std::move(surface));
        const char* wanted = std::getenv("SECOND_HEART_TEST_DEVICE");
        m_device = std::make_unique<gpu::Device>(
            m_instance, gpu::DeviceDesc{.wanted = wanted ? wanted : "",
                                        .surface = m_surface ? m_surface->handle() : VK_NULL_HANDLE,
                                        .cacheDirectory = std::move(cacheDirectory)});
    }
    TestGpu(const TestGpu&) = delete;
    TestGpu& operator=(const TestGpu&) = delete;
    ~TestGpu() {
        const auto left = m_device->allocations();
        m_device.reset();
        CHECK(left == 0);
        for (const auto& message : m_instance.messages()) {
            UNSCOPED_INFO(message);
            CHECK(message.empty());
        }
    }

    gpu::Device& device() { return *m_device; }
    gpu::Surface& surface() { return *m_surface; }
    gpu::Instance& instance() { return m_instance; }
    /// Shaders of tests/gpu/shaders, compiled on the spot.
    gpu::ShaderLibrary testShaders() { return gpu::ShaderLibrary(*m_device, "tests/gpu/shaders"); }

    /// For tests that provoke messages: what was said so far, which then no longer counts.
    std::vector<std::string> takeMessages() {
        auto messages = m_instance.messages();
        m_instance.clearMessages();
        return messages;
    }

  private:
    gpu::Instance m_instance;
    std::unique_ptr<gpu::Surface> m_surface;
    std::unique_ptr<gpu::Device> m_device;
};

} // namespace pump::test
