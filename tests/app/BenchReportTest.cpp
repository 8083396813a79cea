#include "app/BenchReport.h"

#include "core/Error.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <nlohmann/json.hpp>

using namespace pump;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("quantiles lie between neighbours in proportion") {
    CHECK(app::quantile({}, 0.5) == 0);
    CHECK(app::quantile({7}, 0.95) == 7);
    CHECK(app::quantile({4, 1, 3, 2}, 0.5) == Approx(2.5));
    std::vector<double> hundred;
    for (int i = 0; i <= 100; ++i) hundred.push_back(100 - i);
    CHECK(app::quantile(hundred, 0.95) == Approx(95));
    CHECK(app::quantile(hundred, 1) == 100);
}

TEST_CASE("frame times are told as rates and as their spread") {
    std::vector<double> times(95, 20.0);
    times.insert(times.end(), 5, 40.0);
    const auto report = app::frameTimeReport(times);
    CHECK(report["frames"] == 100);
    CHECK(report["fps"]["median"].get<double>() == Approx(50));
    CHECK(report["frameMs"]["median"].get<double>() == Approx(20));
    CHECK(report["frameMs"]["p95OverMedian"].get<double>() >= 1.0);
}

TEST_CASE("workloads are found in any case; an unknown one lists them") {
    CHECK(app::findBenchWorkload("b65K").id == "B65k");
    try {
        app::findBenchWorkload("Z");
        FAIL("no error");
    } catch (const core::Error& error) {
        CHECK(error.kind() == core::ErrorKind::Usage);
        CHECK_THAT(error.what(), ContainsSubstring("there is no 'Z'; use one of: A, A4x, B16k"));
    }
}

TEST_CASE("peak memory is known and grows with what is used") {
    const auto before = app::peakMemoryMb();
    REQUIRE(before);
    std::vector<char> used(200'000'000, 1);
    CHECK(app::peakMemoryMb().value() >= static_cast<double>(used[12345]) * 200);
    CHECK(app::peakMemoryMb().value() > *before);
}
