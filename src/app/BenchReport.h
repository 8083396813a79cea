#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pump::app {

/// Nanoseconds of the system's monotonic clock, the same in all processes.
std::int64_t monotonicNs();

/// Nanoseconds that this process has computed, all its threads together: tells the cost also on a busy
/// machine.
std::int64_t processorNs();

/// The value with so many decimals, so that it is written short.
double rounded(double value, int decimals);

/// Most memory that this process ever had in use, MB (10^6 bytes); nothing where the system does not tell.
std::optional<double> peakMemoryMb();

/// Value below which the share `q` (0-1) of the values lies, between neighbours in proportion. 0 for none.
double quantile(std::vector<double> values, double q);

/// Times of frames as users feel them: {"median", "p95", "p95OverMedian"} in ms, and frames a second.
nlohmann::ordered_json frameTimeReport(const std::vector<double>& milliseconds);

/// One thing to measure. Goals are frames a second on a two-core machine without a graphics card; 0: none.
struct BenchWorkload {
    std::string_view id; ///< as typed: "A", "A4x", "B65k" ...
    std::string_view what;
    double mustFps = 0;
    double aimFps = 0;
};

/// All workloads in the order in which they run.
std::span<const BenchWorkload> benchWorkloads();

/// The workload of this name in any case. Throws Error(Usage) that lists them.
const BenchWorkload& findBenchWorkload(std::string_view id);

} // namespace pump::app
