#pragma once

#include "render/PassContext.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace pump::render {

/// Layers that blend, from the inside of the leg to its surface.
enum class GhostLayer { Bones, DeepVessels, Muscles, Fascia, SuperficialVessels, Skin, Count };
inline constexpr std::size_t kGhostLayerCount = static_cast<std::size_t>(GhostLayer::Count);

/// By variant of the shaders: [0] plain, [1] flesh (muscle and tendon), [2] skin, lit in each pixel; then the
/// same lit at the vertices.
inline constexpr std::size_t kTissueKinds = 3, kTissueVariants = 6;
using TissueRanges = std::array<std::vector<DrawRange>, kTissueVariants>;

/// What is in sight, sorted by how it is drawn. Neighbouring structures become one range.
struct DrawList {
    TissueRanges solid;
    std::array<TissueRanges, kGhostLayerCount> ghosts;
    std::vector<DrawRange> highlighted;
    std::uint32_t structures = 0;
    std::uint32_t triangles = 0; ///< drawn, ghosts counted twice: they have a depth pass
    /// What CullPass left of solid and ghosts: indices, and a VkDrawIndexedIndirectCommand for each range.
    /// Null: all of it is drawn.
    const gpu::Buffer* indices = nullptr;
    const gpu::Buffer* draws = nullptr;
};

/// Solid ranges, then ghosts layer by layer; those of one draw call follow each other.
template <typename Visit>
void forEachRange(DrawList& list, Visit&& visit) {
    const auto all = [&](TissueRanges& tissue) {
        for (std::vector<DrawRange>& ranges : tissue)
            for (DrawRange& range : ranges) visit(range);
    };
    all(list.solid);
    for (TissueRanges& tissue : list.ghosts) all(tissue);
}

/// `lightVertices`: structures whose triangles are small on the screen are lit at the vertices.
/// `edges`: mean length of an edge of each structure, mm (LegTables).
DrawList makeDrawList(const anatomy::LegModel& leg, std::span<const float> edges, const FrameTables& tables,
                      const shared::FrameConstants& constants, bool lightVertices);

} // namespace pump::render
