#include "physiology/Circulation.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace pump::physiology {

SolverNetwork solverNetwork(const Network& network) {
    const Parameters& parameters = network.parameters;
    SolverNetwork result;
    result.density = parameters.bloodDensity;
    result.viscosity = parameters.bloodViscosity;
    result.scheme = TimeScheme::Bdf2;
    result.areaFloor = parameters.collapsedAreaFloor;
    result.valve = {.openThreshold = parameters.valveOpenThreshold,
                    .closeThreshold = parameters.valveCloseThreshold,
                    .openRate = parameters.valveOpenRate,
                    .closeRate = parameters.valveCloseRate};
    result.valveShare = parameters.valveAreaShare;
    result.valveLength = parameters.valveLength;
    result.valveLostHead = parameters.valveLostHead;
    result.valveInertialLength = parameters.valveInertialLength;
    result.wallTime = parameters.wallTime;
    const double poiseuille = 8 * std::numbers::pi * parameters.bloodViscosity;
    for (const Segment& segment : network.segments) {
        const double area = std::numbers::pi * segment.unstressedRadius * segment.unstressedRadius;
        TubeLaw law = network.tubeLaw(segment);
        law.stiffness *= segment.stiffnessFactor;
        result.nodes.push_back(
            {.kind = SolverNode::Kind::Tube,
             .unstressedVolume = segment.unstressedVolume(),
             .law = law,
             .lumen0 = area * segment.parallel,
             .resistance0 =
                 segment.resistanceFactor * poiseuille * segment.length / (area * area * segment.parallel),
             .inertance0 = parameters.bloodDensity * segment.length / (area * segment.parallel)});
    }
    const int atrium = static_cast<int>(result.nodes.size());
    result.nodes.push_back({.kind = SolverNode::Kind::Fixed});
    for (const Link& link : network.links) {
        SolverLink out{.from = link.from, .to = link.to < 0 ? atrium : link.to};
        out.valve = link.kind == LinkKind::Valve;
        out.leakArea = link.leakArea;
        if (link.to < 0) out.toShare = 0;
        if (link.kind == LinkKind::Venular) {
            out.fromShare = out.toShare = 0;
            out.resistance = parameters.venularResistance;
        } else if (link.tubeDiameter > 0) {
            const double area = 0.25 * std::numbers::pi * link.tubeDiameter * link.tubeDiameter;
            out.resistance = poiseuille * link.tubeLength / (area * area);
            out.inertance = parameters.bloodDensity * link.tubeLength / area;
            out.valveLumen = area;
        }
        result.links.push_back(out);
    }
    for (const Inflow& inflow : network.inflows) result.arteries.push_back({.node = inflow.segment});
    return result;
}

Network splitNetwork(const Network& network, int parts) {
    Network result = network;
    result.segments.clear();
    result.links.clear();
    std::vector<int> first, cells;
    for (const Segment& segment : network.segments) {
        const int count = segment.tubeClass == TubeClass::Venular ? 1 : parts;
        first.push_back(static_cast<int>(result.segments.size()));
        cells.push_back(count);
        for (int c = 0; c < count; ++c) {
            Segment cell = segment;
            if (count > 1) cell.id += fmt::format("/{}", c + 1);
            const double rise = (segment.heightHigh - segment.heightLow) / count;
            cell.heightLow = segment.heightLow + rise * c;
            cell.heightHigh = cell.heightLow + rise;
            cell.length = segment.length / count;
            result.segments.push_back(std::move(cell));
            if (c > 0) result.links.push_back({.from = first.back() + c - 1, .to = first.back() + c});
        }
    }
    auto cellOf = [&](int segment, int part) { return first[static_cast<std::size_t>(segment)] + part; };
    auto middle = [&](int segment) { return cells[static_cast<std::size_t>(segment)] / 2; };
    auto last = [&](int segment) { return cells[static_cast<std::size_t>(segment)] - 1; };
    for (const Link& link : network.links) {
        Link out = link;
        const bool endToEnd = link.role == LinkRole::Trunk,
                   leavesEnd = endToEnd || link.role == LinkRole::Junction;
        out.from = cellOf(link.from, leavesEnd ? last(link.from) : middle(link.from));
        if (link.to >= 0) out.to = cellOf(link.to, endToEnd ? 0 : middle(link.to));
        result.links.push_back(out);
    }
    for (Inflow& inflow : result.inflows) inflow.segment = cellOf(inflow.segment, middle(inflow.segment));
    return result;
}

} // namespace pump::physiology
