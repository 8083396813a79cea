#pragma once

#include "anatomy/LegModel.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pump::builder {

/// Stands for a muscle id: moves as the skin there does.
inline constexpr std::string_view kRidesOnSkin = "skin";

/// What the solid part of the leg tells about a place (leg frame, mm). Any member may be empty: what it
/// would decide is then left as the table says.
struct TissueProbe {
    /// Signed distance to the nearest bone surface, mm, positive outside; large far away.
    std::function<float(glm::vec3)> boneDistance;
    /// Signed distance to the skin, mm, positive outside the body.
    std::function<float(glm::vec3)> skinDistance;
    /// Signed distance to one muscle by its id ("soleus"), mm, negative inside; large for an unknown id.
    std::function<float(std::string_view muscle, glm::vec3)> muscleDistance;
    /// Signed distance to the nearest muscle, tendon or membrane, mm, negative inside.
    std::function<float(glm::vec3)> fleshDistance;
    /// The same before the muscles parted the space, mm: the gaps in which deep vessels get their room.
    /// Empty: fleshDistance.
    std::function<float(glm::vec3)> gapDistance;
    /// Signed distance to the nearest membrane between compartments, mm.
    std::function<float(glm::vec3)> wallDistance;
    /// Joints and muscle that carry a place along. `muscle` names the muscle it must ride on; kRidesOnSkin:
    /// as the skin over it moves; empty: joints only.
    std::function<anatomy::Binding(glm::vec3, std::string_view muscle)> bind;
};

/// A place that the skin must enclose by at least `distance`.
struct SkinClearance {
    glm::vec3 point{};
    float distance = 6; ///< mm from the vessel's axis to the skin
};

/// A piece of a vessel or nerve that lies in the fat, outside the deep fascia.
struct InFat {
    glm::vec3 a{}, b{};
    float radius = 1; ///< mm
};

/// A nerve: drawn like a vessel, without flow.
struct Nerve {
    std::string id; ///< slug of its structure
    std::vector<anatomy::VesselPoint> points;
};

/// The vessel tree of the leg. Points of every vessel run with normal flow (veins toward the heart, arteries
/// and beds away from it), so Stretch::forward is always true here.
///
/// Stretch::segment is one of
///   "PTV2"              a segment of the network: lumen, pressure and flow (flow shared by its parallel
///   tubes) "LINK:PAV1>PTV1"    the tube of a network link (perforators, drains): flow of the link
///   "STILL:PTV2"        lumen and pressure of a segment, but no net flow (ladder links, tributaries)
///   "LINK:0.5*PAV1>PTV1" the same where several drawn vessels share one link: this one's part of the flow
///   "ART:0.3*MV_P+MV_D" artery: its flow is the sum of these parts of the inflows of the beds; worked out
///                       from the beds that lie downstream, or given where no capillaries are drawn
///   "BED:0.05*MV_P"     path through a capillary bed: its part of the inflow of the bed
///   "LYMPH"             lymph vessel
struct VesselSet {
    std::vector<anatomy::Vessel> vessels; ///< Vessel::structure is left at -1; beds have no mesh
    std::vector<anatomy::ValveSite> valves;
    std::vector<Nerve> nerves;
    std::vector<SkinClearance> skinClearance;
    std::vector<InFat> inFat;
    std::map<std::string, std::string> notDrawn; ///< network segments that no vessel draws -> why

    int find(std::string_view id) const; ///< index into vessels, -1: none
};

/// Reads anatomy/vessels.json and network/segments.csv, network/links.csv of the asset folder and lays the
/// vessels out. Call it once without skinDistance to learn skinClearance, and again (or only once) when the
/// skin exists. Throws core::Error(Asset): file, row or field, value, reason.
VesselSet buildVessels(const std::filesystem::path& assets, const TissueProbe& probe);

} // namespace pump::builder
