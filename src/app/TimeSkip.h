#pragma once

#include "physiology/Simulation.h"
#include "ui/Settings.h"

#include <functional>

namespace pump::app {

/// Lets the pulsed cuffs of the settings press and let go as simulated time passes. The settings must
/// outlive it.
class PulsedCuffs {
  public:
    explicit PulsedCuffs(const ui::Settings& settings) : m_settings(settings) {}
    bool any() const;
    /// Before a step. Does nothing most of the time.
    void follow(physiology::Simulation& simulation);

  private:
    const ui::Settings& m_settings;
    double m_nextS = 0;
};

/// Passes `seconds` of simulated time as fast as may be: by Simulation::fastForward, or step by step while a
/// pulsed cuff works, which no mean replaces. `progress` gets the share done; false stops early.
void skipTime(physiology::Simulation& simulation, PulsedCuffs& cuffs, double seconds,
              const std::function<bool(double)>& progress);

} // namespace pump::app
