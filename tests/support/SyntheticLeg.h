#pragma once

#include "anatomy/LegModel.h"

namespace pump::test {

/// A leg of tubes with everything that the program can draw: shank, foot and toes with joints, a muscle whose
/// tendon ends on the heel and one that rides on it, a vein with a valve inside the muscle, an artery, a bed,
/// skin over all. Some 4000 triangles; shapes are formulas, so tests can derive numbers from them.
anatomy::LegModel syntheticLeg();

} // namespace pump::test
