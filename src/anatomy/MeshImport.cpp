// The only file that sees Assimp.
#include "anatomy/MeshImport.h"

#include "core/Error.h"

#include <assimp/config.h>
#include <assimp/Importer.hpp>
#include <assimp/postprocess.h>
#include <assimp/scene.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

namespace pump::anatomy {
namespace {

using core::Error;
using core::ErrorKind;

std::string lowerExtension(const std::filesystem::path& file) {
    std::string extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

/// Assimp's own words for a broken GLB help nobody; the header tells what is wrong.
void checkGlbHeader(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::array<std::uint32_t, 3> header{};
    stream.read(reinterpret_cast<char*>(header.data()), sizeof(header));
    if (stream.gcount() != sizeof(header))
        throw Error(ErrorKind::Asset, "{}: is {} bytes long, too short for a GLB; copy or build it again",
                    file.string(), stream.gcount());
    if (header[0] != 0x46546C67u)
        throw Error(ErrorKind::Asset,
                    "{}: begins with 0x{:08x}, not with 'glTF'; give a binary glTF 2.0 file", file.string(),
                    header[0]);
    if (header[1] != 2)
        throw Error(ErrorKind::Asset, "{}: is glTF version {}, expected 2", file.string(), header[1]);
    const auto size = std::filesystem::file_size(file);
    if (size < header[2])
        throw Error(ErrorKind::Asset, "{}: is cut short, {} of {} bytes are there; copy or build it again",
                    file.string(), size, header[2]);
}

std::string metaText(const aiNode& node, const char* key) {
    aiString value;
    if (node.mMetaData && node.mMetaData->Get(key, value)) return value.C_Str();
    return {};
}

class MeshReader {
  public:
    MeshReader(const std::filesystem::path& file, const JointNames& joints)
        : m_file(file.string()), m_joints(joints), m_gltf(lowerExtension(file) == ".glb") {}

    ImportedMesh read(const aiMesh& mesh, const aiNode& node, const aiMatrix4x4& transform) const {
        ImportedMesh result;
        result.node = node.mName.C_Str();
        result.id = metaText(node, "id");
        result.tissue = metaText(node, "tissue");
        result.layer = metaText(node, "layer");
        readVertices(mesh, transform, result);
        readWeights(mesh, result);
        readTriangles(mesh, result);
        return result;
    }

  private:
    [[noreturn]] void fail(const std::string& node, const std::string& message) const {
        throw Error(ErrorKind::Asset, "{}: node '{}': {}", m_file, node, message);
    }

    void readVertices(const aiMesh& mesh, const aiMatrix4x4& transform, ImportedMesh& result) const {
        const bool identity = transform.IsIdentity();
        const aiMatrix3x3 rotation(transform);
        result.vertices.resize(mesh.mNumVertices);
        for (unsigned i = 0; i < mesh.mNumVertices; ++i) {
            Vertex& vertex = result.vertices[i];
            aiVector3D p = mesh.mVertices[i];
            aiVector3D n = mesh.mNormals ? mesh.mNormals[i] : aiVector3D(0, 0, 1);
            if (!identity) {
                p = transform * p;
                n = (rotation * n).NormalizeSafe();
            }
            if (!std::isfinite(p.x + p.y + p.z))
                fail(result.node,
                     fmt::format("POSITION of vertex {} is ({}, {}, {}); every number must be finite: "
                                 "export the mesh again",
                                 i, p.x, p.y, p.z));
            if (!std::isfinite(n.x + n.y + n.z))
                fail(result.node,
                     fmt::format("NORMAL of vertex {} is ({}, {}, {}); every number must be finite: "
                                 "export the mesh again",
                                 i, n.x, n.y, n.z));
            vertex.position = {p.x, p.y, p.z};
            vertex.normal = {n.x, n.y, n.z};
        }
        for (unsigned set = 0; set < 4 && mesh.HasTextureCoords(set); ++set)
            for (unsigned i = 0; i < mesh.mNumVertices; ++i) {
                const aiVector3D& uv = mesh.mTextureCoords[set][i];
                result.vertices[i].tissue[2 * set] = uv.x;
                // Assimp turns glTF's v upside down.
                result.vertices[i].tissue[2 * set + 1] = m_gltf ? 1.0f - uv.y : uv.y;
            }
    }

    void readWeights(const aiMesh& mesh, ImportedMesh& result) const {
        if (m_joints.empty() || mesh.mNumBones == 0) return;
        std::vector<std::uint8_t> filled(mesh.mNumVertices, 0);
        for (Vertex& vertex : result.vertices) vertex.weights = {};
        for (unsigned b = 0; b < mesh.mNumBones; ++b) {
            const aiBone& bone = *mesh.mBones[b];
            const auto joint = std::find(m_joints.begin(), m_joints.end(), bone.mName.C_Str());
            if (joint == m_joints.end())
                fail(result.node, fmt::format("joint '{}' is not in the rig; build leg and rig together",
                                              bone.mName.C_Str()));
            for (unsigned w = 0; w < bone.mNumWeights; ++w) {
                const unsigned id = bone.mWeights[w].mVertexId;
                const int weight = static_cast<int>(std::lround(bone.mWeights[w].mWeight * 255.0f));
                if (id >= mesh.mNumVertices || weight <= 0 || filled[id] >= 4) continue;
                result.vertices[id].joints[filled[id]] = static_cast<std::uint8_t>(joint - m_joints.begin());
                result.vertices[id].weights[filled[id]] = static_cast<std::uint8_t>(std::min(weight, 255));
                ++filled[id];
            }
        }
        for (Vertex& vertex : result.vertices) {
            int sum = 0;
            for (const std::uint8_t weight : vertex.weights) sum += weight;
            auto largest = std::max_element(vertex.weights.begin(), vertex.weights.end());
            *largest = static_cast<std::uint8_t>(std::clamp(*largest + 255 - sum, 0, 255));
        }
    }

    void readTriangles(const aiMesh& mesh, ImportedMesh& result) const {
        result.indices.reserve(static_cast<std::size_t>(mesh.mNumFaces) * 3);
        for (unsigned f = 0; f < mesh.mNumFaces; ++f) {
            const aiFace& face = mesh.mFaces[f];
            if (face.mNumIndices != 3) continue; // points and lines of a foreign file are not drawn
            for (unsigned k = 0; k < 3; ++k) {
                if (face.mIndices[k] >= mesh.mNumVertices)
                    fail(result.node, fmt::format("index {} of triangle {} is beyond its {} vertices",
                                                  face.mIndices[k], f, mesh.mNumVertices));
                result.indices.push_back(face.mIndices[k]);
            }
        }
    }

    std::string m_file;
    const JointNames& m_joints;
    bool m_gltf;
};

void readNode(const aiScene& scene, const aiNode& node, const aiMatrix4x4& above, const MeshReader& reader,
              std::vector<ImportedMesh>& result) {
    const aiMatrix4x4 transform = above * node.mTransformation;
    for (unsigned i = 0; i < node.mNumMeshes; ++i) {
        ImportedMesh mesh = reader.read(*scene.mMeshes[node.mMeshes[i]], node, transform);
        if (!mesh.indices.empty()) result.push_back(std::move(mesh));
    }
    for (unsigned i = 0; i < node.mNumChildren; ++i)
        readNode(scene, *node.mChildren[i], transform, reader, result);
}

} // namespace

std::vector<ImportedMesh> importMeshes(const std::filesystem::path& file, const JointNames& joints) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        throw Error(ErrorKind::Asset, "{}: no such file; check the name", file.string());
    const std::string extension = lowerExtension(file);
    const bool glb = extension == ".glb";
    if (glb) checkGlbHeader(file);
    Assimp::Importer importer;
    // Scans of whole bodies split their seams and often come without normals; our own GLB is read as it is.
    importer.SetPropertyInteger(AI_CONFIG_PP_SBP_REMOVE, aiPrimitiveType_POINT | aiPrimitiveType_LINE);
    const unsigned steps = glb && !joints.empty()
                               ? 0u
                               : unsigned(aiProcess_Triangulate | aiProcess_GenSmoothNormals |
                                          aiProcess_SortByPType | aiProcess_JoinIdenticalVertices);
    const aiScene* scene = nullptr;
    std::string reason;
    try {
        scene = importer.ReadFile(file.string(), steps);
        reason = importer.GetErrorString();
    } catch (const std::exception& exception) {
        reason = exception.what();
    }
    if (!scene || !scene->mRootNode) {
        std::replace(reason.begin(), reason.end(), '\n', ' ');
        throw Error(ErrorKind::Asset, "{}: cannot be read as {}: {}; export it again", file.string(),
                    extension.empty() ? "a mesh" : extension.substr(1), reason);
    }
    std::vector<ImportedMesh> result;
    readNode(*scene, *scene->mRootNode, aiMatrix4x4(), MeshReader(file, joints), result);
    if (result.empty())
        throw Error(ErrorKind::Asset, "{}: holds no triangles; give a file with a mesh", file.string());
    return result;
}

} // namespace pump::anatomy
