#pragma once

#include "anatomy/Corrections.h"
#include "flesh/Relax.h"
#include "render/CorrectionWeights.h"

#include <vector>

namespace pump::flesh {

/// Of many solved poses: the poses' places and the weights of a few shapes a muscle, by principal components
/// and interpolation through the poses.
/// [pose][muscle x kCorrectionWeights]
using Weights = std::vector<std::vector<double>>;
/// Corrections::rows that give these weights in these poses, and go straight between them.
std::vector<float> rowsThrough(const std::vector<render::PoseFeatures>& features, const Weights& weights);

struct FittedShapes {
    anatomy::Corrections common; ///< without offsets and, until they are settled, rows
    Weights weights;             ///< as in rows
    /// [shape][vertex as in Relaxer::relax]: mm in units that the weights hold, within -511..511.
    std::array<std::vector<glm::vec3>, anatomy::kCorrectionShapes> shapes;
};

FittedShapes fitShapes(const anatomy::LegModel& leg, const Relaxer& relaxer,
                       const std::vector<render::PoseFeatures>& features,
                       const std::vector<std::vector<glm::vec3>>& offsets);

} // namespace pump::flesh
