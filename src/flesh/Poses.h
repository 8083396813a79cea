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

/// Poses of the simulated movements.
struct PoseChoice {
    std::vector<ChosenPose> solved;  ///< the leg at rest first, then those that differ most from each other
    std::vector<ChosenPose> between; ///< those that then are furthest from all others: what is interpolated
};

/// `assets`: folder of the movements and the network.
PoseChoice choosePoses(const anatomy::LegModel& leg, const std::filesystem::path& assets, std::size_t solved,
                       std::size_t between);

/// For each pose the one before it in the tree of least steps that joins all to the first; the first: itself.
std::vector<std::size_t> shortestTree(const std::vector<ChosenPose>& poses);

} // namespace pump::flesh
