#pragma once

#include "anatomy/LegModel.h"
#include "builder/Sections.h"
#include "builder/SheetTable.h"
#include "builder/Strand.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pump::builder {

/// The sheet by which a tendon spreads over the muscle that it comes from.
struct Aponeurosis {
    std::string of;                    ///< id of the muscle
    glm::vec3 facing{0, -1, 0};        ///< the side of the muscle that it covers
    glm::vec2 thickness{1.5f};         ///< at the outline's lower and upper end, mm
    std::vector<glm::vec2> outline;    ///< [x, z], mm: seen from behind
    std::vector<std::string> joinedBy; ///< muscles whose lower ends run out on it
};

/// A bone, muscle, tendon or membrane whose shape comes from measured sections (assets/anatomy/solids.json).
struct SolidRow {
    std::string id;
    std::string sections;              ///< key in sections-*.json; empty: made of strands only
    std::optional<float> sectionsFrom; ///< sections hold above this height only, mm; strands go on below
    std::optional<float> sectionsTo;   ///< and below this one
    float thicken = 0;                 ///< mm added all round (sheets too thin for the grid)
    std::vector<std::string> yieldsTo; ///< solids that it gives way to although it is fixed
    std::vector<Strand> strands;
    std::optional<Aponeurosis> aponeurosis;
    anatomy::Tissue tissue = anatomy::Tissue::Bone;
    anatomy::Layer layer = anatomy::Layer::Bones;
    float spacing = 1.5f;  ///< of the grid, mm
    std::string joint;     ///< a joint of joints.json: rigid; blend: bends with the joints around it
    float volumeRatio = 1; ///< volume wanted / measured (measured legs differ; see the source in the table)
    std::optional<float> volume; ///< cm^3, of what is made of strands alone: what the report compares it with
    bool fixed = false;          ///< muscles give way to it
};

/// How a muscle moves (assets/anatomy/muscles.json).
struct MuscleRow {
    std::string id;
    std::string compartment;
    std::vector<std::string> tendons; ///< solids that carry its line on to the insertion, in order
    std::string ridesOn;              ///< muscle underneath, empty: none
    std::string along;                ///< muscle that it is a slip of, empty: none
    std::string deepTo;               ///< bone that its deep face lies against
    std::optional<glm::vec2> belly;   ///< heights between which it is flesh, upper first, mm
};

/// Everything in assets/anatomy. Throws Error(Asset) with file, row, field, value.
struct LegTables {
    std::filesystem::path folder; ///< assets/anatomy; the network tables lie beside it
    std::map<std::string, Sections> sections;
    std::vector<SolidRow> solids;
    std::vector<MuscleRow> muscles;
    std::vector<Strand> toes; ///< of the skin
    SheetTable sheets;
    std::vector<anatomy::Joint> joints;
    std::string credit;

    int joint(std::string_view id) const;
};

LegTables readLegTables(const std::filesystem::path& folder);
/// The joints alone, of joints.json. Throws Error(Asset).
std::vector<anatomy::Joint> readJoints(const std::filesystem::path& folder);

} // namespace pump::builder
