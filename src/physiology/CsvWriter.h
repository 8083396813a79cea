#pragma once

#include "physiology/Network.h"
#include "physiology/Snapshot.h"

#include <iosfwd>

namespace pump::physiology {

/// One header line: time_s, for each segment <segment>.pressure_mmhg, .flow_ml_s, .volume_ml, .area_mm2, for
/// each valve <from>-><to>.opening, then the read-outs. Numbers are written in the shortest form that reads
/// back to the same value, so equal runs give equal bytes.
void writeCsvHeader(std::ostream& out, const Network& network);
void writeCsvRow(std::ostream& out, const Network& network, const SimSnapshot& snapshot);

} // namespace pump::physiology
