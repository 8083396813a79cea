#pragma once

#include "anatomy/LegModel.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pump::anatomy {

std::optional<Tissue> tissueFromId(std::string_view id);
std::optional<Layer> layerFromId(std::string_view id);

/// One named structure, or one row that several members share ("metatarsals" for metatarsals-1 to -5).
struct CatalogueRow {
    std::string id;
    std::string english, latin; ///< TA2
    int ta2 = 0;                ///< entry number of the second Terminologia Anatomica, 0: none
    std::vector<std::string> fma;
    std::string plain, purpose; ///< words for visitors
    std::string group;          ///< compartment or region
    Tissue tissue = Tissue::Bone;
    Layer layer = Layer::Bones;
};

/// assets/anatomy/catalogue.json: the names, words and identifiers of all structures.
/// Source: Terminologia Anatomica 2 (FIPAT 2019), Foundational Model of Anatomy.
class Catalogue {
  public:
    /// Throws Error(Asset): file, row, field, value, what was expected.
    explicit Catalogue(const std::filesystem::path& file);

    /// The row of an id; member suffixes are understood ("metatarsals-1", "posterior-tibial-veins-a",
    /// "valve-ptv1-ptv2-230"). Null when no row fits.
    const CatalogueRow* find(std::string_view id) const;
    /// The row that carries a Foundational Model of Anatomy id ("FMA24474"); null when none does.
    const CatalogueRow* findFma(std::string_view fma) const;
    /// Fills names, words, ids, tissue and layer of a structure from its row.
    void describe(Structure& structure, const CatalogueRow& row) const;

    const std::vector<CatalogueRow>& rows() const { return m_rows; }
    const std::string& credit() const { return m_credit; }

  private:
    std::vector<CatalogueRow> m_rows;
    std::string m_credit;
};

} // namespace pump::anatomy
