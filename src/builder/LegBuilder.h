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
    double triangles; ///< of a solid of 1 mm^2; larger ones and others have theirs from their own area alone
    VesselDetail vessels;
};
inline constexpr std::array<LevelPlan, 3> kLevels = {{{"leg.glb", 11.6, {14, 4, 8, 6}},
                                                      {"leg-middle.glb", 6.5, {10, 5, 6, 4}},
                                                      {"leg-low.glb", 1.24, {5, 12, 4, 2}}}};

struct BuildOptions {
    unsigned threads = 2;
    bool quiet = true; ///< no progress lines
};

BuiltLeg buildLeg(const LegTables& tables, const BuildOptions& options);

/// Writes leg.glb, leg-middle.glb, leg-low.glb and leg.rig.json. Throws Error(Usage) when that fails.
void writeLeg(const BuiltLeg& leg, const std::filesystem::path& folder);

} // namespace pump::builder
