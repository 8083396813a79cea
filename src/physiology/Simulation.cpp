#include "physiology/Simulation.h"

#include "physiology/Body.h"
#include "physiology/Circulation.h"
#include "physiology/Movement.h"
#include "physiology/Units.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {

struct Simulation::State {
    State(const std::filesystem::path& assets, const SimulationSettings& wanted);

    const Movement& movementNamed(const MovementSettings& wanted) const;
    void applyBody();
    void settle();
    void step();
    void writeSnapshot();

    SimulationSettings settings;
    Network network;
    std::vector<Movement> movements;
    std::vector<MovementInfo> infos;
    MovementPlayer player;
    VeinSolver solver;
    std::array<double, kMuscleGroupCount> activation{};
    std::array<double, kCompartmentCount> compartmentPressure{};
    std::vector<double> heights;
    std::vector<bool> belowKnee; ///< per inflow
    int footVein = 0, poplitealLink = 0;
    std::uint64_t stepCount = 0;
    double startVolume = 0, startExchange = 0;
    bool held = false;
    SimSnapshot snapshot; ///< written when it is asked for
    std::uint64_t snapshotStep = 0;
};

namespace {

void requireRange(std::string_view what, double value, double low, double high) {
    if (!(value >= low && value <= high))
        throw core::Error(core::ErrorKind::Usage, "{}: is {}, expected {} to {}", what, value, low, high);
}

int requireSegment(const Network& network, std::string_view id) {
    const int index = network.segmentIndex(id);
    if (index < 0)
        throw core::Error(core::ErrorKind::Asset, "segments.csv: segment '{}' is missing; read-outs need it",
                          id);
    return index;
}

int requireLink(const Network& network, std::string_view from, std::string_view to) {
    const int index = network.linkIndex(from, to);
    if (index < 0)
        throw core::Error(core::ErrorKind::Asset,
                          "links.csv: link '{}' to '{}' is missing; read-outs need it", from, to);
    return index;
}

std::vector<MovementInfo> infosOf(const std::vector<Movement>& movements) {
    std::vector<MovementInfo> infos;
    for (const Movement& movement : movements)
        infos.push_back({movement.id, movement.name, movement.cadencePerMinute, movement.cadenceLow,
                         movement.cadenceHigh});
    return infos;
}

const Movement& findMovement(const std::vector<Movement>& movements, const MovementSettings& wanted) {
    const auto found = std::find_if(movements.begin(), movements.end(),
                                    [&](const Movement& movement) { return movement.id == wanted.movement; });
    if (found == movements.end()) {
        std::vector<std::string> known;
        for (const Movement& movement : movements) known.push_back(movement.id);
        throw core::Error(core::ErrorKind::Usage, "movement: is '{}', expected one of {}", wanted.movement,
                          fmt::join(known, ", "));
    }
    if (wanted.cadencePerMinute != 0)
        requireRange(fmt::format("cadence of {} a minute", found->id), wanted.cadencePerMinute,
                     found->cadenceLow, found->cadenceHigh);
    requireRange(fmt::format("strength of {}", found->id), wanted.strength, 0, found->largestStrength);
    return *found;
}

} // namespace

Simulation::State::State(const std::filesystem::path& assets, const SimulationSettings& wanted)
    : settings(wanted),
      network(loadNetwork(assets / "network")),
      movements(loadMovements(assets / "movements")),
      infos(infosOf(movements)),
      player({&findMovement(movements, wanted.movement), wanted.movement.cadencePerMinute,
              wanted.movement.strength}),
      solver(solverNetwork(network)) {
    requireRange("step in seconds", settings.stepS, 1e-5, 0.02);
    footVein = requireSegment(network, "DVA");
    poplitealLink = requireLink(network, "POP1", "POP2");
    constexpr double kKneeTableHeight =
        0.46; // m: the popliteal artery's inflow counts as below the knee up to here
    for (const Inflow& inflow : network.inflows)
        belowKnee.push_back(network.segments[static_cast<std::size_t>(inflow.segment)].midHeight() <
                            network.heightMap.toDrawn(kKneeTableHeight));
    snapshot.segments.resize(network.segments.size());
    snapshot.links.resize(network.links.size());
    settle();
    writeSnapshot();
}

/// Outside pressures, heights and the right atrium for the present pose and activation.
void Simulation::State::applyBody() {
    const Parameters& parameters = network.parameters;
    const MovementDrive& drive = player.drive();
    for (std::size_t c = 0; c < kCompartmentCount; ++c)
        compartmentPressure[c] = physiology::compartmentPressure(network.compartments[c], activation,
                                                                 drive.plantarLoad, parameters);
    heightsOverRightAtrium(network, drive.pose, 0, heights);
    const double weight = parameters.bloodDensity * parameters.gravity;
    for (std::size_t i = 0; i < network.segments.size(); ++i) {
        solver.inputs.outside[i] =
            compartmentPressure[static_cast<std::size_t>(network.segments[i].compartment)];
        solver.inputs.gravity[i] = weight * heights[i];
    }
    solver.inputs.head.back() = parameters.rightAtrialPressureStanding;
    auto& arteries = solver.network().arteries;
    for (std::size_t k = 0; k < arteries.size(); ++k) {
        const auto i = static_cast<std::size_t>(arteries[k].node);
        arteries[k].pressure = parameters.arterialPressure - solver.inputs.gravity[i];
    }
}

/// Equilibrium of quiet standing: the inflows are prescribed first; the heads that they lead to fix the
/// arterial resistances R = (P_a - P_v) / Q, which from then on decide the inflow.
void Simulation::State::settle() {
    const auto standing = std::find_if(movements.begin(), movements.end(),
                                       [](const Movement& m) { return m.id == "standing-still"; });
    const Movement& rest = standing != movements.end() ? *standing
                                                       : *std::find_if(movements.begin(), movements.end(),
                                                                       [](const Movement&) { return true; });
    const MovementPlayer::State start = player.state();
    MovementPlayer::State resting = start;
    resting.drive = rest.at(0, 1);
    player.setState(resting);
    activation = resting.drive.excitation;
    applyBody();
    const std::vector<double> heads(solver.network().nodes.size(), solver.inputs.head.back());
    solver.setHeads(heads, settings.arterialInflow ? 0 : 1);
    if (settings.arterialInflow) {
        for (const Inflow& inflow : network.inflows)
            solver.inputs.source[static_cast<std::size_t>(inflow.segment)] = inflow.standingFlow;
        double dt = 0.002;
        for (int i = 0; i < 400; ++i) {
            solver.step(dt);
            dt = std::min(2.0, dt * 1.05);
        }
        auto& arteries = solver.network().arteries;
        for (std::size_t k = 0; k < arteries.size(); ++k) {
            const auto i = static_cast<std::size_t>(arteries[k].node);
            const double venous =
                std::max(solver.head(static_cast<int>(i)) - solver.inputs.gravity[i], solver.inputs.outside[i]);
            arteries[k].conductance = network.inflows[k].standingFlow / (arteries[k].pressure - venous);
            solver.inputs.source[i] = 0;
        }
    }
    // The chosen movement takes over from this rest, without a jump.
    MovementPlayer::State begin = start;
    begin.drive = resting.drive;
    begin.from = resting.drive;
    begin.blend = 0;
    player.setState(begin);
    startVolume = solver.totalVolume();
    startExchange = solver.exchangedVolume();
}

void Simulation::State::step() {
    const MovementDrive& drive = player.advance(settings.stepS);
    for (std::size_t i = 0; i < kMuscleGroupCount; ++i)
        activation[i] =
            advancedActivation(activation[i], drive.excitation[i], settings.stepS, network.parameters);
    applyBody();
    held = !solver.step(settings.stepS).converged;
    ++stepCount;
}

void Simulation::State::writeSnapshot() {
    SimSnapshot& s = snapshot;
    s.step = stepCount;
    s.timeS = static_cast<double>(stepCount) * settings.stepS;
    for (std::size_t i = 0; i < s.segments.size(); ++i) {
        const Segment& segment = network.segments[i];
        SegmentState& out = s.segments[i];
        const double pressure = solver.head(static_cast<int>(i)) - solver.inputs.gravity[i];
        out = {};
        out.pressureMmHg = pressure / kMmHg;
        out.transmuralMmHg = (pressure - solver.inputs.outside[i]) / kMmHg;
        out.areaRatio = solver.areaRatio(static_cast<int>(i));
        out.areaMm2 = solver.lumen(static_cast<int>(i)) / segment.parallel / kSquareMillimetre;
        out.volumeMl = solver.volume(static_cast<int>(i)) / kMillilitre;
    }
    s.openValves = s.valveCount = 0;
    for (std::size_t k = 0; k < s.links.size(); ++k) {
        const Link& link = network.links[k];
        const double flow = solver.flow(static_cast<int>(k)) / kMillilitre, xi = solver.xi(static_cast<int>(k));
        const bool valve = link.kind == LinkKind::Valve;
        SegmentState& from = s.segments[static_cast<std::size_t>(link.from)];
        const double lumen =
            link.tubeDiameter > 0 ? solver.network().links[k].valveLumen : solver.lumen(link.from);
        s.links[k] = {
            .flowMlS = flow, .opening = valve ? xi : 1.0, .velocityCmS = flow * kMillilitre / lumen * 100};
        (link.role == LinkRole::Trunk || link.role == LinkRole::Junction ? from.flowOutMlS
                                                                         : from.inflowMlS) +=
            link.role == LinkRole::Perforator || link.role == LinkRole::Venular ? -flow : flow;
        if (link.to >= 0) {
            SegmentState& to = s.segments[static_cast<std::size_t>(link.to)];
            (link.role == LinkRole::Trunk ? to.flowInMlS : to.inflowMlS) += flow;
        }
        s.valveCount += valve;
        s.openValves += valve && xi > 0.5;
    }
    s.arterialInflowMlS = 0;
    for (std::size_t k = 0; k < network.inflows.size(); ++k) {
        const double flow = settings.arterialInflow ? solver.arterialFlow()[k] / kMillilitre : 0;
        s.segments[static_cast<std::size_t>(network.inflows[k].segment)].inflowMlS += flow;
        if (belowKnee[k]) s.arterialInflowMlS += flow;
    }
    s.calfVolumeMl = 0;
    for (std::size_t i = 0; i < s.segments.size(); ++i) {
        SegmentState& out = s.segments[i];
        out.velocityCmS =
            0.5 * (out.flowInMlS + out.flowOutMlS) * kMillilitre / solver.lumen(static_cast<int>(i)) * 100;
        if (network.segments[i].calf) s.calfVolumeMl += out.volumeMl;
    }
    for (std::size_t c = 0; c < kCompartmentCount; ++c)
        s.compartmentPressureMmHg[c] = compartmentPressure[c] / kMmHg;
    s.activation = activation;
    s.pose = player.drive().pose;
    s.movementPhase = player.phase();
    s.footVeinPressureMmHg = s.segments[static_cast<std::size_t>(footVein)].pressureMmHg;
    s.poplitealFlowMlS = s.links[static_cast<std::size_t>(poplitealLink)].flowMlS;
    const double volume = solver.totalVolume();
    s.volumeErrorRelative =
        std::abs(volume - startVolume - (solver.exchangedVolume() - startExchange)) / volume;
    s.held = held;
    snapshotStep = stepCount;
}

Simulation::Simulation(const std::filesystem::path& assets, const SimulationSettings& settings)
    : m_state(std::make_unique<State>(assets, settings)) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

void Simulation::setMovement(const MovementSettings& movement) {
    m_state->player.choose(
        {&findMovement(m_state->movements, movement), movement.cadencePerMinute, movement.strength});
    m_state->settings.movement = movement;
}

void Simulation::step() {
    m_state->step();
}

const SimSnapshot& Simulation::snapshot() const {
    if (m_state->snapshotStep != m_state->stepCount) m_state->writeSnapshot();
    return m_state->snapshot;
}

const Network& Simulation::network() const {
    return m_state->network;
}

const SimulationSettings& Simulation::settings() const {
    return m_state->settings;
}

const std::vector<MovementInfo>& Simulation::movements() const {
    return m_state->infos;
}

} // namespace pump::physiology
