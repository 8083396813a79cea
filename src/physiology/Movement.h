#pragma once

#include "physiology/Snapshot.h"

#include "core/JsonFile.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pump::physiology {

/// What a movement asks for at one moment.
struct MovementDrive {
    Pose pose;
    std::array<double, kMuscleGroupCount> excitation{}; ///< 0-1: what the activation follows
    double plantarLoad = 0;                             ///< 0-1.2 of the weight that one sole can carry
};

/// A curve over one cycle, phase 0-1, through its keys without overshoot (Fritsch & Carlson 1980), closed.
class CycleCurve {
  public:
    CycleCurve() = default;
    CycleCurve(std::vector<double> phases, std::vector<double> values);
    /// Where a phase lies among the keys; curves with the same keys share it.
    struct Place {
        std::size_t piece = 0;
        double width = 1, share = 0; ///< of the piece in phase; way through it, 0-1
    };
    Place place(double phase) const;
    double at(const Place& place) const;
    double at(double phase) const { return empty() ? 0 : at(place(phase)); }
    bool empty() const { return m_values.empty(); }

  private:
    std::vector<double> m_phases, m_values, m_slopes;
};

/// What carries the body: the standing foot, a stride over the floor, or a seat or bed.
enum class Support : std::uint8_t { Foot, Stride, Body };

/// A table of assets/movements: joint angles, muscle excitation and sole load over one cycle. The same table
/// drives the drawn body and the computed pressures.
struct Movement {
    std::string id, name, posture;
    double cadencePerMinute = 60, cadenceLow = 60, cadenceHigh = 60;
    CycleCurve phases;                          ///< the keys that all curves have, no values
    CycleCurve hip, knee, ankle, subtalar, toe; ///< rad
    CycleCurve footPitch;                       ///< rad
    CycleCurve footLiftMm, plantarLoad, bandLoadN;
    Support support = Support::Foot;
    std::array<CycleCurve, kMuscleGroupCount> excitation;
    double largestStrength = 1.5; ///< beyond it a scaled angle or excitation would leave its range

    /// Angles and excitation scale with strength, the load does not.
    MovementDrive at(double phase, double strength) const;
};

/// Throws Error(Asset): file, field, value, range. Angles outside a living joint's range are refused.
Movement readMovement(const core::JsonField& root);
/// All *.json of a folder, sorted by id.
std::vector<Movement> loadMovements(const std::filesystem::path& directory);

/// Plays one movement after another; every change blends over `kBlendSeconds`.
class MovementPlayer {
  public:
    struct Choice {
        const Movement* movement = nullptr;
        double cadencePerMinute = 0; ///< 0: the movement's own
        double strength = 1;
    };
    static constexpr double kBlendSeconds = 0.6;

    explicit MovementPlayer(const Choice& choice);
    void choose(const Choice& choice);
    const MovementDrive& advance(double dt);
    const MovementDrive& drive() const { return m_drive; }
    double phase() const { return m_phase; }
    double completedCycles() const { return m_cycles; }

    struct State {
        double phase = 0, cycles = 0, cadence = 0, strength = 1, blend = 1;
        MovementDrive drive, from;
    };
    State state() const;
    void setState(const State& state);

  private:
    Choice m_choice;
    double m_phase = 0, m_cycles = 0;
    double m_cadence = 60, m_strength = 1; // follow the choice smoothly
    double m_blend = 1;                    // 0: still the drive it came from
    MovementDrive m_from, m_drive;
};

/// (1 - share) a + share b, member by member.
MovementDrive blend(const MovementDrive& a, const MovementDrive& b, double share);

} // namespace pump::physiology
