#include "builder/LegBuilder.h"

#include "anatomy/Catalogue.h"
#include "anatomy/RigFile.h"
#include "builder/Annotate.h"
#include "builder/Rigging.h"
#include "builder/SkinShape.h"
#include "builder/VesselParts.h"
#include "core/Log.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <numeric>

namespace pump::builder {
namespace {

/// A structure with a surface mesh of its own, at full detail, before simplification.
struct Surface {
    const Solid* solid = nullptr; ///< null: skin
    Mesh mesh;
    double area = 0;
};

/// Triangles for each surface: more for larger ones, but less than in proportion, so that toes keep their
/// shape.
std::vector<std::size_t> shareTriangles(const std::vector<Surface>& surfaces, std::size_t total) {
    double sum = 0;
    const auto weight = [](const Surface& surface) {
        const double emphasis = surface.solid == nullptr ? 1.6 : 1.0; // the skin's outline is what one sees
        return emphasis * std::pow(surface.area, 0.62);
    };
    for (const Surface& surface : surfaces) sum += weight(surface);
    std::vector<std::size_t> shares;
    for (const Surface& surface : surfaces)
        shares.push_back(static_cast<std::size_t>(static_cast<double>(total) * weight(surface) / sum));
    return shares;
}

} // namespace

BuiltLeg buildLeg(const LegTables& tables, const BuildOptions& options) {
    const auto say = [&](const std::string& text) {
        if (!options.quiet)
            core::logInfo("{:6.1f} s of CPU: {}", static_cast<double>(std::clock()) / CLOCKS_PER_SEC, text);
    };
    BuiltLeg leg;
    leg.credit = tables.credit;
    const std::vector<Solid> solids = buildSolids(tables, options.threads);
    say(fmt::format("{} solids", solids.size()));
    for (const Solid& solid : solids)
        core::logDebug("{}: measured {:.1f} cm3, packed {:.1f}, growth {:.2f}", solid.row->id,
                       solid.measured / 1000, fieldVolume(solid.field) / 1000,
                       static_cast<double>(solid.growth));
    leg.rig.joints = tables.joints;
    leg.rig.muscles = buildMuscles(tables, solids);
    const std::filesystem::path assets = tables.folder.parent_path();
    const VesselSet needs = buildVessels(assets, tissueProbe(tables, solids, leg.rig.muscles, nullptr));
    Field skin = buildSkin(tables, solids, 2.0f, options.threads);
    makeRoom(skin, needs.skinClearance);
    const VesselSet vessels = buildVessels(assets, tissueProbe(tables, solids, leg.rig.muscles, &skin));
    leg.rig.vessels = vessels.vessels;
    leg.rig.valves = vessels.valves;
    say(fmt::format("rig: {} muscles, {} vessels, {} valves", leg.rig.muscles.size(), leg.rig.vessels.size(),
                    leg.rig.valves.size()));
    std::vector<Surface> surfaces(solids.size() + 1);
    parallelFor(surfaces.size(), options.threads, [&](std::size_t i) {
        Surface& surface = surfaces[i];
        surface.solid = i < solids.size() ? &solids[i] : nullptr;
        surface.mesh = polygonize(surface.solid ? surface.solid->field : skin, 30.0);
        surface.area = meshArea(surface.mesh);
    });
    say(fmt::format("surfaces: {} triangles",
                    std::accumulate(surfaces.begin(), surfaces.end(), std::size_t{0},
                                    [](std::size_t sum, const Surface& surface) {
                                        return sum + surface.mesh.triangles();
                                    })));
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
        const LevelPlan& plan = kLevels[level];
        std::vector<LegPart> tubes = vesselParts(vessels, plan.vessels);
        std::size_t spent = 0;
        for (const LegPart& part : tubes) spent += part.indices.size() / 3;
        const std::vector<std::size_t> shares =
            shareTriangles(surfaces, plan.triangles > spent ? plan.triangles - spent : plan.triangles / 2);
        std::vector<LegPart> parts(surfaces.size());
        parallelFor(surfaces.size(), options.threads, [&](std::size_t i) {
            surfaces[i].mesh = simplify(surfaces[i].mesh, shares[i], 100.0);
            parts[i] = surfaces[i].solid ? solidPart(*surfaces[i].solid, surfaces[i].mesh, leg.rig)
                                         : skinPart(surfaces[i].mesh, leg.rig, solids);
        });
        parts.insert(parts.end(), std::make_move_iterator(tubes.begin()),
                     std::make_move_iterator(tubes.end()));
        for (LegPart& part : parts) orderForDrawing(part);
        leg.levels[level] = std::move(parts);
        say(fmt::format("level {}: done", plan.file));
    }
    return leg;
}

void writeLeg(const BuiltLeg& leg, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
        const std::vector<std::uint8_t> bytes = makeGlb({leg.levels[level], leg.rig.joints, leg.credit});
        writeFile(folder / kLevels[level].file, bytes.data(), bytes.size());
    }
    const std::string rig = anatomy::writeRig(leg.rig, leg.credit);
    writeFile(folder / "leg.rig.json", rig.data(), rig.size());
}

} // namespace pump::builder
