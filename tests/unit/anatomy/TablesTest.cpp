#include "builder/Aponeurosis.h"
#include "builder/LegTables.h"
#include "builder/Sections.h"
#include "builder/Sheets.h"
#include "builder/Solids.h"
#include "core/Error.h"
#include "core/JsonFile.h"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <filesystem>
#include <fstream>
#include <numbers>
#include <sstream>
#include <unistd.h>

using namespace pump;
using namespace pump::builder;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
namespace fs = std::filesystem;

namespace {

/// A cone frustum of the given radii, 40 mm long.
std::string cone(const std::string& stations) {
    return R"({"name": "cone", "origin": [0,0,0], "axes": [[1,0,0],[0,1,0],[0,0,1]], "extent": [-2, 42], "stations": )" +
           stations + "}";
}

constexpr const char* kStraight = "[[0,[0,0,10,0,0,10]],[20,[5,0,10,0,0,10]],[40,[10,0,10,0,0,10]]]";

std::string errorOf(const std::string& stations) {
    try {
        const core::JsonFile file("sections-test.json", cone(stations));
        const Sections sections(file.root());
    } catch (const core::Error& error) {
        return error.what();
    }
    return "no error";
}

/// An upright cylinder of a radius (mm), 80 mm long, as a row of sections-*.json.
std::string cylinder(const std::string& key, double x, double radius) {
    std::string stations;
    for (int z = 0; z <= 80; z += 10)
        stations += fmt::format("{}[{},[{},0,{},0,0,{}]]", z > 0 ? "," : "", z, x, radius, radius);
    return fmt::format(R"("{}": {{"name": "cylinder", "origin": [0,0,0], "axes": [[1,0,0],[0,1,0],[0,0,1]],
"extent": [-1, 81], "stations": [{}]}})",
                       key, stations);
}

std::string catalogueRow(const std::string& id, const std::string& tissue) {
    return fmt::format(
        R"({{"id": "{}", "english": "a", "latin": "b", "ta2": 1, "fma": [], "plain": "c", "purpose": "d", "group": "e",
"tissue": "{}", "layer": "{}"}})",
        id, tissue, tissue == "bone" ? "bones" : "muscles");
}

/// A leg of one bone (radius 8 mm) and two muscles (radius 10 mm) that reach into it and into each other, in
/// a folder of its own, so that a table can be spoilt. The first muscle is to grow by a fifth.
fs::path smallTables(const std::string& name) {
    const fs::path folder =
        fs::temp_directory_path() / ("second-heart-tables-" + std::to_string(getpid()) + "-" + name);
    fs::remove_all(folder);
    fs::create_directories(folder);
    const auto put = [&](const char* file, const std::string& text) { std::ofstream(folder / file) << text; };
    put("catalogue.json", R"({"credit": "none", "source": "none", "rows": [)" +
                              catalogueRow("tibia", "bone") + "," + catalogueRow("soleus", "muscle") + "," +
                              catalogueRow("popliteus", "muscle") + "]}");
    put("sections-bones.json", R"({"structures": {)" + cylinder("BONE", 0, 8) + "}}");
    put("sections-muscles.json",
        R"({"structures": {)" + cylinder("FIRST", 15, 10) + "," + cylinder("SECOND", 31, 10) + "}}");
    put("sections-skin.json", R"({"structures": {)" + cylinder("leg", 15, 50) + "}}");
    put("joints.json", R"({"joints": [{"id": "shank", "parent": "", "pivot": [0,0,0], "axis": [1,0,0]}]})");
    put("solids.json", R"({"solids": [
{"id": "tibia", "sections": "BONE", "spacing": 1.5, "joint": "shank"},
{"id": "soleus", "sections": "FIRST", "spacing": 1.5, "joint": "blend", "volumeRatio": 1.2},
{"id": "popliteus", "sections": "SECOND", "spacing": 1.5, "joint": "blend"}]})");
    put("muscles.json", R"({"muscles": [{"id": "soleus", "compartment": "SOLEUS", "deepTo": "tibia"}]})");
    put("skin.json", R"({"toes": []})");
    put("sheets.json",
        R"({"straps": [], "septa": [{"id": "soleus", "front": ["soleus"], "back": ["popliteus"],
"z": [10, 70]}], "menisci": [], "nails": []})");
    return folder;
}

void replaceIn(const fs::path& file, const std::string& from, const std::string& to) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    std::string content = text.str();
    const auto at = content.find(from);
    REQUIRE(at != std::string::npos);
    content.replace(at, from.size(), to);
    std::ofstream(file) << content;
}

std::string tableError(const fs::path& folder) {
    std::string message = "no error";
    try {
        readLegTables(folder);
    } catch (const core::Error& error) {
        CHECK(error.kind() == core::ErrorKind::Asset);
        message = error.what();
    }
    fs::remove_all(folder);
    return message;
}

/// Of a tendon's row: a sheet on the front of popliteus.
constexpr const char* kSheet =
    R"("aponeurosis": {"of": "popliteus", "facing": [0, 1, 0], "thickness": [2, 2],
"outline": [[25, 20], [37, 20], [37, 60], [25, 60]]})";

} // namespace

TEST_CASE("an oblique cord keeps its section between the stations") {
    const core::JsonFile file("sections-test.json", cone(kStraight));
    const Sections sections(file.root());
    // Half way between the first two stations the middle has moved half way.
    // The tip of the distance's cone is rounded by half a step of the outline's picture (0.44 mm).
    CHECK_THAT(sections.distance({2.5f, 0, 10}), WithinAbs(-10, 0.22));
    CHECK_THAT(sections.distance({12.5f, 0, 10}), WithinAbs(0, 0.15));
    CHECK_THAT(sections.distance({-7.5f, 0, 10}), WithinAbs(0, 0.15));
    CHECK(sections.distance({2.5f, 0, -4}) > 0); // beyond its reach
    CHECK_THAT(sections.stations()[0].outlines[0].area, WithinRel(100 * std::numbers::pi_v<float>, 0.01f));
}

TEST_CASE("bad sections are named with their place") {
    CHECK_THAT(errorOf("[[0,[0,0,10,0,0,10]],[-5,[0,0,10,0,0,10]]]"),
               ContainsSubstring("stations[1]") && ContainsSubstring("must rise"));
    CHECK_THAT(errorOf("[[0,[0,0,10,0,0,10]]]"), ContainsSubstring("at least two stations"));
    CHECK_THAT(errorOf("[[0,[0,0,10,0,0]],[5,[0,0,10,0,0,10]]]"), ContainsSubstring("stations[0][1]"));
    CHECK_THAT(errorOf("[[0,[0,0,10,0,0,-10]],[5,[0,0,10,0,0,10]]]"), ContainsSubstring("clockwise"));
    CHECK_THAT(errorOf("[[0,[0,0,\"x\",0,0,10]],[5,[0,0,10,0,0,10]]]"),
               ContainsSubstring("sections-test.json"));
}

TEST_CASE("bad tables are named with file, row and value") {
    SECTION("unknown structure") {
        const fs::path folder = smallTables("unknown");
        replaceIn(folder / "solids.json", "\"id\": \"tibia\"", "\"id\": \"third-tibia\"");
        CHECK_THAT(tableError(folder), ContainsSubstring("solids.json") && ContainsSubstring("third-tibia"));
    }
    SECTION("unknown sections") {
        const fs::path folder = smallTables("sections");
        replaceIn(folder / "solids.json", "\"sections\": \"BONE\"", "\"sections\": \"FMA1\"");
        CHECK_THAT(tableError(folder), ContainsSubstring("solids.json") && ContainsSubstring("FMA1"));
    }
    SECTION("unknown joint") {
        const fs::path folder = smallTables("joint");
        replaceIn(folder / "solids.json", "\"joint\": \"shank\"", "\"joint\": \"wheel\"");
        CHECK_THAT(tableError(folder), ContainsSubstring("wheel"));
    }
    SECTION("none") {
        CHECK(tableError(smallTables("none")) == "no error");
    }
    SECTION("not a number") {
        const fs::path folder = smallTables("nan");
        replaceIn(folder / "solids.json", "\"volumeRatio\": 1.2", "\"volumeRatio\": NaN");
        CHECK_THAT(tableError(folder), ContainsSubstring("solids.json") && ContainsSubstring("line 3"));
    }
    SECTION("out of range") {
        const fs::path folder = smallTables("range");
        replaceIn(folder / "solids.json", "\"volumeRatio\": 1.2", "\"volumeRatio\": 12");
        CHECK_THAT(tableError(folder), ContainsSubstring("solids[1].volumeRatio") && ContainsSubstring("12"));
    }
    SECTION("a level is missing") {
        const fs::path folder = smallTables("level");
        replaceIn(folder / "sections-muscles.json", "[40,[15,0,10,0,0,10]],[50,[15,0,10,0,0,10]],", "");
        CHECK_THAT(tableError(folder), ContainsSubstring("structures.FIRST.stations[4]") &&
                                           ContainsSubstring("30.0 mm") &&
                                           ContainsSubstring("level is missing"));
    }
    SECTION("crossing outlines") {
        const fs::path folder = smallTables("crossing");
        replaceIn(folder / "sections-muscles.json", "[40,[15,0,10,0,0,10]]",
                  "[40,[15,0,10,0,0,10],[20,0,10,0,0,10]]");
        CHECK_THAT(tableError(folder), ContainsSubstring("structures.FIRST.stations[4][2]") &&
                                           ContainsSubstring("crosses outline 1"));
    }
    SECTION("an outline that crosses itself") {
        const fs::path folder = smallTables("eight");
        replaceIn(folder / "sections-muscles.json", "[40,[15,0,10,0,0,10]]", "[40,[15,0,10,0,0,1,0,0,0,10]]");
        CHECK_THAT(tableError(folder), ContainsSubstring("stations[4][1]"));
    }
    SECTION("a wall between muscles that are not there") {
        const fs::path folder = smallTables("septum");
        replaceIn(folder / "sheets.json", "[\"popliteus\"]", "[\"plantaris\"]");
        CHECK_THAT(tableError(folder),
                   ContainsSubstring("sheets.json: septa[0]") && ContainsSubstring("plantaris"));
    }
    SECTION("vessels of a wall that are no list of names") {
        for (const char* field : {"frontVessels", "backVessels"}) {
            const std::string at = std::string("sheets.json: septa[0].") + field;
            fs::path folder = smallTables("septum-vessels");
            replaceIn(folder / "sheets.json", "\"z\"", fmt::format("\"{}\": \"tibial-nerve\", \"z\"", field));
            CHECK_THAT(tableError(folder), ContainsSubstring(at) && ContainsSubstring("tibial-nerve") &&
                                               ContainsSubstring("expected an array"));
            folder = smallTables("septum-vessel");
            replaceIn(folder / "sheets.json", "\"z\"", fmt::format("\"{}\": [7], \"z\"", field));
            CHECK_THAT(tableError(folder), ContainsSubstring(at + "[0]") && ContainsSubstring("is 7"));
        }
    }
    SECTION("vessels of a wall that are not there") {
        for (const char* field : {"frontVessels", "backVessels"}) {
            const fs::path folder = smallTables("septum-unknown");
            replaceIn(folder / "sheets.json", "\"z\"",
                      fmt::format("\"{}\": [\"tibial-nurve\"], \"z\"", field));
            const LegTables tables = readLegTables(folder);
            fs::remove_all(folder);
            const std::vector<Solid> solids = measureSolids(tables, 1);
            std::string message = "no error";
            try {
                buildSheets(tables, solids, solids.front().field, {}, 1);
            } catch (const core::Error& error) {
                CHECK(error.kind() == core::ErrorKind::Asset);
                message = error.what();
            }
            CHECK_THAT(message, ContainsSubstring("sheets.json: septa[0]") &&
                                    ContainsSubstring("tibial-nurve") &&
                                    ContainsSubstring("no vessel or nerve"));
        }
    }
    SECTION("a tendon's sheet on a muscle that is not there") {
        const fs::path folder = smallTables("aponeurosis");
        replaceIn(folder / "solids.json", "\"volumeRatio\": 1.2", kSheet);
        replaceIn(folder / "solids.json", "\"of\": \"popliteus\"", "\"of\": \"plantaris\"");
        CHECK_THAT(tableError(folder),
                   ContainsSubstring("solids[1].aponeurosis.of") && ContainsSubstring("plantaris"));
    }
    SECTION("a tendon's sheet that a muscle joins which is not there") {
        const fs::path folder = smallTables("joined");
        replaceIn(folder / "solids.json", "\"volumeRatio\": 1.2", kSheet);
        replaceIn(folder / "solids.json", "\"thickness\": [2, 2]",
                  "\"thickness\": [2, 2], \"joinedBy\": [\"plantaris\"]");
        CHECK_THAT(tableError(folder),
                   ContainsSubstring("solids[1].aponeurosis.joinedBy[0]") && ContainsSubstring("plantaris"));
    }
    SECTION("a tendon's sheet too thin for the grid") {
        const fs::path folder = smallTables("thin");
        replaceIn(folder / "solids.json", "\"volumeRatio\": 1.2", kSheet);
        replaceIn(folder / "solids.json", "\"thickness\": [2, 2]", "\"thickness\": [2, 0.1]");
        CHECK_THAT(tableError(folder), ContainsSubstring("solids[1].aponeurosis.thickness[1]"));
    }
    SECTION("a slip of a muscle that is not there") {
        const fs::path folder = smallTables("slip");
        replaceIn(folder / "muscles.json", "\"deepTo\"", "\"along\": \"plantaris\", \"deepTo\"");
        CHECK_THAT(tableError(folder),
                   ContainsSubstring("muscles.json: muscles[0].along") && ContainsSubstring("plantaris"));
    }
    SECTION("not JSON") {
        const fs::path folder = smallTables("json");
        replaceIn(folder / "joints.json", "[", "{");
        CHECK_THAT(tableError(folder), ContainsSubstring("joints.json") && ContainsSubstring("line"));
    }
}

TEST_CASE(
    "muscles get their volume, do not touch bone or each other, and the same on any number of threads") {
    const fs::path folder = smallTables("volume");
    const LegTables tables = readLegTables(folder);
    fs::remove_all(folder);
    const std::vector<Solid> one = buildSolids(tables, 1), two = buildSolids(tables, 2);
    REQUIRE(one.size() == 3);
    REQUIRE(two.size() == 3);
    for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i].field.values == two[i].field.values);
    const Solid *bone = findSolid(one, "tibia"), *first = findSolid(one, "soleus"),
                *second = findSolid(one, "popliteus");
    // A cylinder of radius 10 mm; its rounded ends are the reason for the tolerance.
    const double cylinder = std::numbers::pi * 100 * 82;
    CHECK_THAT(first->measured, WithinRel(cylinder, 0.04));
    CHECK_THAT(fieldVolume(first->field), WithinRel(first->measured * 1.2, 0.05));
    CHECK_THAT(fieldVolume(second->field), WithinRel(second->measured, 0.05));
    std::size_t shared = 0;
    const Field& field = first->field;
    for (int z = 0; z < field.size.z; ++z)
        for (int y = 0; y < field.size.y; ++y)
            for (int x = 0; x < field.size.x; ++x) {
                const glm::vec3 p = field.position(x, y, z);
                if (field.values[field.index(x, y, z)] >= 0) continue;
                shared += second->field.sample(p) < -0.2f || bone->field.sample(p) < -0.2f;
            }
    CHECK(shared == 0);
}

TEST_CASE("a tendon's sheet takes the outermost layer of its muscle, on its side and within its outline") {
    const fs::path folder = smallTables("sheet");
    replaceIn(folder / "solids.json", "\"volumeRatio\": 1.2", kSheet);
    const LegTables tables = readLegTables(folder);
    fs::remove_all(folder);
    const std::vector<Solid> solids = buildSolids(tables, 2);
    const Field &tendon = findSolid(solids, "soleus")->field, &muscle = findSolid(solids, "popliteus")->field;
    // Popliteus is a cylinder of radius 10 mm round x = 31, y = 0.
    for (const float z : {25.0f, 40.0f, 55.0f}) {
        CHECK(tendon.sample({31, 9, z}) < 0);
        CHECK(muscle.sample({31, 9, z}) > 0);
        CHECK(muscle.sample({31, 6.5f, z}) < 0); // under the sheet
        CHECK(muscle.sample({31, -9, z}) < 0);   // on the other side
        CHECK(tendon.sample({31, -9, z}) > 0);
    }
    CHECK(muscle.sample({31, 9, 70}) < 0); // beyond the outline
    CHECK(tendon.sample({31, 9, 70}) > 0);
}

TEST_CASE("what lies over a tendon on its free side is told from what lies under it") {
    Aponeurosis sheet;
    sheet.facing = {0, 1, 0};
    const Field cord = makeField(glm::vec3(-20), glm::vec3(20), 1.0f,
                                 [](const glm::vec3& p) { return glm::length(p) - 3.0f; });
    CHECK(coveredDistance(sheet, cord, {0, 8, 0}) < 0);
    CHECK(coveredDistance(sheet, cord, {0, -8, 0}) > 0);
    CHECK(coveredDistance(sheet, cord, {8, 8, 0}) > 0);
}
