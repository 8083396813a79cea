#pragma once

#include "flesh/Relax.h"
#include "render/CorrectionWeights.h"

#include <filesystem>
#include <vector>

namespace pump::flesh {

struct ChosenPose {
    PoseSample sample;
    render::PoseFeatures features{};
};

/// The leg at rest first, then those poses of the simulated movements that differ most from each
/// other. `assets`: folder of the movements and the network.
std::vector<ChosenPose> choosePoses(const anatomy::LegModel& leg, const std::filesystem::path& assets,
                                    std::size_t count);

} // namespace pump::flesh
