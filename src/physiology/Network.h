#pragma once

#include "physiology/Snapshot.h"
#include "physiology/TubeLaw.h"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pump::physiology {

enum class TubeClass : std::uint8_t { Deep, Superficial, Intramuscular, Central, Venular };
inline constexpr std::size_t kTubeClassCount = 5;

/// One pressure node: n equal collapsible tubes side by side. SI units. Source: assets/network/segments.csv.
struct Segment {
    std::string id; ///< "PTV2"
    std::string description;
    double heightLow = 0,
           heightHigh = 0;       ///< m above the sole, standing, on the drawn leg (after the height map)
    double length = 0;           ///< m
    double unstressedRadius = 0; ///< m
    int parallel = 1;
    TubeClass tubeClass = TubeClass::Deep;
    Compartment compartment = Compartment::Deep;
    double forward = 0; ///< m in front of the ankle axis; foot segments only
    bool calf = false;  ///< inside the plethysmograph's sleeve
    // What a condition changes; 1: healthy.
    double stiffnessFactor = 1;  ///< of the tube law's K
    double resistanceFactor = 1; ///< of its own tube, by clot or scar

    double midHeight() const { return 0.5 * (heightLow + heightHigh); }
    double unstressedVolume() const; ///< m^3, all parallel tubes
};

enum class LinkKind : std::uint8_t { Open, Valve, Venular };

/// How a link meets its two segments: Trunk end to end; Perforator side to side; Junction end to side.
enum class LinkRole : std::uint8_t { Trunk, Perforator, Junction, Venular };

struct Link {
    int from = 0;
    int to = 0; ///< -1: right atrium
    LinkKind kind = LinkKind::Open;
    LinkRole role = LinkRole::Trunk;
    double tubeDiameter = 0; ///< m, 0: none
    double tubeLength = 0;   ///< m
    double leakArea = 0;     ///< m^2 that the shut valve leaves open
};

/// Heights of the tables -> heights on the drawn leg, m above the sole, straight lines between anchors.
struct HeightMap {
    std::vector<std::pair<double, double>> anchors; ///< (table, drawn), rising, m
    double toDrawn(double tableHeight) const;
    double slope(double tableHeight) const;
};

/// Pressure that a tissue compartment adds around its veins. Pa. Source: assets/network/compartments.csv.
struct CompartmentProperties {
    int muscle = -1;          ///< MuscleGroup that presses, -1: none
    double rest = 0;          ///< muscle relaxed
    double contracted = 0;    ///< added at full activation and gain 1
    double weight = 0;        ///< added at full plantar load
    double externalShare = 1; ///< part of a pressure on the skin that arrives inside
};

enum class InflowKind : std::uint8_t { Skin, Muscle, Body };

/// Arterial supply of one venular bed. Source: assets/network/inflow.csv.
struct Inflow {
    int segment = 0;
    double standingFlow = 0; ///< m^3/s at quiet standing rest
    InflowKind kind = InflowKind::Body;
    int muscle = -1; ///< MuscleGroup that warms it up, -1: none
};

/// Constants of assets/network/parameters.csv in SI units; meaning and source stand there.
struct Parameters {
    double bloodDensity = 1060, bloodViscosity = 0.004, gravity = 9.80665;
    double arterialPressure = 0, rightAtrialPressureStanding = 0, rightAtrialPressureLying = 0;
    double venularResistance = 0;
    double muscleGain = 0.8, activationExponent = 1.1, activationTimeOn = 0.05, activationTimeOff = 0.1;
    double valveOpenThreshold = 0, valveCloseThreshold = 0, valveOpenRate = 0.03, valveCloseRate = 0.03;
    double valveAreaShare = 0.65, valveLength = 0.005, valveLeakArea = 0, valveLostHead = 1;
    double valveInertialLength = 0.015, wallTime = 0.02;
    double collapsedAreaFloor = 0.02;
    double ankleRange = 1; ///< share of the healthy range of motion
    double abdominalPressureStanding = 0, abdominalPressureLying = 0;
    // Control of the arterial inflow (Regulation.h).
    double veinArteriolarGain = 0, veinArteriolarThreshold = 0, veinArteriolarSpan = 1,
           veinArteriolarTime = 7;
    double myogenicGain = 0, myogenicTime = 8;
    double hyperaemiaGain = 0, hyperaemiaHalf = 0.1, hyperaemiaTimeOn = 7, hyperaemiaTimeOff = 45;
    double skinInflow = 1, muscleInflow = 1; ///< factors of the arterial conductances
    double skinFlowDoubling = 5, skinTonePerDegree = 0.04;
    double seatEdgePressure = 0; ///< behind the thigh when sitting
    // Tissue fluid (TissueFluid.h).
    double filtrationCoefficient = 0, reflection = 0.9, plasmaOncotic = 0, tissueOncotic = 0,
           tissuePressure = 0;
    double postToPreRatio = 0.2, tissueCompliance = 1, tissueDilution = 1;
    double lymphRest = 0, lymphPerPressure = 0, lymphMost = 0, lymphMuscleFactor = 1, lymphFactor = 1,
           lymphTime = 1200;
};

/// A way to hold the body. Source: assets/network/postures.csv.
struct Posture {
    std::string id, name;
    double trunkTilt = 0;                   ///< rad; 0 upright, pi/2 lying on the back
    double hipFlexion = 0, kneeFlexion = 0; ///< rad
    double loadShare = 1;                   ///< of a movement's sole load that this posture keeps
    bool seat = false;                      ///< a seat's edge presses behind the thigh
};

struct Network {
    std::vector<Segment> segments;
    std::vector<Link> links;
    double rightAtriumHeight = 0; ///< m above the sole
    HeightMap heightMap;
    std::array<TubeLaw, kTubeClassCount> tubeLaws;
    std::array<CompartmentProperties, kCompartmentCount> compartments;
    std::vector<Inflow> inflows;
    std::vector<Posture> postures;
    Parameters parameters;

    const Posture* posture(std::string_view id) const; ///< nullptr: none
    /// -1: none. Of a network cut into cells (splitNetwork) the middle cell, or the link between the ends.
    int segmentIndex(std::string_view id) const;
    int linkIndex(std::string_view from, std::string_view to) const;
    const TubeLaw& tubeLaw(const Segment& segment) const;
};

/// Reads segments.csv, links.csv, tube_laws.csv, compartments.csv, inflow.csv, height_map.csv,
/// postures.csv and parameters.csv of a folder. Throws Error(Asset): file, line, column, value, reason.
Network loadNetwork(const std::filesystem::path& directory);

/// Member of Parameters named as in parameters.csv; nullptr: none. `unit`: SI value of one table unit.
struct ParameterName {
    std::string_view name;
    double Parameters::*member;
    double unit;
};
const ParameterName* parameterNamed(std::string_view name);

/// Codes as in the tables: "PLANTAR", "SOLEUS" ...; -1 when unknown.
int compartmentIndex(std::string_view code);
int muscleIndex(std::string_view code);
std::string_view muscleCode(MuscleGroup muscle); ///< "SOLEUS", "GASTROC", "DEEP", "ANT", "PLANTAR", "THIGH"

} // namespace pump::physiology
