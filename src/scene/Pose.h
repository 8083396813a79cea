#pragma once

#include "anatomy/LegModel.h"
#include "physiology/Snapshot.h"

#include <glm/glm.hpp>

#include <vector>

namespace pump::scene {

/// Turns joint angles into one matrix a joint (rest -> posed, leg frame). In stance the toes stay where they
/// are on the floor: with the heel lifted the foot turns about the metatarsal heads by the ankle's angle, the
/// shank moves with it and stays upright; with the heel down the shank leans over the foot. With the knee
/// bent (seated, lying) the foot hangs free and turns about the ankle's own axis.
class Poser {
  public:
    explicit Poser(const anatomy::LegModel& leg);
    std::vector<glm::mat4> joints(const physiology::Pose& pose) const;

    glm::vec3 heel() const { return m_heel; } ///< lowest point of the heel, mm

  private:
    int index(std::string_view id) const;

    const anatomy::Rig& m_rig;
    int m_shank = -1, m_foot = -1, m_toes = -1;
    glm::vec3 m_heel{0, -45, -62};
};

/// How a muscle's line follows the joints: weights of its points found from its mesh.
class MusclePath {
  public:
    MusclePath(const anatomy::LegModel& leg, int muscle);

    /// Point `i` of MuscleRig::line after skinning.
    glm::vec3 posed(std::size_t i, const std::vector<glm::mat4>& joints) const;
    float restLength() const { return m_rig.arc.back() - m_rig.arc.front(); }
    float posedLength(const std::vector<glm::mat4>& joints) const;
    /// Per point: arc length at rest minus arc length when only the joints move it, mm.
    std::vector<float> carried(const std::vector<glm::mat4>& joints) const;

  private:
    struct Weights {
        glm::ivec4 joints{0};
        glm::vec4 weights{1, 0, 0, 0};
    };
    const anatomy::MuscleRig& m_rig;
    std::vector<Weights> m_weights;
};

} // namespace pump::scene
