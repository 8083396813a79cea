#pragma once

#include "builder/GlbWriter.h"
#include "builder/LegTables.h"
#include "builder/Solids.h"
#include "builder/Vessels.h"

#include <span>
#include <vector>

namespace pump::builder {

/// What the solids of the leg tell the vessel builder. Refers to its arguments. `skin` may be null.
TissueProbe tissueProbe(const LegTables& tables, const std::vector<Solid>& solids,
                        const std::vector<anatomy::MuscleRig>& muscles, const Field* skin);

/// Pushes the skin out where a vessel needs room, in a soft swelling.
void makeRoom(Field& skin, std::span<const SkinClearance> clearances);

/// How finely vessels are drawn at one level of detail.
struct VesselDetail {
    int sides = 12;
    float ringSpacing = 4; ///< mm
    int valveColumns = 8, valveRows = 6;
};

/// Walls, valves and nerves as parts of the leg.
std::vector<LegPart> vesselParts(const VesselSet& set, const VesselDetail& detail);

} // namespace pump::builder
