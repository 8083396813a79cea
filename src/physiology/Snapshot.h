#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pump::physiology {

/// Tissue compartments whose pressure acts on the veins inside them (assets/network).
enum class Compartment : std::uint8_t {
    Plantar,
    SkinFoot,
    Ankle,
    Deep,
    Soleus,
    Gastroc,
    Anterior,
    Fossa,
    SkinLeg,
    SkinThigh,
    Thigh,
    Groin,
    Abdomen,
    Count
};
inline constexpr std::size_t kCompartmentCount = static_cast<std::size_t>(Compartment::Count);
std::string_view compartmentCode(Compartment compartment); ///< "PLANTAR", "SKIN_F" ... as in the tables

/// Muscle groups that a movement drives.
enum class MuscleGroup : std::uint8_t {
    Soleus,
    Gastrocnemius,
    DeepPosterior,
    Anterior,
    Plantar,
    Thigh,
    Count
};
inline constexpr std::size_t kMuscleGroupCount = static_cast<std::size_t>(MuscleGroup::Count);

/// Joint angles of the drawn body, rad. As built: standing upright, foot flat, knee straight.
struct Pose {
    double hipFlexion = 0;
    double kneeFlexion = 0;
    double ankleDorsiflexion = 0; ///< negative: plantarflexion
    double subtalarInversion = 0;
    double toeDorsiflexion = 0; ///< at the metatarsophalangeal joints
    double footPitch = 0;       ///< of the sole against the floor while the foot carries: positive: toes up
    double footLiftMm = 0;      ///< of the foot's lowest point above the floor, in the swing of a stride
    double onFoot = 1;          ///< 0-1: the foot stands and the body moves over it
    double striding = 0;        ///< 0-1: the hip keeps its place and the floor passes below (treadmill);
                                ///< neither: seat or bed carry the body and the foot hangs free
    double bandLoadN = 0;       ///< pull of a resistance band round the forefoot; 0: no band
    double trunkTilt = 0;       ///< of the whole body: 0 upright, pi/2 lying on the back
};

struct SegmentState {
    double pressureMmHg = 0;     ///< venous pressure at the segment's mid height, against atmosphere
    double transmuralMmHg = 0;   ///< inside minus outside
    double areaRatio = 1;        ///< alpha = A / A0, against the unstressed area
    double areaMm2 = 0;          ///< lumen of one of the parallel tubes
    double pressedAreaRatio = 1; ///< where something presses hardest on the skin over it; else areaRatio
    double volumeMl = 0;
    double flowInMlS =
        0; ///< sum of link flows into its lower end (positive: toward the heart), all parallel tubes
    double flowOutMlS = 0;  ///< out of its upper end
    double inflowMlS = 0;   ///< arterial inflow (venular beds) plus lateral inflow, less what drains sideways
    double arterialMlS = 0; ///< arterial inflow alone
    double velocityCmS = 0; ///< mean over the lumen at mid length, positive toward the heart
};

/// Tissue fluid of one region (foot, ankle, calf).
struct TissueState {
    double gainedMl = 0;        ///< fluid gained since the start
    double girthGainMm = 0;     ///< of a cylinder of the region's girth and length
    double filtrationMlMin = 0; ///< out of the capillaries
    double lymphMlMin = 0;      ///< back by lymph
};

struct LinkState {
    double flowMlS = 0;     ///< positive: from -> to; mean over the last step
    double opening = 1;     ///< valve state xi: 0 shut, 1 open; 1 for links without a valve
    double velocityCmS = 0; ///< at its end

    /// Lets blood through: in slow flow valves stand ajar.
    bool open() const { return opening > 0.1; }
};

/// Everything the picture, the panel and the CSV need of one moment. A value: copy it freely.
/// Order of segments and links: as in the network (Network::segments, Network::links).
struct SimSnapshot {
    std::uint64_t step = 0;
    double timeS = 0;
    std::vector<SegmentState> segments;
    std::vector<LinkState> links;
    std::array<double, kCompartmentCount> compartmentPressureMmHg{};
    std::array<double, kMuscleGroupCount> activation{}; ///< 0-1
    Pose pose;
    double movementPhase = 0;        ///< 0-1 through the current cycle
    double footVeinPressureMmHg = 0; ///< dorsal venous arch
    double poplitealFlowMlS = 0;
    double calfVolumeMl = 0;      ///< venous volume of the calf cells
    double arterialInflowMlS = 0; ///< below the knee
    int openValves = 0;           ///< LinkState::open
    int valveCount = 0;
    double volumeErrorRelative = 0;  ///< |dV - integral of in minus out| / V since the start
    std::vector<TissueState> tissue; ///< regions as in assets/network/tissue.csv: foot, ankle, calf
    double swellingMl = 0;           ///< tissue fluid gained below the knee, all regions
    bool held = false;               ///< the solver did not converge and holds the last state
};

} // namespace pump::physiology
