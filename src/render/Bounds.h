#pragma once

#include "shared/leg.h"

#include <glm/glm.hpp>

#include <cstdint>
#include <span>

namespace pump::render {

/// An upright box, leg frame, mm.
struct Box {
    glm::vec3 low{1e9f}, high{-1e9f};

    void add(glm::vec3 p) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
};

inline constexpr std::uint64_t kAllJoints = ~std::uint64_t{0};
/// mm that tissue may move beyond what the joints do: contraction, swelling, a pressing finger.
inline constexpr float kDeformationMargin = 60.0f;

/// Around everything that the joints of the mask (bit i: joint i) make of the box: blended skinning stays
/// near the places where its joints alone would put a point (the arc that it takes between them is less than
/// the margin from the line). Without joints the box itself, grown too.
Box carriedBox(const Box& rest, std::span<const shared::JointPose> joints, std::uint64_t mask = kAllJoints,
               float margin = kDeformationMargin);

/// Whether the ray from `origin` meets the box.
bool meetsRay(const Box& box, glm::vec3 origin, glm::vec3 direction);

} // namespace pump::render
