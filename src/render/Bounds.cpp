#include "render/Bounds.h"

#include <algorithm>
#include <limits>

namespace pump::render {

Box carriedBox(const Box& rest, std::span<const shared::JointPose> joints, std::uint64_t mask, float margin) {
    const glm::vec3 centre = (rest.low + rest.high) * 0.5f, half = (rest.high - rest.low) * 0.5f;
    Box box;
    for (std::size_t i = 0; i < joints.size(); ++i) {
        if (i < 64 && ((mask >> i) & 1u) == 0) continue;
        const glm::mat3 turn(joints[i].matrix);
        const glm::vec3 moved = glm::vec3(joints[i].matrix * glm::vec4(centre, 1));
        const glm::vec3 reach =
            glm::abs(turn[0]) * half.x + glm::abs(turn[1]) * half.y + glm::abs(turn[2]) * half.z;
        box.add(moved - reach);
        box.add(moved + reach);
    }
    if (box.low.x > box.high.x) box = rest;
    return {box.low - margin, box.high + margin};
}

bool meetsRay(const Box& box, glm::vec3 origin, glm::vec3 direction) {
    float enters = 0, leaves = std::numeric_limits<float>::max();
    for (glm::length_t axis = 0; axis < 3; ++axis) {
        if (glm::abs(direction[axis]) < 1e-12f) {
            if (origin[axis] < box.low[axis] || origin[axis] > box.high[axis]) return false;
            continue;
        }
        const float a = (box.low[axis] - origin[axis]) / direction[axis];
        const float b = (box.high[axis] - origin[axis]) / direction[axis];
        enters = std::max(enters, std::min(a, b));
        leaves = std::min(leaves, std::max(a, b));
    }
    return enters <= leaves;
}

} // namespace pump::render
