#include "app/BenchReport.h"

#include "core/Error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <fstream>
#include <string>

#include <time.h>

namespace pump::app {
namespace {

std::int64_t clockNs(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

constexpr std::array kWorkloads{
    BenchWorkload{"A",
                  "the whole leg standing still without skin, all solid, camera orbiting, no anti-aliasing",
                  20, 40},
    BenchWorkload{"A4x", "the same with 4 samples a pixel; then 16 accumulated samples at rest", 7.5, 40},
    BenchWorkload{"B16k", "16384 blood cells, nothing else", 60, 60},
    BenchWorkload{"B65k", "65536 blood cells, nothing else", 30, 60},
    BenchWorkload{"B262k", "262144 blood cells, nothing else", 10, 20},
    BenchWorkload{"C", "everything deforming at the detail of A, 65536 blood cells, panel", 12, 30},
    BenchWorkload{"C4x", "the same with 4 samples a pixel"},
    BenchWorkload{"V", "the deformation alone at each level of detail: ns for a vertex"},
    BenchWorkload{"default", "what a visitor gets: default view, heel raises, quality automatic, panel"},
    BenchWorkload{"D", "from starting the program to its first frame"},
    BenchWorkload{"simulation", "haemodynamics alone, one core"},
};

std::string lower(std::string_view view) {
    std::string text(view);
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

} // namespace

std::int64_t monotonicNs() {
    return clockNs(CLOCK_MONOTONIC);
}

std::int64_t processorNs() {
    return clockNs(CLOCK_PROCESS_CPUTIME_ID);
}

double rounded(double value, int decimals) {
    const double grain = std::pow(10.0, decimals);
    return std::round(value * grain) / grain;
}

std::optional<double> peakMemoryMb() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kilobytes = 0;
        if (word == "VmHWM:" && status >> kilobytes) return rounded(kilobytes * 1024 / 1e6, 1);
    }
    return std::nullopt;
}

double quantile(std::vector<double> values, double q) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const double place = std::clamp(q, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (values[above] - values[below]) * (place - static_cast<double>(below));
}

nlohmann::ordered_json frameTimeReport(const std::vector<double>& milliseconds) {
    const double median = quantile(milliseconds, 0.5);
    const double p95 = quantile(milliseconds, 0.95);
    nlohmann::ordered_json report;
    report["frames"] = milliseconds.size();
    report["fps"] = {{"median", median > 0 ? rounded(1000 / median, 2) : 0},
                     {"p95", p95 > 0 ? rounded(1000 / p95, 2) : 0}};
    report["frameMs"] = {{"median", rounded(median, 3)},
                         {"p95", rounded(p95, 3)},
                         {"p95OverMedian", median > 0 ? rounded(p95 / median, 3) : 0}};
    return report;
}

std::span<const BenchWorkload> benchWorkloads() {
    return kWorkloads;
}

const BenchWorkload& findBenchWorkload(std::string_view id) {
    std::string names;
    for (const auto& workload : kWorkloads) {
        if (lower(workload.id) == lower(id)) return workload;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", workload.id);
    }
    throw core::Error(core::ErrorKind::Usage, "--workload: there is no '{}'; use one of: {}", id, names);
}

} // namespace pump::app
