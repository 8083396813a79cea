#include "app/Commands.h"
#include "app/Diagram.h"
#include "app/ExperimentRun.h"
#include "app/FrameWriter.h"
#include "app/Options.h"
#include "app/Progress.h"
#include "core/AssetPaths.h"
#include "core/Error.h"
#include "physiology/Experiment.h"
#include "physiology/VirtualTest.h"
#include "ui/TextTable.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <memory>
#include <optional>

namespace pump::app {
namespace {

using core::Error;
using core::ErrorKind;
using physiology::ConditionChoice;

struct PlotTexts {
    OptionReader common;
    std::vector<std::string> names, compare;
    std::string output, show, title, from, to;
};

/// One thing to run and the leg that it is run on.
struct Job {
    const physiology::VirtualTest* test = nullptr;
    std::optional<physiology::Experiment> experiment; ///< where it is no test
    std::string name;                                 ///< in the legend
    std::vector<ConditionChoice> conditions;
};

/// What came of it: the curve that was asked for.
struct Outcome {
    ui::Curve curve;
    std::string quantity, unit;
};

std::string slug(std::string_view name) {
    std::string key;
    for (const char c : name)
        key += c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return key;
}

std::string conditionNames(const std::vector<ConditionChoice>& chosen,
                           const std::vector<physiology::Condition>& known, const ui::TextTable& texts) {
    if (chosen.empty()) return texts("body.healthy");
    std::vector<std::string> names;
    for (const auto& choice : chosen) {
        const auto found =
            std::find_if(known.begin(), known.end(), [&](const auto& c) { return c.id == choice.id; });
        if (found == known.end()) {
            std::vector<std::string> ids;
            for (const auto& condition : known) ids.push_back(condition.id);
            throw Error(ErrorKind::Usage, "--compare: '{}' is not allowed; give one of: {}", choice.id,
                        fmt::join(ids, ", "));
        }
        names.push_back(choice.severity == 1
                            ? found->name
                            : fmt::format("{} {:.0f} %", found->name, choice.severity * 100));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<Job> jobsOf(const PlotTexts& given, const Options& options, const ui::TextTable& texts) {
    const auto network = physiology::loadNetwork(options.assets / "network");
    const auto known = physiology::loadConditions(options.assets / "conditions", network);
    auto legs = given.compare;
    const bool compares = !legs.empty();
    if (!compares) legs.push_back("healthy");
    std::vector<Job> jobs;
    for (const auto& name : given.names) {
        for (const auto& leg : legs) {
            Job job;
            job.conditions = ui::conditionsFrom(leg);
            const auto legName = conditionNames(job.conditions, known, texts);
            job.test = physiology::virtualTestNamed(name);
            if (job.test) {
                job.name = texts.orElse(fmt::format("test.{}", job.test->id), job.test->name);
            } else {
                job.experiment =
                    physiology::loadExperiment(experimentFile(name, options.assets), options.assets);
                job.name = job.experiment->name;
                auto& own = job.experiment->start.body.conditions;
                own.insert(own.end(), job.conditions.begin(), job.conditions.end());
            }
            if (given.names.size() == 1)
                job.name = legName;
            else if (compares)
                job.name += ", " + legName;
            jobs.push_back(std::move(job));
        }
    }
    return jobs;
}

/// Index of the column that is to be shown; throws with the names that there are.
std::size_t columnOf(const std::string& wanted, const std::vector<std::string>& names) {
    if (names.empty()) throw Error(ErrorKind::Usage, "plot: there is no curve to show");
    if (wanted.empty()) return 0;
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found == names.end())
        throw Error(ErrorKind::Usage, "--show: '{}' is not allowed; give one of: {}", wanted,
                    fmt::join(names, ", "));
    return static_cast<std::size_t>(found - names.begin());
}

Outcome run(const Job& job, const std::string& show, const Options& options,
            const physiology::TestProgress& progress) {
    std::vector<std::string> names;
    if (job.test) {
        const auto result = job.test->run({.assets = options.assets, .conditions = job.conditions}, progress);
        for (const auto& trace : result.traces) names.push_back(trace.name);
        const auto& trace = result.traces[columnOf(show, names)];
        return {{trace.timeS, trace.value}, trace.name, trace.unit};
    }
    for (const auto& probe : job.experiment->probes) names.push_back(probe.name);
    const auto column = columnOf(show, names);
    const auto table = physiology::runExperiment(*job.experiment, options.assets, {}, progress);
    Outcome outcome{{}, names[column], job.experiment->probes[column].unit};
    for (const auto& row : table.rows) {
        outcome.curve.x.push_back(row[0]);
        outcome.curve.y.push_back(row[column + 1]);
    }
    return outcome;
}

/// Stretches in which an experiment moves: what is not still. Only the first of a kind is named.
std::vector<ui::ChartStretch> stretchesOf(const physiology::Experiment& experiment,
                                          const ui::TextTable& texts) {
    std::vector<ui::ChartStretch> stretches;
    std::vector<std::string> named;
    std::string moving = experiment.start.movement.movement;
    double since = 0;
    const auto close = [&](double until) {
        const bool still = moving.find("still") != std::string::npos || moving == "quiet-standing";
        if (still || until <= since) return;
        const bool first = std::find(named.begin(), named.end(), moving) == named.end();
        stretches.push_back({since, until, first ? texts.orElse("movement." + moving, moving) : ""});
        named.push_back(moving);
    };
    for (const auto& event : experiment.events) {
        if (!event.movement) continue;
        close(event.atS);
        moving = *event.movement;
        since = event.atS;
    }
    close(experiment.durationS);
    return stretches;
}

ui::ChartDesc chartOf(const PlotTexts& given, const std::vector<Job>& jobs, const ui::TextTable& texts) {
    const auto& first = jobs.front();
    ui::ChartDesc chart;
    chart.title = !given.title.empty() ? given.title
                  : first.test ? texts.orElse(fmt::format("test.{}", first.test->id), first.test->name)
                               : first.experiment->name;
    chart.source = fmt::format("{} {}. {}", texts("plot.source"), PUMP_VERSION, texts("plot.caution"));
    chart.timeNames[0] = texts("time.seconds");
    chart.timeNames[1] = texts("time.minutes");
    chart.timeNames[2] = texts("time.hours");
    if (!given.from.empty()) chart.fromS = parseNumber("--from", given.from, 0, 864000);
    if (!given.to.empty()) chart.toS = parseNumber("--to", given.to, chart.fromS + 1, 864000);
    chart.zeroS = chart.fromS;
    // The one that moves most explains the curves.
    for (const auto& job : jobs) {
        if (!job.experiment) continue;
        auto stretches = stretchesOf(*job.experiment, texts);
        if (stretches.size() > chart.stretches.size()) chart.stretches = std::move(stretches);
    }
    return chart;
}

int plot(const PlotTexts& given) {
    Options options = given.common.read();
    if (given.output.empty() || outputKind(given.output) != OutputKind::Still)
        throw Error(ErrorKind::Usage, "plot: '{}' is no picture; give -o FILE.png", given.output);
    prepareOutput(given.output);
    const ui::TextTable texts(core::assetPath("i18n/en.json"));
    const auto jobs = jobsOf(given, options, texts);
    auto chart = chartOf(given, jobs, texts);
    const InterruptGuard interrupt;
    Progress progress("per mille", 1000 * jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        auto outcome = run(jobs[i], given.show, options, [&](double share) {
            progress.at(static_cast<std::uint64_t>(1000 * (static_cast<double>(i) + share)));
            return !interrupt.asked();
        });
        if (interrupt.asked()) throw Error(ErrorKind::Usage, "stopped before the picture was made");
        if (i == 0) {
            chart.yLabel = fmt::format(
                "{}, {}", texts.orElse("trace." + slug(outcome.quantity), outcome.quantity), outcome.unit);
            chart.fromZero = true;
        }
        if (given.to.empty() && !outcome.curve.x.empty())
            chart.toS = std::max(chart.toS, outcome.curve.x.back());
        chart.curves.push_back({.name = jobs.size() > 1 ? jobs[i].name : "",
                                .colour = jobs.size() > 1 ? ui::curveColour(i) : ui::theme::kAccent,
                                .points = std::move(outcome.curve)});
    }
    core::writePng(given.output, drawDiagram(chart, options));
    std::printf("%s\n", given.output.c_str());
    return 0;
}

} // namespace

std::function<int()> setupPlot(CLI::App& parser) {
    auto given = std::make_shared<PlotTexts>();
    parser
        .add_option("names", given->names,
                    "Experiments ('simulate --experiment list' shows all, or a JSON file) or virtual tests "
                    "('test list')")
        ->required()
        ->type_name("NAME");
    parser.add_option("-o,--output", given->output, "Picture to write (.png)")->type_name("FILE");
    parser
        .add_option("--compare", given->compare,
                    "Conditions of one curve, may be repeated: healthy, gsv-reflux=0.7, deep-reflux,obesity")
        ->type_name("LIST")
        ->allow_extra_args(false);
    parser.add_option("--show", given->show, "Which probe or trace [the first]")->type_name("NAME");
    parser.add_option("--title", given->title, "Title [that of the experiment or test]")->type_name("TEXT");
    parser.add_option("--from", given->from, "Begin of the time axis, which counts from there [0]")
        ->type_name("SECONDS");
    parser.add_option("--to", given->to, "End of the time axis [all]")->type_name("SECONDS");
    given->common.addTo(parser, OptionReader::Scope::Diagram);
    return [given] { return plot(*given); };
}

} // namespace pump::app
