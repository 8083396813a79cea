#include "flesh/Section.h"

#include "builder/Preview.h"
#include "physiology/Simulation.h"
#include "render/DeformReference.h"
#include "scene/SceneBuilder.h"

#include <algorithm>

namespace pump::flesh {

namespace {

/// The leg as it is at that moment, seen from its shank.
anatomy::LegModel posedLeg(const anatomy::LegModel& leg, const render::LegTables& tables,
                           const render::MusclePoser& poser, const std::filesystem::path& assets,
                           const SectionMoment& moment) {
    physiology::Simulation simulation(assets, {.movement = {.movement = moment.movement}});
    const scene::SceneBuilder builder(leg, simulation.network(), simulation.snapshot());
    while (simulation.snapshot().timeS < moment.seconds) simulation.step();
    scene::ViewSettings all;
    for (auto& layer : all.layers) layer.opacity = 1;
    const scene::RenderInput input = builder.build(simulation.snapshot(), all, {}, {});
    const render::FrameTables frame = render::makeFrameTables(leg, tables, poser, input);
    shared::DeformReference reference(tables, frame, input.exaggeration);
    const glm::mat4 toShank = glm::inverse(builder.poser().carrier({0, 0, 200}, input.joints));
    anatomy::LegModel result = leg;
    for (anatomy::Structure& structure : result.structures) {
        structure.boundsLow = glm::vec3(1e9f);
        structure.boundsHigh = glm::vec3(-1e9f);
        for (std::uint32_t i = structure.firstVertex; i < structure.firstVertex + structure.vertexCount;
             ++i) {
            const glm::vec3 p(toShank * glm::vec4(reference.vertex(tables.placeOf[i]).position, 1));
            result.vertices[i].position = p;
            structure.boundsLow = glm::min(structure.boundsLow, p);
            structure.boundsHigh = glm::max(structure.boundsHigh, p);
        }
    }
    return result;
}

} // namespace

core::Image sections(const anatomy::LegModel& leg, const std::filesystem::path& assets,
                     const std::vector<SectionMoment>& moments, float height) {
    const render::LegTables tables = render::makeLegTables(leg);
    const render::MusclePoser poser(leg, tables);
    builder::PreviewDesc desc;
    desc.pixelsPerMm = 4;
    std::vector<core::Image> pictures;
    for (const SectionMoment& moment : moments)
        pictures.push_back(
            builder::previewSection(posedLeg(leg, tables, poser, assets, moment), desc, height));
    constexpr int kGap = 24;
    core::Image result;
    for (const core::Image& picture : pictures) {
        result.width += picture.width + kGap;
        result.height = std::max(result.height, picture.height);
    }
    result.width -= kGap;
    result.rgba.assign(static_cast<std::size_t>(result.width) * static_cast<std::size_t>(result.height) * 4,
                       245);
    int left = 0;
    for (const core::Image& picture : pictures) {
        const int top = (result.height - picture.height) / 2;
        for (int y = 0; y < picture.height; ++y)
            std::copy_n(picture.pixel(0, y), static_cast<std::size_t>(picture.width) * 4,
                        result.pixel(left, top + y));
        left += picture.width + kGap;
    }
    for (std::size_t i = 3; i < result.rgba.size(); i += 4) result.rgba[i] = 255;
    return result;
}

} // namespace pump::flesh
