#pragma once

#include "anatomy/LegModel.h"
#include "app/BenchReport.h"
#include "app/Options.h"

namespace pump::app {

struct BenchDesc {
    Options options;
    double seconds = 4;                                       ///< of measured frames a workload
    bool window = true;                                       ///< show it where a display is
    anatomy::DetailLevel detail = anatomy::DetailLevel::High; ///< that A and C are drawn with
};

/// Names of the levels of detail, by DetailLevel.
inline constexpr std::array<std::string_view, 3> kBenchDetails{"high", "middle", "low"};

/// Measures one workload in this process. Throws Error of every kind that starting the program may throw.
nlohmann::ordered_json runBenchWorkload(const BenchWorkload& workload, const BenchDesc& desc);

} // namespace pump::app
