#pragma once

#include "render/passes/DeformPass.h"

#include "support/TestGpu.h"

#include <cstring>
#include <span>
#include <vector>

namespace pump::test {

/// What the deformation wrote, in the order of the model's vertices.
struct Deformed {
    std::vector<shared::DeformedVertex> vertices;
    std::vector<shared::VesselFrame> frames;
};

template <typename T>
std::vector<T> readAs(const gpu::Device& device, const gpu::Buffer& buffer, std::size_t count) {
    const auto bytes = gpu::readback(device, buffer);
    std::vector<T> values(count);
    std::memcpy(values.data(), bytes.data(), count * sizeof(T));
    return values;
}

/// The tables of a frame where passes expect them.
inline render::FrameSlices upload(gpu::Frame& frame, const render::FrameTables& tables,
                                  const shared::FrameConstants& constants) {
    auto table = [&](const auto& values) { return frame.upload(std::as_bytes(std::span(values))); };
    return {frame.uploadValue(constants), table(tables.joints),          table(tables.muscles),
            table(tables.musclePoses),    table(tables.flows),           table(tables.valves),
            table(tables.structures),     frame.uploadValue(tables.skin)};
}

/// Runs the deformation for one picture after another.
class DeviceDeformer {
  public:
    DeviceDeformer(gpu::Device& device, const gpu::ShaderLibrary& shaders, render::LegDevice& leg)
        : m_device(device), m_leg(leg), m_pass(shaders), m_ring(device) {}

    Deformed deform(const scene::RenderInput& input) {
        const auto tables = render::makeFrameTables(m_leg.leg, m_leg.tables, m_leg.poser, input);
        shared::FrameConstants constants{};
        constants.exaggeration = input.exaggeration;
        const render::QualitySettings quality;
        gpu::Frame& frame = m_ring.begin();
        const render::FrameSlices slices = upload(frame, tables, constants);
        m_pass.record({frame, frame.commands(), input, tables, constants, m_leg, slices, {}, quality});
        m_ring.submit(frame);
        m_ring.waitIdle();
        const auto sorted = readAs<shared::DeformedVertex>(m_device, m_leg.deformed, m_leg.vertexCount());
        Deformed result;
        result.vertices.reserve(sorted.size());
        for (const std::uint32_t place : m_leg.tables.placeOf) result.vertices.push_back(sorted[place]);
        result.frames = readAs<shared::VesselFrame>(m_device, m_leg.vesselFrames, m_leg.vesselPointCount());
        return result;
    }

  private:
    gpu::Device& m_device;
    render::LegDevice& m_leg;
    render::DeformPass m_pass;
    gpu::FrameRing m_ring;
};

inline Deformed deformOnDevice(gpu::Device& device, const gpu::ShaderLibrary& shaders, render::LegDevice& leg,
                               const scene::RenderInput& input) {
    return DeviceDeformer(device, shaders, leg).deform(input);
}

} // namespace pump::test
