#pragma once

#include "anatomy/LegModel.h"
#include "builder/GlbWriter.h"
#include "builder/LegTables.h"
#include "builder/Solids.h"
#include "builder/VesselParts.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <vector>

namespace pump::builder {

/// The whole leg, made from the tables: rig and the parts of each level of detail.
struct BuiltLeg {
    anatomy::Rig rig;
    std::string credit;
    std::array<std::vector<LegPart>, 3> levels; ///< High, Middle, Low
};

struct LevelPlan {
    std::string_view file;
    std::size_t triangles; ///< in all
    VesselDetail vessels;
};
inline constexpr std::array<LevelPlan, 3> kLevels = {{{"leg.glb", 600000, {14, 4, 8, 6}},
                                                      {"leg-middle.glb", 338000, {10, 5, 6, 4}},
                                                      {"leg-low.glb", 81600, {5, 12, 4, 2}}}};

struct BuildOptions {
    unsigned threads = 2;
    bool quiet = true; ///< no progress lines
};

BuiltLeg buildLeg(const LegTables& tables, const BuildOptions& options);

/// Writes leg.glb, leg-middle.glb, leg-low.glb and leg.rig.json. Throws Error(Usage) when that fails.
void writeLeg(const BuiltLeg& leg, const std::filesystem::path& folder);

} // namespace pump::builder
