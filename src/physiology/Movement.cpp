#include "physiology/Movement.h"

#include "physiology/Network.h"
#include "physiology/Units.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {
namespace {

struct AngleChannel {
    const char* name;
    CycleCurve Movement::*curve;
    double low, high; ///< degrees a living joint can reach
};

constexpr AngleChannel kAngles[] = {
    {"hipFlexionDeg", &Movement::hip, -30, 125},
    {"kneeFlexionDeg", &Movement::knee, -5, 150},
    {"ankleDorsiflexionDeg", &Movement::ankle, -55, 35},
    {"subtalarInversionDeg", &Movement::subtalar, -20, 35},
    {"toeDorsiflexionDeg", &Movement::toe, -45, 75},
    {"footPitchDeg", &Movement::footPitch, -80, 40},
};
constexpr double kHighestStrength = 1.5;

struct Keys {
    std::vector<double> values;
    double low = 0, high = 0;
};

Keys readKeys(const core::JsonField& field, std::size_t count, double low, double high) {
    if (field.size() != count) field.fail(fmt::format("has {} values, 'phases' has {}", field.size(), count));
    Keys keys{.low = HUGE_VAL, .high = -HUGE_VAL};
    for (std::size_t i = 0; i < count; ++i) {
        keys.values.push_back(field.at(i).number(low, high));
        keys.low = std::min(keys.low, keys.values.back());
        keys.high = std::max(keys.high, keys.values.back());
    }
    if (keys.values.front() != keys.values.back())
        field.fail(fmt::format("ends with {}, must end as it begins, with {}", keys.values.back(),
                               keys.values.front()));
    return keys;
}

std::vector<double> readPhases(const core::JsonField& field) {
    std::vector<double> phases;
    for (std::size_t i = 0; i < field.size(); ++i) {
        phases.push_back(field.at(i).number(0, 1));
        if (i > 0 && phases[i] <= phases[i - 1])
            field.at(i).fail(fmt::format("is {}, phases must rise", phases[i]));
    }
    if (phases.size() < 2 || phases.front() != 0 || phases.back() != 1) field.fail("must run from 0 to 1");
    return phases;
}

void requireOnly(const core::JsonField& field, std::initializer_list<std::string_view> allowed) {
    for (const auto& key : field.keys())
        if (std::find(allowed.begin(), allowed.end(), key) == allowed.end())
            field.at(key).fail(fmt::format("is no known field; known: {}", fmt::join(allowed, " ")));
}

Support readSupport(const core::JsonField& field) {
    const std::string text = field.text();
    if (text == "foot") return Support::Foot;
    if (text == "stride") return Support::Stride;
    if (text == "body") return Support::Body;
    field.fail(fmt::format("is '{}', must be foot, stride or body", text));
}

/// Largest factor that keeps factor * [low, high] inside [least, most].
double largestFactor(const Keys& keys, double least, double most) {
    double factor = kHighestStrength;
    if (keys.high > 0) factor = std::min(factor, most / keys.high);
    if (keys.low < 0) factor = std::min(factor, least / keys.low);
    return factor;
}

double mix(double a, double b, double share) {
    return a + share * (b - a);
}

} // namespace

CycleCurve::CycleCurve(std::vector<double> phases, std::vector<double> values)
    : m_phases(std::move(phases)), m_values(std::move(values)) {
    const std::size_t pieces = m_phases.size() - 1;
    std::vector<double> secant(pieces), width(pieces);
    for (std::size_t i = 0; i < pieces; ++i) {
        width[i] = m_phases[i + 1] - m_phases[i];
        secant[i] = (m_values[i + 1] - m_values[i]) / width[i];
    }
    m_slopes.resize(pieces + 1);
    for (std::size_t i = 0; i < pieces; ++i) {
        const std::size_t before = i == 0 ? pieces - 1 : i - 1;
        const double a = secant[before], b = secant[i];
        // Weighted harmonic mean: flat at every turning point, so no overshoot.
        const double wa = 2 * width[i] + width[before], wb = width[i] + 2 * width[before];
        m_slopes[i] = a * b <= 0 ? 0 : (wa + wb) / (wa / a + wb / b);
    }
    m_slopes[pieces] = m_slopes[0];
}

CycleCurve::Place CycleCurve::place(double phase) const {
    const auto next = std::upper_bound(m_phases.begin() + 1, m_phases.end() - 1, phase);
    const auto piece = static_cast<std::size_t>(next - m_phases.begin()) - 1;
    const double width = m_phases[piece + 1] - m_phases[piece];
    return {piece, width, (phase - m_phases[piece]) / width};
}

double CycleCurve::at(const Place& place) const {
    if (m_values.empty()) return 0;
    const std::size_t i = place.piece;
    const double t = place.share, a = m_slopes[i] * place.width, b = m_slopes[i + 1] * place.width,
                 rise = m_values[i + 1] - m_values[i];
    return m_values[i] + t * (a + t * (3 * rise - 2 * a - b + t * (a + b - 2 * rise)));
}

MovementDrive Movement::at(double phase, double strength) const {
    MovementDrive drive;
    const auto place = phases.place(phase);
    drive.pose = {.hipFlexion = strength * hip.at(place),
                  .kneeFlexion = strength * knee.at(place),
                  .ankleDorsiflexion = strength * ankle.at(place),
                  .subtalarInversion = strength * subtalar.at(place),
                  .toeDorsiflexion = strength * toe.at(place),
                  .footPitch = strength * footPitch.at(place),
                  .footLiftMm = footLiftMm.at(place),
                  .onFoot = support == Support::Foot ? 1.0 : 0.0,
                  .striding = support == Support::Stride ? 1.0 : 0.0,
                  .bandLoadN = bandLoadN.at(place)};
    for (std::size_t i = 0; i < kMuscleGroupCount; ++i)
        drive.excitation[i] = std::min(1.0, strength * excitation[i].at(place));
    drive.plantarLoad = plantarLoad.at(place);
    return drive;
}

Movement readMovement(const core::JsonField& root) {
    requireOnly(root, {"id", "name", "description", "source", "posture", "cadence", "phases", "pose",
                       "excitation", "plantarLoad", "support", "bandLoadN"});
    Movement movement;
    movement.id = root.at("id").text();
    movement.name = root.at("name").text();
    movement.posture = root.at("posture").text();
    if (root.has("support")) movement.support = readSupport(root.at("support"));
    const auto cadence = root.at("cadence");
    movement.cadenceLow = cadence.at("low").number(0.1, 400);
    movement.cadenceHigh = cadence.at("high").number(movement.cadenceLow, 400);
    movement.cadencePerMinute = cadence.at("default").number(movement.cadenceLow, movement.cadenceHigh);
    const auto phases = readPhases(root.at("phases"));
    movement.phases = CycleCurve(phases, std::vector<double>(phases.size(), 0.0));
    movement.largestStrength = kHighestStrength;
    if (root.has("pose")) {
        const auto pose = root.at("pose");
        requireOnly(pose, {"hipFlexionDeg", "kneeFlexionDeg", "ankleDorsiflexionDeg", "subtalarInversionDeg",
                           "toeDorsiflexionDeg", "footPitchDeg", "footLiftMm"});
        for (const auto& channel : kAngles) {
            if (!pose.has(channel.name)) continue;
            auto keys = readKeys(pose.at(channel.name), phases.size(), channel.low, channel.high);
            movement.largestStrength =
                std::min(movement.largestStrength, largestFactor(keys, channel.low, channel.high));
            for (double& value : keys.values) value *= kDegree;
            movement.*channel.curve = CycleCurve(phases, std::move(keys.values));
        }
        if (pose.has("footLiftMm"))
            movement.footLiftMm =
                CycleCurve(phases, readKeys(pose.at("footLiftMm"), phases.size(), 0, 500).values);
    }
    const auto excitation = root.at("excitation");
    for (const auto& key : excitation.keys()) {
        const int muscle = muscleIndex(key);
        if (muscle < 0)
            excitation.at(key).fail("is no muscle group; known: SOLEUS GASTROC DEEP ANT PLANTAR THIGH");
        movement.excitation[static_cast<std::size_t>(muscle)] =
            CycleCurve(phases, readKeys(excitation.at(key), phases.size(), 0, 1).values);
    }
    if (root.has("bandLoadN"))
        movement.bandLoadN = CycleCurve(phases, readKeys(root.at("bandLoadN"), phases.size(), 0, 400).values);
    if (root.has("plantarLoad"))
        movement.plantarLoad =
            CycleCurve(phases, readKeys(root.at("plantarLoad"), phases.size(), 0, 1.2).values);
    return movement;
}

std::vector<Movement> loadMovements(const std::filesystem::path& directory) {
    std::vector<Movement> movements;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
        if (entry.path().extension() != ".json") continue;
        const core::JsonFile file(entry.path());
        movements.push_back(readMovement(file.root()));
        if (movements.back().id != entry.path().stem())
            file.root().at("id").fail(
                fmt::format("is '{}', must equal the file's name", movements.back().id));
    }
    if (failure || movements.empty())
        throw core::Error(core::ErrorKind::Asset, "{}: holds no movement table; check the asset folder",
                          directory.string());
    std::sort(movements.begin(), movements.end(),
              [](const Movement& a, const Movement& b) { return a.id < b.id; });
    return movements;
}

MovementDrive blend(const MovementDrive& a, const MovementDrive& b, double share) {
    MovementDrive result;
    result.pose = {.hipFlexion = mix(a.pose.hipFlexion, b.pose.hipFlexion, share),
                   .kneeFlexion = mix(a.pose.kneeFlexion, b.pose.kneeFlexion, share),
                   .ankleDorsiflexion = mix(a.pose.ankleDorsiflexion, b.pose.ankleDorsiflexion, share),
                   .subtalarInversion = mix(a.pose.subtalarInversion, b.pose.subtalarInversion, share),
                   .toeDorsiflexion = mix(a.pose.toeDorsiflexion, b.pose.toeDorsiflexion, share),
                   .footPitch = mix(a.pose.footPitch, b.pose.footPitch, share),
                   .footLiftMm = mix(a.pose.footLiftMm, b.pose.footLiftMm, share),
                   .onFoot = mix(a.pose.onFoot, b.pose.onFoot, share),
                   .striding = mix(a.pose.striding, b.pose.striding, share),
                   .bandLoadN = mix(a.pose.bandLoadN, b.pose.bandLoadN, share)};
    for (std::size_t i = 0; i < kMuscleGroupCount; ++i)
        result.excitation[i] = mix(a.excitation[i], b.excitation[i], share);
    result.plantarLoad = mix(a.plantarLoad, b.plantarLoad, share);
    return result;
}

MovementPlayer::MovementPlayer(const Choice& choice) : m_choice(choice) {
    m_cadence = choice.cadencePerMinute > 0 ? choice.cadencePerMinute : choice.movement->cadencePerMinute;
    m_strength = choice.strength;
    m_drive = choice.movement->at(0, m_strength);
}

void MovementPlayer::choose(const Choice& choice) {
    if (choice.movement != m_choice.movement) {
        m_from = m_drive;
        m_blend = 0;
        m_phase = 0;
        m_cycles = 0;
        m_cadence = choice.cadencePerMinute > 0 ? choice.cadencePerMinute : choice.movement->cadencePerMinute;
        m_strength = choice.strength;
    }
    m_choice = choice;
}

const MovementDrive& MovementPlayer::advance(double dt) {
    constexpr double kFollowSeconds = 0.3;
    const double follow = 1 - std::exp(-dt / kFollowSeconds);
    const double cadence =
        m_choice.cadencePerMinute > 0 ? m_choice.cadencePerMinute : m_choice.movement->cadencePerMinute;
    m_cadence += follow * (cadence - m_cadence);
    m_strength += follow * (m_choice.strength - m_strength);
    const double step = dt * m_cadence / 60;
    m_cycles += step;
    m_phase += step;
    m_phase -= std::floor(m_phase);
    m_drive = m_choice.movement->at(m_phase, m_strength);
    if (m_blend < 1) {
        m_blend = std::min(1.0, m_blend + dt / kBlendSeconds);
        m_drive = blend(m_from, m_drive, m_blend * m_blend * (3 - 2 * m_blend));
    }
    return m_drive;
}

MovementPlayer::State MovementPlayer::state() const {
    return {m_phase, m_cycles, m_cadence, m_strength, m_blend, m_drive, m_from};
}

void MovementPlayer::setState(const State& state) {
    m_phase = state.phase;
    m_cycles = state.cycles;
    m_cadence = state.cadence;
    m_strength = state.strength;
    m_blend = state.blend;
    m_drive = state.drive;
    m_from = state.from;
}

} // namespace pump::physiology
