#pragma once

#include "anatomy/LegModel.h"
#include "physiology/Network.h"
#include "physiology/Snapshot.h"
#include "scene/RenderInput.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pump::scene {

/// What the visitor chose to see.
struct ViewSettings {
    std::array<LayerLook, anatomy::kLayerCount> layers{};
    std::vector<std::uint8_t> hidden; ///< one for each structure: 1 = not drawn; empty: all drawn
    float exaggeration = 1;           ///< of vein calibre changes, 1-4
    int highlighted = -1;
    glm::vec2 pointer{-1, -1}; ///< pixel to pick at; negative: none

    LayerLook& layer(anatomy::Layer layer) { return layers[static_cast<std::size_t>(layer)]; }
    const LayerLook& layer(anatomy::Layer layer) const { return layers[static_cast<std::size_t>(layer)]; }
};

/// The first look of the program: bones solid, muscles ghosted, skin faint, veins full of moving cells.
ViewSettings defaultViewSettings();

/// The clock of one frame.
struct FrameTime {
    float simulatedSeconds = 0; ///< simulated time since the last frame
    std::uint32_t frame = 0;
    bool still = false; ///< nothing moved since the last frame
};

/// Turns the simulated state into what a frame needs: joints from the pose, muscle shortening from the posed
/// paths, lumen and velocity of every stretch, valves.
class SceneBuilder {
  public:
    /// `quiet` is the snapshot of quiet standing (the simulation's first): drawn radii are those of that
    /// state. All three must outlive nothing: what is needed is copied, except the leg, which is referred to.
    SceneBuilder(const anatomy::LegModel& leg, const physiology::Network& network,
                 const physiology::SimSnapshot& quiet);

    RenderInput build(const physiology::SimSnapshot& snapshot, const ViewSettings& settings,
                      const CameraView& camera, const FrameTime& time) const;

    /// Stretches whose segment the network does not have and valves whose link it does not have: they are
    /// drawn at rest and open. One line each, for the log.
    const std::vector<std::string>& unbound() const { return m_unbound; }

  private:
    struct StretchSource {
        int segment = -1;    ///< segment whose area and flow it shows; -1: none
        int bed = -1;        ///< segment whose arterial inflow drives it; -1: none
        float share = 1;     ///< part of that flow which runs here
        float drawnArea = 1; ///< mm^2, mean drawn section at quiet standing
        float quietArea = 0; ///< mm^2, simulated at quiet standing
        float parallel = 1;  ///< equal tubes of the segment
        bool forward = true;
    };
    void bindStretches(const physiology::Network& network, const physiology::SimSnapshot& quiet);
    void bindValves(const physiology::Network& network);
    FlowState flowOf(const StretchSource& source, const physiology::SimSnapshot& snapshot) const;

    const anatomy::LegModel& m_leg;
    std::vector<StretchSource> m_stretches;
    std::vector<int> m_valveLinks;
    std::vector<std::string> m_unbound;
};

} // namespace pump::scene
