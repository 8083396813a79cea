#pragma once

#include "shared/leg.h"

#include <glm/glm.hpp>

#include <span>

namespace pump::shared {

/// The blend of joints of shaders/shared/joint_blend.h in C++: the same text.
class JointBlend {
  public:
    explicit JointBlend(std::span<const JointPose> joints) : m_joints(joints) {}

#include "shared/joint_blend.h"

  private:
    JointPose jointPose(uint i) const {
        return m_joints[i];
    }

    std::span<const JointPose> m_joints;
};

} // namespace pump::shared
