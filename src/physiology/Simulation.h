#pragma once

#include "physiology/Network.h"
#include "physiology/Snapshot.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace pump::physiology {

/// What the visitor chooses. Changing it between steps is allowed; transitions blend.
struct MovementSettings {
    std::string movement = "heel-raise"; ///< id of a table in assets/movements
    double cadencePerMinute = 0;         ///< cycles a minute; 0: the movement's own
    double strength = 1;                 ///< 0-1.5, scales activation and excursion; 1: as in the table
};

struct SimulationSettings {
    double stepS = 0.002;
    bool arterialInflow = true;
    MovementSettings movement;
};

struct MovementInfo {
    std::string id, name;
    double cadencePerMinute = 0, cadenceLow = 0, cadenceHigh = 0;
};

/// The haemodynamics of one leg: movement -> activation -> compartment pressure -> veins and valves.
/// Deterministic: the same settings and the same number of steps give bit-equal snapshots.
class Simulation {
  public:
    /// Reads the tables in assets/network and assets/movements; starts in equilibrium of quiet standing.
    /// Throws Error(Asset).
    Simulation(const std::filesystem::path& assets, const SimulationSettings& settings);
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    void setMovement(
        const MovementSettings& movement); ///< Throws Error(Usage) on an unknown id or a value out of range
    void step();                           ///< one fixed step of settings().stepS
    const SimSnapshot& snapshot() const;   ///< of the last step
    const Network& network() const;
    const SimulationSettings& settings() const;
    const std::vector<MovementInfo>& movements() const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace pump::physiology
