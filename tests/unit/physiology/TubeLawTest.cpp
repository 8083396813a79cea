#include "physiology/TubeLaw.h"
#include "physiology/Units.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>

using namespace pump::physiology;
using Catch::Approx;

namespace {
constexpr TubeLaw kDeep{.stiffness = 2 * kMmHg, .m = 5.3, .n = -1.5};
}

TEST_CASE("the tube law has the tabulated pressures of the deep class") {
    CHECK(kDeep.transmural(2) / kMmHg == Approx(78.1).epsilon(0.001));
    CHECK(std::abs(kDeep.transmural(1)) < 1e-12);
    CHECK(kDeep.transmural(0.303) / kMmHg == Approx(-12.0).epsilon(0.002));
    CHECK(kDeep.transmural(0.1036) / kMmHg == Approx(-60.0).epsilon(0.002));
}

TEST_CASE("area ratio and pressure are inverse to 1e-12 from collapsed to distended") {
    for (const double m : {4.0, 5.0, 5.3, 6.0, 7.0, 10.0}) {
        const TubeLaw law{.stiffness = 200, .m = m, .n = -1.5};
        for (double alpha = 0.05; alpha <= 3; alpha += 0.01) {
            INFO("m " << m << " alpha " << alpha);
            REQUIRE(std::abs(law.areaRatio(law.transmural(alpha)) - alpha) < 1e-12);
        }
    }
}

TEST_CASE("any finite transmural pressure has a positive lumen") {
    for (const double mmHg : {-1e5, -1000.0, -1.0, 0.0, 1.0, 1000.0, 1e5}) {
        const double alpha = kDeep.areaRatio(mmHg * kMmHg);
        CHECK(alpha > 0);
        CHECK(kDeep.transmural(alpha) / kMmHg == Approx(mmHg).margin(1e-9));
    }
}

TEST_CASE("the table agrees with the law and its slope is the slope of its own value") {
    const TubeTable table(kDeep.m, kDeep.n);
    for (double y = -130; y < 170; y += 0.0371) {
        const auto point = table.at(y);
        const double exact = kDeep.areaRatio(y * kDeep.stiffness);
        REQUIRE(std::abs(point.alpha - exact) < 3e-7);
        const double h = 1e-5;
        if (std::floor((y - h) * 8) != std::floor((y + h) * 8))
            continue; // a difference across a node blends two pieces
        const double difference = (table.at(y + h).alpha - table.at(y - h).alpha) / (2 * h);
        REQUIRE(point.slope == Approx(difference).epsilon(1e-5).margin(1e-9));
    }
}

TEST_CASE("pulse speed has the tabulated values of the deep class") {
    CHECK(kDeep.waveSpeed(1.3, 1060) == Approx(2.4).epsilon(0.03));
    CHECK(kDeep.waveSpeed(2.0, 1060) == Approx(7.3).epsilon(0.03));
}
