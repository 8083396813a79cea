#include "render/PassContext.h"

#include "gpu/Transfer.h"

#include <algorithm>
#include <cmath>

namespace pump::render {

namespace {

constexpr VkBufferUsageFlags kStorage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT |
                                        VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT |
                                        VK_BUFFER_USAGE_VERTEX_BUFFER_BIT | gpu::kTexels;

/// A buffer holds at least one element: an empty one does not exist.
template <typename T>
gpu::Buffer tableBuffer(const gpu::Device& device, std::string_view name, const std::vector<T>& values,
                        VkBufferUsageFlags usage = 0) {
    const std::vector<T> one(1);
    const std::vector<T>& content = values.empty() ? one : values;
    return gpu::makeBuffer(device, name, kStorage | usage, std::as_bytes(std::span(content)));
}

gpu::Buffer outputBuffer(const gpu::Device& device, std::string_view name, std::size_t bytes) {
    return gpu::Buffer(device, {.name = name, .size = std::max<VkDeviceSize>(bytes, 64), .usage = kStorage});
}

} // namespace

LegDevice::LegDevice(const gpu::Device& device, const anatomy::LegModel& model)
    : leg(model),
      tables(makeLegTables(model)),
      pickChunks(makePickChunks(model, tables)),
      poser(model, tables),
      restVertices(tableBuffer(device, "rest vertices", tables.vertices)),
      indices(tableBuffer(device, "indices", tables.indices, VK_BUFFER_USAGE_INDEX_BUFFER_BIT)),
      muscleSamples(tableBuffer(device, "muscle samples", tables.muscleSamples)),
      corrections(tableBuffer(device, "corrections", tables.corrections)),
      vesselHeaders(tableBuffer(device, "vessel headers", tables.vessels)),
      vesselPoints(tableBuffer(device, "vessel points", tables.vesselPoints)),
      vesselFrames(
          outputBuffer(device, "vessel frames", tables.vesselPoints.size() * sizeof(shared::VesselFrame))),
      deformed(outputBuffer(device, "deformed vertices",
                            tables.vertices.size() * sizeof(shared::DeformedVertex))) {}

void PassContext::bind(const gpu::Pipeline& pipeline, std::initializer_list<gpu::Bind> own) const {
    commands.bind(pipeline);
    std::vector<gpu::Bind> binds;
    auto add = [&](std::uint32_t at, const gpu::BufferSlice& slice) {
        if (pipeline.interface().find(at)) binds.emplace_back(at, slice);
    };
    auto addBuffer = [&](std::uint32_t at, const gpu::Buffer& buffer) { add(at, {&buffer}); };
    add(binding::kFrame, slices.constants);
    add(binding::kJoints, slices.joints);
    add(binding::kMuscleHeaders, slices.muscleHeaders);
    addBuffer(binding::kMuscleSamples, leg.muscleSamples);
    addBuffer(binding::kCorrections, leg.corrections);
    add(binding::kMusclePoses, slices.musclePoses);
    addBuffer(binding::kVesselHeaders, leg.vesselHeaders);
    addBuffer(binding::kVesselFrames, leg.vesselFrames);
    add(binding::kValves, slices.valves);
    addBuffer(binding::kVesselPoints, leg.vesselPoints);
    add(binding::kFlows, slices.flows);
    add(binding::kStructures, slices.structures);
    add(binding::kSkin, slices.skin);
    addBuffer(binding::kRestVertices, leg.restVertices);
    addBuffer(binding::kDeformedVertices, leg.deformed);
    binds.insert(binds.end(), own.begin(), own.end());
    commands.push(binds);
}

VkRect2D screenRect(const shared::FrameConstants& constants, const VkRect2D& area, glm::vec3 low,
                    glm::vec3 high, int margin) {
    glm::vec2 from(1e9f), to(-1e9f);
    for (int corner = 0; corner < 8; ++corner) {
        const glm::vec3 p((corner & 1) ? high.x : low.x, (corner & 2) ? high.y : low.y,
                          (corner & 4) ? high.z : low.z);
        const glm::vec4 clip = constants.viewProjection * glm::vec4(p, 1);
        if (clip.w < constants.nearPlane) return area;
        const glm::vec2 pixel = (glm::vec2(clip) / clip.w * 0.5f + 0.5f) * constants.viewport;
        from = glm::min(from, pixel);
        to = glm::max(to, pixel);
    }
    const glm::vec2 first(area.offset.x, area.offset.y);
    const glm::vec2 last = first + glm::vec2(area.extent.width, area.extent.height);
    const auto grow = static_cast<float>(margin);
    from = glm::clamp(glm::floor(from - grow), first, last);
    to = glm::clamp(glm::ceil(to + grow), first, last);
    const glm::vec2 size = glm::max(to - from, glm::vec2(0));
    return {{static_cast<std::int32_t>(from.x), static_cast<std::int32_t>(from.y)},
            {static_cast<std::uint32_t>(size.x), static_cast<std::uint32_t>(size.y)}};
}

shared::FrameConstants frameConstants(const scene::RenderInput& input, const LegTables& tables,
                                      const FrameSizes& sizes, glm::vec2 jitter) {
    const scene::CameraView& camera = input.camera;
    const glm::vec2 viewport(static_cast<float>(sizes.drawn.width), static_cast<float>(sizes.drawn.height));
    const glm::vec2 picture(static_cast<float>(sizes.picture.width),
                            static_cast<float>(sizes.picture.height));
    glm::mat4 projection = camera.projection;
    projection[2][0] -= 2 * jitter.x / viewport.x;
    projection[2][1] -= 2 * jitter.y / viewport.y;
    shared::FrameConstants c{};
    c.viewProjection = projection * camera.view;
    c.view = camera.view;
    c.eye = camera.eye;
    c.viewport = viewport;
    // glm::perspective with depth 0-1: [2][2] = f / (n - f), [3][2] = f n / (n - f).
    c.nearPlane = camera.projection[3][2] / camera.projection[2][2];
    c.farPlane = camera.projection[3][2] / (camera.projection[2][2] + 1);
    c.tanHalfFov = 1 / std::abs(camera.projection[1][1]);
    c.aspect = std::abs(camera.projection[1][1] / camera.projection[0][0]);
    c.lensShift = {camera.projection[2][0], camera.projection[2][1]};
    c.pixelsPerUnit = viewport.y / (2 * c.tanHalfFov);
    const glm::mat3 axes = glm::transpose(glm::mat3(camera.view));
    c.right = axes[0];
    c.up = axes[1];
    c.keyLight = glm::normalize(-0.55f * axes[0] + 0.62f * axes[1] + 0.72f * axes[2]);
    c.fillLight = glm::normalize(0.85f * axes[0] - 0.10f * axes[1] + 0.50f * axes[2]);
    c.backLight = glm::normalize(0.45f * axes[0] + 0.55f * axes[1] - 0.70f * axes[2]);
    c.rayOrigin = camera.eye;
    c.rayDirection = -axes[2];
    if (input.pointer.x >= 0 && input.pointer.y >= 0) {
        const glm::vec2 ndc = (input.pointer + 0.5f) / picture * 2.0f - 1.0f + c.lensShift;
        c.rayDirection = glm::normalize(-axes[2] + axes[0] * (ndc.x * c.tanHalfFov * c.aspect) -
                                        axes[1] * (ndc.y * c.tanHalfFov));
    }
    c.time = static_cast<float>(input.simulationTimeS);
    c.exaggeration = input.exaggeration;
    c.floorZ = input.floorZ;
    c.cap = {0, 0, 1, tables.capZ};
    if (!input.joints.empty()) {
        // Joint 0 carries the upper end.
        const glm::vec3 up(input.joints[0][2]), top(input.joints[0] * glm::vec4(0, 0, tables.capZ, 1));
        c.cap = {up, glm::dot(up, top)};
    }
    c.frame = input.frame;
    for (std::size_t i = 0; i < std::min<std::size_t>(tables.contacts.size(), 6); ++i) {
        const glm::vec4 rest = tables.contacts[i];
        const std::uint32_t joint = tables.contactJoints[i];
        glm::vec3 place(rest);
        if (joint < input.joints.size()) place = glm::vec3(input.joints[joint] * glm::vec4(place, 1));
        c.contacts[i] = {place.x, place.y, std::max(place.z - input.floorZ, 0.0f), rest.w};
    }
    return c;
}

} // namespace pump::render
