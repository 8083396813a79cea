#pragma once

#include "anatomy/LegModel.h"
#include "scene/RenderInput.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace pump::scene {

// A muscle and its tendon in series, from origin to insertion:
//
//   0 ---- bellyStart ======= belly ======= bellyEnd -------- tendon -------- L
//
// D: what the posed path is shorter than at rest (MuscleState::shorteningMm). e: what the tendon gives under
// load. The belly shortens by S = D + e, but by no more than kMostShort of its length: what the path is
// shorter beyond that (plantaris, with the knee bent and the foot down) leaves the tendon slack.

/// Tendon strain at full force: 4-5 % at maximum voluntary contraction (Maganaris and Paul 1999).
inline constexpr float kTendonStrain = 0.048f;
inline constexpr float kMostTaken = 0.05f; ///< of the belly's length: fibres of a short belly cannot take up
                                           ///< the give of a long thin tendon
inline constexpr float kMostShort = 0.32f; ///< of the belly's length: half of it in its middle

/// Shortened fibres pull less: force falls to 1 / e where the path is shorter by this share of the belly (a
/// bell-shaped force-length relation as of Thelen 2003; design value).
inline constexpr float kForceWidth = 0.19f;

struct BellyTravel {
    float shorteningMm = 0; ///< S
    float tendonStrain = 0; ///< share; negative: slack
};
BellyTravel bellyTravel(const anatomy::MuscleRig& rig, const MuscleState& state);

struct Fascicle {
    float lengthMm = 0;
    float pennation = 0; ///< rad, against the muscle's line
};

/// Bundles of fibres between the two aponeuroses of a muscle. The far aponeurosis slides by S along the near
/// one while the belly, of length B, grows in thickness and width alike so that its volume stays:
///
///   l cos p = l0 cos p0 - S,   l sin p = l0 sin p0 / sqrt(1 - S / B)
///
/// l, p: length and pennation; l0, p0: at rest (assets/muscles/fascicles.json). After Otten 1988, straight
/// fibres.
class Fascicles {
  public:
    /// Throws Error(Asset): file, field, value.
    Fascicles(const anatomy::Rig& rig, const std::filesystem::path& table);
    /// Nothing: the table does not have this muscle.
    std::optional<Fascicle> rest(std::size_t muscle) const { return m_rest[muscle]; }
    std::optional<Fascicle> posed(std::size_t muscle, const MuscleState& state) const;

  private:
    const anatomy::Rig& m_rig;
    std::vector<std::optional<Fascicle>> m_rest;
};

} // namespace pump::scene
