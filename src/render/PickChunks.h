#pragma once

#include "render/Bounds.h"
#include "render/LegTables.h"

#include <span>
#include <vector>

namespace pump::render {

/// Neighbouring triangles of one structure, and the space that they take at rest: what a ray need not meet
/// triangle by triangle.
struct PickChunk {
    std::uint32_t structure = 0;
    DrawRange triangles;      ///< into LegTables::indices
    std::uint64_t joints = 0; ///< bit i: joint i moves some of them
    Box rest;
};

/// All triangles of a leg, at most `kPickChunkTriangles` together. Vessels and valves follow lines that any
/// joint may carry.
std::vector<PickChunk> makePickChunks(const anatomy::LegModel& leg, const LegTables& tables);
inline constexpr std::uint32_t kPickChunkTriangles = 512;

/// Triangles that the frame's ray may meet: those of visible structures whose chunk it passes near.
/// Neighbouring chunks become one range.
std::vector<DrawRange> chunksOnRay(std::span<const PickChunk> chunks, const FrameTables& tables,
                                   const shared::FrameConstants& constants);

} // namespace pump::render
