#pragma once

#include "anatomy/LegModel.h"
#include "builder/LegTables.h"
#include "builder/Mesh.h"

#include <string>
#include <vector>

namespace pump::builder {

/// One property of the built leg against what the measured leg and the literature ask.
struct Check {
    std::string
        group; ///< area, centre, volume, length, girth, overlap, closed, crossing, vessel, compartment, pair
    std::string subject;
    double value = 0, wanted = 0; ///< in `unit`
    std::string unit;
    bool ok = true;
};

struct Report {
    std::vector<Check> checks;
    /// Failed checks of a group; empty group: of all.
    std::vector<Check> failures(std::string_view group = {}) const;
    std::string text() const; ///< a table a group, and the failures at the end
};

/// Surface of one structure with vertices at one place as one (seams stand twice in the file).
Mesh weldedMesh(const anatomy::LegModel& leg, const anatomy::Structure& structure);

/// Measures a built leg: section areas and centres at 25, 50 and 75 % of the shank (within 8 %, 3 mm),
/// volumes (10 %), bone lengths (1 %), skin girths as a share of the shank's length (4 %), overlaps (0.5 % of
/// the smaller), closed surfaces that nowhere pass through themselves, vessels out of bone,
/// veins in their compartments and beside their artery (VeinReport.h). Areas and volumes
/// of muscles are held against their measured size times SolidRow::volumeRatio, their centres against the
/// measured ones.
Report reportLeg(const LegTables& tables, const anatomy::LegModel& leg);

} // namespace pump::builder
