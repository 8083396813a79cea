#pragma once

#include "physiology/Simulation.h"
#include "physiology/VirtualTest.h"

#include <functional>
#include <string>
#include <vector>

namespace pump::physiology {

/// Runs a simulation step by step and records probes at 50 Hz; the plain tool of tests and scoreboard.
class Protocol {
  public:
    using Probe = std::function<double(const SimSnapshot&)>;

    Protocol(const TestSubject& subject, const std::string& movement, BodySettings body = {});

    Simulation& simulation() { return m_simulation; }
    std::size_t record(std::string name, std::string unit, Probe probe); ///< index of the trace
    /// `watch` is called after every step. Stops early when it returns false; returns the seconds run.
    double run(double seconds, const std::function<bool(const SimSnapshot&)>& watch = {});
    /// Whole cycles of a movement, then `after` (a resting movement) takes over.
    void cycles(const std::string& movement, int count, const std::string& after, double cadence = 0,
                double strength = 1);
    void setProgress(TestProgress progress, double totalSeconds);
    bool stopped() const { return m_stopped; }

    double time() const { return m_simulation.snapshot().timeS; }
    int segment(std::string_view id) const { return m_simulation.network().segmentIndex(id); }
    int link(std::string_view from, std::string_view to) const {
        return m_simulation.network().linkIndex(from, to);
    }
    std::vector<TestTrace> traces() const { return m_traces; }
    const TestTrace& trace(std::size_t index) const { return m_traces[index]; }

  private:
    void sample();

    Simulation m_simulation;
    std::vector<TestTrace> m_traces;
    std::vector<Probe> m_probes;
    int m_every = 10, m_count = 0;
    TestProgress m_progress;
    double m_total = 1;
    bool m_stopped = false;
};

/// Mean of a trace between two times.
double meanBetween(const TestTrace& trace, double from, double to);
/// First time at or after `from` at which the trace, straight between its samples, reaches `level` and stays
/// there for `hold` s; NaN: never.
double timeToReach(const TestTrace& trace, double from, double level, double hold = 0.5);

} // namespace pump::physiology
