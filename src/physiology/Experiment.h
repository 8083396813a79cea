#pragma once

#include "physiology/Simulation.h"

#include "core/JsonFile.h"

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pump::physiology {

/// Values over time, straight lines between the points; before the first and after the last it stays.
struct TimeCourse {
    std::vector<std::pair<double, double>> points; ///< (s, value), times rise or stay
    double at(double time) const;
};

/// A pressure on the skin whose strength, and for a hand whose place, changes with time.
struct ExperimentBand {
    std::string name;
    double lowMm = 0, highMm = 0; ///< above the sole on the drawn leg
    PressureDepth depth = PressureDepth::Both;
    TimeCourse pressureMmHg;
    // A travelling hand: from `low` up to `high` in `strokeS`, again every `everyS`.
    bool travels = false;
    double widthMm = 80, startS = 0, strokeS = 5, everyS = 8;
    int strokes = 1;

    std::optional<PressureBand> at(double time) const; ///< nothing while it does not press
};

/// A change at a moment. What is not given stays as it was.
struct ExperimentEvent {
    double atS = 0;
    std::optional<std::string> movement, posture, stocking;
    double cadencePerMinute = 0, strength = 1;
    std::optional<double> tiltDeg, transitionS, skinTemperatureC, inflowFactor;
    std::optional<Breathing> breathing;
    std::optional<std::vector<ConditionChoice>> conditions;
    double fastForwardS = 0; ///< hours in seconds from this moment on
};

/// What is written down: one column.
struct ExperimentProbe {
    enum class Quantity {
        Pressure,
        Transmural,
        Flow,
        Velocity,
        PeakVelocity,
        Area,
        Volume,
        Opening,
        Inflow,
        Swelling,
        Compartment,
        Activation
    };
    std::string name, unit;
    Quantity quantity = Quantity::Pressure;
    std::vector<int> segments; ///< summed for volumes and inflows, the first for others
    int link = -1;
    int index = -1; ///< compartment, muscle group or tissue region (-1: all regions)
};

/// A time line that a lecturer writes: posture, movement, muscles, pressures from outside, breathing,
/// conditions.
struct Experiment {
    std::string id, name, description;
    double durationS = 0, stepS = 0.002, everyS = 0.05;
    SimulationSettings start;
    std::vector<ExperimentEvent> events; ///< by time
    std::vector<ExperimentBand> bands;
    std::vector<std::pair<MuscleGroup, TimeCourse>> excitation;
    std::vector<ExperimentProbe> probes;
};

/// Throws Error(Asset): file, field, value, what was expected.
Experiment readExperiment(const core::JsonField& root, const Network& network);
Experiment loadExperiment(const std::filesystem::path& file, const std::filesystem::path& assets);

struct ExperimentTable {
    std::vector<std::string> columns; ///< "time_s", then "<probe> [unit]"
    std::vector<std::vector<double>> rows;
};

/// Runs it from the start. `row` gets every row as it comes; `progress` the share done, false stops.
ExperimentTable runExperiment(const Experiment& experiment, const std::filesystem::path& assets,
                              const std::function<void(const std::vector<double>&)>& row = {},
                              const std::function<bool(double)>& progress = {});
void writeExperimentHeader(std::ostream& out, const Experiment& experiment);
void writeExperimentRow(std::ostream& out, const std::vector<double>& row);

} // namespace pump::physiology
