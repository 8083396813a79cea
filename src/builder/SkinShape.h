#pragma once

#include "builder/Solids.h"
#include "builder/Vessels.h"

namespace pump::builder {

/// The skin as a distance field: the measured outlines of the 3.0 leg brought into this leg's frame (foot:
/// turned and shifted onto its bones; leg: stretched along and scaled across), blended above the ankle and
/// pushed outside muscles and bones.
Field buildSkin(const LegTables& tables, const std::vector<Solid>& solids, float spacing, unsigned threads);

/// Distance to the room that muscles may grow into, mm, positive outside: it ends some fat under the measured
/// skin, and passes under the vessels that lie in the fat.
Field growingRoom(const LegTables& tables, const std::vector<InFat>& inFat);

} // namespace pump::builder
