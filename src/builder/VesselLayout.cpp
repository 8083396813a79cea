#include "builder/VesselLayout.h"

#include "builder/VesselPairs.h"
#include "core/Error.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace pump::builder {
namespace {

using core::Error;
using core::ErrorKind;

constexpr float kSpacing = 4;      // mm between points
constexpr float kSnap = 3;         // mm: a joint this near to an end of the other vessel is at that end
constexpr float kLongestGlue = 40; // mm from the table's end point to the vessel that it must join
constexpr float kSheathGap = 0.3f; // mm between artery and companion vein

void refresh(LaidVessel& vessel) {
    vessel.points = positionsOf(vessel.course);
    vessel.arcs = arcLengths(vessel.points);
}

Course reversed(Course course) {
    std::reverse(course.begin(), course.end());
    return course;
}

glm::vec3 sideAt(const Course& side, float z) {
    std::size_t k = 1;
    if (side.size() == 1 || z <= side.front().w) return glm::vec3(side.front());
    while (k + 1 < side.size() && z > side[k].w) ++k;
    const float t = std::clamp((z - side[k - 1].w) / std::max(side[k].w - side[k - 1].w, 1e-3f), 0.0f, 1.0f);
    return glm::normalize(glm::mix(glm::vec3(side[k - 1]), glm::vec3(side[k]), t));
}

/// Moving average over +-10 mm, so that the width does not step where segments meet.
void smoothWidths(Course& course, const std::vector<float>& arcs) {
    constexpr float reach = 10;
    std::vector<float> widths(course.size());
    for (std::size_t i = 0; i < course.size(); ++i) {
        float sum = 0, weights = 0;
        for (std::size_t k = 0; k < course.size(); ++k) {
            const float weight = reach - std::abs(arcs[k] - arcs[i]);
            if (weight <= 0) continue;
            sum += weight * course[k].w;
            weights += weight;
        }
        widths[i] = sum / weights;
    }
    for (std::size_t i = 0; i < course.size(); ++i) course[i].w = widths[i];
}

/// Parabola through the relative widths at start, middle and end, scaled to leave the mean section as it is.
void applySpindle(Course& course, const std::vector<float>& arcs, std::array<float, 3> widths) {
    std::vector<float> factor(course.size());
    float meanSquare = 0;
    for (std::size_t i = 0; i < course.size(); ++i) {
        const float s = arcs[i] / arcs.back();
        factor[i] =
            widths[0] * (1 - s) * (1 - 2 * s) + widths[1] * 4 * s * (1 - s) + widths[2] * s * (2 * s - 1);
        meanSquare += factor[i] * factor[i] / static_cast<float>(course.size());
    }
    for (std::size_t i = 0; i < course.size(); ++i) course[i].w *= factor[i] / std::sqrt(meanSquare);
}

} // namespace

int VesselLayout::find(std::string_view id) const {
    for (std::size_t i = 0; i < m_vessels.size(); ++i)
        if (m_vessels[i].plan.id == id) return static_cast<int>(i);
    return -1;
}

StretchDriver VesselLayout::driverOf(std::string_view segment, const std::string& where) const {
    StretchDriver driver;
    std::string rest(segment);
    if (const auto colon = rest.find(':'); colon != std::string::npos) {
        driver.kind = rest.substr(0, colon);
        rest = rest.substr(colon + 1);
    } else if (rest == "LYMPH") {
        driver.kind = rest;
        return driver;
    }
    if (const auto star = rest.find('*'); star != std::string::npos) {
        driver.share = std::strtof(rest.c_str(), nullptr);
        rest = rest.substr(star + 1);
    }
    driver.name = rest;
    if (driver.kind == "LINK") {
        const auto arrow = rest.find('>');
        driver.from = rest.substr(0, arrow);
        driver.to = arrow == std::string::npos ? "" : rest.substr(arrow + 1);
        if (!m_network.find(driver.from, driver.to))
            throw Error(ErrorKind::Asset, "{}: '{}': the network has no link {} -> {}; see network/links.csv",
                        where, segment, driver.from, driver.to);
    } else if (driver.kind.empty() || driver.kind == "STILL" || driver.kind == "BED" ||
               driver.kind == "ART") {
        if (!m_network.find(rest))
            throw Error(ErrorKind::Asset,
                        "{}: '{}': the network has no segment '{}'; see network/segments.csv", where, segment,
                        rest);
    } else {
        throw Error(ErrorKind::Asset,
                    "{}: '{}' is no driver; use SEGMENT, LINK:A>B, STILL:SEGMENT, ART:SHARE*BED or LYMPH",
                    where, segment);
    }
    return driver;
}

bool VesselLayout::ready(const VesselPlan& plan) const {
    if (!plan.from.empty() && find(plan.from) < 0) return false;
    if (!plan.into.empty() && find(plan.into) < 0) return false;
    if (plan.companion)
        for (const std::string& artery : plan.companion->arteries)
            if (find(artery) < 0) return false;
    return true;
}

void VesselLayout::layAll(std::vector<VesselPlan> plans) {
    for (const VesselPlan& plan : plans)
        if (plan.companion && plan.companion->distance <= 0)
            m_accompanied.insert(plan.companion->arteries.begin(), plan.companion->arteries.end());
    while (!plans.empty()) {
        const auto next =
            std::find_if(plans.begin(), plans.end(), [this](const VesselPlan& plan) { return ready(plan); });
        if (next == plans.end()) {
            const VesselPlan& plan = plans.front();
            std::vector<std::string> named = {plan.from, plan.into};
            if (plan.companion)
                named.insert(named.end(), plan.companion->arteries.begin(), plan.companion->arteries.end());
            for (const std::string& id : named) {
                const bool known =
                    id.empty() || find(id) >= 0 ||
                    std::any_of(plans.begin(), plans.end(), [&](const VesselPlan& p) { return p.id == id; });
                if (!known)
                    throw Error(ErrorKind::Asset, "{}: '{}' joins '{}', which is no vessel of the table",
                                plan.where, plan.id, id);
            }
            throw Error(ErrorKind::Asset,
                        "{}: '{}' waits for vessels that wait for it in turn; break the circle of from, into",
                        plan.where, plan.id);
        }
        VesselPlan plan = std::move(*next);
        plans.erase(next);
        lay(std::move(plan), true);
    }
    layLadders();
}

Course VesselLayout::followedCourse(const CompanionPlan& companion) const {
    Course artery;
    for (const std::string& id : companion.arteries) {
        const Course& followed = m_vessels[static_cast<std::size_t>(find(id))].course;
        const Course part = companion.upstream ? reversed(followed) : followed;
        artery.insert(artery.end(), part.begin(), part.end());
    }
    return resampled(artery, kSpacing);
}

Course VesselLayout::companionCourse(const VesselPlan& plan) const {
    const CompanionPlan& companion = *plan.companion;
    const Course artery = followedCourse(companion);
    const std::vector<glm::vec3> points = positionsOf(artery);
    const float low = nearestOnPolyline(points, companion.lowest).arc;
    const float high = nearestOnPolyline(points, companion.highest).arc;
    if (high < low + 8)
        throw Error(ErrorKind::Asset,
                    "{}: 'highest' lies {} mm above 'lowest' along the artery, expected 8 or more",
                    plan.where, high - low);
    const std::vector<float> arcs = arcLengths(points);
    std::vector<PairPlace> places;
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
        if (arcs[i] < low || arcs[i] > high) continue;
        PairPlace place;
        place.artery = points[i];
        place.along = glm::normalize(points[i + 1] - points[i - 1]);
        const glm::vec3 side = sideAt(companion.side, points[i].z);
        place.wanted = glm::normalize(side - glm::dot(side, place.along) * place.along);
        std::string segment = plan.segments.front();
        for (const std::string& candidate : plan.segments)
            if (const auto* found = m_network.find(candidate);
                found && points[i].z > m_network.legZ(found->low) - 1)
                segment = candidate;
        place.radius = driverRadius(segment, points[i].z, plan.where);
        place.offset =
            companion.distance > 0 ? companion.distance : 0.5f * artery[i].w + place.radius + kSheathGap;
        places.push_back(place);
    }
    std::vector<glm::vec3> sides;
    if (companion.distance > 0) { // one vessel at some distance: as the table has it
        for (const PairPlace& place : places) sides.push_back(place.wanted);
    } else {
        TissueProbe probe = m_probe;
        if (plan.ownGap) probe.gapDistance = probe.fleshDistance = nullptr; // muscles make room for it
        sides = pairSides(places, probe);
    }
    Course course = plan.before;
    for (std::size_t i = 0; i < places.size(); ++i)
        course.emplace_back(places[i].artery + companion.sign * places[i].offset * sides[i], 0);
    course.insert(course.end(), plan.course.begin(), plan.course.end());
    return course;
}

void VesselLayout::glueEnds(LaidVessel& vessel) const {
    const auto join = [&](const std::string& id, glm::vec3 place, bool start) {
        const int other = find(id);
        const LaidVessel& parent = m_vessels[static_cast<std::size_t>(other)];
        const PolylinePlace near = nearestOnPolyline(parent.points, place);
        if (near.distance > kLongestGlue)
            throw Error(ErrorKind::Asset,
                        "{}: '{}' {} '{}', but ({:.0f}, {:.0f}, {:.0f}) is {:.0f} mm away from it",
                        vessel.plan.where, vessel.plan.id, start ? "begins on" : "flows into", id, place.x,
                        place.y, place.z, near.distance);
        float arc = near.arc;
        if (!start && arc < kSnap) arc = 0;
        if (start && arc > parent.arcs.back() - kSnap) arc = parent.arcs.back();
        return std::pair(anatomy::Junction{other, arc}, pointAtArc(parent.points, parent.arcs, arc));
    };
    // Control points right beside the joint would make a hook: they go.
    const auto hooked = [&](glm::vec4 point, glm::vec3 place, anatomy::Junction junction) {
        return glm::distance(glm::vec3(point), place) < (goesOnAt(junction) ? 6.0f : 2.5f);
    };
    Course& course = vessel.course;
    if (!vessel.plan.from.empty()) {
        const auto [junction, place] = join(vessel.plan.from, glm::vec3(course.front()), true);
        vessel.from = junction;
        const float width = course.front().w;
        while (course.size() > 1 && hooked(course.front(), place, junction)) course.erase(course.begin());
        course.insert(course.begin(), glm::vec4(place, width));
    }
    if (!vessel.plan.into.empty()) {
        const auto [junction, place] = join(vessel.plan.into, glm::vec3(course.back()), false);
        vessel.into = junction;
        const float width = course.back().w;
        while (course.size() > 1 && hooked(course.back(), place, junction)) course.pop_back();
        course.emplace_back(place, width);
    }
}

std::optional<glm::vec3> VesselLayout::goesOnAt(anatomy::Junction joint) const {
    constexpr float kAhead = 8; // mm
    if (joint.vessel < 0) return {};
    const LaidVessel& other = m_vessels[static_cast<std::size_t>(joint.vessel)];
    const float length = other.arcs.back();
    if (joint.arc <= 0) return pointAtArc(other.points, other.arcs, kAhead);
    if (joint.arc >= length) return pointAtArc(other.points, other.arcs, length - kAhead);
    return {};
}

std::vector<anatomy::Stretch> VesselLayout::stretchesOf(const LaidVessel& vessel) const {
    const VesselPlan& plan = vessel.plan;
    std::vector<anatomy::Stretch> stretches;
    float from = 0;
    for (std::size_t s = 0; s < plan.segments.size(); ++s) {
        const StretchDriver driver = driverOf(plan.segments[s], plan.where);
        float to = vessel.arcs.back();
        if (s + 1 < plan.segments.size()) {
            const auto given = plan.topZ.find(plan.segments[s]);
            const auto* segment = driver.kind.empty() ? m_network.find(driver.name) : nullptr;
            if (given == plan.topZ.end() && !segment)
                throw Error(ErrorKind::Asset, "{}: '{}': '{}' needs its upper end in topZ", plan.where,
                            plan.id, plan.segments[s]);
            const float top = given != plan.topZ.end() ? given->second : m_network.legZ(segment->high);
            std::size_t i = 0;
            while (i + 1 < vessel.points.size() &&
                   !(vessel.arcs[i + 1] > from && vessel.points[i].z <= top && vessel.points[i + 1].z > top))
                ++i;
            if (i + 1 == vessel.points.size())
                throw Error(
                    ErrorKind::Asset,
                    "{}: '{}': segment {} ends at z = {:.0f}, but the vessel runs from z = {:.0f} to {:.0f}",
                    plan.where, plan.id, plan.segments[s], top, vessel.points.front().z,
                    vessel.points.back().z);
            const float t = (top - vessel.points[i].z) / (vessel.points[i + 1].z - vessel.points[i].z);
            to = glm::mix(vessel.arcs[i], vessel.arcs[i + 1], t);
        }
        if (to <= from + 0.5f)
            throw Error(ErrorKind::Asset, "{}: '{}': nothing is left of its length for '{}'", plan.where,
                        plan.id, plan.segments[s]);
        stretches.push_back({plan.segments[s], from, to, true});
        from = to;
    }
    return stretches;
}

float VesselLayout::driverRadius(const std::string& name, float z, const std::string& where) const {
    const StretchDriver driver = driverOf(name, where);
    if (driver.kind == "LYMPH") return 0.4f;
    if (driver.kind == "LINK") {
        if (const auto* link = m_network.find(driver.from, driver.to); link->tubeDiameter > 0)
            return 0.5f * link->tubeDiameter;
        return m_network.standingRadius(*m_network.find(driver.from), z);
    }
    return m_network.standingRadius(*m_network.find(driver.name), z);
}

void VesselLayout::setWidths(LaidVessel& vessel) const {
    if (vessel.plan.kind == anatomy::VesselKind::Artery || vessel.plan.kind == anatomy::VesselKind::Bed) {
        for (const glm::vec4& point : vessel.course)
            if (!(point.w > 0))
                throw Error(ErrorKind::Asset,
                            "{}: '{}': every point of an artery needs its diameter (x, y, z, d)",
                            vessel.plan.where, vessel.plan.id);
        narrowMouths(vessel);
        return;
    }
    std::size_t s = 0;
    for (std::size_t i = 0; i < vessel.course.size(); ++i) {
        while (s + 1 < vessel.stretches.size() && vessel.arcs[i] > vessel.stretches[s].to) ++s;
        vessel.course[i].w =
            vessel.plan.diameter > 0
                ? vessel.plan.diameter
                : 2 * driverRadius(vessel.stretches[s].segment, vessel.points[i].z, vessel.plan.where);
    }
    smoothWidths(vessel.course, vessel.arcs);
    if (vessel.plan.spindle) applySpindle(vessel.course, vessel.arcs, *vessel.plan.spindle);
    narrowMouths(vessel);
}

void VesselLayout::narrowMouths(LaidVessel& vessel) const {
    // Where it opens into the side of another vessel its mouth must not stand out of that one's wall.
    constexpr float kMouth = 14; // mm
    const auto narrow = [&](anatomy::Junction joint, bool start) {
        if (joint.vessel < 0) return;
        const LaidVessel& parent = m_vessels[static_cast<std::size_t>(joint.vessel)];
        if (joint.arc <= 0 || joint.arc >= parent.arcs.back()) return;
        const auto at = std::lower_bound(parent.arcs.begin(), parent.arcs.end(), joint.arc);
        const float widest = 0.66f * parent.course[static_cast<std::size_t>(at - parent.arcs.begin())].w;
        for (std::size_t i = 0; i < vessel.course.size(); ++i) {
            const float t = std::clamp(
                (start ? vessel.arcs[i] : vessel.arcs.back() - vessel.arcs[i]) / kMouth, 0.0f, 1.0f);
            float& width = vessel.course[i].w;
            if (width > widest) width = glm::mix(widest, width, t * t * (3 - 2 * t));
        }
    };
    narrow(vessel.from, true);
    narrow(vessel.into, false);
}

RouteRules VesselLayout::rulesOf(const LaidVessel& vessel) const {
    RouteRules rules;
    rules.heldStart = vessel.from.vessel >= 0;
    rules.heldEnd = vessel.into.vessel >= 0;
    if (vessel.plan.insideMuscle > 0) {
        rules.insideMuscle = vessel.plan.muscle;
        rules.muscleDepth = vessel.plan.insideMuscle;
    }
    const bool lymph = vessel.plan.kind == anatomy::VesselKind::Lymph;
    rules.underSkin = vessel.plan.clearance > 0 || vessel.plan.subdermal || lymph ||
                      vessel.plan.kind == anatomy::VesselKind::Perforator;
    rules.subdermal = vessel.plan.subdermal;
    rules.outsideFlesh =
        vessel.plan.outsideFlesh || vessel.plan.kind == anatomy::VesselKind::SuperficialVein || lymph;
    if (lymph) rules.reach = 16; // laid beside a vein, whatever lies there
    rules.inGap = vessel.plan.muscle.empty() && !vessel.plan.ownGap &&
                  (vessel.plan.kind == anatomy::VesselKind::DeepVein ||
                   vessel.plan.kind == anatomy::VesselKind::Artery);
    if (vessel.plan.companion && vessel.plan.companion->distance <= 0) {
        const CompanionPlan& companion = *vessel.plan.companion;
        const Course artery = followedCourse(companion);
        const std::vector<glm::vec3> points = positionsOf(artery);
        const std::vector<float> arcs = arcLengths(points);
        const float low = nearestOnPolyline(points, companion.lowest).arc;
        const float high = nearestOnPolyline(points, companion.highest).arc;
        rules.sheath.emplace();
        for (std::size_t i = 0; i < artery.size(); ++i)
            if (arcs[i] >= low && arcs[i] <= high) rules.sheath->artery.push_back(artery[i]);
    }
    if (vessel.plan.kind == anatomy::VesselKind::Artery && m_accompanied.contains(vessel.plan.id))
        rules.wallGap = 2.2f; // room for the veins of the pair
    for (const anatomy::Junction& joint : {vessel.from, vessel.into})
        if (goesOnAt(joint)) rules.goesOn.push_back(joint.vessel);
    if (vessel.from.vessel >= 0) rules.joined.push_back(vessel.from.vessel);
    if (vessel.into.vessel >= 0) {
        rules.joined.push_back(vessel.into.vessel);
        for (std::size_t i = 0; i < m_vessels.size(); ++i) // those that flow into the same place
            if (m_vessels[i].into.vessel == vessel.into.vessel ||
                m_vessels[i].from.vessel == vessel.into.vessel)
                rules.joined.push_back(static_cast<int>(i));
    }
    return rules;
}

void VesselLayout::requireInside(const LaidVessel& vessel) const {
    constexpr float kGrid = 1.5f; // mm: what the grid of the skin can tell
    if (!m_probe.skinDistance) return;
    for (const glm::vec3& p : vessel.points)
        if (const float out = m_probe.skinDistance(p); out > kGrid)
            throw Error(
                ErrorKind::Asset,
                "{}: '{}' leaves the leg: at ({:.0f}, {:.0f}, {:.0f}) it is {:.1f} mm outside the skin; "
                "move the nearest point of its course inward",
                vessel.plan.where, vessel.plan.id, p.x, p.y, p.z, out);
}

int VesselLayout::lay(VesselPlan plan, bool route) {
    LaidVessel vessel;
    vessel.plan = std::move(plan);
    vessel.course = vessel.plan.companion ? companionCourse(vessel.plan) : vessel.plan.course;
    glueEnds(vessel);
    const bool bed = vessel.plan.kind == anatomy::VesselKind::Bed;
    vessel.course = smoothCourse(vessel.course, kSpacing, goesOnAt(vessel.from), goesOnAt(vessel.into));
    vessel.course = resampled(rounded(vessel.course, bed ? 16 : 2), kSpacing);
    refresh(vessel);
    const bool artery = vessel.plan.kind == anatomy::VesselKind::Artery;
    if (vessel.plan.segments.empty() && !artery)
        throw Error(ErrorKind::Asset, "{}: '{}': 'segments' is missing: which network segments drive it?",
                    vessel.plan.where, vessel.plan.id);
    vessel.stretches = stretchesOf(vessel);
    setWidths(vessel);
    if (route) {
        vessel.course = resampled(routed(vessel.course, rulesOf(vessel), m_probe, m_pieces), kSpacing);
        refresh(vessel);
        vessel.stretches = stretchesOf(vessel);
        setWidths(vessel);
    }
    for (const glm::vec4& point : vessel.course)
        if (!std::isfinite(point.x + point.y + point.z + point.w))
            throw Error(ErrorKind::Asset, "{}: '{}': its course gives a point that is not a number",
                        vessel.plan.where, vessel.plan.id);
    if (route) requireInside(vessel);
    const int index = static_cast<int>(m_vessels.size());
    if (vessel.plan.kind != anatomy::VesselKind::Bed)
        for (std::size_t i = 0; i + 1 < vessel.points.size(); ++i)
            m_pieces.push_back({vessel.points[i], vessel.points[i + 1],
                                0.25f * (vessel.course[i].w + vessel.course[i + 1].w), index});
    m_vessels.push_back(std::move(vessel));
    return index;
}

void VesselLayout::layLadders() {
    const std::size_t count = m_vessels.size();
    for (std::size_t b = 0; b < count; ++b) {
        const VesselPlan& plan = m_vessels[b].plan;
        if (!plan.companion || plan.companion->ladderSpacing <= 0) continue;
        const int a = find(plan.id.substr(0, plan.id.size() - 1) + "a");
        if (a >= 0) layLadder(a, static_cast<int>(b));
    }
}

void VesselLayout::layLadder(int a, int b) {
    const std::string pair = m_vessels[static_cast<std::size_t>(b)].plan.id;
    const CompanionPlan companion = *m_vessels[static_cast<std::size_t>(b)].plan.companion;
    const std::string where = m_vessels[static_cast<std::size_t>(b)].plan.where;
    const std::vector<glm::vec3> pointsA = m_vessels[static_cast<std::size_t>(a)].points;
    const std::vector<glm::vec3> pointsB = m_vessels[static_cast<std::size_t>(b)].points;
    const std::vector<float> arcsB = arcLengths(pointsB);
    const float low = nearestOnPolyline(pointsB, companion.lowest).arc;
    const float high = nearestOnPolyline(pointsB, companion.highest).arc;
    const auto rungs = static_cast<int>((high - low) / companion.ladderSpacing);
    for (int k = 0; k < rungs; ++k) {
        const float arc = low + (static_cast<float>(k) + 0.5f) * (high - low) / static_cast<float>(rungs);
        const glm::vec3 onB = pointAtArc(pointsB, arcsB, arc);
        // The rungs climb: they leave the inner vein a little lower than they reach the outer one.
        const PolylinePlace onA = nearestOnPolyline(pointsA, pointAtArc(pointsB, arcsB, arc - 5));
        std::string segment;
        for (const anatomy::Stretch& stretch : m_vessels[static_cast<std::size_t>(b)].stretches)
            if (segment.empty() || arc >= stretch.from) segment = stretch.segment;
        const float veinRadius = driverRadius(segment, onB.z, where);
        const glm::vec3 middle = 0.5f * (onA.position + onB);
        const glm::vec3 across = onB - onA.position;
        const glm::vec3 along = pointAtArc(pointsB, arcsB, arc + 2) - pointAtArc(pointsB, arcsB, arc - 2);
        glm::vec3 behind = glm::cross(glm::normalize(across), glm::normalize(along));
        behind = glm::normalize(behind) * (behind.y > 0 ? -1.0f : 1.0f);
        VesselPlan plan;
        plan.id = fmt::format("venae-comitantes-{}-{}", pair.substr(0, pair.find("-veins")), k + 1);
        plan.where = where;
        plan.kind = anatomy::VesselKind::DeepVein;
        plan.segments = {"STILL:" + segment};
        plan.diameter = veinRadius; // half as wide as the vein
        plan.from = m_vessels[static_cast<std::size_t>(a)].plan.id;
        plan.into = m_vessels[static_cast<std::size_t>(b)].plan.id;
        float arteryRadius = 0;
        for (const std::string& id : companion.arteries) {
            const LaidVessel& artery = m_vessels[static_cast<std::size_t>(find(id))];
            if (nearestOnPolyline(artery.points, middle).distance < 6)
                arteryRadius = std::max(arteryRadius, 0.5f * artery.course.front().w);
        }
        const float bow = arteryRadius + 0.5f * veinRadius + 0.4f;
        plan.course = {glm::vec4(onA.position, 0), glm::vec4(middle + behind * bow, 0), glm::vec4(onB, 0)};
        lay(std::move(plan), false);
    }
}

} // namespace pump::builder
