#include "physiology/Experiment.h"

#include "physiology/Measures.h"

#include "core/Error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <ostream>

namespace pump::physiology {
namespace {

using Quantity = ExperimentProbe::Quantity;

double valueOf(const ExperimentProbe& probe, const SimSnapshot& s) {
    auto segment = [&]() -> const SegmentState& {
        return s.segments[static_cast<std::size_t>(probe.segments.front())];
    };
    auto sum = [&](auto member) {
        double total = 0;
        for (const int i : probe.segments) total += s.segments[static_cast<std::size_t>(i)].*member;
        return total;
    };
    const LinkState* link = probe.link >= 0 ? &s.links[static_cast<std::size_t>(probe.link)] : nullptr;
    switch (probe.quantity) {
    case Quantity::Pressure:
        return segment().pressureMmHg;
    case Quantity::Transmural:
        return segment().transmuralMmHg;
    case Quantity::Flow:
        return link ? link->flowMlS : 0.5 * (segment().flowInMlS + segment().flowOutMlS);
    case Quantity::Velocity:
        return link ? link->velocityCmS : segment().velocityCmS;
    case Quantity::PeakVelocity:
        return kPeakOverMean * (link ? link->velocityCmS : segment().velocityCmS);
    case Quantity::Area:
        return segment().areaMm2;
    case Quantity::Volume:
        return sum(&SegmentState::volumeMl);
    case Quantity::Opening:
        return link->opening;
    case Quantity::Inflow:
        return sum(&SegmentState::inflowMlS);
    case Quantity::Swelling:
        return probe.index < 0 ? s.swellingMl : s.tissue[static_cast<std::size_t>(probe.index)].gainedMl;
    case Quantity::Compartment:
        return s.compartmentPressureMmHg[static_cast<std::size_t>(probe.index)];
    case Quantity::Activation:
        return s.activation[static_cast<std::size_t>(probe.index)];
    }
    return 0;
}

void apply(const ExperimentEvent& event, Simulation& simulation) {
    if (event.movement)
        simulation.setMovement({.movement = *event.movement,
                                .cadencePerMinute = event.cadencePerMinute,
                                .strength = event.strength});
    BodySettings body = simulation.settings().body;
    if (event.posture) {
        body.posture = *event.posture;
        body.tiltDeg.reset();
    }
    if (event.tiltDeg) body.tiltDeg = event.tiltDeg;
    if (event.transitionS) body.transitionS = *event.transitionS;
    if (event.skinTemperatureC) body.skinTemperatureC = *event.skinTemperatureC;
    if (event.inflowFactor) body.inflowFactor = *event.inflowFactor;
    if (event.breathing) body.breathing = *event.breathing;
    if (event.stocking) body.stocking = *event.stocking;
    if (event.conditions) body.conditions = *event.conditions;
    simulation.setBody(body);
}

/// Bands press anew only when they have changed, so that a steady cuff costs nothing.
class BandPlayer {
  public:
    explicit BandPlayer(const Experiment& experiment) : m_experiment(experiment) {}

    void update(Simulation& simulation) {
        const double time = simulation.snapshot().timeS;
        std::vector<PressureBand> bands = m_experiment.start.body.bands;
        for (const ExperimentBand& band : m_experiment.bands)
            if (auto now = band.at(time)) bands.push_back(std::move(*now));
        const auto same = [](const PressureBand& a, const PressureBand& b) {
            return a.profile == b.profile && a.depth == b.depth;
        };
        BodySettings body = simulation.settings().body;
        if (std::equal(bands.begin(), bands.end(), body.bands.begin(), body.bands.end(), same)) return;
        body.bands = std::move(bands);
        simulation.setBody(body);
    }

  private:
    const Experiment& m_experiment;
};

} // namespace

double TimeCourse::at(double time) const {
    if (points.empty()) return 0;
    if (time <= points.front().first) return points.front().second;
    for (std::size_t i = 1; i < points.size(); ++i) {
        if (time >= points[i].first) continue;
        const double width = points[i].first - points[i - 1].first;
        return points[i - 1].second +
               (time - points[i - 1].first) / width * (points[i].second - points[i - 1].second);
    }
    return points.back().second;
}

std::optional<PressureBand> ExperimentBand::at(double time) const {
    const double pressure = pressureMmHg.at(time);
    if (!(pressure > 0)) return std::nullopt;
    if (!travels) return PressureBand{.profile = {{lowMm, pressure}, {highMm, pressure}}, .depth = depth};
    const double since = time - startS;
    const double stroke = std::floor(since / everyS), within = since - stroke * everyS;
    if (since < 0 || stroke >= strokes || within > strokeS) return std::nullopt;
    const double middle = lowMm + (highMm - lowMm) * within / strokeS, half = 0.5 * widthMm;
    return PressureBand{.profile = {{std::max(0.0, middle - half), 0.3 * pressure},
                                    {middle, pressure},
                                    {middle + half, 0.3 * pressure}},
                        .depth = depth};
}

ExperimentTable runExperiment(const Experiment& experiment, const std::filesystem::path& assets,
                              const std::function<void(const std::vector<double>&)>& row,
                              const std::function<bool(double)>& progress) {
    ExperimentTable table{.columns = {"time_s"}};
    for (const ExperimentProbe& probe : experiment.probes)
        table.columns.push_back(fmt::format("{} [{}]", probe.name, probe.unit));
    Simulation simulation(assets, experiment.start);
    BandPlayer bands(experiment);
    auto write = [&] {
        std::vector<double> values{simulation.snapshot().timeS};
        for (const ExperimentProbe& probe : experiment.probes)
            values.push_back(valueOf(probe, simulation.snapshot()));
        if (row) row(values);
        table.rows.push_back(std::move(values));
    };
    std::size_t next = 0;
    const auto every = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::llround(experiment.everyS / experiment.stepS)));
    const auto often =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(0.01 / experiment.stepS)));
    write();
    for (std::uint64_t count = 0; simulation.snapshot().timeS < experiment.durationS - 0.5 * experiment.stepS;
         ++count) {
        const double time = simulation.snapshot().timeS;
        double leap = 0;
        for (; next < experiment.events.size() && experiment.events[next].atS <= time + 1e-9; ++next) {
            try {
                apply(experiment.events[next], simulation);
            } catch (const core::Error& error) {
                throw core::Error(error.kind(), "{}: events[{}]: {}", experiment.id, next, error.what());
            }
            leap = experiment.events[next].fastForwardS;
        }
        if (count % often == 0) bands.update(simulation);
        for (const auto& [muscle, course] : experiment.excitation)
            simulation.overrideExcitation(muscle, course.at(time));
        if (leap > 0) {
            // In parts, so that rows show the way.
            constexpr int kParts = 60;
            for (int i = 0; i < kParts; ++i) {
                simulation.fastForward(leap / kParts);
                write();
                if (progress && !progress(std::min(1.0, simulation.snapshot().timeS / experiment.durationS)))
                    return table;
            }
            continue;
        }
        simulation.step();
        if ((count + 1) % every == 0) write();
        if (progress && count % 512 == 0 && !progress(std::min(1.0, time / experiment.durationS))) break;
    }
    return table;
}

void writeExperimentHeader(std::ostream& out, const Experiment& experiment) {
    out << "time_s";
    for (const ExperimentProbe& probe : experiment.probes)
        out << ',' << probe.name << " [" << probe.unit << ']';
    out << '\n';
}

void writeExperimentRow(std::ostream& out, const std::vector<double>& row) {
    fmt::memory_buffer text;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) text.push_back(',');
        fmt::format_to(std::back_inserter(text), "{}", row[i]);
    }
    text.push_back('\n');
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

} // namespace pump::physiology
