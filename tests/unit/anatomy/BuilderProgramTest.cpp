#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

// The program leg-builder with spoilt copies of its own tables: what it says and its exit code.
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Outcome {
    int code = -1;
    std::string text;
};

/// Copy of the tables in a folder of its own, gone at the end of the test.
struct TableCopy {
    fs::path assets = fs::temp_directory_path() / ("second-heart-builder-" + std::to_string(getpid()));
    TableCopy() {
        fs::remove_all(assets);
        fs::create_directories(assets);
        fs::copy(PUMP_TABLES, assets / "anatomy", fs::copy_options::recursive);
        fs::copy(fs::path(PUMP_TABLES).parent_path() / "network", assets / "network",
                 fs::copy_options::recursive);
    }
    ~TableCopy() { fs::remove_all(assets); }
    TableCopy(const TableCopy&) = delete;
    TableCopy& operator=(const TableCopy&) = delete;

    /// Replaces the first `from` after `after`.
    void spoil(const std::string& file, const std::string& after, const std::string& from,
               const std::string& to) const {
        const fs::path path = assets / "anatomy" / file;
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        std::string content = text.str();
        const std::size_t row = content.find(after);
        REQUIRE(row != std::string::npos);
        const std::size_t at = content.find(from, row);
        REQUIRE(at != std::string::npos);
        content.replace(at, from.size(), to);
        std::ofstream(path) << content;
    }

    Outcome build() const {
        const std::string command = std::string(PUMP_BUILDER) + " '" + (assets / "anatomy").string() + "' '" +
                                    (assets / "out").string() + "' 2>&1";
        Outcome outcome;
        FILE* pipe = popen(command.c_str(), "r");
        REQUIRE(pipe);
        std::array<char, 512> part{};
        while (std::fgets(part.data(), static_cast<int>(part.size()), pipe)) outcome.text += part.data();
        const int status = pclose(pipe);
        if (WIFEXITED(status)) outcome.code = WEXITSTATUS(status);
        CHECK_FALSE(fs::exists(assets / "out" / "leg.glb"));
        return outcome;
    }
};

} // namespace

TEST_CASE("leg-builder refuses bad tables with file, row, value and reason, and exit code 3") {
    const TableCopy copy;
    Outcome outcome;
    SECTION("unknown id") {
        copy.spoil("solids.json", "{\"id\": \"soleus\"", "soleus", "soleuss");
        outcome = copy.build();
        CHECK_THAT(outcome.text, ContainsSubstring("solids.json") && ContainsSubstring("solids[") &&
                                     ContainsSubstring("'soleuss'") &&
                                     ContainsSubstring("not in catalogue.json"));
    }
    SECTION("missing level") {
        const fs::path path = copy.assets / "anatomy" / "sections-muscles.json";
        std::ifstream in(path);
        std::string text, line;
        int inSoleus = 0;
        while (std::getline(in, line)) {
            if (line.rfind("\"FMA22558\"", 0) == 0) inSoleus = 1;
            if (inSoleus > 0 && inSoleus++ >= 12 && inSoleus < 17) continue; // four levels of soleus
            text += line + "\n";
        }
        in.close();
        std::ofstream(path) << text;
        outcome = copy.build();
        CHECK_THAT(outcome.text, ContainsSubstring("sections-muscles.json") &&
                                     ContainsSubstring("FMA22558.stations[") &&
                                     ContainsSubstring("level is missing"));
    }
    SECTION("crossing sections") {
        // The second outline of that level is laid over the first.
        copy.spoil("sections-muscles.json", "[153.9,[14.9,-39.1,", "[-4.8,-39.9,", "[14.9,-38.1,");
        outcome = copy.build();
        CHECK_THAT(outcome.text, ContainsSubstring("sections-muscles.json") &&
                                     ContainsSubstring("FMA258847.stations[") &&
                                     ContainsSubstring("crosses outline 1"));
    }
    SECTION("not a number") {
        copy.spoil("vessels.json", "\"id\": \"popliteal-artery\"", "[1, -6, 449", "[NaN, -6, 449");
        outcome = copy.build();
        CHECK_THAT(outcome.text, ContainsSubstring("vessels.json") && ContainsSubstring("line"));
    }
    SECTION("a vessel that leaves its leg") {
        copy.spoil("vessels.json", "\"id\": \"popliteal-artery\"", "[1, -6, 449", "[1, -6000, 449");
        outcome = copy.build();
        CHECK_THAT(outcome.text, ContainsSubstring("vessels.json") && ContainsSubstring("-6000") &&
                                     ContainsSubstring("outside the leg"));
    }
    INFO(outcome.text);
    CHECK(outcome.code == 3);
}
