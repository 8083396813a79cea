#pragma once

#include "anatomy/Catalogue.h"
#include "builder/Strand.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pump::builder {

/// A sheet's id and what the catalogue says of it.
struct SheetName {
    std::string id;
    std::string where; ///< file and row, for messages
    anatomy::Tissue tissue = anatomy::Tissue::Fascia;
    anatomy::Layer layer = anatomy::Layer::Fascia;
};

/// A strap laid over what is under it.
struct StrapRow : SheetName {
    std::vector<Strand> courses;     ///< bands that belong together; radius: half width
    float thickness = 1;             ///< mm
    std::vector<std::string> covers; ///< vessels and nerves that it roofs
};

/// A wall between two groups of muscles.
struct SeptumRow : SheetName {
    std::vector<std::string> front, back; ///< solids on either side
    std::vector<std::string> frontVessels,
        backVessels;         ///< vessels and nerves, name* stands for all that begin so
    float low = 0, high = 0; ///< heights that it spans, mm
};

struct MeniscusRow : SheetName {
    glm::vec3 centre{};  ///< middle of the ring, mm
    glm::vec2 radius{1}; ///< of the outer rim, across and forward, mm
    float inner = 0.5f;  ///< inner rim as a share of the outer
    glm::vec2 opening{}; ///< direction of the gap between the horns (from lateral toward front), half its
                         ///< width, rad
    float floor = 1;     ///< mm kept from the tibia (its cartilage)
    float roof = 1;      ///< mm kept from the femur
    float height = 8;    ///< mm: of the outer rim
};

/// A nail, on the toe of the same place in skin.json.
struct NailRow : SheetName {
    float length = 8, width = 8; ///< mm
    float ahead = 0;             ///< mm from the last point of the toe's course to the middle of the nail
};

struct SheetTable {
    std::vector<StrapRow> straps;
    std::vector<SeptumRow> septa;
    std::vector<MeniscusRow> menisci;
    std::vector<NailRow> nails;
};

/// Reads assets/anatomy/sheets.json. Throws Error(Asset): file, row, value.
SheetTable readSheetTable(const std::filesystem::path& file, const anatomy::Catalogue& catalogue);

} // namespace pump::builder
