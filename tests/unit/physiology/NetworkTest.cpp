#include "physiology/Network.h"
#include "physiology/Movement.h"
#include "physiology/Units.h"

#include "core/Error.h"
#include "support/TemporaryFolder.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace pump::physiology;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A copy of the network tables in which one file has one text replaced.
struct Altered {
    pump::test::TemporaryFolder own;
    std::filesystem::path folder = own.path();
    Altered(const std::string& file, const std::string& from, const std::string& to) {
        std::filesystem::copy("assets/network", folder,
                              std::filesystem::copy_options::overwrite_existing |
                                  std::filesystem::copy_options::recursive);
        std::ifstream in(folder / file);
        std::stringstream text;
        text << in.rdbuf();
        std::string all = text.str();
        const auto place = all.find(from);
        REQUIRE(place != std::string::npos);
        all.replace(place, from.size(), to);
        std::ofstream(folder / file) << all;
    }
    Altered(const Altered&) = delete;
    Altered& operator=(const Altered&) = delete;

    std::string message() const {
        try {
            loadNetwork(folder);
        } catch (const pump::core::Error& error) {
            CHECK(error.kind() == pump::core::ErrorKind::Asset);
            return error.what();
        }
        return "no error";
    }
};

std::string movementMessage(const std::string& text) {
    try {
        const pump::core::JsonFile file("move.json", text);
        readMovement(file.root());
    } catch (const pump::core::Error& error) {
        return error.what();
    }
    return "no error";
}

std::string movementWith(const std::string& fields) {
    return R"({"id":"move","name":"Move","posture":"standing","cadence":{"default":60,"low":30,"high":90},"phases":[0,0.5,1],"excitation":{},)" +
           fields + "}";
}

} // namespace

TEST_CASE("the tables hold the whole leg") {
    const Network network = loadNetwork("assets/network");
    CHECK(network.segments.size() == 58);
    CHECK(network.links.size() == 90);
    double belowKnee = 0;
    for (std::size_t i = 0; i < 5; ++i) belowKnee += network.inflows[i].standingFlow / kMillilitre;
    CHECK(belowKnee == Approx(0.91));
}

TEST_CASE("heights follow the drawn leg and lengths scale with them") {
    const Network network = loadNetwork("assets/network");
    const Segment& popliteal = network.segments[static_cast<std::size_t>(network.segmentIndex("POP2"))];
    // 510-590 mm in the tables: z = 373.8 + 1.1805 (h - 500), drawn sole at z = -62.
    CHECK(popliteal.heightLow * 1000 == Approx(373.8 + 1.1805 * 10 + 62).epsilon(1e-3));
    CHECK(popliteal.heightHigh * 1000 == Approx(373.8 + 1.1805 * 90 + 62).epsilon(1e-3));
    CHECK(popliteal.length * 1000 == Approx(82 * 1.1805).epsilon(1e-3));
    const Segment& tibial = network.segments[static_cast<std::size_t>(network.segmentIndex("PTV3"))];
    CHECK(tibial.heightLow * 1000 == Approx(0.8534 * (260 - 62) + 62).epsilon(1e-3));
    CHECK(network.rightAtriumHeight * 1000 == Approx(1308));
}

TEST_CASE("a broken network table names file, line, column, value and what is expected") {
    CHECK_THAT(Altered("segments.csv", "PTV2,160,260,105", "PTV2,160,260,-5").message(),
               ContainsSubstring("segments.csv: line ") &&
                   ContainsSubstring("column 'length_mm': is -5, expected 1 to 2000"));
    CHECK_THAT(Altered("segments.csv", ",D,ANKLE,", ",D,ANKEL,").message(),
               ContainsSubstring("column 'compartment': is 'ANKEL', expected one of PLANTAR"));
    CHECK_THAT(Altered("segments.csv", "PTV3,", "PTV2,").message(),
               ContainsSubstring("column 'segment': is 'PTV2', expected a name of its own"));
    CHECK_THAT(Altered("links.csv", "TPT,POP1", "TPT,POP9").message(),
               ContainsSubstring("column 'to_segment': is 'POP9', which is no segment"));
    CHECK_THAT(Altered("links.csv", "IVC2,RA,0,trunk,0,0", "IVC2,IVC1,0,trunk,0,0").message(),
               ContainsSubstring("has no way to RA"));
    CHECK_THAT(Altered("parameters.csv", "blood_viscosity,0.004", "blood_viscosity,4").message(),
               ContainsSubstring("column 'value': is 4, expected 0.002 to 0.008"));
    CHECK_THAT(Altered("parameters.csv", "muscle_gain,", "muscle_pain,").message(),
               ContainsSubstring("which no part of the model uses"));
    CHECK_THAT(Altered("height_map.csv", "500,435.8", "50,435.8").message(),
               ContainsSubstring("heights must rise"));
    CHECK_THAT(Altered("tube_laws.csv", "V,venular,2.5,5,-1.5", "").message(),
               ContainsSubstring("has 4 laws"));
}

TEST_CASE("a broken movement names file, field, value and range") {
    CHECK_THAT(movementMessage(movementWith(R"("pose":{"ankleDorsiflexionDeg":[0,-80,0]})")),
               ContainsSubstring("move.json: pose.ankleDorsiflexionDeg[1]: is -80, expected -55 to 35"));
    CHECK_THAT(movementMessage(movementWith(R"("pose":{"ankleDorsiflexionDeg":[0,-20]})")),
               ContainsSubstring("has 2 values, 'phases' has 3"));
    CHECK_THAT(movementMessage(movementWith(R"("plantarLoad":[0.4,0.9,0.5])")),
               ContainsSubstring("must end as it begins"));
    CHECK_THAT(movementMessage(movementWith(R"("speed":3)")), ContainsSubstring("speed: is no known field"));
    CHECK(movementMessage(movementWith(R"("plantarLoad":[0.4,0.9,0.4])")) == "no error");
}

TEST_CASE("every shipped movement stays inside its keys: curves do not overshoot") {
    for (const Movement& movement : loadMovements("assets/movements")) {
        INFO(movement.id);
        for (int i = 0; i <= 1000; ++i) {
            const auto drive = movement.at(i / 1000.0 - (i == 1000 ? 1e-9 : 0), movement.largestStrength);
            CHECK(drive.pose.ankleDorsiflexion / kDegree >= -55.0001);
            CHECK(drive.pose.ankleDorsiflexion / kDegree <= 35.0001);
            for (double excitation : drive.excitation) {
                CHECK(excitation >= 0);
                CHECK(excitation <= 1);
            }
        }
    }
}
