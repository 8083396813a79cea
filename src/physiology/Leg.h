#pragma once

#include "physiology/Body.h"
#include "physiology/Condition.h"
#include "physiology/Movement.h"
#include "physiology/Network.h"
#include "physiology/Regulation.h"
#include "physiology/TissueFluid.h"
#include "physiology/VeinSolver.h"

#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace pump::physiology {

enum class Breathing { None, Quiet, Deep, Valsalva };

/// Where a pressure on the skin acts. Deep compartments get it by their external share.
enum class PressureDepth { Both, Superficial, Deep };

/// Part of a local pressure that arrives at the veins of one segment, 0-1.
struct PressureShare {
    int segment = 0;
    double share = 1;
    bool operator==(const PressureShare&) const = default;
};

/// Pressure on the skin by height: straight lines between (height mm above the sole on the drawn leg, mmHg),
/// nothing outside. Heights rise.
struct PressureBand {
    std::vector<std::pair<double, double>> profile;
    PressureDepth depth = PressureDepth::Both;
    std::vector<PressureShare> shares; ///< empty: all that it covers, deep veins by their external share
};

struct Stocking {
    std::string id, name;
    PressureBand band;
};

struct TissueBed {
    std::string id, name;
    double girthMm = 0, lengthMm = 0, height = 0; ///< m
    int segment = 0;                              ///< bed that the fluid leaves
};

/// What acts on the leg from outside at one moment.
struct LegEnvironment {
    double trunkTilt = 0; ///< rad
    Pose pose;
    double loadShare = 1;
    double seat = 0; ///< 0-1: seat edge behind the thigh
    Breathing breathing = Breathing::None;
    double skinTemperatureC = 33;
    double inflowFactor = 1;
    std::vector<PressureBand> bands;
    std::uint64_t bandsRevision = 1; ///< another number whenever `bands` are others
};

/// Blood, vessels' control and tissue fluid of one leg, advanced in fixed steps. Deterministic.
class Leg {
  public:
    /// `assets`: folder with network/. Throws Error(Asset).
    explicit Leg(const std::filesystem::path& assets)
        : Leg(loadNetwork(assets / "network"), assets / "network") {}
    /// `networkFolder` holds tissue.csv and stockings.csv. Throws Error(Asset).
    explicit Leg(Network network, const std::filesystem::path& networkFolder);

    const Network& network() const { return m_network; } ///< with the conditions in it
    const Network& healthyNetwork() const { return m_healthy; }
    const VeinSolver& solver() const { return m_solver; }
    const std::vector<Stocking>& stockings() const { return m_stockings; }
    const std::vector<TissueBed>& tissueBeds() const { return m_beds; }
    const std::vector<TissueRegion>& tissue() const { return m_tissue; }

    /// Takes a network with other constants but the same segments and links. The blood stays where it is.
    void setNetwork(Network network);
    void setArterialInflow(bool on) { m_inflowOn = on; }
    void setTissueFluid(bool on) { m_tissueOn = on; }

    /// Equilibrium under `environment` and steady excitation, without tissue swelling.
    void settle(const LegEnvironment& environment, const MovementDrive& drive);
    /// One step. False: the solver held the last state.
    bool step(double dt, double time, const LegEnvironment& environment, const MovementDrive& drive);
    /// Tissue fluid alone, over a long dt, with means that were gathered before.
    struct Means {
        std::vector<TissueRegion::Forces> forces; ///< per region
        double weight = 0;                        ///< s
    };
    void gatherMeans(Means& means, double dt) const;
    void advanceTissue(const Means& means, double dt);

    const std::array<double, kMuscleGroupCount>& activation() const { return m_activation; }
    double compartmentPressure(Compartment compartment) const {
        return m_compartment[static_cast<std::size_t>(compartment)];
    }
    double outsidePressure(int segment) const {
        return m_solver.inputs.outside[static_cast<std::size_t>(segment)];
    }
    double pressure(int segment) const; ///< Pa, against atmosphere
    /// Area ratio where a band or a finger presses hardest on the segment; the segment's own where none does.
    double pressedAreaRatio(int segment) const {
        return m_pressedAlpha[static_cast<std::size_t>(segment)] > 0
                   ? m_pressedAlpha[static_cast<std::size_t>(segment)]
                   : m_solver.areaRatio(segment);
    }
    double height(int segment) const {
        return m_heights[static_cast<std::size_t>(segment)];
    } ///< m above the right atrium
    double arterialFlow(std::size_t inflow) const { return m_inflowOn ? m_solver.arterialFlow()[inflow] : 0; }

    struct State {
        SolverState solver;
        std::vector<InflowControl> controls;
        std::vector<double> tissueGained, lymphFlow; ///< per region
        std::array<double, kMuscleGroupCount> activation{}, excitation{};
    };
    State state() const;
    void setState(const State& state);
    /// Outside pressures and heights for read-outs between setState() and the next step.
    void refreshOutside(double time, const LegEnvironment& environment, const MovementDrive& drive) {
        apply(time, environment, drive);
    }

  private:
    void calibrateArteries();
    void apply(double time, const LegEnvironment& environment, const MovementDrive& drive);
    void findEffort();
    void coverSegments(const LegEnvironment& environment);
    void applyBands(const LegEnvironment& environment);
    double shareOf(const PressureBand& band, std::size_t index) const;
    void applyArteries(double dt, const LegEnvironment& environment);
    void readTissue(const std::filesystem::path& file);
    void readStockings(const std::filesystem::path& file);
    TissueRegion::Forces forcesOn(std::size_t region) const;
    void relax(const LegEnvironment& environment, const MovementDrive& drive);

    /// Part of a segment under a band that presses there harder than on the whole.
    struct Pressed {
        int segment = 0;
        double peak = 0, covered = 0; ///< Pa; share of the length
    };

    Network m_healthy, m_network;
    LimbHeights m_limb;
    VeinSolver m_solver;
    std::vector<Stocking> m_stockings;
    std::vector<TissueBed> m_beds;
    std::vector<TissueRegion> m_tissue;
    std::vector<double> m_regionPressure; // Pa on the skin, per region
    std::vector<double> m_baseConductance;
    std::vector<double> m_standingArterial; // Pa, per inflow
    std::vector<InflowControl> m_controls;
    std::vector<double> m_heights, m_bandPressure;
    std::array<double, kMuscleGroupCount> m_activation{}, m_excitation{}; // excitation: of the last step
    std::array<double, kMuscleGroupCount> m_effort{}, m_effortOf{};       // and the activation it belongs to
    ActivationLag m_lag;
    std::vector<double> m_pressedAlpha; // 0: nothing presses
    std::vector<Pressed> m_pressed;
    std::uint64_t m_bandsOf = 0; // that m_pressed belongs to; 0: none yet
    double m_seatOf = 0;
    std::array<double, kCompartmentCount> m_compartment{};
    bool m_inflowOn = true, m_tissueOn = true;
};

/// Right atrial and abdominal pressure change of breathing at a time, Pa.
///   quiet   15 a minute: atrium -2, abdomen +2 mmHg in inspiration
///   deep     8 a minute: atrium -6, abdomen +8 mmHg
///   Valsalva 10 s of strain in every 30 s: both +35 mmHg
/// Ranges: oesophageal pressure -2 to -6 cmH2O, gastric +2 to +10 cmH2O; recalled.
struct BreathPressure {
    double atrium = 0, abdomen = 0;
};
BreathPressure breathPressure(Breathing breathing, double time);

/// Mean of a band over heights low-high (m), Pa; and the share of that stretch that it covers, its peak
/// there.
struct BandCover {
    double mean = 0, share = 0, peak = 0;
};
BandCover bandCover(const PressureBand& band, double low, double high);

} // namespace pump::physiology
