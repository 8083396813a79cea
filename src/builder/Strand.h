#pragma once

#include "builder/Field.h"

#include <glm/glm.hpp>

#include <vector>

namespace pump::builder {

/// A cord along a course: a tendon of the foot, a strap, a small spindle-shaped muscle.
struct Strand {
    std::vector<glm::vec3> course; ///< mm, at least two points
    std::vector<float> radius;     ///< half width at each point of the course, mm
    float flatness = 1;            ///< width / thickness
    glm::vec3 flatAcross{0, 0, 1}; ///< direction in which it is thin
    bool onBone = false;           ///< pushed out of bone, onto its surface
};

/// A strand ready to measure distances: smooth, finely sampled, laid onto the bones.
class StrandShape {
  public:
    StrandShape(const Strand& strand, const std::vector<const Field*>& bones);
    float distance(const glm::vec3& p) const;  ///< mm, negative inside
    float halfWidth(const glm::vec3& p) const; ///< mm, where it is nearest to p
    float largestHalfWidth() const;
    glm::vec3 low() const { return m_low; }
    glm::vec3 high() const { return m_high; }
    const std::vector<glm::vec3>& points() const { return m_points; }

  private:
    /// Some pieces of the course in a row, with the box of its points and its largest radius.
    struct Stretch {
        std::size_t from = 0, to = 0;
        glm::vec3 low{}, high{};
        float radius = 0;
    };
    float stretchDistance(const Stretch& stretch, const glm::vec3& p) const;

    std::vector<Stretch> m_stretches;
    std::vector<glm::vec3> m_points;
    std::vector<float> m_radius;
    float m_flatness;
    glm::vec3 m_across;
    glm::vec3 m_low{}, m_high{};
};

} // namespace pump::builder
