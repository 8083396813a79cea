#pragma once

#include "builder/VesselLayout.h"

#include <vector>

namespace pump::builder {

/// Lays the paths of all capillary beds from their arteries through the tissue to their veins.
void layBeds(const std::vector<BedPlan>& beds, const VesselNetwork& network, const TissueProbe& probe,
             VesselLayout& layout);

/// The stretches of an artery: what flows in each part is the sum of what the beds downstream take.
/// Throws Error(Asset) when an artery ends without feeding anything.
std::vector<anatomy::Stretch> arteryStretches(const VesselLayout& layout, int artery);

/// Sites of all valves: one where each two segments of a network link with a valve meet, and the further
/// ones of the table. Throws Error(Asset) when a vessel flows into one that the network does not link to it.
std::vector<anatomy::ValveSite> valveSites(const std::vector<ExtraValvePlan>& extra,
                                           const VesselNetwork& network, const VesselLayout& layout);

} // namespace pump::builder
