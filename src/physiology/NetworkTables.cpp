#include "physiology/Network.h"

#include "physiology/Units.h"

#include "core/CsvTable.h"
#include "core/Error.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace pump::physiology {
namespace {

using core::CsvTable;
using std::filesystem::path;

constexpr std::array<std::string_view, kCompartmentCount> kCompartmentCodes{
    "PLANTAR", "SKIN_F", "ANKLE",  "DEEP",  "SOLEUS", "GASTROC", "ANT",
    "FOSSA",   "SKIN_L", "SKIN_T", "THIGH", "GROIN",  "ABD"};
constexpr std::array<std::string_view, kMuscleGroupCount> kMuscleCodes{"SOLEUS", "GASTROC", "DEEP",
                                                                       "ANT",    "PLANTAR", "THIGH"};
constexpr std::array<std::string_view, kTubeClassCount> kTubeCodes{"D", "S", "I", "C", "V"};

template <std::size_t N>
int indexIn(const std::array<std::string_view, N>& codes, std::string_view code) {
    const auto found = std::find(codes.begin(), codes.end(), code);
    return found == codes.end() ? -1 : static_cast<int>(found - codes.begin());
}

template <std::size_t N>
int codeCell(const CsvTable& table, std::size_t row, std::string_view column,
             const std::array<std::string_view, N>& codes) {
    const int index = indexIn(codes, table.text(row, column));
    if (index < 0)
        table.fail(
            row, column,
            fmt::format("is '{}', expected one of {}", table.text(row, column), fmt::join(codes, " ")));
    return index;
}

int muscleCell(const CsvTable& table, std::size_t row) {
    return table.text(row, "muscle") == "none" ? -1 : codeCell(table, row, "muscle", kMuscleCodes);
}

int segmentCell(const Network& network, const CsvTable& table, std::size_t row, std::string_view column) {
    const int index = network.segmentIndex(table.text(row, column));
    if (index < 0)
        table.fail(row, column,
                   fmt::format("is '{}', which is no segment of segments.csv", table.text(row, column)));
    return index;
}

HeightMap readHeightMap(const path& file) {
    const CsvTable table(file, {"table_mm", "drawn_mm"});
    HeightMap map;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::pair anchor{table.number(row, "table_mm", 0, 2500) * kMillimetre,
                               table.number(row, "drawn_mm", 0, 2500) * kMillimetre};
        if (!map.anchors.empty() &&
            (anchor.first <= map.anchors.back().first || anchor.second <= map.anchors.back().second))
            table.fail(row, "table_mm", "heights must rise from row to row in both columns");
        map.anchors.push_back(anchor);
    }
    if (map.anchors.size() < 2)
        throw core::Error(core::ErrorKind::Asset, "{}: has {} anchors, needs at least 2", table.name(),
                          map.anchors.size());
    return map;
}

Segment readSegment(const CsvTable& table, std::size_t row, const HeightMap& heights) {
    Segment segment;
    segment.id = table.text(row, "segment");
    segment.description = table.text(row, "description");
    const double low = table.number(row, "z_low_mm", 0, 2000) * kMillimetre;
    const double high = table.number(row, "z_high_mm", 0, 2000) * kMillimetre;
    if (high < low) table.fail(row, "z_high_mm", "is below z_low_mm");
    segment.heightLow = heights.toDrawn(low);
    segment.heightHigh = heights.toDrawn(high);
    // The drawn vessel is longer or shorter where the drawn leg is; lumped and level segments take the local
    // slope.
    const double stretch =
        high > low ? (segment.heightHigh - segment.heightLow) / (high - low) : heights.slope(low);
    segment.length = table.number(row, "length_mm", 1, 2000) * kMillimetre * stretch;
    segment.unstressedRadius = table.number(row, "r0_unstressed_mm", 0.05, 30) * kMillimetre;
    segment.parallel = table.integer(row, "n_parallel", 1, 1000);
    segment.tubeClass = static_cast<TubeClass>(codeCell(table, row, "law_code", kTubeCodes));
    segment.compartment = static_cast<Compartment>(codeCell(table, row, "compartment", kCompartmentCodes));
    segment.forward = table.number(row, "forward_mm", -200, 300) * kMillimetre;
    segment.calf = table.integer(row, "calf", 0, 1) == 1;
    return segment;
}

void readSegments(Network& network, const path& file) {
    const CsvTable table(file,
                         {"segment", "z_low_mm", "z_high_mm", "length_mm", "r0_unstressed_mm", "n_parallel",
                          "law_code", "compartment", "forward_mm", "calf", "description"});
    for (std::size_t row = 0; row < table.rows(); ++row) {
        Segment segment = readSegment(table, row, network.heightMap);
        if (segment.id.empty() || segment.id == "RA" || network.segmentIndex(segment.id) >= 0)
            table.fail(row, "segment", fmt::format("is '{}', expected a name of its own", segment.id));
        network.segments.push_back(std::move(segment));
    }
    if (network.segments.empty())
        throw core::Error(core::ErrorKind::Asset, "{}: has no segment", table.name());
}

void readLinks(Network& network, const path& file) {
    const CsvTable table(
        file, {"from_segment", "to_segment", "link_type", "role", "tube_diameter_mm", "tube_length_mm"});
    constexpr std::array<std::string_view, 4> roles{"trunk", "perforator", "junction", "venular"};
    std::set<std::pair<int, int>> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        Link link;
        link.from = segmentCell(network, table, row, "from_segment");
        link.to = table.text(row, "to_segment") == "RA" ? -1 : segmentCell(network, table, row, "to_segment");
        if (link.from == link.to || !seen.emplace(link.from, link.to).second)
            table.fail(row, "to_segment", "makes a loop or repeats an earlier link");
        link.kind = static_cast<LinkKind>(table.integer(row, "link_type", 0, 2));
        link.role = static_cast<LinkRole>(codeCell(table, row, "role", roles));
        link.tubeDiameter = table.number(row, "tube_diameter_mm", 0, 30) * kMillimetre;
        link.tubeLength = table.number(row, "tube_length_mm", 0, 500) * kMillimetre;
        if ((link.tubeDiameter > 0) != (link.tubeLength > 0))
            table.fail(row, "tube_length_mm",
                       "diameter and length of a tube must both be given or both be 0");
        network.links.push_back(link);
    }
}

/// Every segment must drain to the right atrium, or its pressure would have no answer.
void requireConnected(const Network& network, const path& file) {
    std::vector<bool> reached(network.segments.size(), false);
    bool grew = true;
    auto known = [&](int i) { return i < 0 || reached[static_cast<std::size_t>(i)]; };
    while (grew) {
        grew = false;
        for (const Link& link : network.links) {
            if (known(link.from) == known(link.to)) continue;
            reached[static_cast<std::size_t>(known(link.from) ? link.to : link.from)] = true;
            grew = true;
        }
    }
    for (std::size_t i = 0; i < reached.size(); ++i) {
        if (!reached[i])
            throw core::Error(core::ErrorKind::Asset, "{}: segment '{}' has no way to RA; add a link",
                              file.string(), network.segments[i].id);
    }
}

void readTubeLaws(Network& network, const path& file) {
    const CsvTable table(file, {"law_code", "k_mmhg", "m", "n"});
    std::set<int> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const int code = codeCell(table, row, "law_code", kTubeCodes);
        if (!seen.insert(code).second) table.fail(row, "law_code", "comes twice");
        network.tubeLaws[static_cast<std::size_t>(code)] = {
            .stiffness = table.number(row, "k_mmhg", 0.05, 1000) * kMmHg,
            .m = table.number(row, "m", 0.5, 20),
            .n = table.number(row, "n", -5, -0.1)};
    }
    if (seen.size() != kTubeClassCount)
        throw core::Error(core::ErrorKind::Asset, "{}: has {} laws, needs one each for {}", table.name(),
                          seen.size(), fmt::join(kTubeCodes, " "));
}

void readCompartments(Network& network, const path& file) {
    const CsvTable table(file,
                         {"compartment", "muscle", "rest_mmhg", "max_mmhg", "weight_mmhg", "external_share"});
    std::set<int> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const int code = codeCell(table, row, "compartment", kCompartmentCodes);
        if (!seen.insert(code).second) table.fail(row, "compartment", "comes twice");
        network.compartments[static_cast<std::size_t>(code)] = {
            .muscle = muscleCell(table, row),
            .rest = table.number(row, "rest_mmhg", -20, 60) * kMmHg,
            .contracted = table.number(row, "max_mmhg", 0, 600) * kMmHg,
            .weight = table.number(row, "weight_mmhg", 0, 300) * kMmHg,
            .externalShare = table.number(row, "external_share", 0, 1)};
    }
    if (seen.size() != kCompartmentCount)
        throw core::Error(core::ErrorKind::Asset, "{}: has {} compartments, needs {}", table.name(),
                          seen.size(), fmt::join(kCompartmentCodes, " "));
}

void readInflows(Network& network, const path& file) {
    const CsvTable table(file, {"segment", "standing_flow_ml_s", "kind", "muscle"});
    constexpr std::array<std::string_view, 3> kinds{"skin", "muscle", "body"};
    for (std::size_t row = 0; row < table.rows(); ++row) {
        network.inflows.push_back(
            {.segment = segmentCell(network, table, row, "segment"),
             .standingFlow = table.number(row, "standing_flow_ml_s", 0, 200) * kMillilitre,
             .kind = static_cast<InflowKind>(codeCell(table, row, "kind", kinds)),
             .muscle = muscleCell(table, row)});
    }
}

constexpr ParameterName kParameterNames[] = {
    {"blood_density", &Parameters::bloodDensity, 1},
    {"blood_viscosity", &Parameters::bloodViscosity, 1},
    {"gravity", &Parameters::gravity, 1},
    {"arterial_pressure", &Parameters::arterialPressure, kMmHg},
    {"right_atrial_pressure_standing", &Parameters::rightAtrialPressureStanding, kMmHg},
    {"right_atrial_pressure_lying", &Parameters::rightAtrialPressureLying, kMmHg},
    {"venular_resistance", &Parameters::venularResistance, kMmHg / kMillilitre},
    {"muscle_gain", &Parameters::muscleGain, 1},
    {"activation_exponent", &Parameters::activationExponent, 1},
    {"activation_time_on", &Parameters::activationTimeOn, 1},
    {"activation_time_off", &Parameters::activationTimeOff, 1},
    {"valve_open_threshold", &Parameters::valveOpenThreshold, kMmHg},
    {"valve_close_threshold", &Parameters::valveCloseThreshold, kMmHg},
    {"valve_open_rate", &Parameters::valveOpenRate, 1},
    {"valve_close_rate", &Parameters::valveCloseRate, 1},
    {"valve_area_share", &Parameters::valveAreaShare, 1},
    {"valve_length", &Parameters::valveLength, kMillimetre},
    {"valve_lost_head", &Parameters::valveLostHead, 1},
    {"valve_inertial_length", &Parameters::valveInertialLength, 1e-3},
    {"wall_viscous_time", &Parameters::wallTime, 1e-3},
    {"valve_leak_area", &Parameters::valveLeakArea, kSquareMillimetre},
    {"collapsed_area_floor", &Parameters::collapsedAreaFloor, 1},
    {"ankle_range", &Parameters::ankleRange, 1},
    {"abdominal_pressure_standing", &Parameters::abdominalPressureStanding, kMmHg},
    {"abdominal_pressure_lying", &Parameters::abdominalPressureLying, kMmHg},
    {"veno_arteriolar_gain", &Parameters::veinArteriolarGain, 1},
    {"veno_arteriolar_threshold", &Parameters::veinArteriolarThreshold, kMmHg},
    {"veno_arteriolar_span", &Parameters::veinArteriolarSpan, kMmHg},
    {"veno_arteriolar_time", &Parameters::veinArteriolarTime, 1},
    {"myogenic_gain", &Parameters::myogenicGain, 1},
    {"myogenic_time", &Parameters::myogenicTime, 1},
    {"hyperaemia_gain", &Parameters::hyperaemiaGain, 1},
    {"hyperaemia_half", &Parameters::hyperaemiaHalf, 1},
    {"hyperaemia_time_on", &Parameters::hyperaemiaTimeOn, 1},
    {"hyperaemia_time_off", &Parameters::hyperaemiaTimeOff, 1},
    {"skin_inflow", &Parameters::skinInflow, 1},
    {"muscle_inflow", &Parameters::muscleInflow, 1},
    {"skin_flow_doubling", &Parameters::skinFlowDoubling, 1},
    {"skin_tone_per_degree", &Parameters::skinTonePerDegree, 1},
    {"seat_edge_pressure", &Parameters::seatEdgePressure, kMmHg},
    {"filtration_coefficient", &Parameters::filtrationCoefficient, 1e-3 / 60 / 100 / kMmHg},
    {"reflection", &Parameters::reflection, 1},
    {"plasma_oncotic_pressure", &Parameters::plasmaOncotic, kMmHg},
    {"tissue_oncotic_pressure", &Parameters::tissueOncotic, kMmHg},
    {"tissue_pressure", &Parameters::tissuePressure, kMmHg},
    {"post_to_pre_ratio", &Parameters::postToPreRatio, 1},
    {"tissue_compliance", &Parameters::tissueCompliance, 0.01 / kMmHg},
    {"tissue_dilution", &Parameters::tissueDilution, 1},
    {"lymph_rest", &Parameters::lymphRest, 0.01 / 60},
    {"lymph_per_pressure", &Parameters::lymphPerPressure, 0.01 / 60 / kMmHg},
    {"lymph_most", &Parameters::lymphMost, 0.01 / 60},
    {"lymph_muscle_factor", &Parameters::lymphMuscleFactor, 1},
    {"lymph_factor", &Parameters::lymphFactor, 1},
    {"lymph_time", &Parameters::lymphTime, 60},
};

Parameters readParameters(const path& file) {
    const CsvTable table(file, {"name", "value", "unit", "low", "high", "tuned", "source"});
    Parameters parameters;
    std::set<std::string_view> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto found =
            std::find_if(std::begin(kParameterNames), std::end(kParameterNames),
                         [&](const ParameterName& known) { return known.name == table.text(row, "name"); });
        if (found == std::end(kParameterNames))
            table.fail(row, "name",
                       fmt::format("is '{}', which no part of the model uses", table.text(row, "name")));
        if (!seen.insert(found->name).second) table.fail(row, "name", "comes twice");
        const double low = table.number(row, "low", -1e9, 1e9), high = table.number(row, "high", -1e9, 1e9);
        parameters.*(found->member) = table.number(row, "value", low, high) * found->unit;
    }
    for (const auto& known : kParameterNames) {
        if (!seen.contains(known.name))
            throw core::Error(core::ErrorKind::Asset, "{}: parameter '{}' is missing", table.name(),
                              known.name);
    }
    return parameters;
}

std::vector<Posture> readPostures(const path& file) {
    const CsvTable table(
        file, {"id", "name", "trunk_tilt_deg", "hip_flexion_deg", "knee_flexion_deg", "load_share", "seat"});
    std::vector<Posture> postures;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        postures.push_back({.id = table.text(row, "id"),
                            .name = table.text(row, "name"),
                            .trunkTilt = table.number(row, "trunk_tilt_deg", -30, 120) * kDegree,
                            .hipFlexion = table.number(row, "hip_flexion_deg", -30, 125) * kDegree,
                            .kneeFlexion = table.number(row, "knee_flexion_deg", -5, 150) * kDegree,
                            .loadShare = table.number(row, "load_share", 0, 1),
                            .seat = table.integer(row, "seat", 0, 1) == 1});
    }
    if (postures.empty() || postures.front().id != "standing")
        throw core::Error(core::ErrorKind::Asset, "{}: the first posture must be 'standing'", table.name());
    return postures;
}

} // namespace

const Posture* Network::posture(std::string_view id) const {
    const auto found =
        std::find_if(postures.begin(), postures.end(), [&](const Posture& known) { return known.id == id; });
    return found == postures.end() ? nullptr : &*found;
}

const ParameterName* parameterNamed(std::string_view name) {
    const auto found = std::find_if(std::begin(kParameterNames), std::end(kParameterNames),
                                    [&](const ParameterName& known) { return known.name == name; });
    return found == std::end(kParameterNames) ? nullptr : &*found;
}

std::string_view compartmentCode(Compartment compartment) {
    return kCompartmentCodes[static_cast<std::size_t>(compartment)];
}

std::string_view muscleCode(MuscleGroup muscle) {
    return kMuscleCodes[static_cast<std::size_t>(muscle)];
}

int compartmentIndex(std::string_view code) {
    return indexIn(kCompartmentCodes, code);
}

int muscleIndex(std::string_view code) {
    return indexIn(kMuscleCodes, code);
}

double Segment::unstressedVolume() const {
    return std::numbers::pi * unstressedRadius * unstressedRadius * length * parallel;
}

double HeightMap::slope(double tableHeight) const {
    std::size_t i = 1;
    while (i + 1 < anchors.size() && anchors[i].first < tableHeight) ++i;
    return (anchors[i].second - anchors[i - 1].second) / (anchors[i].first - anchors[i - 1].first);
}

double HeightMap::toDrawn(double tableHeight) const {
    std::size_t i = 1;
    while (i + 1 < anchors.size() && anchors[i].first < tableHeight) ++i;
    return anchors[i - 1].second + slope(tableHeight) * (tableHeight - anchors[i - 1].first);
}

int Network::segmentIndex(std::string_view id) const {
    std::vector<int> cells;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const std::string_view own = segments[i].id;
        if (own == id) return static_cast<int>(i);
        if (own.size() > id.size() && own[id.size()] == '/' && own.starts_with(id))
            cells.push_back(static_cast<int>(i));
    }
    return cells.empty() ? -1 : cells[cells.size() / 2];
}

int Network::linkIndex(std::string_view from, std::string_view to) const {
    const auto is = [&](int segment, std::string_view id) {
        if (segment < 0) return id == "RA";
        const std::string_view own = segments[static_cast<std::size_t>(segment)].id;
        return own == id || own.substr(0, own.find('/')) == id;
    };
    const auto found = std::find_if(links.begin(), links.end(),
                                    [&](const Link& link) { return is(link.from, from) && is(link.to, to); });
    return found == links.end() ? -1 : static_cast<int>(found - links.begin());
}

const TubeLaw& Network::tubeLaw(const Segment& segment) const {
    return tubeLaws[static_cast<std::size_t>(segment.tubeClass)];
}

Network loadNetwork(const path& directory) {
    Network network;
    network.heightMap = readHeightMap(directory / "height_map.csv");
    network.parameters = readParameters(directory / "parameters.csv");
    readTubeLaws(network, directory / "tube_laws.csv");
    readCompartments(network, directory / "compartments.csv");
    readSegments(network, directory / "segments.csv");
    readLinks(network, directory / "links.csv");
    requireConnected(network, directory / "links.csv");
    readInflows(network, directory / "inflow.csv");
    network.postures = readPostures(directory / "postures.csv");
    for (Link& link : network.links) link.leakArea = network.parameters.valveLeakArea;
    constexpr double kRightAtriumTableHeight = 1.300; // m, the height the tables are written for
    network.rightAtriumHeight = network.heightMap.toDrawn(kRightAtriumTableHeight);
    return network;
}

} // namespace pump::physiology
