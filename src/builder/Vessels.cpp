#include "builder/Vessels.h"

#include "builder/VesselFlow.h"
#include "builder/VesselLayout.h"
#include "core/Error.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace pump::builder {
namespace {

using core::Error;
using core::ErrorKind;

constexpr float kLetGo = 25; // mm over which a vessel inside a muscle lets go of it toward a joint
constexpr float kTaper = 14; // mm over which the tip of a vein that begins in tissue widens

bool isVein(anatomy::VesselKind kind) {
    return kind == anatomy::VesselKind::DeepVein || kind == anatomy::VesselKind::SuperficialVein ||
           kind == anatomy::VesselKind::Perforator;
}

anatomy::Vessel finished(const LaidVessel& laid) {
    anatomy::Vessel vessel;
    vessel.id = laid.plan.id;
    vessel.kind = laid.plan.kind;
    for (std::size_t i = 0; i < laid.points.size(); ++i) {
        anatomy::VesselPoint point;
        point.position = laid.points[i];
        point.radius = 0.5f * laid.course[i].w;
        point.arc = laid.arcs[i];
        vessel.points.push_back(point);
    }
    vessel.stretches = laid.stretches;
    return vessel;
}

void joinVessels(const std::vector<LaidVessel>& laid, std::vector<anatomy::Vessel>& vessels) {
    for (std::size_t i = 0; i < laid.size(); ++i) {
        const int own = static_cast<int>(i);
        if (const anatomy::Junction from = laid[i].from; from.vessel >= 0) {
            vessels[i].atStart.push_back(from);
            const auto parent = static_cast<std::size_t>(from.vessel);
            if (from.arc >= laid[parent].arcs.back()) vessels[parent].atEnd.push_back({own, 0});
        }
        if (const anatomy::Junction into = laid[i].into; into.vessel >= 0) {
            vessels[i].atEnd.push_back(into);
            const auto parent = static_cast<std::size_t>(into.vessel);
            if (into.arc <= 0) vessels[parent].atStart.push_back({own, laid[i].arcs.back()});
        }
    }
}

/// A vein of the skin passes from one muscle's cover to the next: a short run that follows another muscle
/// goes with its neighbours, and where the muscle changes the vein follows neither, so that no kink shows
/// when both move.
void passEvenly(std::vector<anatomy::VesselPoint>& points) {
    constexpr float kShort = 50, kRamp = 25; // mm
    struct Run {
        std::size_t from, to; ///< first point, behind the last one
    };
    const auto runs = [&] {
        std::vector<Run> list;
        for (std::size_t i = 0; i < points.size(); ++i)
            if (i > 0 && points[i].binding.muscle == points[i - 1].binding.muscle)
                list.back().to = i + 1;
            else
                list.push_back({i, i + 1});
        return list;
    };
    const std::vector<Run> first = runs();
    for (std::size_t r = 1; r + 1 < first.size(); ++r) {
        const anatomy::VesselPoint &before = points[first[r].from - 1], &after = points[first[r].to];
        if (after.arc - before.arc > kShort || before.binding.muscle != after.binding.muscle) continue;
        for (std::size_t i = first[r].from; i < first[r].to; ++i) {
            const float share = (points[i].arc - before.arc) / (after.arc - before.arc);
            points[i].binding.muscle = before.binding.muscle;
            points[i].binding.muscleArc = std::lerp(before.binding.muscleArc, after.binding.muscleArc, share);
            points[i].binding.muscleWeight =
                std::lerp(before.binding.muscleWeight, after.binding.muscleWeight, share);
        }
    }
    const std::vector<Run> second = runs();
    for (std::size_t r = 1; r < second.size(); ++r) {
        const float change = 0.5f * (points[second[r].from - 1].arc + points[second[r].from].arc);
        for (anatomy::VesselPoint& point : points) {
            const float t = std::min(std::abs(point.arc - change) / kRamp, 1.0f);
            point.binding.muscleWeight *= t * t * (3 - 2 * t);
        }
    }
}

/// Bindings of all points; a glued end moves exactly as the place that it is glued to.
void bindPoints(const std::vector<LaidVessel>& laid, const TissueProbe& probe,
                std::vector<anatomy::Vessel>& vessels) {
    if (!probe.bind) return;
    for (std::size_t i = 0; i < vessels.size(); ++i) {
        const bool skin = vessels[i].kind == anatomy::VesselKind::SuperficialVein;
        const std::string_view muscle = skin ? kRidesOnSkin : std::string_view(laid[i].plan.muscle);
        const float length = vessels[i].points.back().arc;
        for (anatomy::VesselPoint& point : vessels[i].points) {
            point.binding = probe.bind(point.position, muscle);
            // Lets go of the muscle toward ends that are held elsewhere.
            float free = 1;
            if (laid[i].from.vessel >= 0) free = std::min(free, point.arc / kLetGo);
            if (laid[i].into.vessel >= 0) free = std::min(free, (length - point.arc) / kLetGo);
            if (!skin) point.binding.muscleWeight *= free;
        }
        if (skin) passEvenly(vessels[i].points);
    }
    const auto bindingAt = [&](anatomy::Junction place) {
        const anatomy::Vessel& parent = vessels[static_cast<std::size_t>(place.vessel)];
        const auto nearest =
            std::min_element(parent.points.begin(), parent.points.end(), [&](const auto& a, const auto& b) {
                return std::abs(a.arc - place.arc) < std::abs(b.arc - place.arc);
            });
        return nearest->binding;
    };
    for (std::size_t i = 0; i < vessels.size(); ++i) {
        if (laid[i].from.vessel >= 0) vessels[i].points.front().binding = bindingAt(laid[i].from);
        if (laid[i].into.vessel >= 0) vessels[i].points.back().binding = bindingAt(laid[i].into);
    }
}

void requireOutlets(const std::vector<LaidVessel>& laid, const std::vector<anatomy::Vessel>& vessels) {
    for (std::size_t i = 0; i < vessels.size(); ++i) {
        if (!isVein(vessels[i].kind)) continue;
        if (vessels[i].atEnd.empty() && laid[i].plan.stub.empty())
            throw Error(ErrorKind::Asset,
                        "{}: '{}' ends nowhere; name the vessel that it flows into ('into') or why it ends "
                        "('stub')",
                        laid[i].plan.where, vessels[i].id);
    }
}

void requireWholeNetwork(const VesselTable& table, const VesselNetwork& network, const VesselLayout& layout) {
    std::set<std::string> drawn;
    for (const LaidVessel& vessel : layout.vessels()) {
        if (vessel.plan.kind == anatomy::VesselKind::Artery) continue;
        for (const anatomy::Stretch& stretch : vessel.stretches) {
            const StretchDriver driver = layout.driverOf(stretch.segment, vessel.plan.where);
            if (driver.kind.empty() || driver.kind == "BED") drawn.insert(driver.name);
            // A vessel whose flow is that of one outlet of its segment draws the segment.
            if (driver.kind == "LINK" && network.find(driver.from, driver.to)->tubeDiameter <= 0)
                drawn.insert(driver.from);
        }
    }
    for (const auto& [segment, reason] : table.notDrawn) {
        if (!network.find(segment))
            throw Error(ErrorKind::Asset, "{}: notDrawn.{}: the network has no such segment", table.file,
                        segment);
        if (drawn.contains(segment))
            throw Error(ErrorKind::Asset,
                        "{}: notDrawn.{}: a vessel draws this segment; take it off the list", table.file,
                        segment);
    }
    for (const VesselNetwork::Segment& segment : network.segments())
        if (!drawn.contains(segment.id) && !table.notDrawn.contains(segment.id))
            throw Error(
                ErrorKind::Asset,
                "{}: no vessel draws network segment {}; draw it or list it in notDrawn with the reason",
                table.file, segment.id);
}

/// Tips of veins that gather from tissue begin narrow.
void taperTips(std::vector<anatomy::Vessel>& vessels) {
    for (anatomy::Vessel& vessel : vessels) {
        if (!isVein(vessel.kind) || !vessel.atStart.empty()) continue;
        for (anatomy::VesselPoint& point : vessel.points) {
            const float t = std::clamp(point.arc / kTaper, 0.0f, 1.0f);
            point.radius *= 0.45f + 0.55f * t * (2 - t);
        }
    }
}

/// A vessel that goes on from another begins as wide as that one ends, so that no step shows.
void matchWidths(std::vector<anatomy::Vessel>& vessels) {
    constexpr float kReach = 16; // mm
    for (anatomy::Vessel& vessel : vessels) {
        if (!isVein(vessel.kind)) continue;
        float widest = 0;
        for (const anatomy::Junction& before : vessel.atStart) {
            const anatomy::Vessel& other = vessels[static_cast<std::size_t>(before.vessel)];
            if (before.arc >= other.points.back().arc) widest = std::max(widest, other.points.back().radius);
        }
        if (widest <= 0) continue;
        for (anatomy::VesselPoint& point : vessel.points) {
            const float t = std::clamp(point.arc / kReach, 0.0f, 1.0f);
            point.radius = glm::mix(widest, point.radius, t * t * (3 - 2 * t));
        }
    }
}

Nerve laidNerve(const NervePlan& plan, const TissueProbe& probe, const VesselLayout& layout,
                const std::vector<Nerve>& before) {
    Nerve nerve;
    nerve.id = plan.id;
    for (const glm::vec4& point : plan.course)
        if (!(point.w > 0))
            throw Error(ErrorKind::Asset, "{}: '{}': every point of a nerve needs its diameter (x, y, z, d)",
                        plan.where, plan.id);
    Course controls = plan.course;
    if (!plan.from.empty()) {
        const auto parent = std::find_if(before.begin(), before.end(),
                                         [&](const Nerve& other) { return other.id == plan.from; });
        if (parent == before.end())
            throw Error(ErrorKind::Asset, "{}: '{}' begins on '{}', which is no nerve of the rows above it",
                        plan.where, plan.id, plan.from);
        std::vector<glm::vec3> line;
        for (const anatomy::VesselPoint& point : parent->points) line.push_back(point.position);
        controls.insert(
            controls.begin(),
            glm::vec4(nearestOnPolyline(line, glm::vec3(controls.front())).position, controls.front().w));
    }
    Course course = resampled(rounded(smoothCourse(controls, 4), 2), 4);
    RouteRules rules;
    rules.heldStart = !plan.from.empty();
    rules.reach = 6;
    if (plan.inFatBelow > -1e8f) {
        rules.underSkin = rules.outsideFlesh = true;
        rules.inFatBelow = plan.inFatBelow;
        rules.reach = 12;
    }
    course = resampled(routed(course, rules, probe, layout.pieces()), 4);
    const std::vector<float> arcs = arcLengths(positionsOf(course));
    for (std::size_t i = 0; i < course.size(); ++i) {
        anatomy::VesselPoint point;
        point.position = glm::vec3(course[i]);
        point.radius = 0.5f * course[i].w;
        point.arc = arcs[i];
        if (probe.bind) point.binding = probe.bind(point.position, "");
        nerve.points.push_back(point);
    }
    return nerve;
}

/// What the deep fascia must pass under.
std::vector<InFat> piecesInFat(const std::vector<LaidVessel>& laid, const std::vector<NervePlan>& plans,
                               const std::vector<Nerve>& nerves) {
    std::vector<InFat> pieces;
    for (const LaidVessel& vessel : laid) {
        if (vessel.plan.kind != anatomy::VesselKind::SuperficialVein &&
            vessel.plan.kind != anatomy::VesselKind::Lymph)
            continue;
        const auto [low, high] = vessel.plan.beneathFascia;
        for (std::size_t i = 0; i + 1 < vessel.points.size(); ++i) {
            const float z = 0.5f * (vessel.points[i].z + vessel.points[i + 1].z);
            if (z < low || z > high)
                pieces.push_back({vessel.points[i], vessel.points[i + 1], 0.5f * vessel.course[i].w});
        }
    }
    for (std::size_t n = 0; n < nerves.size(); ++n)
        for (std::size_t i = 0; i + 1 < nerves[n].points.size(); ++i) {
            const anatomy::VesselPoint &a = nerves[n].points[i], &b = nerves[n].points[i + 1];
            if (std::max(a.position.z, b.position.z) < plans[n].inFatBelow)
                pieces.push_back({a.position, b.position, a.radius});
        }
    return pieces;
}

} // namespace

int VesselSet::find(std::string_view id) const {
    for (std::size_t i = 0; i < vessels.size(); ++i)
        if (vessels[i].id == id) return static_cast<int>(i);
    return -1;
}

VesselSet buildVessels(const std::filesystem::path& assets, const TissueProbe& probe) {
    const VesselTable table = readVesselTable(assets / "anatomy" / "vessels.json");
    const VesselNetwork network(assets / "network");
    VesselLayout layout(network, probe);
    layout.layAll(table.vessels);
    layBeds(table.beds, network, probe, layout);

    VesselSet set;
    set.notDrawn = table.notDrawn;
    const std::vector<LaidVessel>& laid = layout.vessels();
    for (std::size_t i = 0; i < laid.size(); ++i) {
        set.vessels.push_back(finished(laid[i]));
        if (laid[i].plan.kind == anatomy::VesselKind::Artery)
            set.vessels.back().stretches = arteryStretches(layout, static_cast<int>(i));
        if (laid[i].plan.clearance > 0)
            for (const glm::vec3& point : laid[i].points)
                set.skinClearance.push_back({point, laid[i].plan.clearance});
    }
    joinVessels(laid, set.vessels);
    requireOutlets(laid, set.vessels);
    requireWholeNetwork(table, network, layout);
    set.valves = valveSites(table.extraValves, network, layout);
    taperTips(set.vessels);
    matchWidths(set.vessels);
    bindPoints(laid, probe, set.vessels);
    for (const NervePlan& nerve : table.nerves)
        set.nerves.push_back(laidNerve(nerve, probe, layout, set.nerves));
    set.inFat = piecesInFat(laid, table.nerves, set.nerves);
    return set;
}

} // namespace pump::builder
