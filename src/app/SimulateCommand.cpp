#include "app/Commands.h"

#include "app/ExperimentRun.h"
#include "app/FrameWriter.h"
#include "app/Options.h"
#include "app/Progress.h"
#include "app/TimeSkip.h"
#include "core/Error.h"
#include "core/Log.h"
#include "physiology/CsvWriter.h"
#include "physiology/Simulation.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

namespace pump::app {
namespace {

struct SimulateTexts {
    OptionReader common;
    std::string duration, step, every, csv, experiment;
};

struct Run {
    Options options;
    double durationS = 10;
    double stepS = 0.002;
    std::uint64_t every = 5; ///< steps a row
    std::string csv;         ///< empty: only the summary
};

Run read(const SimulateTexts& texts) {
    Run run;
    run.options = texts.common.read();
    run.csv = texts.csv;
    if (!texts.duration.empty()) run.durationS = parseNumber("--duration", texts.duration, 0.001, 86400);
    if (!texts.step.empty()) run.stepS = parseNumber("--step", texts.step, 0.0001, 0.02);
    double every = 0.01;
    if (!texts.every.empty()) every = parseNumber("--every", texts.every, 0.0001, 86400);
    run.every = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(every / run.stepS)));
    return run;
}

void summarize(const physiology::SimSnapshot& s, bool toStandardError) {
    const auto line = fmt::format("{:.3f} s simulated: foot vein pressure {:.1f} mmHg, popliteal flow {:.2f} "
                                  "mL/s, calf volume {:.1f} mL, "
                                  "{} of {} valves open, relative volume error {:.1e}\n",
                                  s.timeS, s.footVeinPressureMmHg, s.poplitealFlowMlS, s.calfVolumeMl,
                                  s.openValves, s.valveCount, s.volumeErrorRelative);
    if (core::logLevel() >= core::LogLevel::Info) std::fputs(line.c_str(), toStandardError ? stderr : stdout);
}

/// Rows until the end or Ctrl-C; what was computed stays.
void compute(const Run& run, physiology::Simulation& simulation, std::ostream* csv) {
    const auto steps = static_cast<std::uint64_t>(std::llround(run.durationS / run.stepS));
    const InterruptGuard interrupt;
    Progress progress("step", steps);
    if (csv) {
        physiology::writeCsvHeader(*csv, simulation.network());
        physiology::writeCsvRow(*csv, simulation.network(), simulation.snapshot());
    }
    PulsedCuffs cuffs(run.options.settings);
    for (std::uint64_t i = 1; i <= steps; ++i) {
        cuffs.follow(simulation);
        simulation.step();
        if (csv && i % run.every == 0) {
            physiology::writeCsvRow(*csv, simulation.network(), simulation.snapshot());
            if (!*csv)
                throw core::Error(core::ErrorKind::Usage,
                                  "--csv: '{}' could not be written any further; is the disk full?", run.csv);
        }
        if (i % 256 != 0) continue;
        progress.at(i);
        if (interrupt.asked()) {
            core::logWarning("stopped after {:.3f} of {} s; what was computed is kept",
                             simulation.snapshot().timeS, run.durationS);
            return;
        }
    }
}

/// --fast-forward, before the rows; Ctrl-C goes on with the rows.
void skipAtFirst(const Run& run, physiology::Simulation& simulation) {
    const double seconds = run.options.settings.fastForwardS;
    if (seconds <= 0) return;
    const InterruptGuard interrupt;
    Progress progress("second", static_cast<std::uint64_t>(seconds));
    PulsedCuffs cuffs(run.options.settings);
    skipTime(simulation, cuffs, seconds, [&](double share) {
        progress.at(static_cast<std::uint64_t>(share * seconds));
        return !interrupt.asked();
    });
}

void simulate(const Run& run) {
    physiology::SimulationSettings settings;
    settings.stepS = run.stepS;
    settings.movement = run.options.settings.movement;
    settings.body = ui::bodyAt(run.options.settings, 0);
    std::ofstream file;
    std::ostream* csv = nullptr;
    if (run.csv == "-") {
        csv = &std::cout;
    } else if (!run.csv.empty()) {
        prepareOutput(run.csv);
        file.open(run.csv, std::ios::binary | std::ios::trunc);
        if (!file)
            throw core::Error(core::ErrorKind::Usage, "--csv: '{}' cannot be written; choose another file",
                              run.csv);
        csv = &file;
    }
    physiology::Simulation simulation(run.options.assets, settings);
    if (!run.options.load.empty()) loadState(simulation, run.options.load);
    simulation.driveByHand(run.options.settings.contraction);
    skipAtFirst(run, simulation);
    compute(run, simulation, csv);
    if (!run.options.save.empty()) saveState(simulation, run.options.save);
    if (csv) csv->flush();
    summarize(simulation.snapshot(), run.csv == "-");
    if (simulation.snapshot().held)
        core::logWarning("the solver did not converge at the end and holds the last state");
}

} // namespace

std::function<int()> setupSimulate(CLI::App& parser) {
    auto texts = std::make_shared<SimulateTexts>();
    parser.add_option("--duration", texts->duration, "Simulated time [10]")->type_name("SECONDS");
    parser.add_option("--step", texts->step, "Time step of the solver [0.002]")->type_name("SECONDS");
    parser.add_option("--every", texts->every, "Time between rows [0.01]")->type_name("SECONDS");
    parser
        .add_option(
            "--csv", texts->csv,
            "Pressure, flow, volume and area of every segment, valve states, read-outs; - is standard output")
        ->type_name("FILE");
    parser
        .add_option("--experiment", texts->experiment,
                    "A time line: its name in experiments/, or a JSON file; 'list' shows all")
        ->type_name("FILE");
    texts->common.addTo(parser, OptionReader::Scope::Simulation);
    return [texts] {
        const Run run = read(*texts);
        if (texts->common.listConditionsWhenAsked(run.options)) return 0;
        if (!texts->experiment.empty())
            runExperimentFile(texts->experiment, run.options.assets, texts->csv);
        else
            simulate(run);
        return 0;
    };
}

} // namespace pump::app
