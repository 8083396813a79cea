#include "builder/VesselFlow.h"

#include "builder/VesselMesh.h"
#include "core/Error.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

namespace pump::builder {
namespace {

using core::Error;
using core::ErrorKind;

std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// "a" of "fibular-veins-a", "3" of "soleal-sinuses-medial-3", empty otherwise.
std::string memberOf(const std::string& id) {
    const std::string tail = id.substr(id.rfind('-') + 1);
    const bool number = !tail.empty() && std::all_of(tail.begin(), tail.end(),
                                                     [](unsigned char c) { return std::isdigit(c) != 0; });
    return number || tail == "a" || tail == "b" ? tail : "";
}

const anatomy::Stretch& stretchAt(const LaidVessel& vessel, float arc) {
    for (const anatomy::Stretch& stretch : vessel.stretches)
        if (arc < stretch.to) return stretch;
    return vessel.stretches.back();
}

float arcAtHeight(const LaidVessel& vessel, float z, const std::string& where) {
    for (std::size_t i = 0; i + 1 < vessel.points.size(); ++i) {
        const float low = vessel.points[i].z, high = vessel.points[i + 1].z;
        if (low <= z && high > z)
            return glm::mix(vessel.arcs[i], vessel.arcs[i + 1], (z - low) / (high - low));
    }
    throw Error(ErrorKind::Asset, "{}: '{}' does not pass z = {:.0f}, where a valve should be", where,
                vessel.plan.id, z);
}

class SiteFinder {
  public:
    SiteFinder(const VesselNetwork& network, const VesselLayout& layout)
        : m_network(network), m_layout(layout) {}

    std::vector<anatomy::ValveSite> run(const std::vector<ExtraValvePlan>& extra) {
        for (std::size_t i = 0; i < m_layout.vessels().size(); ++i) {
            const LaidVessel& vessel = m_layout.vessels()[i];
            if (vessel.plan.kind == anatomy::VesselKind::Artery ||
                vessel.plan.kind == anatomy::VesselKind::Bed)
                continue;
            m_vessel = static_cast<int>(i);
            betweenStretches(vessel);
            atBeginning(vessel);
            atEnd(vessel);
        }
        const std::size_t networkSites = m_sites.size();
        for (const ExtraValvePlan& plan : extra) addExtra(plan, networkSites);
        name();
        return std::move(m_sites);
    }

  private:
    void add(const std::string& from, const std::string& to, float arc, const std::string& suffix = "") {
        const LaidVessel& vessel = m_layout.vessels()[static_cast<std::size_t>(m_vessel)];
        anatomy::ValveSite site;
        site.id = suffix;
        site.from = from;
        site.to = to;
        site.vessel = m_vessel;
        site.arc = std::clamp(arc, 0.5f, vessel.arcs.back() - 0.5f);
        site.angle = commissureAngle(vessel, site.arc);
        m_sites.push_back(std::move(site));
    }

    /// The line where the cusps meet lies parallel to the skin: across the vein and across the way out.
    static float commissureAngle(const LaidVessel& vessel, float arc) {
        const std::vector<TubeFrame> frames = tubeFrames(vessel.points);
        const auto above = std::lower_bound(vessel.arcs.begin(), vessel.arcs.end(), arc);
        const auto i = std::min(static_cast<std::size_t>(above - vessel.arcs.begin()), frames.size() - 1);
        const glm::vec3 place = vessel.points[i];
        const glm::vec3 out = place.z > 20
                                  ? glm::vec3(place.x - 5, place.y + 10, 0)   // from the middle of the leg
                                  : glm::vec3(place.x - 20, 0, place.z + 35); // and of the foot
        const glm::vec3 line = glm::cross(frames[i].along, out);
        return std::atan2(glm::dot(line, frames[i].binormal), glm::dot(line, frames[i].normal));
    }

    void betweenStretches(const LaidVessel& vessel) {
        for (std::size_t s = 0; s + 1 < vessel.stretches.size(); ++s) {
            const StretchDriver a = m_layout.driverOf(vessel.stretches[s].segment, vessel.plan.where);
            const StretchDriver b = m_layout.driverOf(vessel.stretches[s + 1].segment, vessel.plan.where);
            if (!a.kind.empty()) continue;
            const std::string to = b.kind == "LINK" ? b.to : b.name;
            const auto* link = m_network.find(a.name, to);
            if (!link)
                throw Error(ErrorKind::Asset,
                            "{}: '{}': {} goes on in {}, but the network does not link them",
                            vessel.plan.where, vessel.plan.id, a.name, to);
            if (link->valve) add(a.name, to, vessel.stretches[s].to);
        }
    }

    /// A vessel that begins where another ends.
    void atBeginning(const LaidVessel& vessel) {
        if (vessel.from.vessel < 0) return;
        const LaidVessel& parent = m_layout.vessels()[static_cast<std::size_t>(vessel.from.vessel)];
        if (vessel.from.arc < parent.arcs.back()) return;
        const StretchDriver a = m_layout.driverOf(parent.stretches.back().segment, parent.plan.where);
        const StretchDriver b = m_layout.driverOf(vessel.stretches.front().segment, vessel.plan.where);
        if (!a.kind.empty() || !b.kind.empty() || a.name == b.name) return;
        const auto* link = m_network.find(a.name, b.name);
        if (!link)
            throw Error(ErrorKind::Asset, "{}: '{}': {} goes on in {}, but the network does not link them",
                        vessel.plan.where, vessel.plan.id, a.name, b.name);
        if (link->valve) add(a.name, b.name, 2);
    }

    void atEnd(const LaidVessel& vessel) {
        if (vessel.into.vessel < 0) return;
        const LaidVessel& parent = m_layout.vessels()[static_cast<std::size_t>(vessel.into.vessel)];
        const StretchDriver a = m_layout.driverOf(vessel.stretches.back().segment, vessel.plan.where);
        const StretchDriver b =
            m_layout.driverOf(stretchAt(parent, vessel.into.arc).segment, parent.plan.where);
        if (a.kind == "LINK") { // perforators and drains: one valve on the way
            const auto* link = m_network.find(a.from, a.to);
            if (link->valve && vessel.stretches.size() == 1) add(a.from, a.to, 0.45f * vessel.arcs.back());
            return;
        }
        if (!a.kind.empty() || !b.kind.empty() || a.name == b.name) return;
        const auto* link = m_network.find(a.name, b.name);
        if (!link)
            throw Error(
                ErrorKind::Asset,
                "{}: '{}' ({}) flows into '{}' at z = {:.0f}, where {} drives it; the network does not link "
                "them",
                vessel.plan.where, vessel.plan.id, a.name, parent.plan.id, vessel.points.back().z, b.name);
        if (!link->valve) return;
        if (vessel.plan.valveZ) {
            add(a.name, b.name, arcAtHeight(vessel, *vessel.plan.valveZ, vessel.plan.where));
            return;
        }
        // Outside the wall of the vessel that it joins, so that the cusps stand in their own vein.
        const auto others =
            std::count_if(m_layout.vessels().begin(), m_layout.vessels().end(), [&](const LaidVessel& other) {
                return other.into.vessel == vessel.into.vessel && other.into.arc <= 0;
            });
        const auto at = std::lower_bound(parent.arcs.begin(), parent.arcs.end(), vessel.into.arc);
        const auto index =
            std::min(parent.course.size() - 1, static_cast<std::size_t>(at - parent.arcs.begin()));
        float back = vessel.course.back().w + 0.5f;
        if (vessel.into.arc > 0) back += 0.5f * parent.course[index].w;
        if (vessel.into.arc <= 0 && others == 1) back = 1;
        add(a.name, b.name, vessel.arcs.back() - std::min(back, 0.4f * vessel.arcs.back()));
    }

    void addExtra(const ExtraValvePlan& plan, std::size_t networkSites) {
        for (const std::string& id : plan.vessels) {
            m_vessel = m_layout.find(id);
            if (m_vessel < 0) throw Error(ErrorKind::Asset, "{}: '{}' is no vessel", plan.where, id);
            const LaidVessel& vessel = m_layout.vessels()[static_cast<std::size_t>(m_vessel)];
            for (const float height : plan.heights) {
                const float arc = arcAtHeight(vessel, m_network.legZ(height), plan.where);
                const anatomy::ValveSite* nearest = nullptr;
                for (std::size_t k = 0; k < networkSites; ++k)
                    if (m_sites[k].vessel == m_vessel &&
                        (!nearest || std::abs(m_sites[k].arc - arc) < std::abs(nearest->arc - arc)))
                        nearest = &m_sites[k];
                if (!nearest)
                    throw Error(ErrorKind::Asset,
                                "{}: '{}' has no valve of the network that could decide for it", plan.where,
                                id);
                const std::string from = nearest->from, to = nearest->to;
                add(from, to, arc, fmt::format("-{:.0f}", height));
            }
        }
    }

    void name() {
        std::map<std::string, int> count, used;
        for (anatomy::ValveSite& site : m_sites) {
            site.id = fmt::format("valve-{}-{}{}", lower(site.from), lower(site.to), site.id);
            ++count[site.id];
        }
        std::set<std::string> taken;
        for (anatomy::ValveSite& site : m_sites) {
            const std::string base = site.id;
            if (count[base] > 1) {
                const std::string member =
                    memberOf(m_layout.vessels()[static_cast<std::size_t>(site.vessel)].plan.id);
                site.id = fmt::format("{}-{}", base, member.empty() ? std::to_string(++used[base]) : member);
                while (taken.contains(site.id)) site.id = fmt::format("{}-{}", base, ++used[base]);
            }
            taken.insert(site.id);
        }
    }

    const VesselNetwork& m_network;
    const VesselLayout& m_layout;
    std::vector<anatomy::ValveSite> m_sites;
    int m_vessel = -1;
};

} // namespace

std::vector<anatomy::ValveSite> valveSites(const std::vector<ExtraValvePlan>& extra,
                                           const VesselNetwork& network, const VesselLayout& layout) {
    return SiteFinder(network, layout).run(extra);
}

} // namespace pump::builder
