#pragma once

#include "scene/OrbitCamera.h"

#include "anatomy/LegModel.h"
#include "physiology/Snapshot.h"
#include "shared/leg.h"

#include <vector>

namespace pump::scene {

/// Seat, stool, bed, cushion and wall that a stance needs; plain boxes where the limb touches them.
std::vector<shared::Prop> surroundings(const Stance& stance);

/// The resistance band of Pose::bandLoadN: round the sole at the metatarsal heads and back to the hands,
/// thinner and stronger in colour the harder it pulls. Nothing without a load.
std::vector<shared::Prop> bandProps(const anatomy::Rig& rig, const physiology::Pose& pose,
                                    const std::vector<glm::mat4>& joints);

/// An arrow where gravity pulls, and level lines 100 mm apart: along each of them resting blood has the same
/// pressure, and from line to line 7.8 mmHg more (1060 kg/m^3).
std::vector<shared::Prop> gravityProps(const Stance& stance);

} // namespace pump::scene
