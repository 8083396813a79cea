#pragma once

#include "builder/VesselCourse.h"
#include "builder/Vessels.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pump::builder {

/// A piece of a vessel that lies already: a capsule.
struct LaidPiece {
    glm::vec3 a{}, b{};
    float radius = 0; ///< mm
    int vessel = -1;
};

/// The artery that a vein of a pair keeps to.
struct Sheath {
    Course artery;        ///< w: diameter; only where it is followed
    float gap = 0.6f;     ///< mm between both walls at most, before it is pulled back
    float wallGap = 0.3f; ///< mm between the vein's wall and membranes
    float reach = 1.2f;   ///< mm that it may leave the place chosen beside the artery; for bone twice that
};

struct RouteRules {
    bool heldStart = false; ///< the end is glued to another vessel
    bool heldEnd = false;
    float boneGap = 0.5f;      ///< mm between wall and bone
    std::string insideMuscle;  ///< empty: none
    float muscleDepth = 0;     ///< mm between wall and the surface of that muscle
    bool underSkin = false;    ///< keep 1.5 mm of fat between wall and skin
    bool subdermal = false;    ///< and not more than 2.5 mm
    bool outsideFlesh = false; ///< keep the wall out of muscles and tendons
    float inFatBelow = 1e9f;   ///< mm: underSkin and outsideFlesh count only below this height
    bool inGap = false;        ///< keep the axis in the gap between muscles
    std::vector<int> goesOn;   ///< vessels that it continues, end to end: no distance to keep
    std::vector<int> joined;   ///< vessels that it may touch near its ends
    float wallGap = -1e3f;     ///< mm between axis and membranes
    std::optional<Sheath> sheath;
    float reach = 10; ///< mm: farthest that a point may be moved
};

/// Moves a course (w: diameter; points about evenly spaced) out of bone and of vessels that lie already, into
/// its muscle, under the skin: pushes along the gradients of the distances, smoothed along the course, ends
/// that are glued stay.
Course routed(const Course& course, const RouteRules& rules, const TissueProbe& probe,
              std::span<const LaidPiece> laid);

} // namespace pump::builder
