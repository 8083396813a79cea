#include "app/ExperimentRun.h"

#include "app/FrameWriter.h"
#include "app/Progress.h"

#include "physiology/Experiment.h"

#include "core/Error.h"
#include "core/Log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

namespace pump::app {
namespace {

std::vector<std::filesystem::path> experimentFiles(const std::filesystem::path& assets) {
    std::vector<std::filesystem::path> files;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(assets / "experiments", failure))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

std::filesystem::path experimentFile(const std::string& nameOrFile, const std::filesystem::path& assets) {
    std::error_code failure;
    if (std::filesystem::is_regular_file(nameOrFile, failure)) return nameOrFile;
    std::vector<std::string> known;
    for (const auto& file : experimentFiles(assets)) {
        if (file.stem() == nameOrFile) return file;
        known.push_back(file.stem());
    }
    throw core::Error(core::ErrorKind::Usage, "experiment: '{}' is no file and none of {}", nameOrFile,
                      fmt::join(known, ", "));
}

void runExperimentFile(const std::string& nameOrFile, const std::filesystem::path& assets,
                       const std::string& csv) {
    if (nameOrFile == "list") {
        for (const auto& file : experimentFiles(assets)) {
            const auto experiment = physiology::loadExperiment(file, assets);
            fmt::print("{:<34} {}\n{:<34} {}\n", experiment.id, experiment.name, "", experiment.description);
        }
        return;
    }
    const auto experiment = physiology::loadExperiment(experimentFile(nameOrFile, assets), assets);
    std::ofstream file;
    const bool standardOutput = csv.empty() || csv == "-";
    if (!standardOutput) {
        prepareOutput(csv);
        file.open(csv, std::ios::binary | std::ios::trunc);
        if (!file)
            throw core::Error(core::ErrorKind::Usage, "--csv: '{}' cannot be written; choose another file",
                              csv);
    }
    std::ostream& out = standardOutput ? std::cout : file;
    const InterruptGuard interrupt;
    Progress progress("second", static_cast<std::uint64_t>(experiment.durationS));
    physiology::writeExperimentHeader(out, experiment);
    const auto table = physiology::runExperiment(
        experiment, assets, [&](const std::vector<double>& row) { physiology::writeExperimentRow(out, row); },
        [&](double share) {
            progress.at(static_cast<std::uint64_t>(share * experiment.durationS));
            return !interrupt.asked() && out.good();
        });
    out.flush();
    if (!out)
        throw core::Error(core::ErrorKind::Usage,
                          "--csv: '{}' could not be written any further; is the disk full?", csv);
    if (interrupt.asked())
        core::logWarning("stopped after {:.3f} of {} s; what was computed is kept", table.rows.back().front(),
                         experiment.durationS);
}

std::string readStateFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw core::Error(core::ErrorKind::Usage,
                          "--load: '{}' cannot be opened; check that the file exists and may be read", path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void loadState(physiology::Simulation& simulation, const std::string& path) {
    simulation.loadState(path, readStateFile(path));
}

void saveState(const physiology::Simulation& simulation, const std::string& path) {
    prepareOutput(path);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << simulation.saveState();
    file.flush();
    if (!file)
        throw core::Error(core::ErrorKind::Usage, "--save: '{}' cannot be written; choose another file",
                          path);
}

} // namespace pump::app
