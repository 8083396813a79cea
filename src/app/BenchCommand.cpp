#include "app/Commands.h"

#include "app/BenchRun.h"
#include "app/BenchStage.h"
#include "core/Error.h"
#include "core/Log.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace pump::app {
namespace {

using core::Error;
using core::ErrorKind;
using Json = nlohmann::ordered_json;

constexpr int kStarts = 5;

struct BenchTexts {
    OptionReader common;
    std::string seconds;
    std::vector<std::string> workloads;
    bool noWindow = false;
    bool json = false;
    bool child = false; ///< measure in this process and print one line
    std::string detail; ///< of A and C, told to the child
};

/// Runs this program again with other arguments and returns what it wrote to standard output. Each workload
/// has a process of its own, so that peak memory and start-up are its own too.
std::string runSelf(const std::vector<std::string>& arguments) {
    int ends[2];
    if (::pipe(ends) != 0) throw Error(ErrorKind::Usage, "bench: no pipe could be made");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t child = 0;
    const int started = ::posix_spawn(&child, "/proc/self/exe", &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::string output;
    std::array<char, 4096> block;
    for (ssize_t count = 0; started == 0 && (count = ::read(ends[0], block.data(), block.size())) > 0;) {
        output.append(block.data(), static_cast<std::size_t>(count));
    }
    ::close(ends[0]);
    if (started != 0) throw Error(ErrorKind::Usage, "bench: the program cannot start itself");
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
    // The child has said on standard error what went wrong.
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : static_cast<int>(ErrorKind::Device);
    throw Error(static_cast<ErrorKind>(code), "bench: a measurement failed with exit code {}", code);
}

/// What was asked of this command, again as arguments, without what this process decides.
std::vector<std::string> childArguments(const CLI::App& parser) {
    std::vector<std::string> arguments{"second-heart", "bench"};
    for (const auto* option : parser.get_options()) {
        const auto name = option->get_name();
        if (option->count() == 0 || name == "--workload" || name == "--json") continue;
        if (option->get_expected_max() == 0) {
            arguments.push_back(name);
            continue;
        }
        for (const auto& value : option->results()) {
            arguments.push_back(name);
            arguments.push_back(value);
        }
    }
    return arguments;
}

Json measure(std::vector<std::string> arguments, const BenchWorkload& workload) {
    arguments.insert(arguments.end(), {"--child", "--workload", std::string(workload.id)});
    if (workload.id != "D") return Json::parse(runSelf(arguments));
    std::vector<double> starts;
    Json last;
    for (int i = 0; i < kStarts; ++i) {
        const auto begin = monotonicNs();
        last = Json::parse(runSelf(arguments));
        starts.push_back(static_cast<double>(last["firstFrameNs"].get<std::int64_t>() - begin) * 1e-6);
    }
    const double median = std::round(quantile(starts, 0.5) * 10) / 10;
    Json report{
        {"startToFirstFrameMs", {{"median", median}, {"slowest", std::round(quantile(starts, 1) * 10) / 10}}},
        {"starts", kStarts},
        {"goalMs",
         {{"must", 600},
          {"aim", 350},
          {"reached", median <= 350   ? "aim"
                      : median <= 600 ? "must"
                                      : "no"}}}};
    report["processorMs"] = last["processorMs"];
    report["window"] = last["window"];
    if (last.contains("peakMemoryMb")) report["peakMemoryMb"] = last["peakMemoryMb"];
    return report;
}

/// Which level of detail A and C use, told to the children and in the report.
Json chooseDetail(const Options& options, std::vector<std::string>& arguments) {
    const auto choice = app::chooseDetail(options.leg);
    const auto name = kBenchDetails[static_cast<std::size_t>(choice.nearest)];
    arguments.insert(arguments.end(), {"--detail", std::string(name)});
    Json report{{"compared", name}, {"wantedTriangles", 338000}};
    for (std::size_t i = 0; i < choice.triangles.size(); ++i) {
        report["triangles"][std::string(kBenchDetails[i])] = choice.triangles[i];
    }
    return report;
}

void measureAll(std::vector<std::string> arguments, const std::vector<const BenchWorkload*>& wanted,
                const Options& options) {
    Json report;
    report["program"] = "Second Heart " PUMP_VERSION;
    report["size"] = fmt::format("{}x{}", options.size.width, options.size.height);
    const bool compared = std::any_of(wanted.begin(), wanted.end(), [](const BenchWorkload* workload) {
        return workload->id.starts_with("A") || workload->id.starts_with("C");
    });
    if (compared) report["detail"] = chooseDetail(options, arguments);
    report["workloads"] = Json::object();
    for (const auto* workload : wanted) {
        core::logInfo("{}: {}", workload->id, workload->what);
        Json result = measure(arguments, *workload);
        if (result.contains("device")) {
            report["device"] = result["device"];
            result.erase("device");
        }
        Json entry{{"what", workload->what}};
        entry.update(result);
        report["workloads"][std::string(workload->id)] = entry;
    }
    std::printf("%s\n", report.dump(2).c_str());
}

} // namespace

std::function<int()> setupBench(CLI::App& parser) {
    auto texts = std::make_shared<BenchTexts>();
    parser
        .add_option("--workload", texts->workloads,
                    "A, A4x, B16k, B65k, B262k, C, C4x, V, default, D or simulation; may be repeated [all]")
        ->type_name("NAME");
    parser.add_option("--seconds", texts->seconds, "Measure each workload so long [4]")->type_name("SECONDS");
    parser.add_flag("--no-window", texts->noWindow, "Draw off screen even where a display is");
    parser.add_flag("--json", texts->json, "Report as JSON on standard output (there is no other form)");
    parser.add_flag("--child", texts->child)->group("");
    parser.add_option("--detail", texts->detail)->group("");
    texts->common.addTo(parser, OptionReader::Scope::Picture);
    texts->common.addWindowTo(parser);
    return [texts, &parser] {
        BenchDesc desc;
        desc.options = texts->common.read();
        desc.window = !texts->noWindow;
        if (!texts->seconds.empty()) desc.seconds = parseNumber("--seconds", texts->seconds, 0.1, 600);
        const auto detail = std::find(kBenchDetails.begin(), kBenchDetails.end(), texts->detail);
        if (detail != kBenchDetails.end())
            desc.detail = static_cast<anatomy::DetailLevel>(detail - kBenchDetails.begin());
        std::vector<const BenchWorkload*> wanted;
        for (const auto& name : texts->workloads) wanted.push_back(&findBenchWorkload(name));
        if (wanted.empty()) {
            for (const auto& workload : benchWorkloads()) wanted.push_back(&workload);
        }
        if (texts->child) {
            std::printf("%s\n", runBenchWorkload(*wanted.front(), desc).dump().c_str());
            return 0;
        }
        measureAll(childArguments(parser), wanted, desc.options);
        return 0;
    };
}

} // namespace pump::app
