#include "anatomy/LegModel.h"
#include "builder/ContactSheet.h"
#include "builder/LegBuilder.h"
#include "builder/Preview.h"
#include "builder/Report.h"
#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Log.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>

namespace {

using namespace pump;

struct Options {
    std::string input, output;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
    std::string preview;
    std::string level = "middle";
    builder::PreviewDesc view;
    std::string sheet, views, beside;
    bool verbose = false;
    bool report = false;
    std::optional<float> section;
};

void build(const Options& options) {
    const auto start = std::chrono::steady_clock::now();
    const builder::LegTables tables = builder::readLegTables(options.input);
    const builder::BuiltLeg leg = builder::buildLeg(tables, {options.threads, false});
    if (!options.output.empty()) builder::writeLeg(leg, options.output);
    for (std::size_t level = 0; level < leg.levels.size(); ++level) {
        std::size_t triangles = 0;
        for (const builder::LegPart& part : leg.levels[level]) triangles += part.indices.size() / 3;
        core::logInfo("{}: {} triangles in {} parts", builder::kLevels[level].file, triangles,
                      leg.levels[level].size());
    }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    core::logInfo("leg built in {:.1f} s", time.count());
}

/// Exit code 3 when a check fails, so that a build may ask.
int report(const Options& options) {
    const builder::LegTables tables = builder::readLegTables(options.input);
    builder::Report result =
        builder::reportLeg(tables, anatomy::loadLeg(options.output, anatomy::DetailLevel::High));
    // The level that the program loads at first; the best of three, since other programs may be at work.
    constexpr double kLoading = 1.0; // s
    double seconds = 1e9;
    for (int round = 0; round < 3; ++round) {
        const auto start = std::chrono::steady_clock::now();
        anatomy::loadLeg(options.output, anatomy::DetailLevel::Middle);
        seconds = std::min(seconds,
                           std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    result.checks.push_back(
        {"load", "leg-middle.glb with its rig", seconds, kLoading, "s at most", seconds <= kLoading});
    fmt::print("{}", result.text());
    return result.failures().empty() ? 0 : static_cast<int>(core::ErrorKind::Asset);
}

void preview(const Options& options) {
    using anatomy::DetailLevel;
    const DetailLevel level = options.level == "high"     ? DetailLevel::High
                              : options.level == "middle" ? DetailLevel::Middle
                                                          : DetailLevel::Low;
    const anatomy::LegModel leg = anatomy::loadLeg(options.input, level);
    if (!options.sheet.empty())
        core::writePng(options.sheet,
                       builder::contactSheet(leg, builder::readSheetViews(options.views), options.beside));
    else if (options.section)
        core::writePng(options.preview, builder::previewSection(leg, options.view, *options.section));
    else
        core::writePng(options.preview, builder::previewLeg(leg, options.view));
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "Builds the leg of Second Heart from the tables in assets/anatomy, and draws plain pictures of it.",
        "leg-builder"};
    Options options;
    app.add_option("input", options.input, "Folder with the readable tables; with --preview: a built leg")
        ->required();
    app.add_option("output", options.output,
                   "Folder for leg.glb, leg-middle.glb, leg-low.glb and leg.rig.json");
    app.add_option("--threads", options.threads, "Threads to use")->check(CLI::Range(1u, 64u));
    app.add_flag("--verbose", options.verbose, "Tell more while building");
    app.add_flag("--report", options.report,
                 "Measure the built leg in 'output' against the tables in 'input'");
    app.add_option("--preview", options.preview,
                   "Draw a picture (PNG) of the built leg in the folder 'input'");
    app.add_option("--section", options.section, "With --preview: a horizontal section at this height, mm");
    CLI::Option* views = app.add_option("--views", options.views, "Table of views of a contact sheet")
                             ->check(CLI::ExistingFile);
    app.add_option(
           "--sheet", options.sheet,
           "Draw all pictures of the table --views of the built leg in the folder 'input' on one sheet (PNG)")
        ->needs(views);
    app.add_option("--beside", options.beside,
                   "Folder of pictures to put beside those of the sheet, by the names in the table")
        ->check(CLI::ExistingDirectory);
    app.add_option("--level", options.level, "Level of detail of the picture")
        ->check(CLI::IsMember({"high", "middle", "low"}));
    app.add_option("--view", options.view.view, "anterior, posterior, medial, lateral, above or below");
    app.add_option("--only", options.view.only, "Draw only these ids, layers or tissues")->delimiter(',');
    app.add_option("--hide", options.view.hide, "Leave out these ids, layers or tissues")->delimiter(',');
    app.add_option("--low", options.view.low, "Lowest height of the picture, mm");
    app.add_option("--high", options.view.high, "Highest height of the picture, mm");
    app.add_option("--scale", options.view.pixelsPerMm, "Pixels per mm")->check(CLI::Range(0.1f, 20.0f));
    app.footer("Examples:\n"
               "  leg-builder assets/anatomy build/share/second-heart/assets/anatomy\n"
               "  leg-builder assets/anatomy build/share/second-heart/assets/anatomy --report\n"
               "  leg-builder build/share/second-heart/assets/anatomy --preview back.png --view posterior\n"
               "  leg-builder build/share/second-heart/assets/anatomy --preview calf.png --section 280\n"
               "  leg-builder build/share/second-heart/assets/anatomy --sheet sheet.png --views "
               "tests/sheet/views.json");
    CLI11_PARSE(app, argc, argv);
    try {
        if (options.verbose) core::setLogLevel(core::LogLevel::Debug);
        if (options.report) return report(options);
        if (options.preview.empty() && options.sheet.empty())
            build(options);
        else
            preview(options);
        return 0;
    } catch (const core::Error& error) {
        fmt::print(stderr, "leg-builder: {}\n", error.what());
        return error.exitCode();
    } catch (const std::exception& error) {
        fmt::print(stderr, "leg-builder: {}\n", error.what());
        return static_cast<int>(core::ErrorKind::Asset);
    }
}
