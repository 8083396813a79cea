#include "builder/Vessels.h"

#include "core/Error.h"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <unistd.h>

using namespace pump;

namespace {

/// A copy of the tables in a folder of its own, in which one piece of text is replaced.
class ChangedTables {
  public:
    ChangedTables(const std::string& find, const std::string& put) {
        m_folder = std::filesystem::temp_directory_path() /
                   ("second-heart-vessels-" + std::to_string(getpid()) + "-" + std::to_string(counter()++));
        std::filesystem::create_directories(m_folder / "anatomy");
        std::filesystem::copy("assets/network", m_folder / "network",
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
        std::ifstream in("assets/anatomy/vessels.json");
        std::ostringstream text;
        text << in.rdbuf();
        std::string changed = text.str();
        const auto at = changed.find(find);
        REQUIRE(at != std::string::npos);
        changed.replace(at, find.size(), put);
        std::ofstream(m_folder / "anatomy" / "vessels.json") << changed;
    }
    ~ChangedTables() {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }
    ChangedTables(const ChangedTables&) = delete;
    ChangedTables& operator=(const ChangedTables&) = delete;

    /// Builds, expects one line of complaint that holds all these words.
    void complains(const std::vector<std::string>& words, const builder::TissueProbe& probe = {}) const {
        try {
            builder::buildVessels(m_folder, probe);
            FAIL("the table was accepted");
        } catch (const core::Error& error) {
            const std::string message = error.what();
            INFO(message);
            CHECK(error.kind() == core::ErrorKind::Asset);
            CHECK(message.find('\n') == std::string::npos);
            CHECK(message.find("vessels.json") != std::string::npos);
            for (const std::string& word : words) {
                INFO("expected: " << word);
                CHECK(message.find(word) != std::string::npos);
            }
        }
    }

  private:
    static int& counter() {
        static int count = 0;
        return count;
    }
    std::filesystem::path m_folder;
};

} // namespace

TEST_CASE("a bad vessel table is refused with file, place, value and reason") {
    SECTION("unknown vessel to flow into") {
        ChangedTables("\"into\": \"femoral-vein\"", "\"into\": \"femoral-vain\"")
            .complains({"femoral-vain", "no vessel"});
    }
    SECTION("unknown segment") {
        ChangedTables("[\"POP1\", \"POP2\"]", "[\"POP1\", \"POP9\"]")
            .complains({"POP9", "segments.csv", "vessels["});
    }
    SECTION("unknown link") {
        ChangedTables("\"link\": \"SSV2>GCM1\"", "\"link\": \"SSV2>GCM7\"")
            .complains({"SSV2", "GCM7", "perforators["});
    }
    SECTION("unknown kind") {
        ChangedTables("\"kind\": \"superficial-vein\"", "\"kind\": \"skin-vein\"")
            .complains({"kind", "skin-vein"});
    }
    SECTION("a point too few") {
        ChangedTables("\"course\": [[-31, 74, 787], [-31, 68, 803], [-31, 62, 823], [-30, 52, 846]]",
                      "\"course\": [[-31, 74, 787]]")
            .complains({"course", "1 points", "2"});
    }
    SECTION("a number missing in a point") {
        ChangedTables("[-31, 62, 823]", "[-31, 62]").complains({"course[2]", "expected 3"});
    }
    SECTION("not a number") {
        ChangedTables("[-31, 62, 823]", "[-31, \"x\", 823]").complains({"course[2]", "\"x\""});
    }
    SECTION("far outside the leg") {
        ChangedTables("[-31, 62, 823]", "[-31, 62, 8230]")
            .complains({"course[2]", "8230", "outside the leg"});
    }
    SECTION("an end that flows nowhere") {
        ChangedTables("\"stub\": \"the heart goes on outside the picture\", ", "")
            .complains({"right-atrium", "ends nowhere"});
    }
    SECTION("a perforator that does not reach its vein") {
        ChangedTables("\"start\": [-55, 7, 537]", "\"start\": [55, 7, 537]")
            .complains({"perforator-dodd", "great-saphenous-vein", "mm away"});
    }
    SECTION("a segment whose height the vessel does not reach") {
        ChangedTables("\"topZ\": {\"SSV3\": 398}", "\"topZ\": {\"SSV3\": 900}")
            .complains({"small-saphenous-vein", "SSV3", "900"});
    }
    SECTION("a vessel that joins where the network has no link") {
        ChangedTables("\"after\": [[-14, -4, 260], [-4, -7.5, 268], [3, -9, 275]]",
                      "\"after\": [[-14, -4, 225], [-4, -7.5, 226], [3, -9, 228]]")
            .complains({"soleal-sinuses-medial-1", "does not"});
    }
    SECTION("an id that stands twice") {
        ChangedTables("\"id\": \"perforator-hunter\"", "\"id\": \"perforator-dodd\"")
            .complains({"perforator-dodd", "twice"});
    }
    SECTION("a network segment that nobody draws") {
        ChangedTables("\"segments\": [\"DFV\"]", "\"segments\": [\"STILL:DFV\"]")
            .complains({"DFV", "notDrawn"});
    }
    SECTION("a list of what is not drawn that names no segment") {
        ChangedTables("\"notDrawn\": {", "\"notDrawn\": {\"EIW\": \"far away\"").complains({"EIW"});
    }
    SECTION("a circle of vessels that wait for each other") {
        ChangedTables("\"stub\": \"the heart goes on outside the picture\"", "\"into\": \"femoral-vein\"")
            .complains({"wait"});
    }
    SECTION("a vessel that leaves the leg") {
        builder::TissueProbe probe; // a cylinder of 90 mm about the shank
        probe.skinDistance = [](glm::vec3 p) {
            return p.z < 30 || p.z > 588 ? -25.0f : glm::length(glm::vec2(p.x, p.y + 5)) - 90;
        };
        ChangedTables("[-14, 13, 150]", "[-134, 13, 150]")
            .complains({"great-saphenous-vein", "leaves the leg", "outside the skin"}, probe);
    }
    SECTION("heights beneath the fascia that fall") {
        ChangedTables("\"beneathFascia\": [0, 388]", "\"beneathFascia\": [388, 0]")
            .complains({"vessels[", "beneathFascia", "[388, 0]", "must rise"});
    }
    SECTION("a height beneath the fascia that is no number") {
        ChangedTables("\"beneathFascia\": [0, 388]", "\"beneathFascia\": [0, \"knee\"]")
            .complains({"vessels[", "beneathFascia[1]", "\"knee\""});
    }
    SECTION("one height beneath the fascia") {
        ChangedTables("\"beneathFascia\": [0, 388]", "\"beneathFascia\": [388]")
            .complains({"vessels[", "beneathFascia", "1 numbers", "expected 2"});
    }
    SECTION("subdermal that is neither true nor false") {
        ChangedTables("\"subdermal\": true", "\"subdermal\": 2")
            .complains({"vessels[", "subdermal", "is 2", "true or false"});
    }
    SECTION("an extra valve above its vessel") {
        ChangedTables("\"heights\": [835]", "\"heights\": [1035]").complains({"femoral-vein", "valve"});
    }
    SECTION("broken JSON") {
        ChangedTables("\"pairs\": [", "\"pairs\": ").complains({"line", "column"});
    }
}

TEST_CASE("one number in a perforator's row moves that perforator") {
    const builder::VesselSet before = builder::buildVessels("assets", {});
    const auto heightOf = [](const builder::VesselSet& set) {
        return set.vessels.at(static_cast<std::size_t>(set.find("perforator-dodd")))
            .points.front()
            .position.z;
    };
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("second-heart-vessels-moved-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder / "anatomy");
    std::filesystem::copy("assets/network", folder / "network",
                          std::filesystem::copy_options::recursive |
                              std::filesystem::copy_options::overwrite_existing);
    std::ifstream in("assets/anatomy/vessels.json");
    std::ostringstream text;
    text << in.rdbuf();
    std::string changed = text.str();
    const std::string old = "\"start\": [-55, 7, 537]";
    REQUIRE(changed.find(old) != std::string::npos);
    changed.replace(changed.find(old), old.size(), "\"start\": [-55, 7, 527]");
    std::ofstream(folder / "anatomy" / "vessels.json") << changed;
    const builder::VesselSet after = builder::buildVessels(folder, {});
    CHECK(heightOf(after) < heightOf(before) - 7);
    std::filesystem::remove_all(folder);
}

TEST_CASE("vessels give way to bone, stay inside their muscle and under the skin") {
    builder::TissueProbe probe;
    // A rod of bone along the popliteal vein, a soleus that is a slab, a skin that is a cylinder.
    const glm::vec2 rod(8, -24);
    probe.boneDistance = [rod](glm::vec3 p) { return glm::distance(glm::vec2(p), rod) - 4; };
    probe.muscleDistance = [](std::string_view muscle, glm::vec3 p) {
        return muscle == "soleus" ? std::abs(p.y + 18) - 20 : 100.0f;
    };
    probe.skinDistance = [](glm::vec3 p) { // foot and trunk reach out of the cylinder
        return p.z < 30 || p.z > 588 ? -25.0f : glm::length(glm::vec2(p.x, p.y + 5)) - 90;
    };
    int bound = 0;
    probe.bind = [&bound](glm::vec3, std::string_view) {
        ++bound;
        anatomy::Binding binding;
        binding.muscleWeight = 1;
        return binding;
    };
    const builder::VesselSet set = builder::buildVessels("assets", probe);
    CHECK(bound > 3000);
    for (const char* id : {"popliteal-vein", "popliteal-artery", "tibioperoneal-trunk-vein"}) {
        const anatomy::Vessel& vessel = set.vessels.at(static_cast<std::size_t>(set.find(id)));
        INFO(id);
        for (std::size_t i = 1; i + 1 < vessel.points.size(); ++i)
            CHECK(probe.boneDistance(vessel.points[i].position) > vessel.points[i].radius - 0.4f);
    }
    for (const char* id : {"soleal-sinuses-medial-2", "soleal-sinuses-lateral-2"}) {
        const anatomy::Vessel& vessel = set.vessels.at(static_cast<std::size_t>(set.find(id)));
        INFO(id);
        for (const anatomy::VesselPoint& point : vessel.points)
            if (point.arc > 4 && point.arc < vessel.points.back().arc - 60)
                CHECK(probe.muscleDistance("soleus", point.position) < -2.8f - point.radius);
    }
    const auto room = set.skinClearance;
    CHECK(room.size() > 300);
    for (const auto& clearance : room) CHECK(clearance.distance >= 3);
}
