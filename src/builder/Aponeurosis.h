#pragma once

#include "builder/Solids.h"

namespace pump::builder {

/// Spreads tendons over the muscles that they come from, as Aponeurosis of LegTables.h says: the outermost
/// layer of the packed muscle goes over to the tendon, and the ends of the muscles that join it thin out on
/// it.
void spreadAponeuroses(std::vector<Solid>& solids);

/// Distance to the outermost layer of the muscle whose field is `surface`, on the sheet's side and within its
/// outline, mm.
float sheetDistance(const Aponeurosis& sheet, const Field& surface, const glm::vec3& p);

/// Distance to the places over the tendon `cord`, on the side that faces away from its muscle: there is none
/// of the muscle, mm.
float coveredDistance(const Aponeurosis& sheet, const Field& cord, const glm::vec3& p);

} // namespace pump::builder
