#include "anatomy/LegModel.h"

#include <algorithm>

namespace pump::anatomy {

std::string_view layerId(Layer layer) {
    constexpr std::array<std::string_view, kLayerCount> kIds = {
        "bones",       "muscles", "deep-veins", "superficial-veins",
        "perforators", "valves",  "arteries",   "nerves",
        "fascia",      "fat",     "skin",       "lymph"};
    return kIds.at(static_cast<std::size_t>(layer));
}

std::string_view tissueId(Tissue tissue) {
    constexpr std::array<std::string_view, 12> kIds = {"bone",   "cartilage", "muscle", "tendon",
                                                       "vein",   "artery",    "valve",  "nerve",
                                                       "fascia", "fat",       "skin",   "lymph"};
    return kIds.at(static_cast<std::size_t>(tissue));
}

const Structure* LegModel::find(std::string_view id) const {
    const auto found = std::find_if(structures.begin(), structures.end(),
                                    [&](const Structure& structure) { return structure.id == id; });
    return found == structures.end() ? nullptr : &*found;
}

} // namespace pump::anatomy
