// The part of BloodTables that runs in every frame.
#include "render/BloodTables.h"
#include "render/SkinTables.h"

#include "core/Error.h"

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>

namespace pump::render {

namespace {

using shared::kNoIndex;
using shared::Passage;

constexpr float kSolidFlesh = 0.9f; // opacity from which flesh hides the capillaries in it
constexpr float kSlowingMm =
    5; // before a shut valve, blood that flows toward it comes to rest over this length

anatomy::Layer layerOf(std::uint32_t kind) {
    switch (static_cast<anatomy::VesselKind>(kind)) {
    case anatomy::VesselKind::DeepVein:
        return anatomy::Layer::DeepVeins;
    case anatomy::VesselKind::SuperficialVein:
        return anatomy::Layer::SuperficialVeins;
    case anatomy::VesselKind::Perforator:
        return anatomy::Layer::Perforators;
    case anatomy::VesselKind::Lymph:
        return anatomy::Layer::Lymph;
    case anatomy::VesselKind::Artery:
    case anatomy::VesselKind::Bed:
        return anatomy::Layer::Arteries;
    }
    return anatomy::Layer::DeepVeins;
}

} // namespace

void BloodTables::update(const anatomy::LegModel& leg, const scene::RenderInput& input) {
    if (input.flows.size() != m_stretches.size() || input.valves.size() != m_valves.size())
        throw core::Error(core::ErrorKind::Usage,
                          "render input has {} stretches and {} valves, the leg has {} and {}",
                          input.flows.size(), input.valves.size(), m_stretches.size(), m_valves.size());
    for (std::size_t i = 0; i < m_stretches.size(); ++i) {
        const scene::FlowState& state = input.flows[i];
        Stretch& stretch = m_stretches[i];
        stretch.radiusScale = std::max(state.radiusScale, 0.01f);
        // The drawing's mean section turns velocity back into the flow that the network has.
        const float section = volume(i) / std::max(stretch.to - stretch.from, 1e-3f);
        stretch.flowFrom = section * (stretch.forward ? state.velocityLow : -state.velocityHigh);
        stretch.flowTo = section * (stretch.forward ? state.velocityHigh : -state.velocityLow);
    }
    joinStarts();
    joinArteries();
    runLadders(input.simulatedSeconds);
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        const std::uint32_t end = m_vessels[v].firstPoint + m_vessels[v].pointCount - 1;
        float arrives = m_stretches[m_firstStretch[v]].flowFrom;
        for (std::uint32_t i = m_vessels[v].firstPoint; i < end;) {
            const std::uint32_t stretch = m_intervals[i].stretch;
            std::uint32_t next = i;
            while (next < end && m_intervals[next].stretch == stretch) ++next;
            if (m_vessels[v].kind == shared::kKindArtery) m_stretches[stretch].flowFrom = arrives;
            const float step = m_stretches[stretch].flowFrom - arrives;
            arrives = setFlows(stretch, i, next);
            m_stretches[stretch].rest += step;
            i = next;
        }
        setBarriers(v, input);
    }
    setSupply(input.simulatedSeconds);
    m_fastest = 0;
    for (const shared::IntervalFlow& flow : m_flows)
        m_fastest = std::max({m_fastest, std::abs(flow.velocityLow), std::abs(flow.velocityHigh)});
    // Capillaries lie inside flesh and skin: their cells are seen only where both are ghosts.
    const auto ghost = [&](anatomy::Layer layer) {
        return input.layers[static_cast<std::size_t>(layer)].opacity < kSolidFlesh;
    };
    const bool capillaries = ghost(anatomy::Layer::Muscles) && ghost(anatomy::Layer::Skin);
    const bool over = skinOver(input) > 0.5f;
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        weighEnd(m_vessels[v].startFirst, m_vessels[v].startCount);
        weighEnd(m_vessels[v].endFirst, m_vessels[v].endCount);
        const auto layer = static_cast<std::size_t>(layerOf(m_vessels[v].kind));
        const int structure = leg.rig.vessels[v].structure;
        const auto slot = static_cast<std::size_t>(structure);
        const bool hidden = structure >= 0 && slot < input.hidden.size() && input.hidden[slot] != 0;
        const bool shown = capillaries || m_vessels[v].kind != shared::kKindBed;
        const bool covered = over && standsOut(leg.rig.vessels[v]);
        m_vessels[v].visible =
            carriesBlood(v) && shown && input.layers[layer].opacity > 0 && !hidden && !covered ? 1 : 0;
    }
}

void BloodTables::joinStarts() {
    // A segment's inflow is the sum of all that leads into it, wherever the drawing joins it. What enters a
    // vein through its start is what the vessels bring that end there, the others come in sideways; and
    // through a stub comes only what they do not bring.
    std::vector<float> told(m_vessels.size());
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) told[v] = inflow(v, false);
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        const shared::BloodVessel& info = m_vessels[v];
        if (info.kind == shared::kKindArtery || info.kind == shared::kKindBed) continue;
        Stretch& first = m_stretches[m_firstStretch[v]];
        first.cut = info.startCount == 0 ? std::clamp(-first.over, 0.0f, std::max(told[v], 0.0f)) : 0;
        float sum = 0;
        bool known = info.startCount > 0;
        for (std::uint32_t p = info.startFirst; known && p < info.startFirst + info.startCount; ++p) {
            const shared::BloodVessel& from = m_vessels[m_passages[p].vessel];
            known = m_passages[p].arc > from.arcLength - 1;
            if (known) sum += flowFrom(m_passages[p]) * shareOfEnd(from, v, told);
        }
        first.flowFrom = known ? sum : told[v] - first.cut;
    }
}

float BloodTables::shareOfEnd(const shared::BloodVessel& from, std::uint32_t vessel,
                              const std::vector<float>& told) const {
    float mine = 0, all = 0;
    for (std::uint32_t p = from.endFirst; p < from.endFirst + from.endCount; ++p) {
        if (m_passages[p].arc >= 1) continue;
        const float flow = std::abs(told[m_passages[p].vessel]) + 1e-3f;
        all += flow;
        if (m_passages[p].vessel == vessel) mine = flow;
    }
    return all > 0 ? mine / all : 1;
}

float BloodTables::areaAt(std::size_t point, const Stretch& stretch) const {
    const float radius = m_radii[point] * stretch.radiusScale;
    return glm::pi<float>() * radius * radius;
}

float BloodTables::inflow(std::uint32_t vessel, bool atEnd) const {
    return atEnd ? -m_stretches[m_firstStretch[vessel + 1] - 1].flowTo
                 : m_stretches[m_firstStretch[vessel]].flowFrom;
}

float BloodTables::flowFrom(const Passage& passage) const {
    return -inflow(passage.vessel, passage.arc > m_vessels[passage.vessel].arcLength * 0.5f);
}

float BloodTables::setFlows(std::uint32_t index, std::uint32_t first, std::uint32_t end) {
    // From one end of the stretch to the other the flow changes in steps where branches join or leave. What
    // is left between the two ends is storage in the wall and small vessels that are not drawn: it is spread
    // over the volume. Arterial stretches are told one flow for all their length: there, only branches count.
    Stretch& stretch = m_stretches[index];
    const bool arterial = m_vessels[stretch.vessel].kind == shared::kKindArtery;
    float rest = arterial ? 0 : stretch.flowTo - stretch.flowFrom;
    if (!arterial)
        for (std::uint32_t i = first; i < end; ++i)
            for (std::uint32_t p = 0; p < m_intervals[i].passageCount; ++p)
                rest -= flowFrom(m_passages[m_intervals[i].passageFirst + p]);
    stretch.rest = rest;
    stretch.widest = 0;
    const float spacing = m_vessels[stretch.vessel].spacing;
    const float perVolume = stretch.restVolume > 0 ? rest / stretch.restVolume : 0;
    float flow = stretch.flowFrom;
    for (std::uint32_t i = first; i < end; ++i) {
        const float radius = 0.5f * (m_radii[i] + m_radii[i + 1]);
        m_flows[i] = {flow / areaAt(i, stretch), 0, kNoIndex, radius * stretch.radiusScale};
        stretch.widest = std::max(stretch.widest, m_flows[i].radius);
        for (std::uint32_t p = 0; p < m_intervals[i].passageCount; ++p) {
            Passage& passage = m_passages[m_intervals[i].passageFirst + p];
            const float in = flowFrom(passage);
            const float comesBy = flow > 0 ? flow : std::abs(flow + in);
            passage.chance = in < 0 ? -in / std::max(comesBy, -in) : 0;
            flow += in;
        }
        flow += perVolume * glm::pi<float>() * radius * radius * spacing;
        m_flows[i].velocityHigh = flow / areaAt(i + 1, stretch);
    }
    return flow;
}

float BloodTables::arterialFlow(std::uint32_t vessel, int depth) const {
    constexpr int kDeepest = 16; // no artery branches that often; a ring of arteries ends here
    const shared::BloodVessel& info = m_vessels[vessel];
    if (info.kind != shared::kKindArtery || depth > kDeepest) return inflow(vessel, false);
    auto into = [&](const Passage& passage) {
        const bool byStart = passage.arc < 1;
        return byStart ? arterialFlow(passage.vessel, depth + 1) : -flowFrom(passage);
    };
    float sum = info.endCount == 0 ? m_stretches[m_firstStretch[vessel + 1] - 1].flowTo : 0;
    for (std::uint32_t p = info.endFirst; p < info.endFirst + info.endCount; ++p) sum += into(m_passages[p]);
    for (std::uint32_t i = info.firstPoint; i + 1 < info.firstPoint + info.pointCount; ++i)
        for (std::uint32_t p = 0; p < m_intervals[i].passageCount; ++p)
            sum += into(m_passages[m_intervals[i].passageFirst + p]);
    return sum;
}

void BloodTables::joinArteries() {
    // What runs in an artery is what its beds and branches take; the drawing is told that only by and large.
    std::vector<float> flows(m_vessels.size());
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) flows[v] = arterialFlow(v, 0);
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v)
        if (m_vessels[v].kind == shared::kKindArtery) m_stretches[m_firstStretch[v]].flowFrom = flows[v];
}

void BloodTables::runLadders(float seconds) {
    // What one vein has too much of and its twin lacks goes across, so that in the end both need the same.
    constexpr float kEvenS = 2;
    const float share = seconds > 0 ? 1 - std::exp(-seconds / kEvenS) : 0;
    for (Ladder& ladder : m_ladders) {
        const float need = m_stretches[ladder.toStretch].supply - m_stretches[ladder.fromStretch].supply;
        ladder.flow += 0.5f * need * ladder.share * share;
        m_stretches[ladder.stretch].flowFrom = m_stretches[ladder.stretch].flowTo = ladder.flow;
    }
}

void BloodTables::restart() {
    for (Ladder& ladder : m_ladders) ladder.flow = 0;
    for (Stretch& stretch : m_stretches) stretch.supply = stretch.over = 0, stretch.lastVolume = -1;
}

void BloodTables::setSupply(float seconds) {
    // What a stretch gains and does not store comes from vessels that are not drawn. From moment to moment
    // that is mostly the error of the difference of two volumes: the mean over a while is what counts.
    constexpr float kMeanS = 1;
    if (!(seconds > 0)) return;
    const float share = 1 - std::exp(-seconds / kMeanS);
    for (std::size_t i = 0; i < m_stretches.size(); ++i) {
        Stretch& stretch = m_stretches[i];
        if (stretch.restVolume <= 0) continue;
        const float now = volume(i);
        const float stored = stretch.lastVolume >= 0 ? (now - stretch.lastVolume) / seconds : 0;
        stretch.supply += (stretch.rest + stored - stretch.supply) * share;
        stretch.over += (stretch.rest + stored - stretch.cut - stretch.over) * share;
        stretch.lastVolume = now;
    }
}

void BloodTables::setBarriers(std::uint32_t vessel, const scene::RenderInput& input) {
    const shared::BloodVessel& info = m_vessels[vessel];
    const std::uint32_t end = info.firstPoint + info.pointCount - 1;
    for (std::uint32_t k = m_firstValve[vessel]; k < m_firstValve[vessel + 1]; ++k) {
        const std::uint32_t valve = m_valveOrder[k];
        const shared::BloodValve& out = m_valves[valve];
        if (input.valves[valve].opening >= shared::kValveHolds) continue;
        // Every interval that the tent reaches into knows it, and those where cells queue; where two tents
        // would meet, each interval knows the one whose base it holds or that it comes to first.
        const float low = std::min(out.arc, out.arc + out.height) - shared::kQueueMm;
        const float high = std::max(out.arc, out.arc + out.height) + shared::kQueueMm;
        for (std::uint32_t i = intervalAt(vessel, low); i <= intervalAt(vessel, high); ++i)
            if (m_flows[i].barrier == kNoIndex) m_flows[i].barrier = valve;
        slowBefore(info, out, end);
    }
}

void BloodTables::slowBefore(const shared::BloodVessel& info, const shared::BloodValve& valve,
                             std::uint32_t end) {
    // Blood that flows toward a shut valve comes to rest before it, unless it can leave sideways.
    const float bottom = std::min(valve.arc, valve.arc + valve.height);
    const float top = std::max(valve.arc, valve.arc + valve.height);
    auto arcOf = [&](std::uint32_t point) {
        return static_cast<float>(point - info.firstPoint) * info.spacing;
    };
    const auto first = static_cast<std::uint32_t>(std::max(bottom - kSlowingMm, 0.0f) / info.spacing);
    const auto last = static_cast<std::uint32_t>((top + kSlowingMm) / info.spacing) + 1;
    auto slowed = [&](float velocity, float arc) {
        const float away = velocity > 0 ? bottom - arc : arc - top;
        const float inside = arc > bottom && arc < top ? 0.25f : std::clamp(away / kSlowingMm, 0.25f, 1.0f);
        const bool toward = velocity > 0 ? arc < top : arc > bottom;
        return toward ? velocity * inside : velocity;
    };
    for (std::uint32_t i = info.firstPoint + first; i < std::min(end, info.firstPoint + last); ++i) {
        if (m_intervals[i].passageCount > 0) continue;
        m_flows[i].velocityLow = slowed(m_flows[i].velocityLow, arcOf(i));
        m_flows[i].velocityHigh = slowed(m_flows[i].velocityHigh, arcOf(i + 1));
    }
}

void BloodTables::weighEnd(std::uint32_t first, std::uint32_t count) {
    // Each way out in proportion to the blood that it takes at present. Into the middle of a vessel there is
    // always room: its own flow carries on from there, whatever its direction.
    auto takes = [this](const Passage& passage) {
        const shared::BloodVessel& to = m_vessels[passage.vessel];
        const bool atStart = passage.arc < 1;
        const bool atEnd = passage.arc > to.arcLength - 1;
        if (atStart || atEnd) return std::max(inflow(passage.vessel, atEnd), 0.0f);
        const std::uint32_t i = intervalAt(passage.vessel, passage.arc);
        const float velocity = 0.5f * std::abs(m_flows[i].velocityLow + m_flows[i].velocityHigh);
        return velocity * areaAt(i, m_stretches[m_intervals[i].stretch]) + 1e-3f;
    };
    float total = 0;
    for (std::uint32_t i = first; i < first + count; ++i) total += takes(m_passages[i]);
    float sum = 0;
    for (std::uint32_t i = first; i < first + count; ++i) {
        sum += takes(m_passages[i]);
        m_passages[i].chance = total > 0 ? sum / total : 0;
    }
    if (total > 0) m_passages[first + count - 1].chance = 1; // rounding must not leave a gap
}

std::vector<shared::SpawnSite> BloodTables::spawnSites(float concentration, float dt) const {
    std::vector<shared::SpawnSite> sites;
    sites.reserve(m_ports.size() + m_stretches.size());
    for (const Port& port : m_ports) {
        const float cells = std::max(inflow(port.vessel, port.atEnd), 0.0f) * dt * concentration;
        const shared::BloodVessel& info = m_vessels[port.vessel];
        const float velocity = port.atEnd ? -m_flows[info.firstPoint + info.pointCount - 2].velocityHigh
                                          : m_flows[info.firstPoint].velocityLow;
        const float reach = std::clamp(velocity * dt, 0.1f, info.arcLength * 0.5f);
        sites.push_back({port.vessel, port.atEnd ? info.arcLength : 0.0f,
                         port.atEnd ? info.arcLength - reach : reach, cells});
    }
    for (std::size_t i = 0; i < m_stretches.size(); ++i) {
        const Stretch& stretch = m_stretches[i];
        sites.push_back({stretch.vessel, stretch.from, stretch.to, volume(i) * concentration,
                         stretch.supply * dt * concentration, std::max(stretch.widest, 1e-3f)});
    }
    return sites;
}

} // namespace pump::render
