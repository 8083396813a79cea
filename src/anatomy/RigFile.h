#pragma once

#include "anatomy/LegModel.h"

#include <filesystem>
#include <string>

namespace pump::anatomy {

/// The rig as one line of JSON a part; the same rig gives the same bytes.
std::string writeRig(const Rig& rig, const std::string& credit);

struct RigFile {
    Rig rig;
    std::string credit;
};

/// Reads leg.rig.json and checks every index and the order of arcs. Throws Error(Asset): file, field, value,
/// what was expected. `Vessel::structure` is left at -1: it is bound to the meshes by loadLeg.
RigFile readRig(const std::filesystem::path& file);

} // namespace pump::anatomy
