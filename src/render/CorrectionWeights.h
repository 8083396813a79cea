#pragma once

#include "anatomy/LegModel.h"
#include "scene/RenderInput.h"
#include "shared/leg.h"

#include <array>
#include <span>
#include <vector>

namespace pump::render {

/// What of a pose decides how muscles meet, in units in which differences weigh alike: knee, ankle (two
/// directions), subtalar joint, midfoot and toes by their turns, and how active each group of muscles is.
inline constexpr std::size_t kPoseFeatures = 11;
using PoseFeatures = std::array<float, kPoseFeatures>;

class CorrectionWeights {
  public:
    explicit CorrectionWeights(const anatomy::LegModel& leg);
    PoseFeatures features(const std::vector<glm::mat4>& joints,
                          std::span<const scene::MuscleState> muscles) const;
    /// kCorrectionWeights for every muscle; empty: the leg has no corrections.
    std::vector<float> weights(const scene::RenderInput& input) const;
    /// The same of these corrections in a pose with these features; `data` must have rows.
    static std::vector<float> at(const anatomy::Corrections& data, const PoseFeatures& here);

  private:
    const anatomy::LegModel& m_leg;
    int m_thigh = -1, m_shank = -1, m_foot = -1, m_forefoot = -1, m_toes = -1, m_talus = -1;
    std::array<int, 5> m_speakers{}; ///< a muscle of each group
};

} // namespace pump::render
