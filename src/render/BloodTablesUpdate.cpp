// The part of BloodTables that runs in every frame.
#include "render/BloodTables.h"

#include "core/Error.h"

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>

namespace pump::render {

namespace {

using shared::kNoIndex;
using shared::Passage;

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
    if (input.flows.size() != m_stretches.size() || input.valves.size() != m_valveArcs.size())
        throw core::Error(core::ErrorKind::Usage,
                          "render input has {} stretches and {} valves, the leg has {} and {}",
                          input.flows.size(), input.valves.size(), m_stretches.size(), m_valveArcs.size());
    for (std::size_t i = 0; i < m_stretches.size(); ++i) {
        const scene::FlowState& state = input.flows[i];
        Stretch& stretch = m_stretches[i];
        stretch.radiusScale = std::max(state.radiusScale, 0.01f);
        // The drawing's mean section turns velocity back into the flow that the network has.
        const float section = volume(i) / std::max(stretch.to - stretch.from, 1e-3f);
        stretch.flowFrom = section * (stretch.forward ? state.velocityLow : -state.velocityHigh);
        stretch.flowTo = section * (stretch.forward ? state.velocityHigh : -state.velocityLow);
    }
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        const std::uint32_t end = m_vessels[v].firstPoint + m_vessels[v].pointCount - 1;
        for (std::uint32_t i = m_vessels[v].firstPoint; i < end;) {
            const std::uint32_t stretch = m_intervals[i].stretch;
            std::uint32_t next = i;
            while (next < end && m_intervals[next].stretch == stretch) ++next;
            setFlows(stretch, i, next);
            i = next;
        }
        setBarriers(m_vessels[v], input);
    }
    m_fastest = 0;
    for (const shared::IntervalFlow& flow : m_flows)
        m_fastest = std::max({m_fastest, std::abs(flow.velocityLow), std::abs(flow.velocityHigh)});
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        weighEnd(m_vessels[v].startFirst, m_vessels[v].startCount);
        weighEnd(m_vessels[v].endFirst, m_vessels[v].endCount);
        const auto layer = static_cast<std::size_t>(layerOf(m_vessels[v].kind));
        const int structure = leg.rig.vessels[v].structure;
        const auto slot = static_cast<std::size_t>(structure);
        const bool hidden = structure >= 0 && slot < input.hidden.size() && input.hidden[slot] != 0;
        m_vessels[v].visible = carriesBlood(v) && input.layers[layer].opacity > 0 && !hidden ? 1 : 0;
    }
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

void BloodTables::setFlows(std::uint32_t index, std::uint32_t first, std::uint32_t end) {
    // From one end of the stretch to the other the flow changes in steps where branches join or leave. What
    // is left between the two ends is storage in the wall and small vessels that are not drawn: it is spread
    // over the volume. Arterial stretches are told one flow for all their length: there, only branches count.
    const Stretch& stretch = m_stretches[index];
    const bool arterial = m_vessels[stretch.vessel].kind == shared::kKindArtery;
    float rest = arterial ? 0 : stretch.flowTo - stretch.flowFrom;
    if (!arterial)
        for (std::uint32_t i = first; i < end; ++i)
            for (std::uint32_t p = 0; p < m_intervals[i].passageCount; ++p)
                rest -= flowFrom(m_passages[m_intervals[i].passageFirst + p]);
    const float spacing = m_vessels[stretch.vessel].spacing;
    const float perVolume = stretch.restVolume > 0 ? rest / stretch.restVolume : 0;
    float flow = stretch.flowFrom;
    for (std::uint32_t i = first; i < end; ++i) {
        m_flows[i] = {flow / areaAt(i, stretch), 0, -1, 1};
        for (std::uint32_t p = 0; p < m_intervals[i].passageCount; ++p) {
            Passage& passage = m_passages[m_intervals[i].passageFirst + p];
            const float in = flowFrom(passage);
            const float comesBy = flow > 0 ? flow : std::abs(flow + in);
            passage.chance = in < 0 ? -in / std::max(comesBy, -in) : 0;
            flow += in;
        }
        const float radius = 0.5f * (m_radii[i] + m_radii[i + 1]);
        flow += perVolume * glm::pi<float>() * radius * radius * spacing;
        m_flows[i].velocityHigh = flow / areaAt(i + 1, stretch);
    }
}

void BloodTables::setBarriers(const shared::BloodVessel& info, const scene::RenderInput& input) {
    // Blood that flows toward a shut valve comes to rest before it.
    const std::uint32_t end = info.firstPoint + info.pointCount - 1;
    float below = -1e9f;
    for (std::uint32_t i = info.firstPoint; i < end; ++i) {
        shared::IntervalFlow& flow = m_flows[i];
        const float low = static_cast<float>(i - info.firstPoint) * info.spacing;
        auto slowed = [&](float v, float arc) {
            return v < 0 ? v * std::clamp((arc - below) / kSlowingMm, 0.0f, 1.0f) : v;
        };
        flow.velocityLow = slowed(flow.velocityLow, low);
        if (const std::uint32_t valve = m_intervals[i].valve; valve != kNoIndex) {
            flow.opening = input.valves[valve].opening;
            if (flow.opening < shared::kValveHolds) below = flow.barrier = m_valveArcs[valve];
        }
        flow.velocityHigh = slowed(flow.velocityHigh, low + info.spacing);
    }
    float above = 1e9f;
    for (std::uint32_t i = end; i-- > info.firstPoint;) {
        shared::IntervalFlow& flow = m_flows[i];
        const float low = static_cast<float>(i - info.firstPoint) * info.spacing;
        auto slowed = [&](float v, float arc) {
            return v > 0 ? v * std::clamp((above - arc) / kSlowingMm, 0.0f, 1.0f) : v;
        };
        flow.velocityHigh = slowed(flow.velocityHigh, low + info.spacing);
        if (flow.barrier >= 0) above = flow.barrier;
        flow.velocityLow = slowed(flow.velocityLow, low);
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
        sites.push_back({stretch.vessel, stretch.from, stretch.to, volume(i) * concentration});
    }
    return sites;
}

} // namespace pump::render
