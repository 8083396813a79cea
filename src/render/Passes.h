#pragma once

#include "render/passes/AccumulatePass.h"
#include "render/passes/CullPass.h"
#include "render/passes/DeformPass.h"
#include "render/passes/MeshPass.h"
#include "render/passes/PickPass.h"
#include "render/passes/PropPass.h"

#include <future>
#include <memory>

namespace pump::render {

/// The passes that do not depend on the leg. Making their pipelines takes longer than reading a leg, so a
/// program makes them on another thread meanwhile.
struct Passes {
    /// Throws Error(Device), Error(Asset).
    Passes(const gpu::Device& device, const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samplesOfPixel)
        : m_drawing(std::async(std::launch::async, [&] { makeDrawing(shaders, samplesOfPixel); })),
          deform(shaders),
          pick(device, shaders),
          accumulate(shaders),
          cull(shaders) {
        m_drawing.get();
    }
    /// Those that draw, for so many samples a pixel.
    void makeDrawing(const gpu::ShaderLibrary& shaders, VkSampleCountFlagBits samplesOfPixel) {
        mesh = std::make_unique<MeshPass>(shaders, samplesOfPixel);
        props = std::make_unique<PropPass>(shaders, samplesOfPixel);
        samples = samplesOfPixel;
    }

    std::unique_ptr<MeshPass> mesh;
    std::unique_ptr<PropPass> props;
    VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT; ///< that the drawing ones are made for

  private:
    std::future<void> m_drawing; // after what it fills, before what is made meanwhile
  public:
    DeformPass deform;
    PickPass pick;
    AccumulatePass accumulate;
    CullPass cull;
};

} // namespace pump::render
