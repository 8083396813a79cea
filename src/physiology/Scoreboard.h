#pragma once

#include "physiology/VirtualTest.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pump::physiology {

enum class Verdict { In, Near, Out }; ///< in the published range; within 1.25 of a bound; neither

/// One published number and ours. Source: assets/network/scoreboard.csv.
struct ScoreRow {
    int row = 0;
    std::string part, quantity, unit, standing, measure;
    std::string explanation;  ///< why the model stays outside; empty: it does not
    double low = 0, high = 0; ///< NaN: open
    std::string tuned;        ///< "yes", "in view" or "no"
    double value = 0;
    Verdict verdict = Verdict::Out;
};

struct Scoreboard {
    std::vector<ScoreRow> rows;    ///< parts of one number follow each other
    int in = 0, near = 0, out = 0; ///< whole rows, by their worst part
    double seconds = 0;            ///< simulated, all rows
};

struct ScoreboardOptions {
    std::filesystem::path assets;
    double stepS = 0.002;
    std::vector<int> only; ///< rows; empty: all
    std::function<bool(double, const std::string&)>
        progress; ///< share done, what runs; false: stop with what is there
};

/// Runs every protocol and compares. Throws Error(Asset) on a broken table.
Scoreboard runScoreboard(const ScoreboardOptions& options);

/// One value that the calibration moved. Source: assets/network/calibration.csv.
struct CalibrationStep {
    std::string file, name, design, used, rows, reason;
};
/// Throws Error(Asset) on a broken table.
std::vector<CalibrationStep> readCalibration(const std::filesystem::path& assets);

Verdict verdictOf(double value, double low, double high);
std::string_view verdictName(Verdict verdict); ///< "in", "near", "out"

} // namespace pump::physiology
