#pragma once

#include "anatomy/LegModel.h"
#include "builder/Sections.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pump::builder {

/// A bone, muscle, tendon or membrane whose shape comes from measured sections (assets/anatomy/solids.json).
struct SolidRow {
    std::string id;
    std::string sections; ///< key in sections-*.json
    anatomy::Tissue tissue = anatomy::Tissue::Bone;
    anatomy::Layer layer = anatomy::Layer::Bones;
    float spacing = 1.5f; ///< of the grid, mm
    std::string joint;    ///< shank, foot, toes: rigid; blend: bends across ankle and toe base
    float grow = 0;       ///< mm added all round where there is room (ANATOMY C1: the muscle is too small)
};

/// How a muscle moves (assets/anatomy/muscles.json).
struct MuscleRow {
    std::string id;
    std::string compartment;
    std::vector<std::string> tendons; ///< solids that carry its line on to the insertion, in order
    std::string ridesOn;              ///< muscle underneath, empty: none
    std::string deepTo;               ///< bone that its deep face lies against
};

struct StretchRow {
    std::string segment;
    std::optional<float> toZ;        ///< ends at this height, mm
    std::optional<float> toFraction; ///< or at this share of the vessel's length
};

/// A vessel or nerve as a course (assets/anatomy/vessels.json, nerves.json).
struct VesselRow {
    std::string id;
    anatomy::VesselKind kind = anatomy::VesselKind::DeepVein;
    std::vector<glm::vec3> course; ///< mm, in the direction of flow
    std::string beside;            ///< or: follows this vessel ...
    float side = 0;                ///< ... at its -1 / +1 side
    std::vector<float> diameter;   ///< mm: one value, or at start and end
    bool meshed = true;
    std::string muscle; ///< runs inside this muscle and is carried by it
    std::vector<StretchRow> stretches;
    std::vector<std::string> start, end; ///< vessels that it continues
};

struct ValveRow {
    std::string from, to; ///< network link
    std::string vessel;
    std::optional<float> z; ///< height, mm; absent: where the stretches of `from` and `to` meet
    bool extra = false;     ///< drawn beyond the network's own: the id gets its height
};

/// Everything in assets/anatomy. Throws Error(Asset) with file, row, field, value.
struct LegTables {
    std::map<std::string, Sections> sections;
    std::vector<SolidRow> solids;
    std::vector<MuscleRow> muscles;
    std::vector<VesselRow> vessels;
    std::vector<ValveRow> valves;
    std::vector<anatomy::Joint> joints;
    std::string credit;

    int joint(std::string_view id) const;
};

LegTables readLegTables(const std::filesystem::path& folder);

} // namespace pump::builder
