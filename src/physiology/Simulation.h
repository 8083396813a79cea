#pragma once

#include "physiology/Condition.h"
#include "physiology/Leg.h"
#include "physiology/Network.h"
#include "physiology/Snapshot.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pump::physiology {

/// What the visitor chooses. Changing it between steps is allowed; transitions blend.
struct MovementSettings {
    std::string movement = "heel-raise"; ///< id of a table in assets/movements
    double cadencePerMinute = 0;         ///< cycles a minute; 0: the movement's own
    double strength = 1;                 ///< 0-1.5, scales activation and excursion; 1: as in the table
};

/// A finger, a hand or a tool pressing on the skin.
struct TouchPressure {
    double heightMm = 300; ///< middle, above the sole on the drawn leg
    double widthMm = 30;   ///< half of the pressure is left at its edges
    double pressureMmHg = 40;
    PressureDepth depth = PressureDepth::Both;
    /// Empty: all round the limb. Else what arrives where the finger is: segment and share of the pressure.
    std::vector<PressureShare> shares;
    bool operator==(const TouchPressure&) const = default;
};

/// How the body is held and what surrounds it. Changing it between steps is allowed; posture blends over
/// `transitionS`, the rest acts at once.
struct BodySettings {
    std::string posture;           ///< id of assets/network/postures.csv; "": the movement's own
    std::optional<double> tiltDeg; ///< 0 lying ... 90 upright: replaces the posture's trunk
    double transitionS = 1.5;      ///< s, 0-60
    Breathing breathing = Breathing::None;
    double skinTemperatureC = 33;    ///< 20-42
    double inflowFactor = 1;         ///< of the leg's arterial conductances, 0-10
    std::string stocking;            ///< id of assets/network/stockings.csv; "": none
    std::vector<PressureBand> bands; ///< cuffs, tourniquets ...
    std::vector<TouchPressure> touches;
    std::vector<ConditionChoice> conditions; ///< ids of assets/conditions
};

struct SimulationSettings {
    double stepS = 0.002;
    bool arterialInflow = true;
    bool tissueFluid = true;
    int cells = 1; ///< parts that each segment is cut into (1-64), to show that they are fine enough
    MovementSettings movement;
    BodySettings body;
};

struct MovementInfo {
    std::string id, name;
    double cadencePerMinute = 0, cadenceLow = 0, cadenceHigh = 0;
    std::string posture;     ///< that it is made for
    bool bendsAbove = false; ///< hip or knee move, or the body does not stand
};

/// The haemodynamics of one leg: movement -> activation -> compartment pressure -> veins and valves.
/// Deterministic: the same settings and the same number of steps give bit-equal snapshots.
class Simulation {
  public:
    /// Reads the tables in assets/network, assets/movements and assets/conditions; starts in equilibrium of
    /// the chosen posture at rest. Throws Error(Asset), Error(Usage).
    Simulation(const std::filesystem::path& assets, const SimulationSettings& settings);
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    void setMovement(
        const MovementSettings& movement); ///< Throws Error(Usage) on an unknown id or a value out of range
    void setBody(const BodySettings& body);
    /// You are the pump: while set, the calf's excitation (0-1) follows this value instead of the movement's.
    void driveByHand(std::optional<double> contraction);
    /// Excitation (0-1) of one group instead of the movement's; nothing: the movement's again.
    void overrideExcitation(MuscleGroup muscle, std::optional<double> excitation);

    void step();                         ///< one fixed step of settings().stepS
    const SimSnapshot& snapshot() const; ///< of the last step
    /// Hours in seconds: detailed windows of at least one cycle, and between them long steps of the tissue
    /// fluid with the means of the window. Returns when `seconds` of simulated time have passed. `progress`
    /// gets the share done and may return false to stop early.
    void fastForward(double seconds, const std::function<bool(double)>& progress = {});

    const Network& network() const; ///< with the conditions in it
    const Leg& leg() const;
    const SimulationSettings& settings() const;
    const std::vector<MovementInfo>& movements() const;
    /// Pose of the chosen movement in its posture at this phase (0-1), once every transition is over.
    Pose poseAt(double phase) const;
    const std::vector<Condition>& conditions() const;

    /// Everything that later steps depend on, as versioned JSON text; continuing from it is bit-equal to
    /// never having stopped. Throws Error(Asset) naming file and field when it cannot be read.
    std::string saveState() const;
    void loadState(const std::string& name, const std::string& text);

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace pump::physiology
