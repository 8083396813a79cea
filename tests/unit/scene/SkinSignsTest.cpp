#include "scene/SkinSigns.h"

#include "core/Error.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

using namespace pump;
using Catch::Approx;

namespace {

std::vector<physiology::Condition> conditions() {
    const auto network = physiology::loadNetwork("assets/network");
    return physiology::loadConditions("assets/conditions", network);
}

} // namespace

TEST_CASE("signs grow with severity and together never pass 1", "[skin]") {
    const scene::SkinSigns signs("assets/signs/skin.csv", conditions());
    CHECK_FALSE(scene::anySign(signs.of({})));
    CHECK_FALSE(scene::anySign(signs.of({{"healthy", 1}})));
    float before = 0;
    for (const double severity : {0.25, 0.5, 1.0}) {
        const auto now = signs.of({{"varicose-tributaries", severity}});
        CHECK(now.varicose > before);
        CHECK(now.brown == 0);
        before = now.varicose;
    }
    const auto one = signs.of({{"deep-reflux", 1}}),
               both = signs.of({{"deep-reflux", 1}, {"post-thrombotic", 1}});
    CHECK(both.brown > one.brown);
    CHECK(both.brown <= 1);
    CHECK(signs.of({{"clot-iliac", 1}}).duskyTop > signs.of({{"clot-popliteal", 1}}).duskyTop);
    CHECK(signs.of({{"arterial-disease", 1}}).pale > 0.5f);
}

TEST_CASE("a sign of no condition is refused with its line", "[skin]") {
    const auto file = std::filesystem::temp_directory_path() / "second-heart-signs.csv";
    std::ofstream(file) << "condition,sign,amount,top_mm,why\nhealthy,green,1,0,none\n";
    CHECK_THROWS_AS(scene::SkinSigns(file, conditions()), core::Error);
    std::ofstream(file) << "condition,sign,amount,top_mm,why\nplague,brown,1,0,none\n";
    CHECK_THROWS_AS(scene::SkinSigns(file, conditions()), core::Error);
    std::filesystem::remove(file);
}
