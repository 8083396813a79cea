#pragma once

#include "anatomy/LegModel.h"
#include "builder/LegTables.h"
#include "builder/Solids.h"

#include <string_view>
#include <vector>

namespace pump::builder {

struct JointWeights {
    std::array<std::uint8_t, 4> joints{};
    std::array<std::uint8_t, 4> weights{255, 0, 0, 0};
};

/// Influence of the joints on a point of soft tissue: round the knee, across the ankle (in front above the
/// talus, behind along the heel tendon, below the malleoli at the sides), the midfoot and the toe bases.
JointWeights softWeights(const std::vector<anatomy::Joint>& joints, const glm::vec3& p);
/// All of one joint.
JointWeights rigidWeights(const std::vector<anatomy::Joint>& joints, std::string_view id);

/// Action lines of all muscles of the tables.
std::vector<anatomy::MuscleRig> buildMuscles(const LegTables& tables, const std::vector<Solid>& solids);

} // namespace pump::builder
