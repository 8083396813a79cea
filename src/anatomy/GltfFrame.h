#pragma once

#include <glm/glm.hpp>

namespace pump::anatomy {

/// The one place where the leg frame (mm, +X lateral, +Y forward, +Z up) meets glTF's (m, +Y up, +Z forward,
/// so that a right leg's lateral side is -X).
inline glm::vec3 directionToGltf(const glm::vec3& v) {
    return {-v.x, v.z, v.y};
}
inline glm::vec3 directionFromGltf(const glm::vec3& v) {
    return {-v.x, v.z, v.y};
}
inline glm::vec3 positionToGltf(const glm::vec3& p) {
    return directionToGltf(p) * 0.001f;
}
inline glm::vec3 positionFromGltf(const glm::vec3& p) {
    return directionFromGltf(p) * 1000.0f;
}

} // namespace pump::anatomy
