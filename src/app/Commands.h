#pragma once

#include <functional>
#include <span>
#include <string_view>

namespace CLI {
class App;
}

namespace pump::app {

/// Adds a command's options to its parser and returns what runs it after parsing: the exit code.
using CommandSetup = std::function<int()> (*)(CLI::App& parser);

/// One command of the program. A new one is a file with its setup function and a line in commandTable().
struct CommandRow {
    std::string_view name; ///< empty: what runs without a command
    std::string_view summary;
    std::string_view examples; ///< shown at the end of --help
    CommandSetup setup;
};

std::span<const CommandRow> commandTable();

std::function<int()> setupWindow(CLI::App& parser);
std::function<int()> setupRender(CLI::App& parser);
std::function<int()> setupSimulate(CLI::App& parser);
std::function<int()> setupTest(CLI::App& parser);
std::function<int()> setupPlot(CLI::App& parser);
std::function<int()> setupScoreboard(CLI::App& parser);
std::function<int()> setupBench(CLI::App& parser);
std::function<int()> setupInfo(CLI::App& parser);

/// Parses and runs. Returns the exit code: 0, 1 usage, 2 device, 3 asset, 4 script assertion.
/// Errors of the kinds in core::Error leave as exceptions.
int runCommandLine(int count, const char* const* arguments);

} // namespace pump::app
