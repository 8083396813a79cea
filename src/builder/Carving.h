#pragma once

#include "builder/Solids.h"
#include "builder/Vessels.h"

#include <vector>

namespace pump::builder {

/// Keeps room for vessels and nerves free before the muscles part the space (fills Solid::reserved), so that
/// a muscle gets its volume beside them.
void reserveRoom(std::vector<Solid>& solids, const VesselSet& vessels,
                 const std::vector<anatomy::MuscleRig>& muscles, unsigned threads);

/// Opens a way through muscles for vessels and nerves that run beside or under them (the soleal arch, the
/// grooves of the bundles), with a little fat round them; vessels that belong inside a muscle stay in it.
void carveVessels(std::vector<Solid>& solids, const VesselSet& vessels,
                  const std::vector<anatomy::MuscleRig>& muscles, unsigned threads);

/// Takes off what is as fine as the grid: roofs over vessels that just graze a surface, flakes where a tendon
/// meets bone, ragged rims. A low pass that keeps curvature (Taubin 1995), so cords keep their width; what
/// lies against bone or the cut of the limb keeps to it.
void tidySurfaces(std::vector<Solid>& solids, unsigned threads);

} // namespace pump::builder
