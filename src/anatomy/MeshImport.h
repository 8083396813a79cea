#pragma once

#include "anatomy/LegModel.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pump::anatomy {

/// A mesh as it stands in a file: coordinates and units of that file, node transforms applied.
struct ImportedMesh {
    std::string node;              ///< name of its node
    std::string id, tissue, layer; ///< from the node's extras, empty where absent
    std::vector<Vertex> vertices;  ///< `tissue` from TEXCOORD_0 to _3, zero where absent
    std::vector<std::uint32_t> indices;
};

/// What a mesh's bones are called: vertices get the index of the name in this list.
using JointNames = std::vector<std::string>;

/// Reads every triangle mesh of a GLB, OBJ or STL file. Throws Error(Asset): file, node, field, value, what
/// to do: missing, truncated, not what its name says, NaN, a joint that is not in the list.
std::vector<ImportedMesh> importMeshes(const std::filesystem::path& file, const JointNames& joints);

} // namespace pump::anatomy
