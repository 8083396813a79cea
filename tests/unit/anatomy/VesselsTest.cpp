#include "builder/Vessels.h"
#include "builder/VesselNetwork.h"

#include "core/Error.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <map>
#include <set>

using namespace pump;
using anatomy::Vessel;
using anatomy::VesselKind;
using builder::VesselSet;

namespace {

const VesselSet& vesselsOfTheTables() {
    static const VesselSet set = builder::buildVessels("assets", {});
    return set;
}

const builder::VesselNetwork& network() {
    static const builder::VesselNetwork tables("assets/network");
    return tables;
}

float heightAt(const Vessel& vessel, float arc) {
    for (std::size_t i = 1; i < vessel.points.size(); ++i) {
        const auto &a = vessel.points[i - 1], &b = vessel.points[i];
        if (arc <= b.arc)
            return glm::mix(a.position.z, b.position.z, (arc - a.arc) / std::max(b.arc - a.arc, 1e-6f));
    }
    return vessel.points.back().position.z;
}

/// "LINK:0.5*PAV1>PTV1" -> "PAV1>PTV1"
std::string nameOf(const std::string& segment) {
    std::string name = segment.substr(segment.find(':') == std::string::npos ? 0 : segment.find(':') + 1);
    return name.substr(name.find('*') == std::string::npos ? 0 : name.find('*') + 1);
}

/// Parts of the beds' inflow that an artery's driver names.
std::map<std::string, double> sharesOf(std::string driver) {
    std::map<std::string, double> shares;
    driver = driver.substr(4);
    while (!driver.empty()) {
        const std::string term = driver.substr(0, driver.find('+'));
        shares[term.substr(term.find('*') + 1)] += std::stod(term);
        driver = term.size() == driver.size() ? "" : driver.substr(term.size() + 1);
    }
    return shares;
}

} // namespace

TEST_CASE("every network segment is drawn") {
    const VesselSet& set = vesselsOfTheTables();
    std::set<std::string> drawn;
    for (const Vessel& vessel : set.vessels)
        for (const anatomy::Stretch& stretch : vessel.stretches)
            if (stretch.segment.find(':') == std::string::npos || stretch.segment.starts_with("BED:"))
                drawn.insert(nameOf(stretch.segment));
            else if (stretch.segment.starts_with("LINK:")) // the halves of the arches of the foot flow apart
                for (const char* arch : {"DVA", "DPA"})
                    if (nameOf(stretch.segment).starts_with(std::string(arch) + ">")) drawn.insert(arch);
    REQUIRE(network().segments().size() == 58);
    for (const auto& segment : network().segments()) {
        INFO(segment.id);
        CHECK(drawn.contains(segment.id));
    }
}

TEST_CASE("as many tubes are drawn as the network counts") {
    std::map<std::string, int> count;
    for (const Vessel& vessel : vesselsOfTheTables().vessels)
        for (const anatomy::Stretch& stretch : vessel.stretches) ++count[stretch.segment];
    for (const auto& segment : network().segments()) {
        if (count[segment.id] == 0 || segment.id == "DVA" || segment.id == "DPA")
            continue; // the two arches are drawn as halves that flow apart
        INFO(segment.id);
        CHECK(count[segment.id] == segment.parallel);
    }
}

TEST_CASE("stretches cover each vessel without gaps and points are even") {
    for (const Vessel& vessel : vesselsOfTheTables().vessels) {
        INFO(vessel.id);
        REQUIRE(vessel.points.size() >= 2);
        REQUIRE_FALSE(vessel.stretches.empty());
        CHECK(vessel.stretches.front().from == 0);
        CHECK_THAT(vessel.stretches.back().to, Catch::Matchers::WithinAbs(vessel.points.back().arc, 0.01));
        for (std::size_t i = 0; i < vessel.stretches.size(); ++i) {
            CHECK(vessel.stretches[i].to > vessel.stretches[i].from);
            CHECK(vessel.stretches[i].forward);
            if (i > 0) CHECK(vessel.stretches[i].from == vessel.stretches[i - 1].to);
        }
        for (std::size_t i = 1; i < vessel.points.size(); ++i) {
            const float step = vessel.points[i].arc - vessel.points[i - 1].arc;
            CHECK(step > 1.5f);
            CHECK(step < 6.5f);
            CHECK(vessel.points[i].radius > 0.15f);
            // Up to the groin (z = 846) nothing is as wide as the vena cava and the atrium above it.
            CHECK(vessel.points[i].radius < (vessel.points[i].position.z < 846 ? 8 : 25));
        }
    }
}

TEST_CASE("joined ends lie exactly on the vessel that they join") {
    const VesselSet& set = vesselsOfTheTables();
    const auto placeAt = [&](anatomy::Junction place) {
        const Vessel& vessel = set.vessels.at(static_cast<std::size_t>(place.vessel));
        REQUIRE(place.arc >= 0);
        REQUIRE(place.arc <= vessel.points.back().arc + 0.01f);
        for (std::size_t i = 1; i < vessel.points.size(); ++i) {
            const auto &a = vessel.points[i - 1], &b = vessel.points[i];
            if (place.arc <= b.arc)
                return glm::mix(a.position, b.position, (place.arc - a.arc) / (b.arc - a.arc));
        }
        return vessel.points.back().position;
    };
    for (const Vessel& vessel : set.vessels) {
        INFO(vessel.id);
        for (const auto& place : vessel.atStart)
            CHECK(glm::distance(placeAt(place), vessel.points.front().position) < 0.05f);
        for (const auto& place : vessel.atEnd)
            CHECK(glm::distance(placeAt(place), vessel.points.back().position) < 0.05f);
    }
}

TEST_CASE("from every bed blood walks to the heart along normal flow, without circles") {
    const VesselSet& set = vesselsOfTheTables();
    const int heart = set.find("right-atrium");
    REQUIRE(heart >= 0);
    int beds = 0;
    for (std::size_t start = 0; start < set.vessels.size(); ++start) {
        if (set.vessels[start].kind == VesselKind::Artery || set.vessels[start].kind == VesselKind::Lymph)
            continue;
        beds += set.vessels[start].kind == VesselKind::Bed ? 1 : 0;
        INFO(set.vessels[start].id);
        // Every way that blood can take, not only the first, ends at the heart within as many steps as
        // vessels.
        std::set<int> front = {static_cast<int>(start)};
        for (std::size_t step = 0; step <= set.vessels.size() && !front.empty(); ++step) {
            std::set<int> next;
            for (const int at : front) {
                if (at == heart) continue;
                REQUIRE_FALSE(set.vessels[static_cast<std::size_t>(at)].atEnd.empty());
                for (const auto& place : set.vessels[static_cast<std::size_t>(at)].atEnd)
                    next.insert(place.vessel);
            }
            front = next;
        }
        CHECK(front.empty());
    }
    CHECK(beds >= 80);
}

TEST_CASE("arteries carry what the beds downstream take") {
    const VesselSet& set = vesselsOfTheTables();
    const Vessel& femoral = set.vessels.at(static_cast<std::size_t>(set.find("femoral-artery")));
    for (const char* bed : {"MV_F", "MV_SL", "MV_P", "MV_D", "MV_A", "MV_T"}) {
        INFO(bed);
        CHECK_THAT(sharesOf(femoral.stretches.front().segment)[bed], Catch::Matchers::WithinAbs(1.0, 2e-3));
        double paths = 0;
        for (const Vessel& vessel : set.vessels)
            if (vessel.kind == VesselKind::Bed && nameOf(vessel.stretches.front().segment) == bed)
                paths += std::stod(vessel.stretches.front().segment.substr(4));
        CHECK_THAT(paths, Catch::Matchers::WithinAbs(1.0, 1e-4));
    }
    for (const Vessel& vessel : set.vessels) {
        if (vessel.kind != VesselKind::Artery) continue;
        INFO(vessel.id);
        double before = 1e9;
        for (const anatomy::Stretch& stretch : vessel.stretches) {
            double total = 0;
            for (const auto& [bed, share] : sharesOf(stretch.segment)) total += share;
            CHECK(total > 0);
            CHECK(total < before);
            before = total;
        }
    }
}

TEST_CASE("every valve of the network stands on its vessel at its height") {
    const VesselSet& set = vesselsOfTheTables();
    // Heights in mm above the sole as the tables of the anatomy have them, where segment ends do not say it.
    const std::map<std::string, float> drawnZ = {
        {"LPV>PTV1", -4}, {"MPV>PTV1", -4},   {"ATV3>POP1", 318}, {"GCM2>POP1", 333},  {"GCL2>POP1", 333},
        {"DFV>CFV", 784}, {"PAV2>GSV3", 229}, {"SSV3>POP1", 402}, {"SOLM1>PTV3", 195}, {"SOLL1>PER2", 212},
    };
    for (const auto& link : network().links()) {
        if (!link.valve) continue;
        const std::string name = link.from + ">" + link.to;
        INFO(name);
        int sites = 0;
        for (const anatomy::ValveSite& site : set.valves) {
            if (site.from != link.from || site.to != link.to) continue;
            ++sites;
            const Vessel& vessel = set.vessels.at(static_cast<std::size_t>(site.vessel));
            INFO(site.id << " on " << vessel.id);
            bool own = false;
            for (const anatomy::Stretch& stretch : vessel.stretches)
                own |= stretch.segment == link.from || nameOf(stretch.segment) == name;
            CHECK(own);
            CHECK(site.arc > 0);
            CHECK(site.arc < vessel.points.back().arc);
            // Valves without a height in their id are the network's own and stand where the link is.
            const bool extra = [&] {
                const std::string rest = site.id.substr(7 + link.from.size() + link.to.size());
                const auto dash = rest.find('-');
                return dash != std::string::npos && rest.size() > dash + 2 &&
                       std::isdigit(rest[dash + 2]) != 0;
            }();
            if (extra || vessel.kind == VesselKind::Perforator) continue;
            const auto given = drawnZ.find(name);
            const float z =
                given != drawnZ.end() ? given->second : network().legZ(network().find(link.from)->high);
            CHECK_THAT(heightAt(vessel, site.arc), Catch::Matchers::WithinAbs(z, 8.0));
        }
        CHECK(sites >= 1);
    }
    std::set<std::string> ids;
    for (const anatomy::ValveSite& site : set.valves) CHECK(ids.insert(site.id).second);
    CHECK(set.valves.size() >= 120);
}

TEST_CASE("perforators reach from the skin veins to the deep ones at their heights") {
    const VesselSet& set = vesselsOfTheTables();
    const std::map<std::string, std::pair<float, float>> bands = {
        // leg frame, mm
        {"perforator-posterior-tibial-lower", {0, 28}},
        {"perforator-posterior-tibial-middle", {56, 70}},
        {"perforator-posterior-tibial-upper-1", {98, 112}},
        {"perforator-posterior-tibial-upper-2", {109, 169}},
        {"perforator-paratibial-1", {146, 162}},
        {"perforator-paratibial-2", {195, 246}},
        {"perforator-boyd", {278, 299}},
        {"perforator-medial-gastrocnemius-1", {203, 237}},
        {"perforator-medial-gastrocnemius-2", {203, 237}},
        {"perforator-fibular-1", {48, 62}},
        {"perforator-fibular-2", {130, 148}},
        {"perforator-anterior-leg", {109, 195}},
        {"perforator-dodd", {492, 586}},
        {"perforator-hunter", {610, 681}},
    };
    for (const auto& [id, band] : bands) {
        INFO(id);
        const int index = set.find(id);
        REQUIRE(index >= 0);
        const Vessel& vessel = set.vessels.at(static_cast<std::size_t>(index));
        CHECK(vessel.kind == VesselKind::Perforator);
        CHECK(set.vessels.at(static_cast<std::size_t>(vessel.atStart.at(0).vessel)).kind ==
              VesselKind::SuperficialVein);
        CHECK(set.vessels.at(static_cast<std::size_t>(vessel.atEnd.at(0).vessel)).kind ==
              VesselKind::DeepVein);
        for (const auto& point : vessel.points) {
            CHECK(point.position.z >= band.first - 2);
            CHECK(point.position.z <= band.second + 2);
        }
    }
}

TEST_CASE("paired veins flank their artery") {
    const VesselSet& set = vesselsOfTheTables();
    const std::map<std::string, std::pair<std::string, std::pair<float, float>>> pairs = {
        {"posterior-tibial-veins", {"posterior-tibial-artery", {0, 280}}},
        {"fibular-veins", {"fibular-artery", {50, 270}}},
        {"anterior-tibial-veins", {"anterior-tibial-artery", {35, 300}}},
    };
    for (const auto& [pair, rule] : pairs) {
        const auto vesselOf = [&](const std::string& id) -> const Vessel& {
            REQUIRE(set.find(id) >= 0);
            return set.vessels.at(static_cast<std::size_t>(set.find(id)));
        };
        const Vessel &a = vesselOf(pair + "-a"), &b = vesselOf(pair + "-b"), &artery = vesselOf(rule.first);
        for (const auto& point : artery.points) {
            if (point.position.z < rule.second.first || point.position.z > rule.second.second) continue;
            const auto nearest = [&](const Vessel& vein) {
                const anatomy::VesselPoint* best = &vein.points.front();
                for (const auto& candidate : vein.points)
                    if (glm::distance(candidate.position, point.position) <
                        glm::distance(best->position, point.position))
                        best = &candidate;
                return *best;
            };
            const auto left = nearest(a), right = nearest(b);
            INFO(pair << " at z = " << point.position.z);
            for (const auto& vein : {left, right}) {
                const float gap = glm::distance(vein.position, point.position) - vein.radius - point.radius;
                CHECK(gap > -0.3f);
                CHECK(gap < 2.5f);
            }
            CHECK(glm::dot(glm::normalize(left.position - point.position),
                           glm::normalize(right.position - point.position)) < -0.6f);
        }
    }
}

TEST_CASE("veins stand as wide as the tube law says") {
    const VesselSet& set = vesselsOfTheTables();
    // alpha(80 mmHg) = 2.0 for deep veins: drawn radius about 1.4 times the unstressed one.
    const auto radiusAt = [&](const char* id, float z) {
        const Vessel& vessel = set.vessels.at(static_cast<std::size_t>(set.find(id)));
        float radius = 0;
        for (const auto& point : vessel.points)
            if (point.position.z <= z) radius = point.radius;
        return radius;
    };
    CHECK_THAT(radiusAt("posterior-tibial-veins-a", 130), Catch::Matchers::WithinAbs(1.5 * 1.42, 0.15));
    CHECK_THAT(radiusAt("popliteal-vein", 430), Catch::Matchers::WithinAbs(3.1 * 1.37, 0.25));
    const auto* segment = network().find("PTV2");
    REQUIRE(segment);
    CHECK(network().standingRadius(*segment, 0) > network().standingRadius(*segment, 800));
}

TEST_CASE("a vein of the skin follows no muscle where it passes from one to the next") {
    builder::TissueProbe probe;
    probe.bind = [](glm::vec3 p, std::string_view muscle) {
        anatomy::Binding binding;
        if (muscle.empty()) return binding;
        binding.muscle = p.z < 200 ? 0 : p.z > 250 && p.z < 270 ? 2 : 1; // 2 is a short run
        binding.muscleWeight = 0.8f;
        return binding;
    };
    const VesselSet set = builder::buildVessels("assets", probe);
    for (const char* id : {"great-saphenous-vein", "small-saphenous-vein"}) {
        INFO(id);
        const auto& points = set.vessels.at(static_cast<std::size_t>(set.find(id))).points;
        int changes = 0;
        float most = 0;
        for (std::size_t i = 1; i + 1 < points.size(); ++i) { // the ends are glued
            const anatomy::Binding &a = points[i].binding, &b = points[i + 1].binding;
            CHECK(a.muscle != 2);
            most = std::max(most, a.muscleWeight);
            if (i + 2 == points.size() || a.muscle == b.muscle) continue;
            ++changes;
            CHECK(a.muscleWeight < 0.1f);
            CHECK(b.muscleWeight < 0.1f);
        }
        CHECK(changes == 1);
        CHECK(most == 0.8f);
    }
}
