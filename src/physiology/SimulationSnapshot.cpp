#include "physiology/SimulationState.h"
#include "physiology/Units.h"

#include <cmath>

namespace pump::physiology {
namespace {

void writeSegments(const Leg& leg, SimSnapshot& s) {
    const Network& network = leg.network();
    s.segments.resize(network.segments.size());
    for (std::size_t i = 0; i < s.segments.size(); ++i) {
        const int index = static_cast<int>(i);
        const double pressure = leg.pressure(index);
        s.segments[i] = {.pressureMmHg = pressure / kMmHg,
                         .transmuralMmHg = (pressure - leg.outsidePressure(index)) / kMmHg,
                         .areaRatio = leg.solver().areaRatio(index),
                         .areaMm2 =
                             leg.solver().lumen(index) / network.segments[i].parallel / kSquareMillimetre,
                         .pressedAreaRatio = leg.pressedAreaRatio(index),
                         .volumeMl = leg.solver().volume(index) / kMillilitre};
    }
}

void writeLinks(const Leg& leg, SimSnapshot& s) {
    const Network& network = leg.network();
    s.links.resize(network.links.size());
    s.openValves = s.valveCount = 0;
    for (std::size_t k = 0; k < s.links.size(); ++k) {
        const Link& link = network.links[k];
        const double flow = leg.solver().flow(static_cast<int>(k)) / kMillilitre,
                     xi = leg.solver().xi(static_cast<int>(k));
        const bool valve = link.kind == LinkKind::Valve;
        const double lumen = link.tubeDiameter > 0 ? leg.solver().network().links[k].valveLumen
                                                   : leg.solver().lumen(link.from);
        s.links[k] = {.flowMlS = flow,
                      .opening = valve ? xi : 1.0,
                      .velocityCmS = leg.solver().flowNow(static_cast<int>(k)) / lumen * 100};
        SegmentState& from = s.segments[static_cast<std::size_t>(link.from)];
        if (link.role == LinkRole::Trunk || link.role == LinkRole::Junction)
            from.flowOutMlS += flow;
        else
            from.inflowMlS -= flow;
        if (link.to >= 0) {
            SegmentState& to = s.segments[static_cast<std::size_t>(link.to)];
            (link.role == LinkRole::Trunk ? to.flowInMlS : to.inflowMlS) += flow;
        }
        s.valveCount += valve;
        s.openValves += valve && s.links[k].open();
    }
}

void writeTissue(const Leg& leg, SimSnapshot& s) {
    s.tissue.resize(leg.tissue().size());
    s.swellingMl = 0;
    for (std::size_t r = 0; r < s.tissue.size(); ++r) {
        const TissueRegion& region = leg.tissue()[r];
        const TissueBed& bed = leg.tissueBeds()[r];
        const double gained = region.gained * region.volume / kMillilitre;
        // A cylinder of girth g and length l holds g^2 l / (4 pi); dg = 2 pi dV / (g l).
        s.tissue[r] = {.gainedMl = gained,
                       .girthGainMm = 2 * std::numbers::pi * gained * 1000 / (bed.girthMm * bed.lengthMm),
                       .filtrationMlMin = region.filtration * 60 / kMillilitre,
                       .lymphMlMin = region.lymph * 60 / kMillilitre};
        s.swellingMl += gained;
    }
}

} // namespace

void Simulation::State::writeSnapshot() {
    SimSnapshot& s = snapshot;
    const Network& network = leg.network();
    s.step = stepCount;
    s.timeS = time();
    writeSegments(leg, s);
    writeLinks(leg, s);
    writeTissue(leg, s);
    s.arterialInflowMlS = 0;
    for (std::size_t k = 0; k < network.inflows.size(); ++k) {
        const double flow = leg.arterialFlow(k) / kMillilitre;
        SegmentState& bed = s.segments[static_cast<std::size_t>(network.inflows[k].segment)];
        bed.inflowMlS += flow;
        bed.arterialMlS += flow;
        if (belowKnee[k]) s.arterialInflowMlS += flow;
    }
    for (std::size_t r = 0; r < leg.tissueBeds().size(); ++r)
        s.segments[static_cast<std::size_t>(leg.tissueBeds()[r].segment)].inflowMlS +=
            leg.solver().sourceFlow(leg.tissueBeds()[r].segment) / kMillilitre;
    s.calfVolumeMl = 0;
    for (std::size_t i = 0; i < s.segments.size(); ++i) {
        SegmentState& out = s.segments[i];
        out.velocityCmS = 0.5 * (out.flowInMlS + out.flowOutMlS) * kMillilitre /
                          leg.solver().lumen(static_cast<int>(i)) * 100;
        if (network.segments[i].calf) s.calfVolumeMl += out.volumeMl;
    }
    for (std::size_t c = 0; c < kCompartmentCount; ++c)
        s.compartmentPressureMmHg[c] = leg.compartmentPressure(static_cast<Compartment>(c)) / kMmHg;
    s.activation = leg.activation();
    s.pose = environment.pose;
    s.movementPhase = player.phase();
    s.footVeinPressureMmHg = s.segments[static_cast<std::size_t>(footVein)].pressureMmHg;
    s.poplitealFlowMlS = s.links[static_cast<std::size_t>(poplitealLink)].flowMlS;
    const double volume = leg.solver().totalVolume();
    s.volumeErrorRelative =
        std::abs(volume - startVolume - (leg.solver().exchangedVolume() - startExchange)) / volume;
    s.held = held;
    snapshotFresh = true;
}

} // namespace pump::physiology
