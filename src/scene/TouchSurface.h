#pragma once

#include "anatomy/LegModel.h"
#include "physiology/Network.h"
#include "physiology/Simulation.h"
#include "scene/RenderInput.h"

#include <glm/glm.hpp>

#include <optional>
#include <vector>

namespace pump::scene {

/// A place on the skin, frame of rest, mm.
struct SkinPoint {
    glm::vec3 place{};
    glm::vec3 inward{0, 1, 0};                      ///< unit
    float tissueMm = 20;                            ///< soft tissue from here to the bone
    float effort = 0;                               ///< of the muscle below, 0-1: it gives way less
    glm::vec3 posed{};                              ///< where it is in the pose that was asked about
    float heightMm() const { return place.z + 62; } ///< above the sole
};

struct Ray {
    glm::vec3 origin{}, direction{0, 0, 1}; ///< posed leg frame; unit direction
};

/// Finds the place of the skin under a ray, how deep the tissue gives way there, and what of the pressure
/// arrives at which veins. The skin is taken as joints move it, without the few millimetres that muscles lift
/// it.
class TouchSurface {
  public:
    /// The leg must outlive it.
    TouchSurface(const anatomy::LegModel& leg, const physiology::Network& network);

    /// Nothing: the ray passes the leg, or the leg has no skin.
    std::optional<SkinPoint> hit(const Ray& ray, const RenderInput& pose) const;
    /// The same place of the skin in another pose.
    glm::vec3 posed(const SkinPoint& point, const std::vector<glm::mat4>& joints) const;

    /// A round pad that presses there; `pressureMmHg` decides how deep it goes:
    ///   depth = T (1 - exp(-p / E)), E = 24 kPa (1 + 3 a), a: effort of the muscle below
    /// E of relaxed calf in compression 10-40 kPa, contracted three to five times that; design values.
    shared::Contact pad(const SkinPoint& point, float radiusMm, float pressureMmHg) const;
    /// Hands round the limb at a height above the sole; the palms press from behind.
    shared::Contact band(float heightMm, float widthMm, float pressureMmHg) const;

    /// What of a pad's pressure arrives at which segment, 0-1: the most along each drawn vessel, mean over
    /// the vessels of the segment. Segments that get less than 2 % are left out.
    std::vector<physiology::PressureShare> shares(const shared::Contact& contact) const;

  private:
    shared::JointPose carrier(std::uint32_t vertex, const std::vector<shared::JointPose>& joints) const;
    float tissueBelow(glm::vec3 place, glm::vec3 inward) const;
    struct VesselSample {
        glm::vec3 place;
        int segment;
        int vessel;
    };

    const anatomy::LegModel& m_leg;
    const anatomy::Structure* m_skin = nullptr;
    std::vector<VesselSample> m_veins;
    std::vector<int> m_vesselsOf; ///< per segment: vessels drawn for it
};

} // namespace pump::scene
