#include "builder/LegTables.h"
#include "builder/Sections.h"
#include "builder/Solids.h"
#include "core/Error.h"
#include "core/JsonFile.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <filesystem>
#include <fstream>
#include <numbers>
#include <set>
#include <sstream>

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

/// The tables in a folder of their own, so that one of them can be spoilt.
fs::path copyOfTables(const std::string& name) {
    const fs::path copy = fs::temp_directory_path() / ("second-heart-tables-" + name);
    fs::remove_all(copy);
    fs::copy(PUMP_TABLES, copy);
    return copy;
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
        const fs::path folder = copyOfTables("unknown");
        replaceIn(folder / "solids.json", "\"id\": \"tibia\"", "\"id\": \"third-tibia\"");
        CHECK_THAT(tableError(folder), ContainsSubstring("solids.json") && ContainsSubstring("third-tibia"));
    }
    SECTION("unknown sections") {
        const fs::path folder = copyOfTables("sections");
        replaceIn(folder / "solids.json", "\"sections\": \"FMA24477\"", "\"sections\": \"FMA1\"");
        CHECK_THAT(tableError(folder), ContainsSubstring("solids.json") && ContainsSubstring("FMA1"));
    }
    SECTION("unknown joint") {
        const fs::path folder = copyOfTables("joint");
        replaceIn(folder / "solids.json", "\"joint\": \"toes\"", "\"joint\": \"wheel\"");
        CHECK_THAT(tableError(folder), ContainsSubstring("wheel"));
    }
    SECTION("not JSON") {
        const fs::path folder = copyOfTables("json");
        replaceIn(folder / "joints.json", "[", "{");
        CHECK_THAT(tableError(folder), ContainsSubstring("joints.json") && ContainsSubstring("line"));
    }
}

TEST_CASE(
    "muscles get their volume, do not touch bone or each other, and the same on any number of threads") {
    LegTables tables = readLegTables(PUMP_TABLES);
    const std::set<std::string> kept = {"tibia", "fibula", "tibialis-anterior", "extensor-digitorum-longus"};
    std::erase_if(tables.solids, [&](const SolidRow& row) { return !kept.contains(row.id); });
    REQUIRE(tables.solids.size() == kept.size());
    const std::vector<Solid> one = buildSolids(tables, 1), two = buildSolids(tables, 2);
    REQUIRE(one.size() == two.size());
    for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i].field.values == two[i].field.values);
    const Solid* anterior = findSolid(one, "tibialis-anterior");
    CHECK_THAT(fieldVolume(anterior->field), WithinRel(anterior->measured * 1.2, 0.05));
    const Solid* extensor = findSolid(one, "extensor-digitorum-longus");
    const Solid* tibia = findSolid(one, "tibia");
    std::size_t shared = 0;
    const Field& field = anterior->field;
    for (int z = 0; z < field.size.z; ++z)
        for (int y = 0; y < field.size.y; ++y)
            for (int x = 0; x < field.size.x; ++x) {
                const glm::vec3 p = field.position(x, y, z);
                if (field.values[field.index(x, y, z)] >= 0) continue;
                shared += extensor->field.sample(p) < -0.2f || tibia->field.sample(p) < -0.2f;
            }
    CHECK(shared == 0);
}
