#pragma once

#include "physiology/Simulation.h"

#include <filesystem>
#include <string>

namespace pump::app {

/// Runs an experiment (a name in assets/experiments or a JSON file) and writes its probes as CSV to `csv`
/// (empty or
/// "-": standard output). "list" prints what there is. Ctrl-C keeps the rows computed so far.
void runExperimentFile(const std::string& nameOrFile, const std::filesystem::path& assets,
                       const std::string& csv);

/// The file of an experiment: a name in assets/experiments, or a JSON file. Throws Error(Usage) with the
/// names that there are.
std::filesystem::path experimentFile(const std::string& nameOrFile, const std::filesystem::path& assets);

std::string readStateFile(const std::string& path);
void loadState(physiology::Simulation& simulation, const std::string& path);
void saveState(const physiology::Simulation& simulation, const std::string& path);

} // namespace pump::app
