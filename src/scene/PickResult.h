#pragma once

#include <glm/glm.hpp>

namespace pump::scene {

/// What lies under the pointer. Arrives one or two frames after RenderInput::pointer asked for it.
struct PickResult {
    int structure = -1;    ///< index into LegModel::structures; -1: nothing is there
    int valve = -1;        ///< index into Rig::valves when the structure is a valve
    glm::vec3 position{};  ///< posed leg frame, mm
    float distanceMm = 0;  ///< from the eye
    glm::vec2 pointer{-1}; ///< the pixel that was asked about

    bool hit() const { return structure >= 0; }
};

} // namespace pump::scene
