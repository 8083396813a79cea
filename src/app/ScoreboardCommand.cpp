#include "app/Commands.h"
#include "app/Options.h"
#include "app/Progress.h"
#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Log.h"
#include "physiology/Scoreboard.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <iostream>
#include <memory>

namespace pump::app {
namespace {

using physiology::Scoreboard;
using physiology::ScoreRow;

struct ScoreboardTexts {
    std::string assets, step;
    std::vector<int> rows;
    bool json = false, calibration = false;
};

std::string boundText(double value) {
    return std::isnan(value) ? "-" : fmt::format("{:g}", value);
}

nlohmann::json bound(double value) {
    return std::isnan(value) ? nlohmann::json() : nlohmann::json(value);
}

void printJson(const Scoreboard& board) {
    nlohmann::json rows = nlohmann::json::array();
    for (const ScoreRow& row : board.rows)
        rows.push_back({{"row", row.row},
                        {"part", row.part},
                        {"quantity", row.quantity},
                        {"unit", row.unit},
                        {"low", bound(row.low)},
                        {"high", bound(row.high)},
                        {"value", bound(row.value)},
                        {"verdict", physiology::verdictName(row.verdict)},
                        {"tuned", row.tuned},
                        {"standing", row.standing},
                        {"measure", row.measure},
                        {"explanation", row.explanation}});
    std::cout
        << nlohmann::json{{"rows", rows}, {"in", board.in}, {"near", board.near}, {"out", board.out}}.dump(1)
        << "\n";
}

void printTable(const Scoreboard& board) {
    fmt::print("row  {:<58} {:>9} {:<7} {:>7} {:>7}  verdict  tuned    number\n", "quantity", "ours", "unit",
               "from", "to");
    for (const ScoreRow& row : board.rows)
        fmt::print("{:>3}  {:<58} {:>9.2f} {:<7} {:>7} {:>7}  {:<7}  {:<7}  {}\n", row.row,
                   row.part.empty() ? row.quantity : fmt::format("{} ({})", row.quantity, row.part),
                   row.value, row.unit, boundText(row.low), boundText(row.high),
                   physiology::verdictName(row.verdict), row.tuned, row.standing);
    for (const ScoreRow& row : board.rows)
        if (row.verdict != physiology::Verdict::In && !row.explanation.empty())
            fmt::print("\n{} {} {}: {}", row.row, row.quantity, row.part, row.explanation);
    fmt::print("\n{} rows in range, {} within 1.25 of it, {} out. Published numbers marked recalled or mixed "
               "must be checked before they are quoted.\n",
               board.in, board.near, board.out);
}

void printCalibration() {
    fmt::print("{:<22} {:<24} {:>12} {:>12}  {:<9} {}\n", "file", "value", "design", "used", "rows",
               "reason");
    for (const auto& step : physiology::readCalibration(core::assetDirectory()))
        fmt::print("{:<22} {:<24} {:>12} {:>12}  {:<9} {}\n", step.file, step.name, step.design, step.used,
                   step.rows, step.reason);
}

int run(const ScoreboardTexts& texts) {
    if (!texts.assets.empty()) core::setAssetDirectory(texts.assets);
    if (texts.calibration) {
        printCalibration();
        return 0;
    }
    const InterruptGuard interrupt;
    Progress progress("per mille", 1000);
    physiology::ScoreboardOptions options{.assets = core::assetDirectory(), .only = texts.rows};
    if (!texts.step.empty()) options.stepS = parseNumber("--step", texts.step, 0.0002, 0.02);
    options.progress = [&](double share, const std::string&) {
        progress.at(static_cast<std::uint64_t>(share * 1000));
        return !interrupt.asked();
    };
    const Scoreboard board = physiology::runScoreboard(options);
    if (interrupt.asked()) core::logWarning("stopped after {} lines; they are kept", board.rows.size());
    texts.json ? printJson(board) : printTable(board);
    return 0;
}

} // namespace

std::function<int()> setupScoreboard(CLI::App& parser) {
    auto texts = std::make_shared<ScoreboardTexts>();
    parser.add_flag("--json", texts->json, "As JSON on standard output");
    parser.add_flag("--calibration", texts->calibration,
                    "Only list what was moved from its design value, for which rows and why");
    parser.add_option("--row", texts->rows, "Only this row, may be repeated")->type_name("NUMBER");
    parser.add_option("--step", texts->step, "Time step of the solver [0.002]")->type_name("SECONDS");
    parser.add_option("--assets", texts->assets, "Folder with network/, movements/, conditions/")
        ->type_name("DIR");
    return [texts] { return run(*texts); };
}

} // namespace pump::app
