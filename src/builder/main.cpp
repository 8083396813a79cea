#include "builder/LegBuilder.h"
#include "core/Error.h"
#include "core/Log.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <thread>

int main(int argc, char** argv) {
    using namespace pump;
    CLI::App app{"Builds the leg of Second Heart from the tables in assets/anatomy.", "leg-builder"};
    std::string input, output;
    app.add_option("tables", input, "Folder with the readable tables (assets/anatomy)")->required();
    app.add_option("output", output, "Folder for leg.glb, leg-middle.glb, leg-low.glb and leg.rig.json");
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
    app.add_option("--threads", threads, "Threads to use")->check(CLI::Range(1u, 64u));
    app.footer("Example: leg-builder assets/anatomy build/share/second-heart/assets/anatomy");
    CLI11_PARSE(app, argc, argv);
    try {
        const auto start = std::chrono::steady_clock::now();
        const builder::LegTables tables = builder::readLegTables(input);
        const builder::BuiltLeg leg = builder::buildLeg(tables, {threads, false});
        if (!output.empty()) builder::writeLeg(leg, output);
        for (std::size_t level = 0; level < leg.levels.size(); ++level) {
            std::size_t triangles = 0;
            for (const builder::LegPart& part : leg.levels[level]) triangles += part.indices.size() / 3;
            core::logInfo("{}: {} triangles in {} parts", builder::kLevels[level].file, triangles,
                          leg.levels[level].size());
        }
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
        core::logInfo("leg built in {:.1f} s", time.count());
        return 0;
    } catch (const core::Error& error) {
        fmt::print(stderr, "leg-builder: {}\n", error.what());
        return error.exitCode();
    } catch (const std::exception& error) {
        fmt::print(stderr, "leg-builder: {}\n", error.what());
        return static_cast<int>(core::ErrorKind::Asset);
    }
}
