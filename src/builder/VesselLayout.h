#pragma once

#include "builder/VesselNetwork.h"
#include "builder/VesselPlan.h"
#include "builder/VesselRouting.h"
#include "builder/Vessels.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pump::builder {

/// What Stretch::segment says, taken apart: "LINK:0.5*PAV1>PTV1" -> LINK, 0.5, PAV1>PTV1.
struct StretchDriver {
    std::string kind; ///< "", LINK, STILL, BED, ART, LYMPH
    float share = 1;
    std::string name; ///< segment, or from>to
    std::string from, to;
};

/// A vessel in its final place.
struct LaidVessel {
    VesselPlan plan;
    Course course; ///< w: diameter
    std::vector<glm::vec3> points;
    std::vector<float> arcs;
    std::vector<anatomy::Stretch> stretches;
    anatomy::Junction from, into; ///< vessel -1: none
};

/// Lays vessels out in an order in which each finds the vessels that it joins already in place.
class VesselLayout {
  public:
    VesselLayout(const VesselNetwork& network, const TissueProbe& probe)
        : m_network(network), m_probe(probe) {}

    /// Lays all plans, then the cross links of pairs. Throws Error(Asset).
    void layAll(std::vector<VesselPlan> plans);
    /// Lays one vessel whose neighbours lie already; `route` false: keeps the course as it is.
    int lay(VesselPlan plan, bool route);

    int find(std::string_view id) const; ///< -1: not laid
    const std::vector<LaidVessel>& vessels() const { return m_vessels; }
    const std::vector<LaidPiece>& pieces() const { return m_pieces; }
    StretchDriver driverOf(std::string_view segment, const std::string& where) const;

  private:
    bool ready(const VesselPlan& plan) const;
    /// The arteries that a pair follows, one after the other, against their flow.
    Course followedCourse(const CompanionPlan& companion) const;
    Course companionCourse(const VesselPlan& plan) const;
    void glueEnds(LaidVessel& vessel) const;
    /// Where the other vessel runs on, when a joint is at one of its ends.
    std::optional<glm::vec3> goesOnAt(anatomy::Junction joint) const;
    std::vector<anatomy::Stretch> stretchesOf(const LaidVessel& vessel) const;
    float driverRadius(const std::string& segment, float z, const std::string& where) const;
    void setWidths(LaidVessel& vessel) const;
    void narrowMouths(LaidVessel& vessel) const;
    RouteRules rulesOf(const LaidVessel& vessel) const;
    void requireInside(const LaidVessel& vessel) const;
    void layLadders();
    void layLadder(int a, int b);

    const VesselNetwork& m_network;
    const TissueProbe& m_probe;
    std::set<std::string> m_accompanied; ///< arteries with a pair of veins
    std::vector<LaidVessel> m_vessels;
    std::vector<LaidPiece> m_pieces;
};

} // namespace pump::builder
