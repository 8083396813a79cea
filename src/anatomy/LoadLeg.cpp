#include "anatomy/Catalogue.h"
#include "anatomy/GltfFrame.h"
#include "anatomy/LegModel.h"
#include "anatomy/MeshImport.h"
#include "anatomy/RigFile.h"

#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace pump::anatomy {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorKind;

constexpr std::string_view kJointPrefix = "joint-";

std::string_view levelFile(DetailLevel level) {
    switch (level) {
    case DetailLevel::Middle:
        return "leg-middle.glb";
    case DetailLevel::Low:
        return "leg-low.glb";
    default:
        return "leg.glb";
    }
}

fs::path correctionFile(const fs::path& folder, DetailLevel level) {
    return (folder / levelFile(level)).replace_extension("flesh");
}

/// Appends a mesh of the leg frame as a structure of the model.
void append(LegModel& model, Structure structure, const std::vector<Vertex>& vertices,
            const std::vector<std::uint32_t>& indices) {
    structure.firstVertex = static_cast<std::uint32_t>(model.vertices.size());
    structure.vertexCount = static_cast<std::uint32_t>(vertices.size());
    structure.firstIndex = static_cast<std::uint32_t>(model.indices.size());
    structure.indexCount = static_cast<std::uint32_t>(indices.size());
    structure.boundsLow = glm::vec3(1e9f);
    structure.boundsHigh = glm::vec3(-1e9f);
    for (const Vertex& vertex : vertices) {
        structure.boundsLow = glm::min(structure.boundsLow, vertex.position);
        structure.boundsHigh = glm::max(structure.boundsHigh, vertex.position);
    }
    model.vertices.insert(model.vertices.end(), vertices.begin(), vertices.end());
    for (const std::uint32_t index : indices) model.indices.push_back(structure.firstVertex + index);
    model.structures.push_back(std::move(structure));
}

void toLegFrame(std::vector<Vertex>& vertices) {
    for (Vertex& vertex : vertices) {
        vertex.position = positionFromGltf(vertex.position);
        vertex.normal = directionFromGltf(vertex.normal);
    }
}

template <typename Named>
int indexOf(const std::vector<Named>& list, const std::string& id) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const Named& one) { return one.id == id; });
    return found == list.end() ? -1 : static_cast<int>(found - list.begin());
}

/// Counts first, so that the big arrays are allocated once.
void reserve(LegModel& model, const std::vector<ImportedMesh>& meshes) {
    std::size_t vertices = 0, indices = 0;
    for (const ImportedMesh& mesh : meshes) {
        vertices += mesh.vertices.size();
        indices += mesh.indices.size();
    }
    model.vertices.reserve(vertices);
    model.indices.reserve(indices);
    model.structures.reserve(meshes.size());
}

LegModel loadBuiltLeg(const fs::path& folder, DetailLevel level) {
    const Catalogue catalogue(folder / "catalogue.json");
    RigFile rig = readRig(folder / "leg.rig.json");
    const fs::path file = folder / levelFile(level);
    JointNames joints;
    for (const Joint& joint : rig.rig.joints) joints.push_back(std::string(kJointPrefix) + joint.id);
    std::vector<ImportedMesh> meshes = importMeshes(file, joints);
    LegModel model;
    model.rig = std::move(rig.rig);
    model.credit = std::move(rig.credit);
    model.source = file.string();
    reserve(model, meshes);
    for (ImportedMesh& mesh : meshes) {
        Structure structure;
        structure.id = mesh.node;
        const CatalogueRow* row = catalogue.find(structure.id);
        if (!row)
            throw Error(ErrorKind::Asset,
                        "{}: node '{}': is not in {}; add a row for it or build the leg again", file.string(),
                        structure.id, (folder / "catalogue.json").string());
        catalogue.describe(structure, *row);
        if (const auto tissue = tissueFromId(mesh.tissue)) structure.tissue = *tissue;
        if (const auto layer = layerFromId(mesh.layer)) structure.layer = *layer;
        structure.muscle = indexOf(model.rig.muscles, structure.id);
        // The heel tendon lies on the line of soleus and slides with it.
        if (structure.id == "calcaneal-tendon") structure.muscle = indexOf(model.rig.muscles, "soleus");
        structure.vessel = indexOf(model.rig.vessels, structure.id);
        if (const int valve = indexOf(model.rig.valves, structure.id); valve >= 0)
            structure.vessel =
                model.rig.valves[static_cast<std::size_t>(valve)].vessel; // its cusps stand in it
        else if (structure.vessel >= 0)
            model.rig.vessels[static_cast<std::size_t>(structure.vessel)].structure =
                static_cast<int>(model.structures.size());
        toLegFrame(mesh.vertices);
        append(model, std::move(structure), mesh.vertices, mesh.indices);
        mesh = ImportedMesh{}; // the file's copy goes as soon as ours exists
    }
    if (const fs::path shapes = correctionFile(folder, level); fs::exists(shapes))
        model.corrections = readCorrections(shapes, model);
    return model;
}

/// Tissue and layer of a name that the catalogue does not know: from words in it.
void guessTissue(Structure& structure, std::string name) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    struct Word {
        std::string_view text;
        Tissue tissue;
        Layer layer;
    };
    constexpr std::array<Word, 9> kWords = {{{"skin", Tissue::Skin, Layer::Skin},
                                             {"vein", Tissue::Vein, Layer::DeepVeins},
                                             {"arter", Tissue::Artery, Layer::Arteries},
                                             {"nerv", Tissue::Nerve, Layer::Nerves},
                                             {"tendon", Tissue::Tendon, Layer::Muscles},
                                             {"muscle", Tissue::Muscle, Layer::Muscles},
                                             {"fascia", Tissue::Fascia, Layer::Fascia},
                                             {"fat", Tissue::Fat, Layer::Fat},
                                             {"lymph", Tissue::Lymph, Layer::Lymph}}};
    for (const Word& word : kWords)
        if (name.find(word.text) != std::string::npos) {
            structure.tissue = word.tissue;
            structure.layer = word.layer;
            return;
        }
}

Structure describeForeign(const Catalogue& catalogue, const ImportedMesh& mesh) {
    Structure structure;
    structure.id = mesh.id.empty() ? mesh.node : mesh.id;
    if (const CatalogueRow* row = catalogue.find(structure.id)) {
        catalogue.describe(structure, *row);
    } else {
        structure.english = structure.plain = structure.id;
        guessTissue(structure, structure.id);
    }
    if (const auto tissue = tissueFromId(mesh.tissue)) structure.tissue = *tissue;
    if (const auto layer = layerFromId(mesh.layer)) structure.layer = *layer;
    return structure;
}

LegModel loadGlb(const fs::path& file) {
    const Catalogue catalogue(core::assetPath("anatomy/catalogue.json"));
    std::vector<ImportedMesh> meshes = importMeshes(file, {});
    LegModel model;
    model.source = file.string();
    model.credit = fmt::format("Model read from {}; its own licence holds", file.filename().string());
    reserve(model, meshes);
    for (ImportedMesh& mesh : meshes) {
        toLegFrame(mesh.vertices);
        append(model, describeForeign(catalogue, mesh), mesh.vertices, mesh.indices);
        mesh = ImportedMesh{};
    }
    return model;
}

/// BodyParts3D (release 4.0) body coordinates -> leg frame of the measured right leg: origin of the leg frame
/// in that body, and the rows of the rotation. Measured on BodyParts3D, (c) DBCLS, CC BY 4.0.
void bodyParts3dToLegFrame(std::vector<Vertex>& vertices) {
    constexpr glm::vec3 kOrigin(-76.37f, -70.69f, -15.66f);
    constexpr glm::vec3 kX(-0.99994f, -0.00007f, 0.01093f), kY(0.0f, -0.99998f, -0.00641f),
        kZ(0.01093f, -0.00641f, 0.99992f);
    for (Vertex& vertex : vertices) {
        const glm::vec3 p = vertex.position - kOrigin, n = vertex.normal;
        vertex.position = {glm::dot(kX, p), glm::dot(kY, p), glm::dot(kZ, p)};
        vertex.normal = glm::normalize(glm::vec3(glm::dot(kX, n), glm::dot(kY, n), glm::dot(kZ, n)));
    }
}

bool isMeshFile(const fs::path& file) {
    std::string extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".obj" || extension == ".stl" || extension == ".glb";
}

/// "FMA44885_2.obj" -> "FMA44885".
std::string fmaOfFile(const fs::path& file) {
    const std::string stem = file.stem().string();
    return stem.substr(0, stem.find('_'));
}

LegModel loadFolder(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        if (entry.is_regular_file() && isMeshFile(entry.path())) files.push_back(entry.path());
    if (files.empty())
        throw Error(
            ErrorKind::Asset,
            "{}: holds neither leg.glb nor OBJ, STL or GLB meshes; give a folder made by leg-builder or "
            "one with meshes named by FMA id (FMA22558.obj)",
            folder.string());
    std::sort(files.begin(), files.end());
    const Catalogue catalogue(core::assetPath("anatomy/catalogue.json"));
    LegModel model;
    model.source = folder.string();
    model.credit = fmt::format("Meshes read from {}; their own licence holds", folder.filename().string());
    std::map<std::string, int> count;
    for (const fs::path& file : files) {
        for (ImportedMesh& mesh : importMeshes(file, {})) {
            const bool gltf = file.extension() == ".glb";
            if (gltf)
                toLegFrame(mesh.vertices);
            else
                bodyParts3dToLegFrame(mesh.vertices);
            const CatalogueRow* row = catalogue.findFma(fmaOfFile(file));
            mesh.id = row ? row->id : file.stem().string();
            Structure structure = describeForeign(catalogue, mesh);
            if (!row) core::logDebug("{}: no row of the catalogue has this FMA id", file.filename().string());
            structure.fma = row ? fmaOfFile(file) : structure.fma;
            if (const int n = ++count[structure.id]; n > 1) structure.id += fmt::format("-{}", n);
            append(model, std::move(structure), mesh.vertices, mesh.indices);
        }
    }
    return model;
}

} // namespace

LegModel loadLeg(const fs::path& path, DetailLevel level) {
    std::error_code error;
    if (!fs::exists(path, error))
        throw Error(ErrorKind::Asset, "{}: no such file or folder; check the name", path.string());
    if (!fs::is_directory(path, error)) {
        if (!isMeshFile(path))
            throw Error(ErrorKind::Asset, "{}: is neither a GLB nor a folder of meshes", path.string());
        return loadGlb(path);
    }
    if (fs::exists(path / "leg.glb", error) || fs::exists(path / "leg.rig.json", error))
        return loadBuiltLeg(path, level);
    return loadFolder(path);
}

} // namespace pump::anatomy
