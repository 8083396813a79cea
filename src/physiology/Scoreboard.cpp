#include "physiology/Scoreboard.h"

#include "physiology/Measures.h"

#include "core/CsvTable.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace pump::physiology {
namespace {

double bound(const core::CsvTable& table, std::size_t row, std::string_view column) {
    return table.text(row, column) == "-" ? std::numeric_limits<double>::quiet_NaN()
                                          : table.number(row, column, -1e6, 1e6);
}

std::vector<ScoreRow> readRows(const std::filesystem::path& file) {
    const core::CsvTable table(file, {"row", "part", "quantity", "unit", "low", "high", "tuned", "standing",
                                      "measured as", "explanation"});
    std::vector<ScoreRow> rows;
    for (std::size_t r = 0; r < table.rows(); ++r) {
        rows.push_back(
            {.row = table.integer(r, "row", 1, 1000),
             .part = table.text(r, "part"),
             .quantity = table.text(r, "quantity"),
             .unit = table.text(r, "unit"),
             .standing = table.text(r, "standing"),
             .measure = table.text(r, "measured as"),
             .explanation = table.text(r, "explanation") == "-" ? "" : table.text(r, "explanation"),
             .low = bound(table, r, "low"),
             .high = bound(table, r, "high"),
             .tuned = table.text(r, "tuned")});
        if (rows.back().tuned != "yes" && rows.back().tuned != "in view" && rows.back().tuned != "no")
            table.fail(r, "tuned", fmt::format("is '{}', expected yes, in view or no", rows.back().tuned));
    }
    return rows;
}

} // namespace

std::vector<CalibrationStep> readCalibration(const std::filesystem::path& assets) {
    const core::CsvTable table(assets / "network" / "calibration.csv",
                               {"file", "name", "design", "used", "rows", "reason"});
    std::vector<CalibrationStep> steps;
    for (std::size_t r = 0; r < table.rows(); ++r)
        steps.push_back({.file = table.text(r, "file"),
                         .name = table.text(r, "name"),
                         .design = table.text(r, "design"),
                         .used = table.text(r, "used"),
                         .rows = table.text(r, "rows"),
                         .reason = table.text(r, "reason")});
    return steps;
}

Verdict verdictOf(double value, double low, double high) {
    if (std::isnan(value)) return Verdict::Out;
    if (!(value < low) && !(value > high)) return Verdict::In;
    constexpr double kNear = 1.25;
    // A bound below zero widens away from zero just as one above does.
    const double lower = low > 0 ? low / kNear : low * kNear, upper = high > 0 ? high * kNear : high / kNear;
    return !(value < lower) && !(value > upper) ? Verdict::Near : Verdict::Out;
}

std::string_view verdictName(Verdict verdict) {
    return verdict == Verdict::In ? "in" : verdict == Verdict::Near ? "near" : "out";
}

Scoreboard runScoreboard(const ScoreboardOptions& options) {
    Scoreboard board;
    board.rows = readRows(options.assets / "network" / "scoreboard.csv");
    auto wanted = [&](int row) {
        return options.only.empty() ||
               std::find(options.only.begin(), options.only.end(), row) != options.only.end();
    };
    std::erase_if(board.rows, [&](const ScoreRow& row) { return !wanted(row.row); });
    Measures measures({.assets = options.assets, .stepS = options.stepS});
    std::size_t done = 0;
    for (ScoreRow& row : board.rows) {
        if (options.progress &&
            !options.progress(static_cast<double>(done) / static_cast<double>(board.rows.size()),
                              row.quantity))
            break;
        row.value = measures.value(row.row, row.part);
        row.verdict = verdictOf(row.value, row.low, row.high);
        ++done;
    }
    board.rows.resize(done);
    std::map<int, Verdict> worst;
    for (const ScoreRow& row : board.rows) {
        const auto [place, fresh] = worst.emplace(row.row, row.verdict);
        if (!fresh) place->second = std::max(place->second, row.verdict);
    }
    for (const auto& [row, verdict] : worst)
        (verdict == Verdict::In ? board.in : verdict == Verdict::Near ? board.near : board.out) += 1;
    return board;
}

} // namespace pump::physiology
