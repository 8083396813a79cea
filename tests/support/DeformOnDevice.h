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

inline Deformed deformOnDevice(gpu::Device& device, const gpu::ShaderLibrary& shaders, render::LegDevice& leg,
                               const scene::RenderInput& input) {
    const render::DeformPass pass(shaders);
    const auto tables = render::makeFrameTables(leg.leg, leg.tables, leg.poser, input);
    shared::FrameConstants constants{};
    constants.exaggeration = input.exaggeration;
    const render::QualitySettings quality;
    gpu::FrameRing ring(device);
    gpu::Frame& frame = ring.begin();
    const render::FrameSlices slices = upload(frame, tables, constants);
    pass.record({frame, frame.commands(), input, tables, constants, leg, slices, {}, quality});
    ring.submit(frame);
    ring.waitIdle();
    const auto sorted = readAs<shared::DeformedVertex>(device, leg.deformed, leg.vertexCount());
    std::vector<shared::DeformedVertex> vertices;
    for (const std::uint32_t place : leg.tables.placeOf) vertices.push_back(sorted[place]);
    return {vertices, readAs<shared::VesselFrame>(device, leg.vesselFrames, leg.vesselPointCount())};
}

} // namespace pump::test
