#include "physiology/CsvWriter.h"

#include <fmt/format.h>

#include <iterator>
#include <ostream>

namespace pump::physiology {

void writeCsvHeader(std::ostream& out, const Network& network) {
    out << "time_s";
    for (const Segment& segment : network.segments)
        for (const char* column : {"pressure_mmhg", "flow_ml_s", "volume_ml", "area_mm2"})
            out << ',' << segment.id << '.' << column;
    for (const Link& link : network.links) {
        if (link.kind != LinkKind::Valve) continue;
        out << ',' << network.segments[static_cast<std::size_t>(link.from)].id << "->"
            << (link.to < 0 ? std::string("RA") : network.segments[static_cast<std::size_t>(link.to)].id)
            << ".opening";
    }
    out << ",foot_vein_pressure_mmhg,popliteal_flow_ml_s,calf_volume_ml,arterial_inflow_ml_s,volume_error_"
           "relative\n";
}

void writeCsvRow(std::ostream& out, const Network& network, const SimSnapshot& snapshot) {
    fmt::memory_buffer row;
    auto put = [&](double value) { fmt::format_to(std::back_inserter(row), ",{}", value); };
    fmt::format_to(std::back_inserter(row), "{}", snapshot.timeS);
    for (const SegmentState& segment : snapshot.segments) {
        put(segment.pressureMmHg);
        put(0.5 * (segment.flowInMlS + segment.flowOutMlS));
        put(segment.volumeMl);
        put(segment.areaMm2);
    }
    for (std::size_t k = 0; k < network.links.size(); ++k)
        if (network.links[k].kind == LinkKind::Valve) put(snapshot.links[k].opening);
    for (double value : {snapshot.footVeinPressureMmHg, snapshot.poplitealFlowMlS, snapshot.calfVolumeMl,
                         snapshot.arterialInflowMlS, snapshot.volumeErrorRelative})
        put(value);
    row.push_back('\n');
    out.write(row.data(), static_cast<std::streamsize>(row.size()));
}

} // namespace pump::physiology
