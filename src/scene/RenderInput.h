#pragma once

#include "anatomy/LegModel.h"
#include "shared/leg.h"
#include "shared/skin.h"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace pump::scene {

/// Camera of one frame, leg frame in mm.
struct CameraView {
    glm::mat4 view{1};
    glm::mat4 projection{1}; ///< Vulkan clip space, y down, depth 0-1
    glm::vec3 eye{};
    float verticalFov = 0.6f; ///< rad
};

/// Simulated state of one stretch of the network, as the picture needs it.
struct FlowState {
    float radiusScale = 1;  ///< present radius / drawn radius
    float flatness = 0;     ///< 0 round ... 1 collapsed to a dumb-bell
    float velocityLow = 0;  ///< mm/s toward the heart at the lower end
    float velocityHigh = 0; ///< mm/s at the upper end
    float pressureMmHg = 0;
    float pressedScale = 1; ///< the same two where something presses on the skin over it
    float pressedFlatness = 0;
};

struct MuscleState {
    float activation = 0;   ///< 0-1
    float shorteningMm = 0; ///< of the whole muscle-tendon unit against rest, positive: shorter
};

struct ValveState {
    float opening = 1; ///< 0 shut, 1 open
    float balloon = 0; ///< further bulge of the sinus, share of its own, by the pressure above shut cusps
};

struct LayerLook {
    float opacity = 1; ///< 0 hidden ... 1 solid
};

/// All a frame needs, and nothing that says where it came from. Rebuilt each frame by SceneBuilder; sizes
/// match the Rig.
struct RenderInput {
    CameraView camera;
    std::vector<glm::mat4> joints;    ///< rest -> posed, leg frame, one for each Rig::joints
    std::vector<MuscleState> muscles; ///< one for each Rig::muscles
    std::vector<FlowState> flows;     ///< one for each stretch, vessels in order, stretches in order
    std::vector<ValveState> valves;   ///< one for each Rig::valves
    std::array<LayerLook, anatomy::kLayerCount> layers{};
    std::vector<std::uint8_t> hidden; ///< one for each structure: 1 = not drawn; empty: all drawn
    int highlighted = -1;             ///< structure under the pointer
    glm::vec2 pointer{-1, -1};        ///< pixel to pick at; negative: none
    glm::ivec4 area{};                ///< pixels that show, left, top, width, height; no width: all of them
    float simulatedSeconds = 0; ///< simulated time that passed since the last frame: what the blood moves by
    double simulationTimeS = 0;
    std::uint32_t frame = 0;
    std::vector<shared::Prop> surroundings; ///< seat, bed, wall: behind everything
    std::vector<shared::Prop> props;        ///< band, arrow: among the leg
    bool activationHeat = false;            ///< muscles coloured by how active they are
    std::vector<shared::Contact> contacts;  ///< what presses on the skin, and pits; at most kMostContacts
    shared::SkinSigns signs{};              ///< of the chosen conditions
    std::array<float, 3> swellingMl{};      ///< tissue fluid gained by foot, ankle and calf
    bool still = false;     ///< nothing moved since the last frame: samples may be accumulated
    float exaggeration = 1; ///< of vein calibre changes, 1-4
    float floorZ = -62;
};

} // namespace pump::scene
