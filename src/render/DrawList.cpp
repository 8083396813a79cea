#include "render/DrawList.h"

#include "render/Bounds.h"

#include <algorithm>

namespace pump::render {

namespace {

GhostLayer ghostLayer(anatomy::Layer layer) {
    using anatomy::Layer;
    switch (layer) {
    case Layer::Bones:
        return GhostLayer::Bones;
    case Layer::Muscles:
        return GhostLayer::Muscles;
    case Layer::Fascia:
    case Layer::Fat:
        return GhostLayer::Fascia;
    case Layer::SuperficialVeins:
        return GhostLayer::SuperficialVessels;
    case Layer::Skin:
        return GhostLayer::Skin;
    default:
        return GhostLayer::DeepVessels;
    }
}

/// False only when the whole box lies outside one plane of the view.
bool inSight(const Box& box, const shared::FrameConstants& constants) {
    const auto [low, high] = box;
    std::array<int, 5> outside{};
    for (int corner = 0; corner < 8; ++corner) {
        const glm::vec4 p((corner & 1) ? high.x : low.x, (corner & 2) ? high.y : low.y,
                          (corner & 4) ? high.z : low.z, 1);
        const glm::vec4 clip = constants.viewProjection * p;
        outside[0] += clip.x < -clip.w;
        outside[1] += clip.x > clip.w;
        outside[2] += clip.y < -clip.w;
        outside[3] += clip.y > clip.w;
        outside[4] += clip.z < 0;
    }
    return std::none_of(outside.begin(), outside.end(), [](int count) { return count == 8; });
}

void add(std::vector<DrawRange>& ranges, const anatomy::Structure& structure) {
    if (!ranges.empty() && ranges.back().firstIndex + ranges.back().indexCount == structure.firstIndex)
        ranges.back().indexCount += structure.indexCount;
    else
        ranges.push_back({structure.firstIndex, structure.indexCount});
}

/// Pixels between neighbouring vertices up to which light is as good at the vertices as in each pixel.
constexpr float kFinePixels = 8.0f;

float distanceTo(const Box& box, glm::vec3 p) {
    return glm::distance(p, glm::clamp(p, box.low, box.high));
}

std::size_t variantOf(anatomy::Tissue tissue) {
    if (tissue == anatomy::Tissue::Muscle || tissue == anatomy::Tissue::Tendon) return 1;
    return tissue == anatomy::Tissue::Skin ? 2 : 0;
}

} // namespace

DrawList makeDrawList(const anatomy::LegModel& leg, std::span<const float> edges, const FrameTables& tables,
                      const shared::FrameConstants& constants, bool lightVertices) {
    DrawList list;
    for (std::size_t i = 0; i < leg.structures.size(); ++i) {
        const anatomy::Structure& structure = leg.structures[i];
        const shared::StructureState& state = tables.structures[i];
        if ((state.flags & shared::kStructureHidden) != 0 || structure.indexCount == 0) continue;
        // Wherever the joints carry it.
        const Box box = carriedBox({structure.boundsLow, structure.boundsHigh}, tables.joints);
        if (!inSight(box, constants)) continue;
        const bool fine = lightVertices &&
                          edges[i] * constants.pixelsPerUnit < kFinePixels * distanceTo(box, constants.eye);
        ++list.structures;
        const bool solid = state.opacity >= kSolidOpacity;
        TissueRanges& ranges =
            solid ? list.solid : list.ghosts[static_cast<std::size_t>(ghostLayer(structure.layer))];
        add(ranges[variantOf(structure.tissue) + (fine ? kTissueKinds : 0)], structure);
        list.triangles += structure.indexCount / 3 * (solid ? 1 : 2);
        if ((state.flags & shared::kStructureHighlighted) != 0) add(list.highlighted, structure);
    }
    return list;
}

} // namespace pump::render
