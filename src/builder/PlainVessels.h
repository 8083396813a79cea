#pragma once

#include "anatomy/LegModel.h"
#include "builder/LegTables.h"
#include "builder/Mesh.h"
#include "builder/Solids.h"

#include <vector>

namespace pump::builder {

/// Routes the vessels of plain-vessels.json: smooth courses, pairs beside their artery, ends brought
/// together, pushed out of bone; with stretches, junctions and bindings.
std::vector<anatomy::Vessel> plainVessels(const LegTables& tables, const std::vector<Solid>& solids,
                                          const std::vector<anatomy::MuscleRig>& muscles);

/// Valve sites of the tables on the vessels.
std::vector<anatomy::ValveSite> plainValves(const LegTables& tables,
                                            const std::vector<anatomy::Vessel>& vessels);

} // namespace pump::builder
