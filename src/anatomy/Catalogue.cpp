#include "anatomy/Catalogue.h"

#include "core/Error.h"
#include "core/JsonFile.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace pump::anatomy {

std::optional<Tissue> tissueFromId(std::string_view id) {
    for (int i = 0; i <= static_cast<int>(Tissue::Lymph); ++i)
        if (tissueId(static_cast<Tissue>(i)) == id) return static_cast<Tissue>(i);
    return std::nullopt;
}

std::optional<Layer> layerFromId(std::string_view id) {
    for (std::size_t i = 0; i < kLayerCount; ++i)
        if (layerId(static_cast<Layer>(i)) == id) return static_cast<Layer>(i);
    return std::nullopt;
}

Catalogue::Catalogue(const std::filesystem::path& file) {
    const core::JsonFile json(file);
    m_credit = json.root().at("credit").text();
    const core::JsonField rows = json.root().at("rows");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const core::JsonField field = rows.at(i);
        CatalogueRow row;
        row.id = field.at("id").text();
        if (!seen.insert(row.id).second)
            field.at("id").fail(fmt::format("'{}' stands twice; ids are unique", row.id));
        row.english = field.at("english").text();
        row.latin = field.at("latin").text();
        row.ta2 = field.at("ta2").integer(0, 99999);
        const core::JsonField fma = field.at("fma");
        for (std::size_t k = 0; k < fma.size(); ++k) row.fma.push_back(fma.at(k).text());
        row.plain = field.at("plain").text();
        row.purpose = field.at("purpose").text();
        row.group = field.at("group").text();
        const auto tissue = tissueFromId(field.at("tissue").text());
        if (!tissue) field.at("tissue").fail(fmt::format("'{}' is no tissue", field.at("tissue").text()));
        row.tissue = *tissue;
        const auto layer = layerFromId(field.at("layer").text());
        if (!layer) field.at("layer").fail(fmt::format("'{}' is no layer", field.at("layer").text()));
        row.layer = *layer;
        m_rows.push_back(std::move(row));
    }
}

const CatalogueRow* Catalogue::find(std::string_view id) const {
    for (std::string_view part = id; !part.empty();) {
        const auto row = std::find_if(m_rows.begin(), m_rows.end(),
                                      [&](const CatalogueRow& candidate) { return candidate.id == part; });
        if (row != m_rows.end()) return &*row;
        const auto dash = part.rfind('-');
        if (dash == std::string_view::npos) break;
        part = part.substr(0, dash);
    }
    // Valve sites are named after the segments that they part; they share one row.
    return id.substr(0, 6) == "valve-" ? find("venous-valve") : nullptr;
}

const CatalogueRow* Catalogue::findFma(std::string_view fma) const {
    for (const CatalogueRow& row : m_rows)
        if (std::find(row.fma.begin(), row.fma.end(), fma) != row.fma.end()) return &row;
    return nullptr;
}

void Catalogue::describe(Structure& structure, const CatalogueRow& row) const {
    structure.english = row.english;
    structure.latin = row.latin;
    structure.plain = row.plain;
    structure.purpose = row.purpose;
    structure.ta2 = row.ta2;
    structure.fma = row.fma.empty() ? "" : row.fma.front();
    structure.tissue = row.tissue;
    structure.layer = row.layer;
}

} // namespace pump::anatomy
