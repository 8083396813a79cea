#pragma once

#include "physiology/Simulation.h"

#include "core/JsonFile.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pump::physiology {

/// One pair of hands round the limb over a cycle.
struct MassageHand {
    struct Moment {
        double atS = 0, heightMm = 0, pressureMmHg = 0;
    };
    double widthMm = 80;
    std::vector<Moment> course; ///< times rise from 0; straight lines between, and from the last to the first
};

/// Strokes, kneading or squeezing of the leg, as a table in assets/massages. Heights above the sole on the
/// drawn leg.
struct Massage {
    std::string id, name, source;
    double cycleS = 8;
    double pressureMmHg = 30;          ///< the highest of its courses
    double lowMmHg = 5, highMmHg = 80; ///< what it may be scaled to
    std::vector<MassageHand> hands;

    /// What presses at a time, s; nothing below 0.5 mmHg. `peakMmHg` 0: as in the table.
    std::vector<TouchPressure> at(double time, double peakMmHg = 0) const;
};

/// Throws Error(Asset): file, field, value, what was expected.
Massage readMassage(const core::JsonField& root);
/// All tables of a folder, by id.
std::vector<Massage> loadMassages(const std::filesystem::path& directory);

} // namespace pump::physiology
