#pragma once

#include "builder/LegTables.h"
#include "builder/Solids.h"
#include "builder/Vessels.h"
#include "builder/Wraps.h"

#include <vector>

namespace pump::builder {

/// The fibrous sheets of assets/anatomy/sheets.json: straps over the tendons of the ankle and the plantar
/// aponeurosis (shells on the surface that they cover, as wide as their courses), and the walls between
/// compartments (where two groups of muscles are equally near). `vessels` are needed by straps that roof
/// them.
std::vector<Wrap> buildSheets(const LegTables& tables, const std::vector<Solid>& solids, const Field& skin,
                              const VesselSet& vessels, unsigned threads);

/// The menisci (wedges that fill what femur and tibia leave open round their points of contact) and the nails
/// of the toes (plates on the skin).
std::vector<Wrap> buildMenisci(const LegTables& tables, const std::vector<Solid>& solids);
std::vector<Wrap> buildNails(const LegTables& tables, const Field& skin);

} // namespace pump::builder
