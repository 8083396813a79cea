#pragma once

#include "anatomy/LegModel.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pump::builder {

/// A finished structure of one level of detail, in the leg frame.
struct LegPart {
    std::string id;
    anatomy::Tissue tissue = anatomy::Tissue::Bone;
    anatomy::Layer layer = anatomy::Layer::Bones;
    std::vector<anatomy::Vertex> vertices; ///< in the order in which indices first name them: readers sort so
    std::vector<std::uint32_t> indices;
};

struct GlbDesc {
    const std::vector<LegPart>& parts;
    const std::vector<anatomy::Joint>& joints;
    std::string credit;
};

/// A binary glTF 2.0 file: one skinned node a part at the scene's root, named by its id, with extras id,
/// tissue and layer; TEXCOORD_0 to _3 carry Vertex::tissue. The same parts give the same bytes.
std::vector<std::uint8_t> makeGlb(const GlbDesc& desc);

/// Throws Error(Usage) when the file cannot be written.
void writeFile(const std::filesystem::path& file, const void* bytes, std::size_t size);

} // namespace pump::builder
