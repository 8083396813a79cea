#pragma once

#include "anatomy/LegModel.h"
#include "gpu/Frames.h"
#include "gpu/Pipeline.h"
#include "render/LegTables.h"
#include "render/PickChunks.h"
#include "render/Quality.h"
#include "scene/RenderInput.h"
#include "shared/leg.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace pump::render {

/// Formats of everything that is drawn. Colours are written encoded (sRGB curve), ready to show.
inline constexpr VkFormat kColorFormat = VK_FORMAT_R8G8B8A8_UNORM;
inline constexpr VkFormat kDepthFormat = VK_FORMAT_D32_SFLOAT;

/// Bindings that mean the same in every shader (shaders/common); a pass's own start at kFirstOwn.
namespace binding {
inline constexpr std::uint32_t kFrame = 0, kJoints = 1, kMuscleHeaders = 2, kMuscleSamples = 3,
                               kMusclePoses = 4, kVesselHeaders = 5, kVesselFrames = 6, kValves = 7,
                               kVesselPoints = 8, kFlows = 9, kStructures = 10, kRestVertices = 11,
                               kDeformedVertices = 12, kSkin = 17, kCorrections = 18,
                               kFirstOwn = 13; // but 17, 18
}

/// One level of detail on the device.
struct LegDevice {
    LegDevice(const gpu::Device& device, const anatomy::LegModel& leg);

    const anatomy::LegModel& leg;
    LegTables tables;
    std::vector<PickChunk> pickChunks;
    MusclePoser poser;
    gpu::Buffer restVertices, indices, muscleSamples, corrections, vesselHeaders, vesselPoints;
    gpu::Buffer vesselFrames; ///< written by the deformation, one shared::VesselFrame a vessel point
    gpu::Buffer deformed;     ///< written by the deformation, one shared::DeformedVertex a vertex

    std::uint32_t vertexCount() const {
        return static_cast<std::uint32_t>(deformed.size() / sizeof(shared::DeformedVertex));
    }
    /// Frees this side's copy of the mesh that is on the device now.
    void dropMesh() {
        tables.vertices = {};
        tables.indices = {};
        tables.placeOf = {};
    }
    std::uint32_t vesselPointCount() const { return static_cast<std::uint32_t>(tables.vesselPoints.size()); }
};

/// What is uploaded for one frame.
struct FrameSlices {
    gpu::BufferSlice constants, joints, muscleHeaders, musclePoses, flows, valves, structures, skin;
};

/// Where a frame is drawn.
struct Targets {
    const gpu::Image* color = nullptr; ///< multisampled, or the picture itself
    const gpu::Image* resolve = nullptr;
    const gpu::Image* depth = nullptr;
    VkExtent2D extent{};
    VkRect2D area{}; ///< of the extent, what is drawn: panels hide the rest
    VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
};

/// What a pass is given while a frame is recorded.
struct PassContext {
    gpu::Frame& frame;
    gpu::CommandRecorder& commands;
    const scene::RenderInput& input;
    const FrameTables& tables;
    const shared::FrameConstants& constants;
    const LegDevice& leg;
    FrameSlices slices;
    Targets targets;
    const QualitySettings& quality;

    /// Pushes those of the common bindings that the bound pipeline has, and the pass's own.
    void bind(const gpu::Pipeline& pipeline, std::initializer_list<gpu::Bind> own = {}) const;
};

/// Part of an area of the picture that a box around points covers, grown by `margin` pixels; empty extent:
/// out of sight.
VkRect2D screenRect(const shared::FrameConstants& constants, const VkRect2D& area, glm::vec3 low,
                    glm::vec3 high, int margin = 2);

/// Pixels: what is drawn into, and the final picture that the pointer's pixel belongs to.
struct FrameSizes {
    VkExtent2D drawn{}, picture{};
};

/// Constants of a frame; `jitter` in pixels of what is drawn. The camera's centre may be shifted out of the
/// picture's (a panel beside it).
shared::FrameConstants frameConstants(const scene::RenderInput& input, const LegTables& tables,
                                      const FrameSizes& sizes, glm::vec2 jitter);

} // namespace pump::render
