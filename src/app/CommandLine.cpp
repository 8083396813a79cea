#include "app/Commands.h"

#include "core/Error.h"
#include "core/Log.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace pump::app {
namespace {

constexpr std::array kCommands{
    CommandRow{
        "", "Shows the leg in a window",
        "Examples:\n"
        "  second-heart                                   a window; without a display: pictures in "
        "./second-heart-out\n"
        "  second-heart --movement heel-raise --speed 0.5 slow motion\n"
        "  second-heart --view calf --layers veins        the veins of the calf\n"
        "  second-heart --leg other-leg.glb               another leg, drawn still when it has no rig\n"
        "\n"
        "Exit codes: 0 done, 1 wrong use, 2 no usable Vulkan device, 3 missing or broken file, 4 a script's "
        "expectation failed",
        setupWindow},
    CommandRow{"render", "Makes a picture, a sequence of pictures or a clip",
               "Examples:\n"
               "  second-heart render -o leg.png --time 3\n"
               "  second-heart render -o calf.png --view calf --layers skin=0,muscles=0.4 --size 1920x1080\n"
               "  second-heart render -o 'out/frame-####.png' --frames 120 --fps 30\n"
               "  second-heart render -o clip.mp4 --frames 250 --fps 25 --panel\n"
               "  second-heart render -o last.png --script tour.json --panel",
               setupRender},
    CommandRow{
        "simulate", "Computes pressures, flows and volumes and writes them as CSV",
        "Examples:\n"
        "  second-heart simulate --duration 10 --csv heel-raise.csv\n"
        "  second-heart simulate --movement heel-raise --cadence 60 --duration 30 --every 0.02 --csv "
        "- | head\n"
        "  second-heart simulate --posture lying --conditions clot-popliteal --duration 60 --csv lying.csv\n"
        "  second-heart simulate --experiment ten-heel-raises --csv -\n"
        "  second-heart simulate --experiment list",
        setupSimulate},
    CommandRow{"test", "Runs a clinical test on the simulated leg",
               "Examples:\n"
               "  second-heart test list\n"
               "  second-heart test avp\n"
               "  second-heart test plethysmography --conditions gsv-reflux=0.5\n"
               "  second-heart test avp --conditions deep-reflux --csv trace.csv",
               setupTest},
    CommandRow{"plot", "Draws the course of an experiment or a clinical test as a picture",
               "Examples:\n"
               "  second-heart plot ten-heel-raises -o foot-vein.png --compare healthy --compare gsv-reflux\n"
               "  second-heart plot sitting-four-hours sitting-four-hours-ankle-pumps --show swelling -o "
               "sitting.png\n"
               "  second-heart plot plethysmography -o calf-volume.png --size 1600x900 --ui-scale 2",
               setupPlot},
    CommandRow{"scoreboard", "Compares the model with 30 published numbers",
               "Examples:\n"
               "  second-heart scoreboard\n"
               "  second-heart scoreboard --row 4 --row 5\n"
               "  second-heart scoreboard --json > scoreboard.json",
               setupScoreboard},
    CommandRow{
        "bench", "Measures speed and memory and reports them as JSON",
        "Examples:\n"
        "  second-heart bench                              all workloads, in a window where a display is\n"
        "  second-heart bench --workload C --seconds 10    the default view at full detail\n"
        "  second-heart bench --no-window --device llvmpipe > bench.json",
        setupBench},
    CommandRow{"info", "Lists the graphics devices and says which can be used",
               "Examples:\n"
               "  second-heart info\n"
               "  second-heart info --device llvmpipe",
               setupInfo},
};

std::string usageText(const CLI::ParseError& error, const CLI::App& program) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    const auto chosen = program.get_subcommands();
    const std::string command =
        chosen.empty() ? "second-heart" : fmt::format("second-heart {}", chosen.front()->get_name());
    return fmt::format("{}; '{} --help' lists what there is", message, command);
}

/// A first word that is no option and no command is a mistyped command.
void checkCommandName(int count, const char* const* arguments) {
    if (count < 2 || arguments[1][0] == '-') return;
    std::vector<std::string_view> names;
    for (const auto& row : kCommands) {
        if (row.name == arguments[1]) return;
        if (!row.name.empty()) names.push_back(row.name);
    }
    throw core::Error(core::ErrorKind::Usage,
                      "there is no command '{}'; use one of: {}, or none for the window", arguments[1],
                      fmt::join(names, ", "));
}

} // namespace

std::span<const CommandRow> commandTable() {
    return kCommands;
}

int runCommandLine(int count, const char* const* arguments) {
    checkCommandName(count, arguments);
    CLI::App program{"Second Heart: the calf muscle pump, computed and drawn"};
    program.name("second-heart");
    program.set_version_flag("--version", "second-heart " PUMP_VERSION);
    program.get_formatter()->column_width(34);
    program.require_subcommand(0, 1);
    int exitCode = 0;
    std::function<int()> plain;
    for (const auto& row : kCommands) {
        if (row.name.empty()) {
            program.footer("\n" + std::string(row.examples));
            plain = row.setup(program);
            continue;
        }
        auto* command = program.add_subcommand(std::string(row.name), std::string(row.summary));
        command->footer("\n" + std::string(row.examples));
        command->get_formatter()->column_width(34);
        command->callback([run = row.setup(*command), &exitCode] { exitCode = run(); });
    }
    try {
        program.parse(count, arguments);
    } catch (const CLI::Success& success) { // --help, --version
        return program.exit(success);
    } catch (const CLI::ParseError& error) {
        throw core::Error(core::ErrorKind::Usage, "{}", usageText(error, program));
    }
    return program.get_subcommands().empty() ? plain() : exitCode;
}

} // namespace pump::app
