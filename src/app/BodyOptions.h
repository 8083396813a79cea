#pragma once

#include "physiology/Simulation.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace pump::app {

/// The options that say how the body is held and what surrounds it: --posture, --tilt, --breathing,
/// --skin-temperature, --stocking, --condition and --cuff. CLI11 keeps references to the members.
class BodyOptionReader {
  public:
    enum class Scope { All, ConditionsOnly };

    BodyOptionReader() = default;
    BodyOptionReader(const BodyOptionReader&) = delete;
    BodyOptionReader& operator=(const BodyOptionReader&) = delete;

    void addTo(CLI::App& command, Scope scope = Scope::All);
    /// After parsing. Throws Error(Usage) naming option, value and what is allowed; ids are checked by the
    /// simulation.
    physiology::BodySettings read() const;
    bool asksForConditions() const; ///< --condition list

  private:
    std::string m_posture, m_tilt, m_breathing, m_temperature, m_stocking;
    std::vector<std::string> m_conditions, m_cuffs;
};

/// After `--condition list`: prints every condition with its summary and returns true.
bool listConditionsWhenAsked(const BodyOptionReader& reader, const std::filesystem::path& assets);

} // namespace pump::app
