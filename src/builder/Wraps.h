#pragma once

#include "builder/Solids.h"
#include "builder/Vessels.h"

#include <string>
#include <vector>

namespace pump::builder {

/// A layer that wraps the solids: fascia, fat, cartilage.
struct Wrap {
    std::string id;
    anatomy::Tissue tissue = anatomy::Tissue::Fascia;
    anatomy::Layer layer = anatomy::Layer::Fascia;
    Field field;
    double smallestPiece = 200; ///< mm^3: smaller pieces are dropped
    bool rigid = false;         ///< moves with one joint
    std::string joint;
};

/// Deep fascia of leg and thigh (a stocking over muscles and bones that spans their grooves), the fat between
/// it and the skin, and the cartilage of knee and ankle. The fascia passes under the vessels and nerves that
/// lie in the fat.
/// `saphenous`: pieces of the great saphenous vein, over which a thin sheet is spread.
std::vector<Wrap> buildWraps(const std::vector<Solid>& solids, const Field& skin,
                             const std::vector<InFat>& inFat, const std::vector<InFat>& saphenous,
                             unsigned threads);

} // namespace pump::builder
