#pragma once

#include "anatomy/LegModel.h"
#include "core/Image.h"
#include "gpu/Frames.h"
#include "render/Renderer.h"
#include "scene/OrbitCamera.h"
#include "scene/SceneBuilder.h"

#include <functional>
#include <string>
#include <vector>

namespace pump::test {

inline constexpr int kPictureWidth = 640;
inline constexpr int kPictureHeight = 360;

/// One picture of a leg: what is set before it is drawn.
struct PictureSetup {
    std::string name;
    scene::NamedView view = scene::NamedView::Default;
    scene::ViewSettings settings = scene::defaultViewSettings();
    render::QualitySettings quality = render::qualitySettings(render::QualityLevel::Medium, true);
    int settleFrames = 12;   ///< frames of 1/30 s before the picture, so that the blood runs
    int refineFrames = 0;    ///< further ones at rest
    int valve = -1;          ///< camera on this valve
    std::string highlighted; ///< structure
};

/// The simulated state of a frame: `seconds` counts from the first settling frame.
using SnapshotAt = std::function<physiology::SimSnapshot(double seconds)>;

struct Picture {
    core::Image image;
    render::RenderStats stats;
    scene::PickResult pick;
};

/// Draws one leg, again and again.
class PictureStudio {
  public:
    PictureStudio(gpu::Device& device, const anatomy::LegModel& leg, const physiology::Network& network,
                  const physiology::SimSnapshot& quiet, SnapshotAt snapshots);
    Picture draw(const PictureSetup& setup, glm::vec2 pointer = {-1, -1});
    /// Pixels that change when a structure is not drawn.
    int coverage(PictureSetup setup, const std::string& structure);

  private:
    gpu::Device& m_device;
    gpu::ShaderLibrary m_shaders;
    const anatomy::LegModel& m_leg;
    scene::SceneBuilder m_builder;
    SnapshotAt m_snapshots;
};

/// Holds a picture against tests/image/baselines/NAME.png. On the driver that made the baselines no channel
/// may differ by more than 2/255; on another, at most 0.1 % of the pixels may lie outside the neighbourhood's
/// range. With SECOND_HEART_UPDATE_BASELINES=1 it replaces the baseline instead. A failure leaves actual,
/// expected and heat map in tests/image/actual.
void checkAgainstBaseline(const gpu::Device& device, const std::string& name, const core::Image& actual);

} // namespace pump::test
