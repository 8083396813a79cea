#pragma once

#include "physiology/Leg.h"
#include "physiology/Movement.h"
#include "physiology/Simulation.h"

namespace pump::physiology {

/// What a Simulation holds. Split over Simulation.cpp (setting and stepping), SimulationSnapshot.cpp and
/// SimulationFile.cpp (saving).
struct Simulation::State {
    State(const std::filesystem::path& assets, const SimulationSettings& wanted);

    void setMovement(const MovementSettings& movement);
    void setBody(const BodySettings& body);
    void updatePosture();
    void updateEnvironment();
    Pose posedIn(const Posture& posture, Pose pose) const;
    MovementDrive drive() const;
    void step();
    void writeSnapshot();

    SimulationSettings settings;
    std::vector<Movement> movements;
    std::vector<MovementInfo> infos;
    Leg leg;
    std::vector<Condition> conditions;
    MovementPlayer player;
    const Movement* movement = nullptr;
    LegEnvironment environment;
    Posture postureFrom, postureTo;
    double postureBlend = 1; ///< 0 still postureFrom
    std::optional<double> hand;
    double pumped = 0; ///< how far the drawn foot follows the hand, 0-1
    std::array<std::optional<double>, kMuscleGroupCount> overrides;
    std::vector<bool> belowKnee; ///< per inflow
    int footVein = 0, poplitealLink = 0;
    std::uint64_t stepCount = 0;
    double detailS = 0, calmVolume = -1; ///< fast-forward: since the last change; of the last window
    double skippedS = 0;                 ///< time passed in fast-forward without steps
    double startVolume = 0, startExchange = 0;
    bool held = false;
    SimSnapshot snapshot; ///< written when it is asked for
    bool snapshotFresh = false;

    double time() const { return skippedS + static_cast<double>(stepCount) * settings.stepS; }
};

const Movement& findMovement(const std::vector<Movement>& movements, const MovementSettings& wanted);

} // namespace pump::physiology
