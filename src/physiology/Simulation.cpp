#include "physiology/Simulation.h"

#include "physiology/Circulation.h"
#include "physiology/SimulationState.h"
#include "physiology/Units.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {
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
                         movement.cadenceHigh, movement.posture,
                         movement.posture != "standing" || !movement.hip.empty() || !movement.knee.empty()});
    return infos;
}

const Posture& findPosture(const Network& network, const std::string& id) {
    if (const Posture* posture = network.posture(id)) return *posture;
    std::vector<std::string> known;
    for (const Posture& posture : network.postures) known.push_back(posture.id);
    throw core::Error(core::ErrorKind::Usage, "posture: is '{}', expected one of {}", id,
                      fmt::join(known, ", "));
}

const Stocking& findStocking(const Leg& leg, const std::string& id) {
    std::vector<std::string> known;
    for (const Stocking& stocking : leg.stockings()) {
        if (stocking.id == id) return stocking;
        known.push_back(stocking.id);
    }
    throw core::Error(core::ErrorKind::Usage, "stocking: is '{}', expected one of {}", id,
                      fmt::join(known, ", "));
}

void requireBody(const Leg& leg, const BodySettings& body) {
    if (!body.posture.empty()) findPosture(leg.network(), body.posture);
    if (!body.stocking.empty()) findStocking(leg, body.stocking);
    if (body.tiltDeg) requireRange("tilt in degrees", *body.tiltDeg, -30, 90);
    requireRange("posture transition in seconds", body.transitionS, 0, 60);
    requireRange("skin temperature in degrees C", body.skinTemperatureC, 20, 42);
    requireRange("inflow factor", body.inflowFactor, 0, 10);
    for (const PressureBand& band : body.bands)
        for (const auto& [height, pressure] : band.profile) {
            requireRange("height of a pressure band in mm", height, 0, 1400);
            requireRange("pressure of a band in mmHg", pressure, 0, 400);
        }
    for (const TouchPressure& touch : body.touches) {
        requireRange("height of the touch in mm", touch.heightMm, 0, 1400);
        requireRange("width of the touch in mm", touch.widthMm, 1, 500);
        requireRange("pressure of the touch in mmHg", touch.pressureMmHg, 0, 400);
        for (const PressureShare& part : touch.shares) {
            requireRange("segment of the touch", part.segment, 0,
                         static_cast<double>(leg.network().segments.size() - 1));
            requireRange("share of the touch", part.share, 0, 1);
        }
    }
}

} // namespace

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

Simulation::State::State(const std::filesystem::path& assets, const SimulationSettings& wanted)
    : settings(wanted),
      movements(loadMovements(assets / "movements")),
      infos(infosOf(movements)),
      leg(splitNetwork(loadNetwork(assets / "network"), wanted.cells), assets / "network"),
      conditions(loadConditions(assets / "conditions", leg.healthyNetwork())),
      player({&findMovement(movements, wanted.movement), wanted.movement.cadencePerMinute,
              wanted.movement.strength}) {
    requireRange("step in seconds", settings.stepS, 1e-5, 0.02);
    requireRange("cells of a segment", settings.cells, 1, 64);
    for (const Movement& known : movements)
        if (leg.network().posture(known.posture) == nullptr)
            throw core::Error(core::ErrorKind::Asset,
                              "{}.json: posture: is '{}', which is no posture of postures.csv", known.id,
                              known.posture);
    movement = &findMovement(movements, wanted.movement);
    footVein = requireSegment(leg.network(), "DVA");
    poplitealLink = requireLink(leg.network(), "POP1", "POP2");
    constexpr double kKneeTableHeight = 0.46; // m: inflow counts as below the knee up to here
    const double knee = leg.network().heightMap.toDrawn(kKneeTableHeight);
    for (const Inflow& inflow : leg.network().inflows)
        belowKnee.push_back(leg.network().segments[static_cast<std::size_t>(inflow.segment)].midHeight() <
                            knee);

    leg.setArterialInflow(settings.arterialInflow);
    leg.setTissueFluid(settings.tissueFluid);
    BodySettings first = settings.body;
    first.transitionS = 0;
    settings.body.conditions.clear();
    setBody(first);
    settings.body.transitionS = wanted.body.transitionS;
    // Begin at rest in this posture; the chosen movement takes over from there without a jump.
    const auto isRest = [&](const Movement& m) { return m.id == postureTo.id + "-still"; };
    const auto rest = std::find_if(movements.begin(), movements.end(), isRest);
    const MovementDrive resting = rest == movements.end() ? MovementDrive{} : rest->at(0, 1);
    MovementPlayer::State begin = player.state();
    begin.drive = begin.from = resting;
    begin.blend = 0;
    player.setState(begin);
    updateEnvironment();
    leg.settle(environment, resting);
    startVolume = leg.solver().totalVolume();
    startExchange = leg.solver().exchangedVolume();
    writeSnapshot();
}

void Simulation::State::setMovement(const MovementSettings& wanted) {
    movement = &findMovement(movements, wanted);
    player.choose({movement, wanted.cadencePerMinute, wanted.strength});
    settings.movement = wanted;
    detailS = 0;
    updatePosture();
}

void Simulation::State::setBody(const BodySettings& body) {
    requireBody(leg, body);
    const auto sameConditions = [&] {
        return std::equal(body.conditions.begin(), body.conditions.end(), settings.body.conditions.begin(),
                          settings.body.conditions.end(),
                          [](const ConditionChoice& a, const ConditionChoice& b) {
                              return a.id == b.id && a.severity == b.severity;
                          });
    };
    if (!sameConditions()) leg.setNetwork(withConditions(leg.healthyNetwork(), conditions, body.conditions));
    settings.body = body;
    detailS = 0;
    environment.breathing = body.breathing;
    environment.skinTemperatureC = body.skinTemperatureC;
    environment.inflowFactor = body.inflowFactor;
    environment.bands = body.bands;
    ++environment.bandsRevision;
    if (!body.stocking.empty()) environment.bands.push_back(findStocking(leg, body.stocking).band);
    for (const TouchPressure& touch : body.touches) {
        const double half = 0.5 * touch.widthMm;
        environment.bands.push_back({.profile = {{touch.heightMm - half, 0.5 * touch.pressureMmHg},
                                                 {touch.heightMm, touch.pressureMmHg},
                                                 {touch.heightMm + half, 0.5 * touch.pressureMmHg}},
                                     .depth = touch.depth,
                                     .shares = touch.shares});
    }
    updatePosture();
}

/// The posture that movement and body ask for; a new one is blended to.
void Simulation::State::updatePosture() {
    Posture wanted =
        findPosture(leg.network(), settings.body.posture.empty() ? movement->posture : settings.body.posture);
    if (settings.body.tiltDeg) wanted.trunkTilt = (90 - *settings.body.tiltDeg) * kDegree;
    if (wanted.id == postureTo.id && wanted.trunkTilt == postureTo.trunkTilt) return;
    const double share = postureBlend * postureBlend * (3 - 2 * postureBlend);
    auto mix = [&](double a, double b) { return a + share * (b - a); };
    postureFrom = {.id = postureTo.id,
                   .name = postureTo.name,
                   .trunkTilt = mix(postureFrom.trunkTilt, postureTo.trunkTilt),
                   .hipFlexion = mix(postureFrom.hipFlexion, postureTo.hipFlexion),
                   .kneeFlexion = mix(postureFrom.kneeFlexion, postureTo.kneeFlexion),
                   .loadShare = mix(postureFrom.loadShare, postureTo.loadShare),
                   .seat = postureTo.seat};
    postureTo = wanted;
    postureBlend = settings.body.transitionS > 0 ? 0 : 1;
}

MovementDrive Simulation::State::drive() const {
    MovementDrive result = player.drive();
    if (hand) {
        for (const MuscleGroup muscle :
             {MuscleGroup::Soleus, MuscleGroup::Gastrocnemius, MuscleGroup::DeepPosterior})
            result.excitation[static_cast<std::size_t>(muscle)] = *hand;
    }
    for (std::size_t i = 0; i < kMuscleGroupCount; ++i)
        if (overrides[i]) result.excitation[i] = *overrides[i];
    return result;
}

void Simulation::State::updateEnvironment() {
    const double share = postureBlend * postureBlend * (3 - 2 * postureBlend);
    auto mix = [&](double a, double b) { return a + share * (b - a); };
    environment.trunkTilt = mix(postureFrom.trunkTilt, postureTo.trunkTilt);
    environment.loadShare = mix(postureFrom.loadShare, postureTo.loadShare);
    environment.seat = mix(postureFrom.seat ? 1 : 0, postureTo.seat ? 1 : 0);
    environment.pose = posedIn({.trunkTilt = environment.trunkTilt,
                                .hipFlexion = mix(postureFrom.hipFlexion, postureTo.hipFlexion),
                                .kneeFlexion = mix(postureFrom.kneeFlexion, postureTo.kneeFlexion),
                                .loadShare = environment.loadShare},
                               player.drive().pose);
    // Who pumps by hand points the foot; standing, that lifts the heel.
    constexpr double kPumpedPitch = -30 * kDegree, kFollowS = 0.12;
    pumped += settings.stepS / (settings.stepS + kFollowS) * (hand.value_or(0) - pumped);
    Pose& pose = environment.pose;
    pose.ankleDorsiflexion += pumped * (kPumpedPitch - pose.ankleDorsiflexion);
    pose.footPitch += pumped * (kPumpedPitch - pose.footPitch);
    pose.toeDorsiflexion += pumped * pose.onFoot * (-kPumpedPitch - pose.toeDorsiflexion);
}

Pose Simulation::State::posedIn(const Posture& posture, Pose pose) const {
    pose.hipFlexion += posture.hipFlexion;
    pose.kneeFlexion += posture.kneeFlexion;
    pose.trunkTilt = posture.trunkTilt;
    const double range = leg.network().parameters.ankleRange;
    pose.ankleDorsiflexion *= range;
    pose.toeDorsiflexion *= range;
    pose.footPitch *= range;
    // Without a floor under the foot, or tilted with the table, nothing stands.
    constexpr double kStandingLoad = 0.25, kUpright = 0.2;
    const double floor = std::clamp(posture.loadShare / kStandingLoad, 0.0, 1.0) *
                         std::clamp(1 - posture.trunkTilt / kUpright, 0.0, 1.0);
    pose.onFoot *= floor;
    pose.striding *= floor;
    return pose;
}

void Simulation::State::step() {
    player.advance(settings.stepS);
    if (postureBlend < 1)
        postureBlend = std::min(1.0, postureBlend + settings.stepS / settings.body.transitionS);
    updateEnvironment();
    ++stepCount;
    held = !leg.step(settings.stepS, time(), environment, drive());
    snapshotFresh = false;
}

Simulation::Simulation(const std::filesystem::path& assets, const SimulationSettings& settings)
    : m_state(std::make_unique<State>(assets, settings)) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

void Simulation::setMovement(const MovementSettings& movement) {
    m_state->setMovement(movement);
}

void Simulation::setBody(const BodySettings& body) {
    m_state->setBody(body);
}

void Simulation::driveByHand(std::optional<double> contraction) {
    if (contraction) requireRange("contraction by hand", *contraction, 0, 1);
    m_state->hand = contraction;
}

void Simulation::overrideExcitation(MuscleGroup muscle, std::optional<double> excitation) {
    if (excitation) requireRange(fmt::format("excitation of {}", muscleCode(muscle)), *excitation, 0, 1);
    m_state->overrides[static_cast<std::size_t>(muscle)] = excitation;
}

void Simulation::step() {
    m_state->step();
}

void Simulation::fastForward(double seconds, const std::function<bool(double)>& progress) {
    State& s = *m_state;
    const double start = s.time();
    const double cadence = s.settings.movement.cadencePerMinute > 0 ? s.settings.movement.cadencePerMinute
                                                                    : s.movement->cadencePerMinute;
    // Whole cycles, at least two seconds of them, so that the means are the pump's.
    const double cycle = std::min(60 / cadence, 20.0);
    // ... and whole breaths (breathPressure), or every window would differ from the last by the breath's
    // wave.
    const double breath = s.settings.body.breathing == Breathing::Quiet      ? 4
                          : s.settings.body.breathing == Breathing::Deep     ? 7.5
                          : s.settings.body.breathing == Breathing::Valsalva ? 30
                                                                             : 2;
    const double window = cycle * std::ceil(breath / cycle);
    constexpr double kSettle = 60,
                     kLongestLeap = 60; // s of full detail after a change before the first leap; s
    constexpr double kCalm = 2e-4;      // relative change of blood volume from window to window
    while (s.time() - start < seconds - 0.5 * s.settings.stepS) {
        Leg::Means means;
        double volume = 0;
        const auto steps = std::max(
            1,
            static_cast<int>(std::lround(std::min(window, seconds - (s.time() - start)) / s.settings.stepS)));
        for (int i = 0; i < steps; ++i) {
            s.step();
            s.leg.gatherMeans(means, s.settings.stepS);
            volume += s.leg.solver().totalVolume();
        }
        s.detailS += steps * s.settings.stepS;
        volume /= steps;
        const bool calm = std::abs(volume - s.calmVolume) < kCalm * volume && s.detailS > kSettle;
        s.calmVolume = volume;
        const double leap = calm ? std::min(kLongestLeap, seconds - (s.time() - start)) : 0;
        if (leap > s.settings.stepS) {
            s.leg.advanceTissue(means, leap);
            s.skippedS += leap;
        }
        if (progress && !progress(std::min(1.0, (s.time() - start) / seconds))) break;
    }
    s.snapshotFresh = false;
}

const SimSnapshot& Simulation::snapshot() const {
    if (!m_state->snapshotFresh) m_state->writeSnapshot();
    return m_state->snapshot;
}

const Network& Simulation::network() const {
    return m_state->leg.network();
}

const Leg& Simulation::leg() const {
    return m_state->leg;
}

const SimulationSettings& Simulation::settings() const {
    return m_state->settings;
}

const std::vector<MovementInfo>& Simulation::movements() const {
    return m_state->infos;
}

Pose Simulation::poseAt(double phase) const {
    const State& state = *m_state;
    return state.posedIn(state.postureTo, state.movement->at(phase, state.settings.movement.strength).pose);
}

const std::vector<Condition>& Simulation::conditions() const {
    return m_state->conditions;
}

} // namespace pump::physiology
