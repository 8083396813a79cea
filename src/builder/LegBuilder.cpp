#include "builder/LegBuilder.h"

#include "anatomy/Catalogue.h"
#include "anatomy/RigFile.h"
#include "builder/Annotate.h"
#include "builder/Carving.h"
#include "builder/Rigging.h"
#include "builder/Sheets.h"
#include "builder/SkinShape.h"
#include "builder/VesselParts.h"
#include "builder/VesselPlan.h"
#include "builder/Wraps.h"
#include "core/Error.h"
#include "core/Log.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <numeric>

namespace pump::builder {
namespace {

/// A structure with a surface mesh of its own, at full detail, before simplification.
struct Surface {
    const Solid* solid = nullptr; ///< null: skin or wrap
    const Wrap* wrap = nullptr;
    Mesh mesh;
    double area = 0;
};

/// Triangles for a surface: more for larger ones, but less than in proportion, so that toes keep their shape;
/// and more for bellies with cords, which are slender and many and would leave them few. It depends on
/// nothing else, and in steps, so that what is changed elsewhere in the leg does not mesh this one anew.
std::size_t triangleShare(const Surface& surface, double ofUnit) {
    // The skin's outline is what one sees; fascia and fat are smooth and half transparent.
    constexpr double kCord = 0.2, kSkin = 1.7, kCover = 0.45, kPower = 0.62;
    constexpr double kSteps = 8; // in which it doubles
    const double emphasis = surface.solid  ? 1 + kCord * static_cast<double>(surface.solid->strands.size())
                            : surface.wrap ? kCover
                                           : kSkin;
    const double wanted = ofUnit * emphasis * std::pow(surface.area, kPower);
    return static_cast<std::size_t>(std::exp2(std::round(std::log2(wanted) * kSteps) / kSteps));
}

/// The walls between compartments end at the fascia of the leg.
void clipToFascia(std::vector<Wrap>& wraps) {
    const auto fascia =
        std::find_if(wraps.begin(), wraps.end(), [](const Wrap& wrap) { return wrap.id == "crural-fascia"; });
    for (Wrap& wrap : wraps)
        if (wrap.id.starts_with("septum-"))
            mapField(wrap.field, [&](const glm::vec3& p, float d) {
                return d > 3.0f ? d : std::max(d, fascia->field.sample(p));
            });
}

std::vector<InFat> piecesOf(const VesselSet& vessels, std::string_view id) {
    std::vector<InFat> pieces;
    const auto& points = vessels.vessels[static_cast<std::size_t>(vessels.find(id))].points;
    for (std::size_t i = 0; i + 1 < points.size(); ++i)
        pieces.push_back({points[i].position, points[i + 1].position, points[i].radius});
    return pieces;
}

} // namespace

BuiltLeg buildLeg(const LegTables& tables, const BuildOptions& options) {
    const auto say = [&](const std::string& text) {
        if (!options.quiet)
            core::logInfo("{:6.1f} s of CPU: {}", static_cast<double>(std::clock()) / CLOCKS_PER_SEC, text);
    };
    BuiltLeg leg;
    leg.credit = tables.credit;
    const std::filesystem::path assets = tables.folder.parent_path();
    readVesselTable(tables.folder / "vessels.json"); // faults show now, not after the muscles
    std::vector<Solid> solids = measureSolids(tables, options.threads);
    say("measured shapes");
    Field outside;
    {
        const std::vector<anatomy::MuscleRig> muscles = buildMuscles(tables, solids);
        const VesselSet vessels = buildVessels(assets, tissueProbe(tables, solids, muscles, nullptr));
        reserveRoom(solids, vessels, muscles, options.threads);
        outside = growingRoom(tables, vessels.inFat);
    }
    const std::vector<Solid> measured = solids;
    const auto gaps = tissueProbe(tables, measured, {}, nullptr).fleshDistance;
    packSolids(solids, outside, options.threads);
    say(fmt::format("{} solids", solids.size()));
    for (const Solid& solid : solids)
        core::logDebug("{}: measured {:.1f} cm3, packed {:.1f}", solid.row->id, solid.measured / 1000,
                       fieldVolume(solid.field) / 1000);
    leg.rig.joints = tables.joints;
    leg.rig.muscles = buildMuscles(tables, solids);
    // Deep vessels keep to the gaps of the measured leg, where room was kept for them.
    const auto probe = [&](const Field* skin) {
        TissueProbe result = tissueProbe(tables, solids, leg.rig.muscles, skin);
        result.gapDistance = gaps;
        return result;
    };
    const VesselSet needs = buildVessels(assets, probe(nullptr));
    Field skin = buildSkin(tables, solids, 2.0f, options.threads);
    const Field bare = skin;
    makeRoom(skin, needs.skinClearance);
    // A skin vein shows as a soft ridge, through the thick skin of the sole not at all; what would need more
    // room is laid deeper instead.
    constexpr float kRidge = 3.0f, kSole = -50.0f, kSide = -36.0f;
    std::size_t at = 0;
    mapField(skin, [&](const glm::vec3& p, float d) {
        const float share = std::clamp((p.z - kSole) / (kSide - kSole), 0.0f, 1.0f);
        return std::max(d, bare.values[at++] - kRidge * share);
    });
    const VesselSet vessels = buildVessels(assets, probe(&skin));
    carveVessels(solids, vessels, leg.rig.muscles, options.threads);
    tidySurfaces(solids, options.threads);
    leg.rig.vessels = vessels.vessels;
    leg.rig.valves = vessels.valves;
    say(fmt::format("rig: {} muscles, {} vessels, {} valves", leg.rig.muscles.size(), leg.rig.vessels.size(),
                    leg.rig.valves.size()));
    std::vector<Wrap> wraps =
        buildWraps(solids, skin, vessels.inFat, piecesOf(vessels, "great-saphenous-vein"), options.threads);
    for (std::vector<Wrap> more : {buildSheets(tables, solids, skin, vessels, options.threads),
                                   buildMenisci(tables, solids), buildNails(tables, skin)})
        std::move(more.begin(), more.end(), std::back_inserter(wraps));
    clipToFascia(wraps);
    say("fascia, fat, cartilage, retinacula, septa and nails");
    std::vector<Surface> surfaces(solids.size() + wraps.size() + 1);
    parallelFor(surfaces.size(), options.threads, [&](std::size_t i) {
        Surface& surface = surfaces[i];
        if (i < solids.size())
            surface.solid = &solids[i];
        else if (i < solids.size() + wraps.size())
            surface.wrap = &wraps[i - solids.size()];
        surface.mesh = surface.solid  ? polygonize(surface.solid->field, 30.0)
                       : surface.wrap ? polygonize(surface.wrap->field, surface.wrap->smallestPiece)
                                      : polygonize(skin, 30.0);
        if (surface.mesh.indices.empty())
            throw core::Error(core::ErrorKind::Asset,
                              "{}: '{}': nothing is left of it between its neighbours; move or enlarge it",
                              surface.wrap ? "sheets.json" : "solids.json",
                              surface.solid  ? surface.solid->row->id
                              : surface.wrap ? surface.wrap->id
                                             : std::string("skin-leg"));
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
        std::vector<LegPart> parts(surfaces.size());
        parallelFor(surfaces.size(), options.threads, [&](std::size_t i) {
            const bool cover = !surfaces[i].solid && !surfaces[i].wrap; // which is cut flat at the thigh
            surfaces[i].mesh = simplify(surfaces[i].mesh, triangleShare(surfaces[i], plan.triangles), 100.0,
                                        cover ? Rims::Kept : Rims::Any);
            if (surfaces[i].solid)
                parts[i] = solidPart(*surfaces[i].solid, surfaces[i].mesh, leg.rig);
            else if (surfaces[i].wrap)
                parts[i] = wrapPart(*surfaces[i].wrap, surfaces[i].mesh, leg.rig, solids);
            else
                parts[i] = skinPart(surfaces[i].mesh, leg.rig, solids);
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
