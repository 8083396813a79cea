#include <catch2/catch_test_macros.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <string>

#include <sys/wait.h>

namespace {

struct Result {
    int exitCode = -1;
    std::string output;
};

/// Standard output of the program; its standard error with `2>&1` in the arguments.
Result run(const std::string& arguments) {
    Result result;
    FILE* pipe = ::popen((std::string(PUMP_PROGRAM) + " " + arguments).c_str(), "r");
    REQUIRE(pipe);
    std::array<char, 4096> block;
    for (std::size_t count = 0; (count = std::fread(block.data(), 1, block.size(), pipe)) > 0;) {
        result.output.append(block.data(), count);
    }
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) result.exitCode = WEXITSTATUS(status);
    return result;
}

} // namespace

TEST_CASE("bench reports the simulation's speed as JSON") {
    const auto result = run("bench --workload simulation --seconds 0.2 2>/dev/null");
    REQUIRE(result.exitCode == 0);
    const auto report = nlohmann::json::parse(result.output);
    const auto& simulation = report["workloads"]["simulation"];
    CHECK(simulation["segments"] == 58);
    CHECK(simulation["nsPerStep"].get<double>() > 0);
    CHECK(simulation["simulatedSecondsPerSecond"].get<double>() > 1);
    CHECK(simulation["peakMemoryMb"].get<double>() > 1);
}

TEST_CASE("bench draws a workload off screen and tells frames, passes and memory") {
    const auto result = run("bench --no-window --workload B16k --seconds 0.2 --size 320x180 2>/dev/null");
    REQUIRE(result.exitCode == 0);
    const auto report = nlohmann::json::parse(result.output);
    const auto& cells = report["workloads"]["B16k"];
    CHECK(cells["frames"].get<int>() >= 20);
    CHECK(cells["particles"] == 16384);
    CHECK(cells["triangles"] == 0);
    CHECK(cells["fps"]["median"].get<double>() > 0);
    CHECK(cells["window"] == false);
    CHECK_FALSE(report["device"].get<std::string>().empty());
    CHECK(report["size"] == "320x180");
}

TEST_CASE("an unknown workload is refused with what there is") {
    const auto result = run("bench --workload Z 2>&1");
    CHECK(result.exitCode == 1);
    CHECK(result.output.find("there is no 'Z'; use one of: A, A4x") != std::string::npos);
}
