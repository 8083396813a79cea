#pragma once

#include "anatomy/LegModel.h"
#include "physiology/Snapshot.h"
#include "scene/OrbitCamera.h"
#include "shared/leg.h"

#include <glm/glm.hpp>

#include <vector>

namespace pump::scene {

/// Turns joint angles into one matrix a joint (rest -> posed, leg frame; the floor stays where the sole was
/// built, gravity is -z). What carries the body decides where it is: a standing foot keeps its place on the
/// floor, with the heel up it turns over the metatarsal heads and the toes stay flat, with the forefoot up
/// over the heel; in a stride the hip keeps its place and the foot's lowest point is on the floor, or above
/// it by Pose::footLiftMm; on seat or bed the hip lies on them and the foot turns about the ankle's own axis.
class Poser {
  public:
    explicit Poser(const anatomy::LegModel& leg);
    std::vector<glm::mat4> joints(const physiology::Pose& pose) const;

    glm::vec3 heel() const { return m_heel; } ///< lowest point of the heel, mm
    /// Where a place of the leg is carried by the nearest of its large joints: thigh, shank or foot.
    /// Box of bones and skin in these poses, and how the first of them holds the limb.
    Stance stance(const std::vector<physiology::Pose>& poses) const;
    glm::mat4 carrier(glm::vec3 rest, const std::vector<glm::mat4>& joints) const;

    static constexpr glm::vec3 kSeatedHip{20, -420, 443}; ///< hip joint on a seat or a bed, mm

  private:
    struct Angles {
        float thigh = 0, shank = 0, knee = 0, ankle = 0,
              foot = 0; ///< rad; thigh, shank, foot: against gravity
    };
    int index(std::string_view id) const;
    const anatomy::Joint* joint(int index) const;
    Angles angles(const physiology::Pose& pose) const;
    std::vector<glm::mat4> chain(const physiology::Pose& pose, const Angles& angles) const;
    glm::vec3 place(const physiology::Pose& pose, const Angles& angles,
                    const std::vector<glm::mat4>& joints) const;
    void findOutline(const anatomy::LegModel& leg);

    const anatomy::Rig& m_rig;
    int m_thigh = -1, m_shank = -1, m_patella = -1, m_talus = -1, m_foot = -1, m_forefoot = -1, m_toes = -1;
    glm::vec3 m_heel{0, -45, -62};
    glm::vec3 m_hip{0, 0, 830};
    struct SolePoint {
        glm::vec3 place{};
        std::size_t joint = 0;
    };
    std::vector<SolePoint> m_sole;    ///< what can touch the floor
    std::vector<SolePoint> m_outline; ///< of bones and skin
    float m_floor = -62;
};

/// The joints as the shaders read them.
std::vector<shared::JointPose> jointPoses(const std::vector<glm::mat4>& joints);

/// How a muscle's line follows the joints: weights of its points found from its mesh.
class MusclePath {
  public:
    MusclePath(const anatomy::LegModel& leg, int muscle);

    /// The points of MuscleRig::line after skinning.
    std::vector<glm::vec3> posed(const std::vector<shared::JointPose>& joints) const;
    float restLength() const { return m_rig.arc.back() - m_rig.arc.front(); }
    float posedLength(const std::vector<shared::JointPose>& joints) const;
    /// Per point: arc length at rest minus arc length when only the joints move it, mm.
    std::vector<float> carried(const std::vector<shared::JointPose>& joints) const;

  private:
    struct Weights {
        std::uint32_t joints = 0, weights = 255; ///< four bytes each
    };
    std::vector<float> arcsOf(std::vector<glm::vec3> line) const; ///< drawn taut

    const anatomy::MuscleRig& m_rig;
    std::vector<Weights> m_weights;
    std::vector<bool> m_guided; ///< per point: never taut
    std::vector<float> m_restArcs;
};

} // namespace pump::scene
