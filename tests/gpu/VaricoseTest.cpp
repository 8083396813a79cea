// Tributaries of the built leg that widen with superficial reflux.

#include "anatomy/LegModel.h"
#include "core/AssetPaths.h"
#include "physiology/Simulation.h"
#include "render/DeformReference.h"
#include "render/SkinTables.h"
#include "scene/Pose.h"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using namespace pump;

namespace {

/// The standing leg with solid skin, at rest, without any computed blood.
scene::RenderInput stillInput(const anatomy::LegModel& leg, float severity) {
    scene::RenderInput input;
    input.joints = scene::Poser(leg).joints({});
    input.muscles.resize(leg.rig.muscles.size());
    for (const auto& vessel : leg.rig.vessels)
        input.flows.resize(input.flows.size() + vessel.stretches.size());
    input.valves.resize(leg.rig.valves.size());
    input.layers[static_cast<std::size_t>(anatomy::Layer::Skin)].opacity = 1;
    input.signs.varicose = severity;
    return input;
}

} // namespace

TEST_CASE("a varicose tributary winds, rises and stands out of the skin by its severity", "[skin][leg]") {
    const auto leg = anatomy::loadLeg(core::assetPath("anatomy"), anatomy::DetailLevel::Low);
    const render::LegTables tables = render::makeLegTables(leg);
    const render::MusclePoser poser(leg, tables);
    std::vector<std::vector<shared::VesselFrame>> frames;
    for (const float severity : {0.0f, 0.3f, 0.6f, 1.0f}) {
        const auto frame = render::makeFrameTables(leg, tables, poser, stillInput(leg, severity));
        frames.push_back(shared::DeformReference(tables, frame, 1).vesselFrames());
    }
    int tributaries = 0;
    float aside = 0;
    for (std::size_t v = 0; v < leg.rig.vessels.size(); ++v) {
        if (!render::standsOut(leg.rig.vessels[v])) continue;
        ++tributaries;
        for (std::uint32_t i = 0; i < tables.vessels[v].pointCount; ++i) {
            const std::size_t k = tables.vessels[v].firstPoint + i;
            const shared::VesselPointRest& rest = tables.vesselPoints[k];
            const float depth = glm::length(rest.skinward);
            if (rest.rise < 0.999f || depth < 1) continue;
            const glm::vec3 outward = rest.skinward / depth;
            float before = 0;
            for (const auto& posed : frames) {
                const float risen = glm::dot(posed[k].position - frames[0][k].position, outward);
                CHECK(risen >= before - 1e-3f);
                before = risen;
                aside =
                    std::max(aside, glm::length(posed[k].position - frames[0][k].position - outward * risen));
            }
            // At full severity the middle of the vein lies in the skin: half of it stands out.
            CHECK(std::abs(before - depth) < 0.7f);
        }
    }
    CHECK(aside > 4);
    CHECK(tributaries > 0);
}

TEST_CASE("a varicose tributary is drawn as skin over blood where the skin is solid, else as a vein",
          "[skin][leg]") {
    const auto leg = anatomy::loadLeg(core::assetPath("anatomy"), anatomy::DetailLevel::Low);
    const render::LegTables tables = render::makeLegTables(leg);
    const render::MusclePoser poser(leg, tables);
    const auto statesOf = [&](float severity, float skin) {
        auto input = stillInput(leg, severity);
        input.layers[static_cast<std::size_t>(anatomy::Layer::Skin)].opacity = skin;
        return render::makeFrameTables(leg, tables, poser, input).structures;
    };
    const auto healthy = statesOf(0, 1), varicose = statesOf(1, 1), ghost = statesOf(1, 0.2f);
    int seen = 0;
    for (std::size_t i = 0; i < leg.structures.size(); ++i) {
        const int vessel = leg.structures[i].vessel;
        if (leg.structures[i].tissue != anatomy::Tissue::Vein || vessel < 0 ||
            !render::standsOut(leg.rig.vessels[static_cast<std::size_t>(vessel)])) {
            CHECK(varicose[i].colour == healthy[i].colour);
            continue;
        }
        ++seen;
        CHECK(varicose[i].opacity == 1);
        CHECK((varicose[i].flags & shared::kStructureHidden) == 0);
        CHECK(varicose[i].colour.r > healthy[i].colour.r); // skin, not a blue vein
        CHECK(ghost[i].colour == healthy[i].colour);
    }
    CHECK(seen > 0);
}
