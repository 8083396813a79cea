#pragma once

#include "anatomy/LegModel.h"
#include "builder/GlbWriter.h"
#include "builder/LegTables.h"
#include "builder/Solids.h"

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
    int tubeSides;
    int tubeSkip; ///< a ring at every so many points of a vessel
};
inline constexpr std::array<LevelPlan, 3> kLevels = {
    {{"leg.glb", 600000, 14, 1}, {"leg-middle.glb", 338000, 12, 1}, {"leg-low.glb", 85000, 8, 3}}};

struct BuildOptions {
    unsigned threads = 2;
    bool quiet = true; ///< no progress lines
};

BuiltLeg buildLeg(const LegTables& tables, const BuildOptions& options);

/// Writes leg.glb, leg-middle.glb, leg-low.glb and leg.rig.json. Throws Error(Usage) when that fails.
void writeLeg(const BuiltLeg& leg, const std::filesystem::path& folder);

} // namespace pump::builder
