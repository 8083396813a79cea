#include "render/BloodTables.h"

#include "core/Error.h"
#include "core/HashRandom.h"
#include "core/Log.h"
#include "scene/VesselFrames.h"

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace pump::render {

namespace {

using anatomy::VesselKind;
using shared::kNoIndex;
using shared::Passage;

constexpr float kSpacingMm = 4;
constexpr float kAtEndMm = 1;                      // a junction this near to an end is at the end
const float kClearOfBorder = 5 * shared::kNudgeMm; // valves and passages keep off interval borders
// Of all cells, at quiet standing. The veins are nearly as full then as they get; the rest is for dilation.
constexpr float kShareInside = 0.88f;

// Oxygen saturation of arterial blood, and of what comes back: muscle takes more than skin. Textbook values
// (arterial 0.97-0.99, muscle at rest 0.60-0.65, skin 0.75-0.80).
constexpr float kArterial = 0.98f;
constexpr float kMuscleVenous = 0.60f;
constexpr float kSkinVenous = 0.78f;

/// Skin beds give back redder blood than muscle beds.
float venousOxygen(const anatomy::Vessel& vessel) {
    if (vessel.kind == VesselKind::SuperficialVein) return kSkinVenous;
    if (vessel.kind != VesselKind::Bed) return kMuscleVenous;
    const std::string_view driver = vessel.stretches.front().segment;
    const bool skin = driver.find("MV_SL") != driver.npos || driver.find("MV_F") != driver.npos;
    return skin ? kSkinVenous : kMuscleVenous;
}

/// One side of a junction: blood in `vessel` at `at` may go on in `toVessel` at `toArc`.
struct Way {
    std::uint32_t vessel = 0;
    float at = 0;
    std::uint32_t toVessel = 0;
    float toArc = 0;

    bool operator==(const Way&) const = default;
    auto operator<=>(const Way&) const = default;
};

} // namespace

std::uint32_t vesselPointCount(float lengthMm) {
    return static_cast<std::uint32_t>(std::max(2.0f, std::round(lengthMm / kSpacingMm) + 1));
}

BloodTables::BloodTables(const anatomy::Rig& rig) {
    for (std::size_t i = 0; i < rig.vessels.size(); ++i) addVessel(rig, i);
    m_firstStretch.push_back(static_cast<std::uint32_t>(m_stretches.size()));
    addPassages(rig);
    addLadders(rig);
    addValves(rig);
    m_flows.assign(m_intervals.size(), shared::IntervalFlow{0, 0, kNoIndex, 1});
}

void BloodTables::addVessel(const anatomy::Rig& rig, std::size_t index) {
    const anatomy::Vessel& vessel = rig.vessels[index];
    const float length = vessel.points.size() < 2 ? 0 : vessel.points.back().arc;
    if (!(length > 2 * kAtEndMm))
        throw core::Error(core::ErrorKind::Asset,
                          "vessel {}: {} points, length {} mm; it needs two points and more than {} mm",
                          vessel.id, vessel.points.size(), length, 2 * kAtEndMm);
    if (vessel.stretches.empty())
        throw core::Error(core::ErrorKind::Asset, "vessel {}: no stretches; at least one must drive its flow",
                          vessel.id);
    const std::uint32_t count = vesselPointCount(length);
    shared::BloodVessel info{};
    info.firstPoint = static_cast<std::uint32_t>(m_intervals.size());
    info.pointCount = count;
    info.arcLength = length;
    info.spacing = length / static_cast<float>(count - 1);
    info.kind = static_cast<std::uint32_t>(vessel.kind);
    info.visible = vessel.kind != VesselKind::Lymph ? 1 : 0;
    const bool arterial = vessel.kind == VesselKind::Artery || vessel.kind == VesselKind::Bed;
    info.oxygenFrom = arterial ? kArterial : venousOxygen(vessel);
    info.oxygenTo = vessel.kind == VesselKind::Artery ? kArterial : venousOxygen(vessel);
    const auto firstStretch = static_cast<std::uint32_t>(m_stretches.size());
    m_firstStretch.push_back(firstStretch);
    for (const anatomy::Stretch& stretch : vessel.stretches)
        m_stretches.push_back({static_cast<std::uint32_t>(index), stretch.from, stretch.to, stretch.forward});

    for (std::uint32_t i = 0; i < count; ++i) {
        const float arc = static_cast<float>(i) * info.spacing;
        const scene::ArcPlace place = scene::placeAt(vessel, arc);
        m_radii.push_back(
            glm::mix(vessel.points[place.index].radius, vessel.points[place.index + 1].radius, place.share));
        const float middle = arc + 0.5f * info.spacing;
        std::uint32_t stretch = firstStretch;
        while (stretch + 1 < m_stretches.size() && middle >= m_stretches[stretch].to) ++stretch;
        m_intervals.push_back({0, 0, stretch, 0});
    }
    if (vessel.kind != VesselKind::Lymph)
        for (std::uint32_t i = info.firstPoint; i + 1 < info.firstPoint + count; ++i) {
            const float radius = 0.5f * (m_radii[i] + m_radii[i + 1]);
            m_stretches[m_intervals[i].stretch].restVolume +=
                glm::pi<float>() * radius * radius * info.spacing;
        }
    m_vessels.push_back(info);
}

std::uint32_t BloodTables::intervalAt(std::uint32_t vessel, float arc) const {
    const shared::BloodVessel& info = m_vessels[vessel];
    const auto last = static_cast<float>(info.pointCount - 2);
    return info.firstPoint +
           static_cast<std::uint32_t>(std::clamp(std::floor(arc / info.spacing), 0.0f, last));
}

void BloodTables::addPassages(const anatomy::Rig& rig) {
    // Every junction works both ways: the vessel that ends leads into the other, and the other lets blood out
    // into it, sideways or, when it is joined at an end, through that end.
    auto snapped = [this](std::uint32_t vessel, float arc) {
        const float length = m_vessels[vessel].arcLength;
        if (arc < kAtEndMm) return 0.0f;
        return arc > length - kAtEndMm ? length : arc;
    };
    std::vector<Way> ways;
    auto add = [&](std::uint32_t v, bool atEnd, const anatomy::Junction& junction) {
        const auto to = static_cast<std::uint32_t>(junction.vessel);
        if (junction.vessel < 0 || to >= m_vessels.size() || !(junction.arc >= -kAtEndMm) ||
            !(junction.arc <= m_vessels[to].arcLength + kAtEndMm))
            throw core::Error(core::ErrorKind::Asset,
                              "vessel {}: its {} joins vessel number {} at {} mm, which is not there",
                              rig.vessels[v].id, atEnd ? "end" : "start", junction.vessel, junction.arc);
        if (!carriesBlood(v) || !carriesBlood(to)) return;
        const float here = atEnd ? m_vessels[v].arcLength : 0.0f;
        ways.push_back({v, here, to, snapped(to, junction.arc)});
        ways.push_back({to, snapped(to, junction.arc), v, here});
    };
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        for (const anatomy::Junction& junction : rig.vessels[v].atStart) add(v, false, junction);
        for (const anatomy::Junction& junction : rig.vessels[v].atEnd) add(v, true, junction);
    }
    std::sort(ways.begin(), ways.end());
    ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
    for (const Way& way : ways) {
        shared::BloodVessel& info = m_vessels[way.vessel];
        const auto index = static_cast<std::uint32_t>(m_passages.size());
        const float target =
            std::clamp(way.toArc, kClearOfBorder, m_vessels[way.toVessel].arcLength - kClearOfBorder);
        Passage passage{way.toVessel, target, way.at, 0};
        if (way.at <= 0 || way.at >= info.arcLength) {
            std::uint32_t& first = way.at <= 0 ? info.startFirst : info.endFirst;
            std::uint32_t& count = way.at <= 0 ? info.startCount : info.endCount;
            if (count++ == 0) first = index;
        } else {
            const std::uint32_t interval = intervalAt(way.vessel, way.at);
            const float low = static_cast<float>(interval - info.firstPoint) * info.spacing;
            passage.at = std::clamp(way.at, low + kClearOfBorder, low + info.spacing - kClearOfBorder);
            if (m_intervals[interval].passageCount++ == 0) m_intervals[interval].passageFirst = index;
        }
        m_passages.push_back(passage);
    }
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        shared::BloodVessel& info = m_vessels[v];
        if (!carriesBlood(v)) continue;
        if (info.startCount == 0) info.stubs |= shared::kStubStart, m_ports.push_back({v, false});
        if (info.endCount == 0) info.stubs |= shared::kStubEnd, m_ports.push_back({v, true});
    }
}

void BloodTables::addLadders(const anatomy::Rig& rig) {
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        const shared::BloodVessel& info = m_vessels[v];
        const auto& stretches = rig.vessels[v].stretches;
        const bool still = stretches.size() == 1 && stretches.front().segment.starts_with("STILL:");
        if (!still || info.startCount != 1 || info.endCount != 1) continue;
        auto joined = [this](std::uint32_t passage) {
            const Passage& to = m_passages[passage];
            return m_intervals[intervalAt(to.vessel, to.arc)].stretch;
        };
        m_ladders.push_back({m_firstStretch[v], joined(info.startFirst), joined(info.endFirst)});
    }
    auto same = [](const Ladder& a, const Ladder& b) {
        return a.fromStretch == b.fromStretch && a.toStretch == b.toStretch;
    };
    for (Ladder& ladder : m_ladders)
        ladder.share =
            1 / static_cast<float>(std::count_if(m_ladders.begin(), m_ladders.end(),
                                                 [&](const Ladder& other) { return same(ladder, other); }));
}

void BloodTables::addValves(const anatomy::Rig& rig) {
    for (const anatomy::ValveSite& site : rig.valves) {
        const auto vessel = static_cast<std::uint32_t>(site.vessel);
        if (site.vessel < 0 || vessel >= m_vessels.size() || !(site.arc >= 0) ||
            !(site.arc <= m_vessels[vessel].arcLength))
            throw core::Error(core::ErrorKind::Asset, "valve {}: vessel number {} at {} mm is not there",
                              site.id, site.vessel, site.arc);
        const std::uint32_t interval = intervalAt(vessel, site.arc);
        const Stretch& stretch = m_stretches[m_intervals[interval].stretch];
        // As drawn at quiet standing, whatever the calibre: a tent that moved could leave cells on its wrong
        // side.
        const float height = shared::kTentHeight * 0.5f * (m_radii[interval] + m_radii[interval + 1]);
        m_valveOrder.push_back(static_cast<std::uint32_t>(m_valves.size()));
        m_valveVessels.push_back(vessel);
        m_valves.push_back(
            {site.arc, stretch.forward ? height : -height, std::cos(site.angle), std::sin(site.angle)});
    }
    std::sort(m_valveOrder.begin(), m_valveOrder.end(), [this](std::uint32_t a, std::uint32_t b) {
        if (m_valveVessels[a] != m_valveVessels[b]) return m_valveVessels[a] < m_valveVessels[b];
        return m_valves[a].arc != m_valves[b].arc ? m_valves[a].arc < m_valves[b].arc : a < b;
    });
    std::size_t next = 0;
    for (std::uint32_t v = 0; v <= m_vessels.size(); ++v) {
        while (next < m_valveOrder.size() && m_valveVessels[m_valveOrder[next]] < v) ++next;
        m_firstValve.push_back(static_cast<std::uint32_t>(next));
    }
}

bool BloodTables::carriesBlood(std::uint32_t vessel) const {
    return m_vessels[vessel].kind != shared::kKindLymph;
}

float BloodTables::volume(std::size_t stretch) const {
    const float scale = m_stretches[stretch].radiusScale;
    return m_stretches[stretch].restVolume * scale * scale;
}

float BloodTables::totalRestVolume() const {
    float sum = 0;
    for (const Stretch& stretch : m_stretches) sum += stretch.restVolume;
    return sum;
}

float BloodTables::concentration(std::uint32_t count) const {
    const float volume = totalRestVolume();
    return volume > 0 ? kShareInside * static_cast<float>(count) / volume : 0;
}

std::vector<shared::Cell> BloodTables::firstCells(std::uint32_t count, std::uint32_t seed) const {
    // Cells are dealt out along the vessels in proportion to volume, neighbours with neighbouring numbers:
    // they share memory that way.
    std::vector<shared::Cell> cells(count, shared::Cell{.vessel = kNoIndex, .stretch = kNoIndex});
    std::vector<float> sums(m_intervals.size() + 1, 0.0f);
    std::vector<std::uint32_t> owners(m_intervals.size(), 0);
    for (std::uint32_t v = 0; v < m_vessels.size(); ++v) {
        const shared::BloodVessel& info = m_vessels[v];
        for (std::uint32_t i = info.firstPoint; i < info.firstPoint + info.pointCount; ++i) {
            const bool real = i + 1 < info.firstPoint + info.pointCount && carriesBlood(v);
            const float radius = real ? 0.5f * (m_radii[i] + m_radii[i + 1]) : 0;
            sums[i + 1] = sums[i] + radius * radius * info.spacing;
            owners[i] = v;
        }
    }
    const auto inside = static_cast<std::uint32_t>(kShareInside * static_cast<float>(count));
    if (sums.back() <= 0) return cells;
    std::size_t interval = 0;
    for (std::uint32_t id = 0; id < inside; ++id) {
        const float wanted = sums.back() * (static_cast<float>(id) + 0.5f) / static_cast<float>(inside);
        while (interval + 1 < m_intervals.size() && sums[interval + 1] <= wanted) ++interval;
        const shared::BloodVessel& info = m_vessels[owners[interval]];
        const float share = (wanted - sums[interval]) / std::max(sums[interval + 1] - sums[interval], 1e-9f);
        shared::Cell& cell = cells[id];
        cell.vessel = owners[interval];
        cell.arc =
            (static_cast<float>(interval - info.firstPoint) + std::clamp(share, 0.01f, 0.99f)) * info.spacing;
        cell.radius = std::sqrt(core::hashUniform(seed, id, 0xfffffff0u));
        cell.angle = core::hashUniform(seed, id, 0xfffffff1u) * glm::two_pi<float>();
        cell.oxygen = glm::mix(info.oxygenFrom, info.oxygenTo, cell.arc / info.arcLength);
        cell.age = core::hashUniform(seed, id, 0xfffffff2u) * 10;
        cell.fade = 1;
        cell.stretch = m_intervals[interval].stretch;
    }
    return cells;
}

std::vector<std::uint32_t> BloodTables::countCells(const std::vector<shared::Cell>& cells) const {
    std::vector<std::uint32_t> counts(m_stretches.size() + 1, 0);
    for (const shared::Cell& cell : cells)
        ++counts[cell.vessel == kNoIndex ? m_stretches.size() : static_cast<std::size_t>(cell.stretch)];
    return counts;
}

} // namespace pump::render
