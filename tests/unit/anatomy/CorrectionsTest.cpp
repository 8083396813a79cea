#include "anatomy/Corrections.h"

#include "anatomy/LegModel.h"
#include "core/Error.h"
#include "support/SyntheticLeg.h"
#include "support/TemporaryFolder.h"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

using namespace pump;

namespace {

anatomy::Corrections common(const anatomy::LegModel& leg) {
    anatomy::Corrections result;
    result.features = 2;
    result.muscles = static_cast<std::uint32_t>(leg.rig.muscles.size());
    result.centres = {0, 0, 1.5f, -2};
    result.rows.assign(3 * leg.rig.muscles.size() * anatomy::kCorrectionWeights, 0.25f);
    return result;
}

std::string complaint(const std::filesystem::path& file, const anatomy::LegModel& leg) {
    try {
        (void)anatomy::readCorrections(file, leg);
    } catch (const core::Error& error) {
        return error.what();
    }
    return "none";
}

} // namespace

TEST_CASE("corrections are read as they were written", "[corrections]") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "leg.flesh";
    const auto leg = test::syntheticLeg();
    const anatomy::Structure* muscle = leg.find("soleus");
    REQUIRE(muscle);
    anatomy::CorrectionPart part{"soleus", {}};
    for (std::uint32_t i = 0; i < muscle->vertexCount; ++i)
        part.offsets.push_back({i, 7 * i, ~i, 0x3fffffffu, i + 1, 0, 5 * i, 9});
    anatomy::writeCorrections(file, common(leg), {part});
    const auto read = anatomy::readCorrections(file, leg);
    CHECK(read.poses() == 2);
    CHECK(read.centres == common(leg).centres);
    CHECK(read.rows == common(leg).rows);
    CHECK(read.offsets == part.offsets);
    for (std::size_t s = 0; s < leg.structures.size(); ++s)
        CHECK(read.firstOf[s] == (&leg.structures[s] == muscle ? 0 : -1));
}

TEST_CASE("corrections of another leg, cut short or foreign are refused with a reason", "[corrections]") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "leg.flesh";
    const auto leg = test::syntheticLeg();
    anatomy::writeCorrections(file, common(leg), {{"soleus", {{1, 2, 3, 4}}}});
    CHECK(complaint(file, leg).find("'soleus' was made for another leg") != std::string::npos);
    CHECK(complaint(file, leg).find("build the leg again") != std::string::npos);
    std::filesystem::resize_file(file, 40);
    CHECK(complaint(file, leg).find("ends early") != std::string::npos);
    std::ofstream(file) << "something else entirely";
    CHECK(complaint(file, leg).find("is no file of corrections") != std::string::npos);
    auto fewer = common(leg);
    fewer.muscles = 1;
    anatomy::writeCorrections(file, fewer, {});
    CHECK(complaint(file, leg).find("other muscles") != std::string::npos);
}
