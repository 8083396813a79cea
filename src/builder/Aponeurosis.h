#pragma once

#include "builder/Solids.h"

namespace pump::builder {

/// Spreads tendons over the muscles that they come from, as Aponeurosis of LegTables.h says: the outermost
/// layer of the packed muscle goes over to the tendon.
void spreadAponeuroses(std::vector<Solid>& solids);

} // namespace pump::builder
