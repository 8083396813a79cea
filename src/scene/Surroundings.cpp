#include "scene/Surroundings.h"

#include "scene/Pose.h"

#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <cmath>

namespace pump::scene {

namespace {

const glm::vec3 kCloth(0.20f, 0.235f, 0.275f); // linear; quiet beside the leg
const glm::vec3 kPaleRubber(0.33f, 0.42f, 0.40f), kTautRubber(0.06f, 0.40f, 0.30f);
const glm::vec3 kArrow(0.55f, 0.52f, 0.30f), kLevel(0.30f, 0.40f, 0.52f);
constexpr float kClothOpacity = 0.42f;
constexpr float kFloor = -62; // mm

shared::Prop boxOf(const glm::mat4& frame, glm::vec3 low, glm::vec3 high, glm::vec3 colour, float opacity) {
    shared::Prop prop{};
    prop.place = frame * glm::translate(glm::mat4(1), (low + high) * 0.5f) *
                 glm::scale(glm::mat4(1), (high - low) * 0.5f);
    prop.colour = colour;
    prop.opacity = opacity;
    prop.shape.x = 1;
    return prop;
}

/// A flat strip from a to b; `across`: its half width.
shared::Prop strip(glm::vec3 a, glm::vec3 b, glm::vec3 across, float thickness, glm::vec3 colour) {
    const glm::vec3 along = (b - a) * 0.5f;
    const glm::vec3 out = glm::normalize(glm::cross(along, across)) * thickness;
    shared::Prop prop{};
    prop.place =
        glm::mat4(glm::vec4(across, 0), glm::vec4(out, 0), glm::vec4(along, 0), glm::vec4((a + b) * 0.5f, 1));
    prop.colour = colour;
    prop.opacity = 0.92f;
    prop.shape.x = 1;
    return prop;
}

} // namespace

std::vector<shared::Prop> surroundings(const Stance& stance) {
    std::vector<shared::Prop> result;
    const glm::mat4 here(1);
    const glm::vec3 hip = Poser::kSeatedHip;
    const auto cloth = [&](const glm::mat4& frame, glm::vec3 low, glm::vec3 high) {
        result.push_back(boxOf(frame, low, high, kCloth, kClothOpacity));
    };
    constexpr float kThighDrop = 25; // mm that the thigh slopes down from hip to the seat's edge
    const float seatTop = hip.z - kThighDrop - stance.back;
    const float bedTop = hip.z - stance.back;
    if (stance.seat) cloth(here, {-190, hip.y - 160, kFloor}, {190, -105, seatTop});
    if (stance.stool) {
        const glm::vec3 heel(stance.shank * glm::vec4(0, -stance.back * 0.7f, 20, 1));
        cloth(here, {-130, heel.y - 190, kFloor}, {130, heel.y + 25, heel.z});
    }
    if (stance.bed)
        cloth(here, {-330, hip.y - 420, bedTop - 110},
              {330, stance.wall ? stance.high.y : std::max(stance.high.y, hip.y + 880) + 40, bedTop});
    if (stance.cushion) cloth(stance.shank, {-120, -stance.back - 70, -20}, {120, -stance.back, 520});
    if (stance.wall)
        cloth(here, {-330, stance.high.y + 1, bedTop}, {330, stance.high.y + 21, stance.high.z + 120});
    return result;
}

std::vector<shared::Prop> bandProps(const anatomy::Rig& rig, const physiology::Pose& pose,
                                    const std::vector<glm::mat4>& joints) {
    std::vector<shared::Prop> result;
    const auto toes = std::find_if(rig.joints.begin(), rig.joints.end(),
                                   [](const anatomy::Joint& joint) { return joint.id == "toes"; });
    if (pose.bandLoadN <= 0 || toes == rig.joints.end()) return result;
    constexpr float kStrongN = 80, kHalfWidth = 17, kHalfFoot = 50;
    const float pull = std::clamp(static_cast<float>(pose.bandLoadN) / kStrongN, 0.0f, 1.0f);
    const float half = kHalfWidth * (1 - 0.35f * pull); // stretched rubber narrows
    const glm::vec3 colour = glm::mix(kPaleRubber, kTautRubber, pull);
    const glm::mat4& foot = joints[static_cast<std::size_t>(toes->parent)];
    const glm::vec3 ball = toes->pivot + glm::vec3(-2, -12, 0);
    const auto at = [&](float x, float y, float z) {
        return glm::vec3(foot * glm::vec4(ball + glm::vec3(x, y, z), 1));
    };
    constexpr float kUnder = -19, kOver = 20;
    const glm::vec3 along(glm::mat3(foot) * glm::vec3(0, half, 0));
    const glm::vec3 hands(Poser::kSeatedHip + glm::vec3(0, 110, 170));
    const glm::vec3 medialSole = at(-kHalfFoot, 6, kUnder), lateralSole = at(kHalfFoot, -10, kUnder);
    const glm::vec3 medial = at(-kHalfFoot - 3, 6, kOver), lateral = at(kHalfFoot + 3, -10, kOver);
    result.push_back(strip(medialSole, lateralSole, along, 1.5f, colour));
    result.push_back(strip(medial, medialSole, along, 1.5f, colour));
    result.push_back(strip(lateral, lateralSole, along, 1.5f, colour));
    for (const auto& [side, shift] : {std::pair{medial, -45.0f}, std::pair{lateral, 45.0f}}) {
        const glm::vec3 hand = hands + glm::vec3(shift, 0, 0);
        const glm::vec3 across = glm::normalize(glm::cross(hand - side, glm::vec3(1, 0, 0))) * half;
        result.push_back(strip(side, hand, across, 1.5f, colour));
    }
    return result;
}

std::vector<shared::Prop> gravityProps(const Stance& stance) {
    std::vector<shared::Prop> result;
    constexpr float kStep = 100, kThin = 0.8f;
    const float x = stance.high.x + 90, y = (stance.low.y + stance.high.y) * 0.5f;
    const float top = stance.high.z, length = std::min(220.0f, (top - stance.low.z) * 0.5f);
    const glm::mat4 here(1);
    result.push_back(boxOf(here, {x - 5, y - 5, top - length + 45}, {x + 5, y + 5, top}, kArrow, 0.9f));
    shared::Prop head =
        boxOf(here, {x - 17, y - 17, top - length}, {x + 17, y + 17, top - length + 50}, kArrow, 0.9f);
    head.place = head.place * glm::scale(glm::mat4(1), {1, -1, -1}); // its point is below
    head.shape.x = 0;
    result.push_back(head);
    for (float z = kFloor + kStep; z < top; z += kStep)
        result.push_back(boxOf(here, {stance.low.x - 70, stance.low.y - 40, z - kThin},
                               {stance.high.x + 70, stance.high.y + 40, z + kThin}, kLevel, 0.10f));
    return result;
}

} // namespace pump::scene
