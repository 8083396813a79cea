#include "physiology/Protocol.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pump::physiology {
namespace {

SimulationSettings settingsFor(const TestSubject& subject, const std::string& movement, BodySettings body) {
    SimulationSettings settings;
    settings.stepS = subject.stepS;
    settings.tissueFluid = subject.tissueFluid;
    settings.cells = subject.cells;
    settings.movement.movement = movement;
    settings.body = std::move(body);
    settings.body.conditions.insert(settings.body.conditions.end(), subject.conditions.begin(),
                                    subject.conditions.end());
    return settings;
}

} // namespace

Protocol::Protocol(const TestSubject& subject, const std::string& movement, BodySettings body)
    : m_simulation(subject.assets, settingsFor(subject, movement, std::move(body))),
      m_every(std::max(1, static_cast<int>(std::lround(0.02 / subject.stepS)))) {}

std::size_t Protocol::record(std::string name, std::string unit, Probe probe) {
    m_traces.push_back({std::move(name), std::move(unit), {}, {}});
    m_probes.push_back(std::move(probe));
    return m_traces.size() - 1;
}

void Protocol::setProgress(TestProgress progress, double totalSeconds) {
    m_progress = std::move(progress);
    m_total = totalSeconds;
}

void Protocol::sample() {
    const SimSnapshot& snapshot = m_simulation.snapshot();
    for (std::size_t i = 0; i < m_probes.size(); ++i) {
        m_traces[i].timeS.push_back(snapshot.timeS);
        m_traces[i].value.push_back(m_probes[i](snapshot));
    }
}

double Protocol::run(double seconds, const std::function<bool(const SimSnapshot&)>& watch) {
    const auto steps = static_cast<int>(std::lround(seconds / m_simulation.settings().stepS));
    for (int i = 0; i < steps && !m_stopped; ++i) {
        m_simulation.step();
        if (++m_count % m_every == 0) sample();
        if (m_progress && m_count % 500 == 0 && !m_progress(std::min(1.0, time() / m_total)))
            m_stopped = true;
        if (watch && !watch(m_simulation.snapshot())) return (i + 1) * m_simulation.settings().stepS;
    }
    return seconds;
}

void Protocol::cycles(const std::string& movement, int count, const std::string& after, double cadence,
                      double strength) {
    m_simulation.setMovement({.movement = movement, .cadencePerMinute = cadence, .strength = strength});
    double perMinute = cadence;
    for (const MovementInfo& info : m_simulation.movements())
        if (info.id == movement && cadence == 0) perMinute = info.cadencePerMinute;
    run(count * 60 / perMinute);
    m_simulation.setMovement({.movement = after});
}

double meanBetween(const TestTrace& trace, double from, double to) {
    double sum = 0;
    int count = 0;
    for (std::size_t i = 0; i < trace.timeS.size(); ++i) {
        if (trace.timeS[i] < from - 1e-9 || trace.timeS[i] > to + 1e-9) continue;
        sum += trace.value[i];
        ++count;
    }
    return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

double timeToReach(const TestTrace& trace, double from, double level, double hold) {
    double since = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t i = 0; i < trace.timeS.size(); ++i) {
        const double time = trace.timeS[i], value = trace.value[i];
        if (time < from) continue;
        if (value < level) {
            since = std::numeric_limits<double>::quiet_NaN();
            continue;
        }
        if (std::isnan(since)) {
            since = time;
            // On the straight line from the sample before.
            if (i > 0 && trace.timeS[i - 1] >= from && trace.value[i - 1] < level)
                since -= (time - trace.timeS[i - 1]) * (value - level) / (value - trace.value[i - 1]);
        }
        if (time - since >= hold) return since;
    }
    return since;
}

} // namespace pump::physiology
