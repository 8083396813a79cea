#pragma once

#include "builder/Report.h"

namespace pump::builder {

/// Adds what a built leg shows of its veins' places (groups "compartment" and "pair"):
/// deep veins beneath the deep fascia and on their side of septa and membrane, veins of the skin outside it,
/// the small saphenous vein and each perforator through it once, the latter at their height; companion veins
/// wall to wall on either side of their artery. Sources: reference C2, C3, C5, C6, C9.
void checkVeins(const anatomy::LegModel& leg, Report& report);

} // namespace pump::builder
