#include "anatomy/GltfFrame.h"
#include "anatomy/LegModel.h"
#include "anatomy/RigFile.h"
#include "builder/GlbWriter.h"
#include "builder/LegTables.h"
#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/JsonFile.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

using namespace pump;
using anatomy::LegModel;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone at the end of the test.
struct TempFolder {
    fs::path path;
    explicit TempFolder(const std::string& name)
        : path(fs::temp_directory_path() / ("second-heart-test-" + name)) {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~TempFolder() { fs::remove_all(path); }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
};

builder::LegPart tetrahedron(const std::string& id) {
    builder::LegPart part;
    part.id = id;
    part.tissue = anatomy::Tissue::Muscle;
    part.layer = anatomy::Layer::Muscles;
    for (const glm::vec3& p :
         {glm::vec3(0, 0, 0), glm::vec3(0, 40, 0), glm::vec3(30, 0, 5), glm::vec3(0, 0, 50)}) {
        anatomy::Vertex vertex;
        vertex.position = p;
        vertex.normal = glm::normalize(p - glm::vec3(5));
        vertex.joints = {1, 2, 0, 0};
        vertex.weights = {200, 55, 0, 0};
        vertex.tissue = {137.25f, 0.75f, -0.5f, 0.25f, 0.3f, -1, 2, 3.5f};
        part.vertices.push_back(vertex);
    }
    part.indices = {0, 1, 2, 0, 2, 3, 2, 1, 3, 0, 3, 1};
    return part;
}

anatomy::Rig smallRig() {
    anatomy::Rig rig;
    rig.joints = {{"shank", -1, {0, 0, 0}, {1, 0, 0}},
                  {"foot", 0, {0, 0, 0}, {1, 0, 0}},
                  {"toes", 1, {40, 100, -45}, {1, 0, 0}}};
    anatomy::MuscleRig muscle;
    muscle.id = "soleus";
    muscle.compartment = "SOLEUS";
    muscle.line = {{0, 0, 100}, {0, 0, 0}};
    muscle.arc = {0, 100};
    muscle.area = {500, 60};
    muscle.anchor = {{0, 10, 100}, {0, 10, 0}};
    muscle.bellyEnd = 70;
    rig.muscles.push_back(muscle);
    anatomy::Vessel vein;
    vein.id = "popliteal-vein";
    for (int i = 0; i < 3; ++i) {
        anatomy::VesselPoint point;
        point.position = {1, 2, static_cast<float>(4 * i)};
        point.arc = static_cast<float>(4 * i);
        vein.points.push_back(point);
    }
    vein.points[1].binding.muscle = 0;
    vein.points[1].binding.muscleArc = 30;
    vein.points[1].binding.muscleWeight = 0.5f;
    vein.stretches = {{"POP1", 0, 5, true}, {"POP2", 5, 8, true}};
    rig.vessels.push_back(vein);
    rig.valves = {{"valve-pop1-pop2", "POP1", "POP2", 0, 5, 0.5f}};
    return rig;
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// A built leg of one tetrahedron.
void writeSmallLeg(const fs::path& folder, const std::string& id, const anatomy::Rig& rig) {
    fs::copy_file(fs::path(PUMP_TABLES) / "catalogue.json", folder / "catalogue.json",
                  fs::copy_options::overwrite_existing);
    const std::vector<builder::LegPart> parts = {tetrahedron(id)};
    const std::vector<std::uint8_t> bytes = builder::makeGlb({parts, rig.joints, "credit"});
    for (const char* name : {"leg.glb", "leg-middle.glb", "leg-low.glb"})
        builder::writeFile(folder / name, bytes.data(), bytes.size());
    write(folder / "leg.rig.json", anatomy::writeRig(rig, "credit"));
}

std::string errorOf(const fs::path& path) {
    try {
        anatomy::loadLeg(path, anatomy::DetailLevel::High);
    } catch (const core::Error& error) {
        CHECK(error.kind() == core::ErrorKind::Asset);
        return error.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("a leg comes back from its GLB as it went in") {
    const TempFolder folder("roundtrip");
    writeSmallLeg(folder.path, "soleus", smallRig());
    const LegModel model = anatomy::loadLeg(folder.path, anatomy::DetailLevel::High);
    REQUIRE(model.structures.size() == 1);
    CHECK(model.structures[0].id == "soleus");
    CHECK(model.structures[0].muscle == 0);
    CHECK(model.structures[0].tissue == anatomy::Tissue::Muscle);
    const builder::LegPart part = tetrahedron("soleus");
    REQUIRE(model.vertices.size() == part.vertices.size());
    for (std::size_t i = 0; i < part.vertices.size(); ++i) {
        CHECK(glm::distance(model.vertices[i].position, part.vertices[i].position) < 1e-4f);
        CHECK(glm::distance(model.vertices[i].normal, part.vertices[i].normal) < 1e-5f);
        CHECK(model.vertices[i].joints == part.vertices[i].joints);
        CHECK(model.vertices[i].weights == part.vertices[i].weights);
        for (std::size_t k = 0; k < 8; ++k)
            CHECK(std::abs(model.vertices[i].tissue[k] - part.vertices[i].tissue[k]) < 1e-4f);
    }
    CHECK(model.rig.vessels.at(0).structure == -1);
}

TEST_CASE("a rig comes back from its file as it went in") {
    const TempFolder folder("rig");
    const anatomy::Rig rig = smallRig();
    write(folder.path / "leg.rig.json", anatomy::writeRig(rig, "credit"));
    const anatomy::RigFile back = anatomy::readRig(folder.path / "leg.rig.json");
    CHECK(back.credit == "credit");
    CHECK(anatomy::writeRig(back.rig, back.credit) == anatomy::writeRig(rig, "credit"));
    CHECK(back.rig.vessels[0].points[1].binding.muscleWeight == 0.5f);
    CHECK(back.rig.vessels[0].stretches[1].segment == "POP2");
    CHECK(back.rig.muscles[0].arc.back() == 100);
}

TEST_CASE("a broken leg is named with file, place, value and what to do") {
    const TempFolder folder("broken");
    writeSmallLeg(folder.path, "soleus", smallRig());
    SECTION("missing path") {
        CHECK_THAT(errorOf(folder.path / "nothing"), ContainsSubstring("nothing: no such file"));
    }
    SECTION("empty folder") {
        fs::create_directories(folder.path / "empty");
        CHECK_THAT(errorOf(folder.path / "empty"), ContainsSubstring("holds neither leg.glb nor"));
    }
    SECTION("cut short") {
        fs::resize_file(folder.path / "leg.glb", fs::file_size(folder.path / "leg.glb") - 100);
        CHECK_THAT(errorOf(folder.path), ContainsSubstring("leg.glb: is cut short"));
    }
    SECTION("cut to nothing") {
        fs::resize_file(folder.path / "leg.glb", 5);
        CHECK_THAT(errorOf(folder.path), ContainsSubstring("5 bytes long"));
    }
    SECTION("not a GLB") {
        write(folder.path / "leg.glb", "this is a letter, not a leg");
        CHECK_THAT(errorOf(folder.path), ContainsSubstring("not with 'glTF'"));
    }
    SECTION("a node that the catalogue does not know") {
        writeSmallLeg(folder.path, "third-kneecap", smallRig());
        CHECK_THAT(errorOf(folder.path),
                   ContainsSubstring("node 'third-kneecap'") && ContainsSubstring("catalogue"));
    }
    SECTION("a number that is none") {
        std::vector<builder::LegPart> parts = {tetrahedron("soleus")};
        parts[0].vertices[2].position.y = std::numeric_limits<float>::quiet_NaN();
        const std::vector<std::uint8_t> bytes = builder::makeGlb({parts, smallRig().joints, "credit"});
        builder::writeFile(folder.path / "leg.glb", bytes.data(), bytes.size());
        CHECK_THAT(errorOf(folder.path), ContainsSubstring("soleus") && ContainsSubstring("leg.glb"));
    }
    SECTION("a joint that the rig does not have") {
        anatomy::Rig rig = smallRig();
        rig.joints.pop_back();
        write(folder.path / "leg.rig.json", anatomy::writeRig(rig, "credit"));
        CHECK_THAT(errorOf(folder.path),
                   ContainsSubstring("joint-toes") && ContainsSubstring("not in the rig"));
    }
    SECTION("a rig with a hole") {
        write(folder.path / "leg.rig.json", R"({"credit":"c","joints":[{"id":"shank","parent":-1}]})");
        CHECK_THAT(errorOf(folder.path), ContainsSubstring("leg.rig.json"));
    }
}

TEST_CASE("any other GLB is drawn still, named by its nodes") {
    const TempFolder folder("foreign");
    const std::vector<builder::LegPart> parts = {tetrahedron("soleus"), tetrahedron("left-big-vein")};
    const std::vector<std::uint8_t> bytes = builder::makeGlb({parts, smallRig().joints, "credit"});
    builder::writeFile(folder.path / "other.glb", bytes.data(), bytes.size());
    core::setAssetDirectory(fs::path(PUMP_TABLES).parent_path());
    const LegModel model = anatomy::loadLeg(folder.path / "other.glb", anatomy::DetailLevel::Low);
    REQUIRE(model.structures.size() == 2);
    CHECK(model.find("soleus")->english == "Soleus muscle");
    CHECK(model.rig.joints.empty());
}

TEST_CASE("a folder of meshes named by FMA id is placed in the leg frame and named") {
    const TempFolder folder("fma");
    // Two pieces of the femur and a thing that no catalogue knows, with the quirks of such files: interleaved
    // v and vn, a//a faces, trailing blanks, a material without a library.
    const std::string obj =
        "# BodyParts3D\nv -76.37 -70.69 -15.66 \nvn 0 0 1 \nv -86.37 -70.69 -15.66 \nvn 0 0 1 \n"
        "v -76.37 -80.69 -15.66 \nvn 0 0 1 \nusemtl bone \nf 1//1 2//2 3//3 \n";
    write(folder.path / "FMA24474.obj", obj);
    write(folder.path / "FMA24474_2.obj", obj);
    write(folder.path / "FMA99999999.obj", obj);
    core::setAssetDirectory(fs::path(PUMP_TABLES).parent_path());
    const LegModel model = anatomy::loadLeg(folder.path, anatomy::DetailLevel::High);
    REQUIRE(model.structures.size() == 3);
    const anatomy::Structure* femur = model.find("femur");
    REQUIRE(femur);
    CHECK(femur->fma == "FMA24474");
    CHECK(femur->tissue == anatomy::Tissue::Bone);
    CHECK(model.find("femur-2"));
    CHECK(model.find("FMA99999999"));
    // The first vertex is the ankle's centre; the body's right (-x) is lateral, its front (-y) is forward.
    CHECK(glm::length(model.vertices[femur->firstVertex].position) < 0.05f);
    CHECK(femur->boundsHigh.x > 9.9f);
    CHECK(femur->boundsHigh.y > 9.9f);
}

TEST_CASE("glTF's frame and back is the same place, with a right leg's lateral side at -x") {
    const glm::vec3 p(12, -34, 560);
    CHECK(glm::distance(anatomy::positionFromGltf(anatomy::positionToGltf(p)), p) < 1e-3f);
    CHECK(anatomy::positionToGltf({1000, 0, 0}) == glm::vec3(-1, 0, 0));
    CHECK(anatomy::positionToGltf({0, 1000, 0}) == glm::vec3(0, 0, 1));
    CHECK(anatomy::positionToGltf({0, 0, 1000}) == glm::vec3(0, 1, 0));
}

TEST_CASE("the same parts make the same bytes") {
    const std::vector<builder::LegPart> parts = {tetrahedron("soleus"), tetrahedron("tibia")};
    CHECK(builder::makeGlb({parts, smallRig().joints, "credit"}) ==
          builder::makeGlb({parts, smallRig().joints, "credit"}));
}
