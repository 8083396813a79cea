#include "physiology/Leg.h"

#include "physiology/Body.h"
#include "physiology/Circulation.h"
#include "physiology/Units.h"

#include "core/CsvTable.h"
#include "core/Error.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {
namespace {

constexpr double kSeatLowMm = 425, kSeatHighMm = 520; // behind the knee and lower thigh

bool superficial(Compartment compartment) {
    return compartment == Compartment::SkinFoot || compartment == Compartment::SkinLeg ||
           compartment == Compartment::SkinThigh;
}

double profileAt(const PressureBand& band, double heightMm) {
    const auto& points = band.profile;
    if (points.empty() || heightMm < points.front().first || heightMm > points.back().first) return 0;
    std::size_t i = 1;
    while (i + 1 < points.size() && points[i].first < heightMm) ++i;
    if (i >= points.size()) return points.front().second;
    const double width = points[i].first - points[i - 1].first;
    const double share = width > 0 ? (heightMm - points[i - 1].first) / width : 0;
    return points[i - 1].second + share * (points[i].second - points[i - 1].second);
}

} // namespace

BreathPressure breathPressure(Breathing breathing, double time) {
    auto wave = [&](double perMinute, double inspiratoryShare) {
        const double cycles = time * perMinute / 60, phase = cycles - std::floor(cycles);
        const double t = phase < inspiratoryShare
                             ? 0.5 * phase / inspiratoryShare
                             : 0.5 + 0.5 * (phase - inspiratoryShare) / (1 - inspiratoryShare);
        return 0.5 - 0.5 * std::cos(2 * std::numbers::pi * t);
    };
    switch (breathing) {
    case Breathing::None:
        return {};
    case Breathing::Quiet:
        return {-2 * kMmHg * wave(15, 0.4), 2 * kMmHg * wave(15, 0.4)};
    case Breathing::Deep:
        return {-6 * kMmHg * wave(8, 0.45), 8 * kMmHg * wave(8, 0.45)};
    case Breathing::Valsalva: {
        const double t = std::fmod(time, 30.0);
        const double strain = std::clamp(std::min((t - 10) / 0.5, (20 - t) / 0.5), 0.0, 1.0);
        return {35 * kMmHg * strain, 35 * kMmHg * strain};
    }
    }
    return {};
}

BandCover bandCover(const PressureBand& band, double low, double high) {
    constexpr int kSamples = 16;
    BandCover cover;
    for (int i = 0; i < kSamples; ++i) {
        const double pressure = profileAt(band, (low + (high - low) * (i + 0.5) / kSamples) * 1000) * kMmHg;
        cover.mean += pressure / kSamples;
        cover.share += pressure != 0 ? 1.0 / kSamples : 0;
        cover.peak = std::max(cover.peak, pressure);
    }
    return cover;
}

Leg::Leg(Network network, const std::filesystem::path& networkFolder)
    : m_healthy(std::move(network)),
      m_network(m_healthy),
      m_limb(m_network),
      m_solver(solverNetwork(m_healthy)) {
    m_effortOf.fill(-1);
    readTissue(networkFolder / "tissue.csv");
    readStockings(networkFolder / "stockings.csv");
    m_controls.resize(m_network.inflows.size());
    m_bandPressure.assign(m_network.segments.size(), 0.0);
    m_pressedAlpha.assign(m_network.segments.size(), 0.0);
    calibrateArteries();
}

void Leg::readTissue(const std::filesystem::path& file) {
    const core::CsvTable table(file,
                               {"region", "name", "volume_ml", "girth_mm", "length_mm", "height_mm", "bed"});
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const int bed = m_network.segmentIndex(table.text(row, "bed"));
        if (bed < 0)
            table.fail(row, "bed",
                       fmt::format("is '{}', which is no segment of segments.csv", table.text(row, "bed")));
        m_beds.push_back({.id = table.text(row, "region"),
                          .name = table.text(row, "name"),
                          .girthMm = table.number(row, "girth_mm", 10, 2000),
                          .lengthMm = table.number(row, "length_mm", 10, 2000),
                          .height = table.number(row, "height_mm", 0, 2000) * kMillimetre,
                          .segment = bed});
        m_tissue.push_back({.volume = table.number(row, "volume_ml", 10, 50000) * kMillilitre});
    }
    m_regionPressure.assign(m_beds.size(), 0.0);
}

void Leg::readStockings(const std::filesystem::path& file) {
    const core::CsvTable table(file, {"id", "name", "ankle_mmhg", "calf_share", "thigh_share", "top_mm"});
    // Heights of the smallest ankle, the widest calf and mid-thigh on the drawn leg, mm.
    constexpr double kSole = 0, kAnkle = 150, kCalf = 330, kThigh = 680;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const double ankle = table.number(row, "ankle_mmhg", 0, 100),
                     calf = ankle * table.number(row, "calf_share", 0, 1.5);
        const double thigh = ankle * table.number(row, "thigh_share", 0, 1.5),
                     top = table.number(row, "top_mm", 200, 900);
        PressureBand band{.profile = {{kSole, 0.8 * ankle}, {kAnkle, ankle}}};
        if (top > kCalf) band.profile.push_back({kCalf, calf});
        if (top > kThigh) band.profile.push_back({kThigh, thigh});
        const double upper = top > kThigh  ? thigh
                             : top > kCalf ? calf + (thigh - calf) * (top - kCalf) / (kThigh - kCalf)
                                           : ankle + (calf - ankle) * (top - kAnkle) / (kCalf - kAnkle);
        band.profile.push_back({top, upper});
        m_stockings.push_back({.id = table.text(row, "id"), .name = table.text(row, "name"), .band = band});
    }
}

void Leg::setNetwork(Network network) {
    SolverNetwork constants = solverNetwork(network);
    constants.arteries = m_solver.network().arteries;
    m_solver.network() = std::move(constants);
    m_solver.refresh();
    m_network = std::move(network);
    m_limb = LimbHeights(m_network);
    m_effortOf.fill(-1);
    m_bandsOf = 0;
}

double Leg::pressure(int segment) const {
    return m_solver.head(segment) - m_solver.inputs.gravity[static_cast<std::size_t>(segment)];
}

/// Arterial resistances from the healthy leg at quiet standing: the inflows are prescribed; the heads that
/// they lead to fix G = Q / (P_a - max(p_v, p_ext)).
void Leg::calibrateArteries() {
    MovementDrive drive;
    drive.excitation = {0.05, 0.03, 0.03, 0.02, 0.05, 0.05}; // tone of quiet standing
    drive.plantarLoad = 0.4;
    m_activation = drive.excitation;
    const LegEnvironment standing;
    apply(0, standing, drive);
    m_solver.setHeads(std::vector<double>(m_solver.network().nodes.size(), m_solver.inputs.head.back()), 0);
    for (const Inflow& inflow : m_network.inflows)
        m_solver.inputs.source[static_cast<std::size_t>(inflow.segment)] = inflow.standingFlow;
    relax(standing, drive);
    auto& arteries = m_solver.network().arteries;
    for (std::size_t k = 0; k < arteries.size(); ++k) {
        const int i = arteries[k].node;
        const double venous = std::max(pressure(i), outsidePressure(i));
        const double arterial =
            m_network.parameters.arterialPressure - m_solver.inputs.gravity[static_cast<std::size_t>(i)];
        m_baseConductance.push_back(m_network.inflows[k].standingFlow / (arterial - venous));
        m_standingArterial.push_back(arterial);
        m_solver.inputs.source[static_cast<std::size_t>(i)] = 0;
    }
}

/// Steps of growing length until nothing moves.
void Leg::relax(const LegEnvironment& environment, const MovementDrive& drive) {
    constexpr int kSteps = 450;
    constexpr double kLongest = 4; // s
    double dt = 0.002;
    for (int i = 0; i < kSteps; ++i) {
        if (!m_baseConductance.empty()) {
            apply(0, environment, drive);
            applyArteries(dt, environment);
        }
        m_solver.step(dt);
        dt = std::min(kLongest, dt * 1.04);
    }
}

void Leg::settle(const LegEnvironment& environment, const MovementDrive& drive) {
    m_activation = m_excitation = drive.excitation;
    for (TissueRegion& region : m_tissue) region.gained = 0, region.vesselFlow = -1;
    apply(0, environment, drive);
    m_solver.setHeads(std::vector<double>(m_solver.network().nodes.size(), m_solver.inputs.head.back()),
                      m_inflowOn ? 0 : 1);
    for (auto& control : m_controls) control = {};
    if (m_inflowOn)
        relax(environment, drive);
    else
        for (SolverArtery& artery : m_solver.network().arteries) artery.conductance = 0;
}

/// Share of its largest pressure that each muscle makes: gain a^gamma.
void Leg::findEffort() {
    const Parameters& p = m_network.parameters;
    // A stiff ankle shortens the stroke: muscle that cannot shorten does less work on its veins.
    constexpr double kStiffShare = 0.65;
    const double gain = p.muscleGain * (1 - kStiffShare * (1 - p.ankleRange));
    for (std::size_t i = 0; i < kMuscleGroupCount; ++i)
        m_effort[i] = gain * std::pow(std::max(0.0, m_activation[i]), p.activationExponent);
    m_effortOf = m_activation;
}

/// Heights, outside pressures and the right atrium for the present body, activation and moment.
void Leg::apply(double time, const LegEnvironment& environment, const MovementDrive& drive) {
    const Parameters& p = m_network.parameters;
    if (m_activation != m_effortOf) findEffort();
    const double load = drive.plantarLoad * environment.loadShare;
    for (std::size_t c = 0; c < kCompartmentCount; ++c)
        m_compartment[c] = physiology::compartmentPressure(m_network.compartments[c], m_effort, load);
    const double lying = std::abs(std::sin(environment.trunkTilt));
    const BreathPressure breath = breathPressure(environment.breathing, time);
    m_compartment[static_cast<std::size_t>(Compartment::Abdomen)] +=
        p.abdominalPressureStanding + lying * (p.abdominalPressureLying - p.abdominalPressureStanding) +
        breath.abdomen;
    m_limb.at(environment.pose, environment.trunkTilt, m_heights);
    const double weight = p.bloodDensity * p.gravity;
    for (std::size_t i = 0; i < m_heights.size(); ++i) m_solver.inputs.gravity[i] = weight * m_heights[i];
    applyBands(environment);
    for (std::size_t i = 0; i < m_heights.size(); ++i)
        m_solver.inputs.outside[i] =
            m_compartment[static_cast<std::size_t>(m_network.segments[i].compartment)] + m_bandPressure[i];
    // Where the cava leaves the abdomen it is a Starling resistor: it collapses there, and upstream of it the
    // pressure cannot fall below that of the abdomen.
    m_solver.inputs.head.back() =
        std::max(p.rightAtrialPressureStanding +
                     lying * (p.rightAtrialPressureLying - p.rightAtrialPressureStanding) + breath.atrium,
                 m_compartment[static_cast<std::size_t>(Compartment::Abdomen)]);
}

/// Part of a band's pressure that arrives at a segment.
double Leg::shareOf(const PressureBand& band, std::size_t index) const {
    const Segment& segment = m_network.segments[index];
    if (!band.shares.empty()) {
        double share = 0;
        for (const PressureShare& part : band.shares)
            if (part.segment == static_cast<int>(index)) share = std::max(share, part.share);
        return share;
    }
    const bool skin = superficial(segment.compartment);
    if ((band.depth == PressureDepth::Superficial && !skin) || (band.depth == PressureDepth::Deep && skin))
        return 0;
    return m_network.compartments[static_cast<std::size_t>(segment.compartment)].externalShare;
}

/// Which segments the bands press on, and how: looked up anew when they or the seat have changed.
void Leg::coverSegments(const LegEnvironment& environment) {
    std::vector<PressureBand> bands = environment.bands;
    if (environment.seat > 0) {
        const double edge = environment.seat * m_network.parameters.seatEdgePressure / kMmHg;
        bands.push_back(
            {.profile = {{kSeatLowMm, 0.0}, {0.5 * (kSeatLowMm + kSeatHighMm), edge}, {kSeatHighMm, 0.0}}});
    }
    m_pressed.clear();
    for (std::size_t i = 0; i < m_network.segments.size(); ++i) {
        const Segment& segment = m_network.segments[i];
        double mean = 0, peak = 0, covered = 0;
        for (const PressureBand& band : bands) {
            const double share = shareOf(band, i);
            if (share == 0) continue;
            const BandCover cover =
                bandCover(band, segment.heightLow, std::max(segment.heightHigh, segment.heightLow + 1e-4));
            mean += share * cover.mean;
            if (share * cover.peak > peak) covered = cover.share;
            peak = std::max(peak, share * cover.peak);
        }
        m_bandPressure[i] = mean;
        m_pressedAlpha[i] = 0;
        m_solver.inputs.resistance[i] = 0;
        if (peak > mean + 1 && segment.tubeClass != TubeClass::Venular)
            m_pressed.push_back({static_cast<int>(i), peak, covered});
    }
    for (std::size_t r = 0; r < m_beds.size(); ++r) {
        m_regionPressure[r] = 0;
        const double half = 0.5 * m_beds[r].lengthMm * kMillimetre;
        const double low = std::max(0.0, m_beds[r].height - half);
        for (const PressureBand& band : bands)
            if (band.shares.empty()) // a finger is too small to hold back a region's fluid
                m_regionPressure[r] += bandCover(band, low, m_beds[r].height + half).mean;
    }
}

/// Where a band covers only part of a segment, that part may close while the rest stays open: its own
/// resistance is added.
void Leg::applyBands(const LegEnvironment& environment) {
    if (environment.bandsRevision != m_bandsOf || environment.seat != m_seatOf) {
        m_bandsOf = environment.bandsRevision;
        m_seatOf = environment.seat;
        coverSegments(environment);
    }
    for (const Pressed& part : m_pressed) {
        const auto i = static_cast<std::size_t>(part.segment);
        const SolverNode& node = m_solver.network().nodes[i];
        const double inside = m_baseConductance.empty() ? 0 : pressure(part.segment);
        const double own = m_compartment[static_cast<std::size_t>(m_network.segments[i].compartment)];
        const double alpha = std::max(m_solver.areaRatioAt(part.segment, inside - own - part.peak),
                                      m_network.parameters.collapsedAreaFloor);
        m_pressedAlpha[i] = alpha;
        m_solver.inputs.resistance[i] =
            part.covered * node.resistance0 / (alpha * alpha * std::min(alpha, 1.0));
    }
}

void Leg::applyArteries(double dt, const LegEnvironment& environment) {
    const Parameters& p = m_network.parameters;
    const double skin =
        environment.skinTemperatureC == 33 ? 1 : skinTemperatureFlow(environment.skinTemperatureC, p);
    auto& arteries = m_solver.network().arteries;
    for (std::size_t k = 0; k < arteries.size(); ++k) {
        const Inflow& inflow = m_network.inflows[k];
        InflowControl& control = m_controls[k];
        arteries[k].pressure =
            p.arterialPressure - m_solver.inputs.gravity[static_cast<std::size_t>(inflow.segment)];
        if (inflow.kind != InflowKind::Body) {
            const double active =
                inflow.muscle < 0 ? 0 : m_activation[static_cast<std::size_t>(inflow.muscle)];
            control.advance(pressure(inflow.segment), arteries[k].pressure / m_standingArterial[k], active,
                            dt, p);
        }
        double factor = control.factor(inflow.kind, p);
        if (inflow.kind == InflowKind::Skin) factor *= skin;
        if (inflow.kind != InflowKind::Body) factor *= environment.inflowFactor;
        arteries[k].conductance = m_inflowOn ? m_baseConductance[k] * factor : 0;
    }
}

TissueRegion::Forces Leg::forcesOn(std::size_t region) const {
    const TissueBed& bed = m_beds[region];
    const Segment& segment = m_network.segments[static_cast<std::size_t>(bed.segment)];
    const double weight = m_network.parameters.bloodDensity * m_network.parameters.gravity;
    // The region's own height, along the limb, against its bed's.
    const double limb = segment.midHeight() > 0.07
                            ? (m_heights[static_cast<std::size_t>(bed.segment)] - m_heights[0]) /
                                  (segment.midHeight() - m_network.segments[0].midHeight())
                            : 0;
    const double drop = (segment.midHeight() - bed.height) * limb;
    double active = 0;
    for (const MuscleGroup muscle : {MuscleGroup::Soleus, MuscleGroup::Gastrocnemius, MuscleGroup::Anterior})
        active = std::max(active, m_activation[static_cast<std::size_t>(muscle)]);
    constexpr double kTonic = 0.1, kFull = 0.4;
    return {.venous = pressure(bed.segment) + weight * drop,
            .arterial = m_network.parameters.arterialPressure -
                        weight * (m_heights[static_cast<std::size_t>(bed.segment)] - drop),
            .skinPressure = m_regionPressure[region],
            .muscleActivity = std::clamp((active - kTonic) / (kFull - kTonic), 0.0, 1.0)};
}

void Leg::gatherMeans(Means& means, double dt) const {
    means.forces.resize(m_beds.size());
    const double share = dt / (means.weight + dt);
    for (std::size_t r = 0; r < m_beds.size(); ++r) {
        const TissueRegion::Forces now = forcesOn(r);
        TissueRegion::Forces& mean = means.forces[r];
        mean.venous += share * (now.venous - mean.venous);
        mean.arterial += share * (now.arterial - mean.arterial);
        mean.skinPressure += share * (now.skinPressure - mean.skinPressure);
        mean.muscleActivity += share * (now.muscleActivity - mean.muscleActivity);
    }
    means.weight += dt;
}

void Leg::advanceTissue(const Means& means, double dt) {
    // The forces stay for the whole leap; what they do to lymph and swelling changes within it.
    constexpr double kPart = 0.5; // s
    const int parts = std::max(1, static_cast<int>(std::ceil(dt / kPart)));
    for (std::size_t r = 0; r < m_tissue.size(); ++r)
        for (int i = 0; i < parts; ++i) {
            m_tissue[r].rates(means.forces[r], m_network.parameters);
            m_tissue[r].advance(dt / parts, m_network.parameters);
        }
}

bool Leg::step(double dt, double time, const LegEnvironment& environment, const MovementDrive& drive) {
    for (std::size_t i = 0; i < kMuscleGroupCount; ++i)
        m_activation[i] =
            m_lag.advanced(m_activation[i], m_excitation[i], drive.excitation[i], dt, m_network.parameters);
    m_excitation = drive.excitation;
    apply(time, environment, drive);
    if (m_inflowOn) applyArteries(dt, environment);
    for (std::size_t r = 0; r < m_beds.size(); ++r)
        m_solver.inputs.source[static_cast<std::size_t>(m_beds[r].segment)] = 0;
    if (m_tissueOn && m_inflowOn) {
        for (std::size_t r = 0; r < m_tissue.size(); ++r) {
            m_tissue[r].rates(forcesOn(r), m_network.parameters);
            m_tissue[r].advance(dt, m_network.parameters);
            m_solver.inputs.source[static_cast<std::size_t>(m_beds[r].segment)] -= m_tissue[r].filtration;
        }
    }
    return m_solver.step(dt).converged;
}

Leg::State Leg::state() const {
    State state{.solver = m_solver.state(),
                .controls = m_controls,
                .activation = m_activation,
                .excitation = m_excitation};
    for (const TissueRegion& region : m_tissue) {
        state.tissueGained.push_back(region.gained);
        state.lymphFlow.push_back(region.vesselFlow);
    }
    return state;
}

void Leg::setState(const State& state) {
    if (state.controls.size() != m_controls.size() || state.tissueGained.size() != m_tissue.size() ||
        state.lymphFlow.size() != m_tissue.size())
        throw core::Error(core::ErrorKind::Asset,
                          "saved state: has {} inflows and {} regions, the leg has {} and {}; it belongs to "
                          "another network",
                          state.controls.size(), state.tissueGained.size(), m_controls.size(),
                          m_tissue.size());
    m_solver.setState(state.solver);
    m_controls = state.controls;
    m_activation = state.activation;
    m_excitation = state.excitation;
    m_bandsOf = 0; // whatever pressed before, look again
    for (std::size_t r = 0; r < m_tissue.size(); ++r) {
        m_tissue[r].gained = state.tissueGained[r];
        m_tissue[r].vesselFlow = state.lymphFlow[r];
    }
}

} // namespace pump::physiology
