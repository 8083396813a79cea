#include "render/PickChunks.h"

#include <algorithm>

namespace pump::render {

std::vector<PickChunk> makePickChunks(const anatomy::LegModel& leg, const LegTables& tables) {
    std::vector<PickChunk> chunks;
    for (std::size_t s = 0; s < leg.structures.size(); ++s) {
        const anatomy::Structure& structure = leg.structures[s];
        for (std::uint32_t at = 0; at < structure.indexCount; at += kPickChunkTriangles * 3) {
            PickChunk chunk{.structure = static_cast<std::uint32_t>(s),
                            .triangles = {structure.firstIndex + at,
                                          std::min(kPickChunkTriangles * 3, structure.indexCount - at)}};
            for (std::uint32_t i = 0; i < chunk.triangles.indexCount; ++i) {
                const anatomy::Vertex& vertex = leg.vertices[leg.indices[chunk.triangles.firstIndex + i]];
                chunk.rest.add(vertex.position);
                for (std::size_t k = 0; k < vertex.joints.size(); ++k)
                    if (vertex.weights[k] > 0) chunk.joints |= std::uint64_t{1} << (vertex.joints[k] & 63u);
            }
            const std::uint32_t kind = tables.deformKinds[s];
            if (kind == shared::kDeformTube || kind == shared::kDeformCusp) chunk.joints = kAllJoints;
            chunks.push_back(chunk);
        }
    }
    return chunks;
}

std::vector<DrawRange> chunksOnRay(std::span<const PickChunk> chunks, const FrameTables& tables,
                                   const shared::FrameConstants& constants) {
    std::vector<DrawRange> ranges;
    for (const PickChunk& chunk : chunks) {
        if ((tables.structures[chunk.structure].flags & shared::kStructureHidden) != 0) continue;
        if (!meetsRay(carriedBox(chunk.rest, tables.joints, chunk.joints), constants.rayOrigin,
                      constants.rayDirection))
            continue;
        if (!ranges.empty() &&
            ranges.back().firstIndex + ranges.back().indexCount == chunk.triangles.firstIndex)
            ranges.back().indexCount += chunk.triangles.indexCount;
        else
            ranges.push_back(chunk.triangles);
    }
    return ranges;
}

} // namespace pump::render
