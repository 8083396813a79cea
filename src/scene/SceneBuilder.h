#pragma once

#include "anatomy/LegModel.h"
#include "physiology/Network.h"
#include "physiology/Snapshot.h"
#include "scene/Pose.h"
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
    glm::vec2 pointer{-1, -1};             ///< pixel to pick at; negative: none
    Stance stance;                         ///< what the limb rests on
    bool activationHeat = false;           ///< colour muscles by how active they are
    bool gravity = false;                  ///< show where gravity pulls, and levels of equal pressure
    std::vector<shared::Contact> contacts; ///< what presses on the skin, and pits
    shared::SkinSigns signs{};

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

    const Poser& poser() const { return m_poser; }

    RenderInput build(const physiology::SimSnapshot& snapshot, const ViewSettings& settings,
                      const CameraView& camera, const FrameTime& time) const;

    /// Stretch::segment names what drives a stretch: a segment ("PTV2"), a link's tube ("LINK:PAV1>PTV1",
    /// "LINK:0.5*PAV1>PTV1" half of its flow), a segment's calibre without flow ("STILL:PTV2"), parts of the
    /// inflow of beds ("ART:0.3*MV_P+MV_D", "BED:0.05*MV_P"), or
    /// nothing that the network knows ("LYMPH").
    /// Stretches whose segment the network does not have and valves whose link it does not have: they are
    /// drawn at rest and open. One line each, for the log.
    const std::vector<std::string>& unbound() const { return m_unbound; }

  private:
    /// Whose flow runs through a stretch and whose calibre it shows.
    struct StretchSource {
        int segment = -1;   ///< whose calibre and pressure it has; -1: none
        int link = -1;      ///< whose flow runs here; -1: the segment's own
        bool still = false; ///< no net flow
        /// Links to the stretches before and after it in the same vessel: a segment's ends may have other
        /// links too, whose flow does not run through this vessel. -1: take the segment's sum.
        int linkIn = -1, linkOut = -1;
        /// Artery or bed: segments whose arterial inflow runs here, and the part of it that does.
        std::vector<std::pair<int, float>> beds;
        float share = 1;     ///< part of a link's flow that runs through this one vessel
        float drawnArea = 1; ///< mm^2, mean section as drawn
        float quietArea = 0; ///< mm^2, simulated at quiet standing
        float parallel = 1;  ///< equal tubes of the segment
        bool operator==(const StretchSource&) const = default;
    };
    void bindStretches(const physiology::Network& network, const physiology::SimSnapshot& quiet);
    void joinStretches(std::size_t count, const physiology::Network& network); ///< the last `count`
    static StretchSource sourceOf(std::string_view segment, const physiology::Network& network);
    void bindValves(const physiology::Network& network);
    FlowState flowOf(const StretchSource& source, const physiology::SimSnapshot& snapshot) const;
    ValveState valveOf(int link, const physiology::SimSnapshot& snapshot) const;
    std::vector<MuscleState> musclesOf(const physiology::SimSnapshot& snapshot,
                                       const std::vector<shared::JointPose>& joints) const;

    const anatomy::LegModel& m_leg;
    Poser m_poser;
    std::vector<MusclePath> m_paths;
    std::vector<int> m_muscleGroups; ///< physiology::MuscleGroup or -1
    std::vector<StretchSource> m_stretches;
    std::vector<int> m_valveLinks;
    std::vector<int> m_linkTo; ///< segment above each link, -1: the heart
    std::vector<std::string> m_unbound;
};

} // namespace pump::scene
