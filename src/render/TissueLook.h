#pragma once

#include "anatomy/LegModel.h"
#include "shared/leg.h"

namespace pump::render {

/// Colour, light and ghost of a structure's tissue; the rest of the state at its defaults.
shared::StructureState tissueLook(const anatomy::Structure& structure);

} // namespace pump::render
