#include "physiology/SimulationState.h"

#include "core/Error.h"
#include "core/JsonFile.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace pump::physiology {
namespace {

using nlohmann::json;

constexpr int kVersion = 4;
constexpr const char* kFormat = "second-heart-state";

std::vector<double> readNumbers(const core::JsonField& field) {
    std::vector<double> values;
    for (std::size_t i = 0; i < field.size(); ++i) values.push_back(field.at(i).number());
    return values;
}

template <std::size_t N>
std::array<double, N> readArray(const core::JsonField& field) {
    std::array<double, N> values{};
    const auto numbers = field.numbers(N);
    std::copy(numbers.begin(), numbers.end(), values.begin());
    return values;
}

json driveToJson(const MovementDrive& d) {
    return {{"pose",
             {d.pose.hipFlexion, d.pose.kneeFlexion, d.pose.ankleDorsiflexion, d.pose.subtalarInversion,
              d.pose.toeDorsiflexion, d.pose.footPitch, d.pose.footLiftMm, d.pose.onFoot, d.pose.striding,
              d.pose.bandLoadN}},
            {"excitation", d.excitation},
            {"plantarLoad", d.plantarLoad}};
}

MovementDrive driveFromJson(const core::JsonField& field) {
    const auto pose = field.at("pose").numbers(10);
    MovementDrive drive;
    drive.pose = {.hipFlexion = pose[0],
                  .kneeFlexion = pose[1],
                  .ankleDorsiflexion = pose[2],
                  .subtalarInversion = pose[3],
                  .toeDorsiflexion = pose[4],
                  .footPitch = pose[5],
                  .footLiftMm = pose[6],
                  .onFoot = pose[7],
                  .striding = pose[8],
                  .bandLoadN = pose[9]};
    drive.excitation = readArray<kMuscleGroupCount>(field.at("excitation"));
    drive.plantarLoad = field.at("plantarLoad").number();
    return drive;
}

json postureToJson(const Posture& p) {
    return {{"id", p.id},
            {"name", p.name},
            {"trunkTilt", p.trunkTilt},
            {"hipFlexion", p.hipFlexion},
            {"kneeFlexion", p.kneeFlexion},
            {"loadShare", p.loadShare},
            {"seat", p.seat}};
}

Posture postureFromJson(const core::JsonField& f) {
    return {.id = f.at("id").text(),
            .name = f.at("name").text(),
            .trunkTilt = f.at("trunkTilt").number(-4, 4),
            .hipFlexion = f.at("hipFlexion").number(-4, 4),
            .kneeFlexion = f.at("kneeFlexion").number(-4, 4),
            .loadShare = f.at("loadShare").number(0, 1),
            .seat = f.at("seat").boolean()};
}

json sharesToJson(const std::vector<PressureShare>& shares) {
    json result = json::array();
    for (const PressureShare& part : shares) result.push_back({part.segment, part.share});
    return result;
}

json bodyToJson(const BodySettings& body) {
    json bands = json::array();
    for (const PressureBand& band : body.bands)
        bands.push_back({{"profile", band.profile},
                         {"depth", static_cast<int>(band.depth)},
                         {"shares", sharesToJson(band.shares)}});
    json conditions = json::array();
    for (const ConditionChoice& choice : body.conditions)
        conditions.push_back({{"id", choice.id}, {"severity", choice.severity}});
    json result{{"posture", body.posture},
                {"transitionS", body.transitionS},
                {"breathing", static_cast<int>(body.breathing)},
                {"skinTemperatureC", body.skinTemperatureC},
                {"inflowFactor", body.inflowFactor},
                {"stocking", body.stocking},
                {"bands", bands},
                {"conditions", conditions}};
    if (body.tiltDeg) result["tiltDeg"] = *body.tiltDeg;
    result["touches"] = json::array();
    for (const TouchPressure& touch : body.touches) {
        result["touches"].push_back({{"at", {touch.heightMm, touch.widthMm, touch.pressureMmHg}},
                                     {"depth", static_cast<int>(touch.depth)},
                                     {"shares", sharesToJson(touch.shares)}});
    }
    return result;
}

std::vector<PressureShare> sharesFromJson(const core::JsonField& f) {
    std::vector<PressureShare> shares;
    for (std::size_t i = 0; i < f.size(); ++i) {
        const auto part = f.at(i).numbers(2);
        shares.push_back({static_cast<int>(part[0]), part[1]});
    }
    return shares;
}

BodySettings bodyFromJson(const core::JsonField& f) {
    BodySettings body{.posture = f.at("posture").text(),
                      .transitionS = f.at("transitionS").number(0, 60),
                      .breathing = static_cast<Breathing>(f.at("breathing").integer(0, 3)),
                      .skinTemperatureC = f.at("skinTemperatureC").number(20, 42),
                      .inflowFactor = f.at("inflowFactor").number(0, 10),
                      .stocking = f.at("stocking").text()};
    if (f.has("tiltDeg")) body.tiltDeg = f.at("tiltDeg").number(-30, 90);
    const auto touches = f.at("touches");
    for (std::size_t i = 0; i < touches.size(); ++i) {
        const auto at = touches.at(i).at("at").numbers(3);
        TouchPressure touch{.heightMm = at[0],
                            .widthMm = at[1],
                            .pressureMmHg = at[2],
                            .depth = static_cast<PressureDepth>(touches.at(i).at("depth").integer(0, 2))};
        touch.shares = sharesFromJson(touches.at(i).at("shares"));
        body.touches.push_back(std::move(touch));
    }
    const auto bands = f.at("bands"), conditions = f.at("conditions");
    for (std::size_t i = 0; i < bands.size(); ++i) {
        PressureBand band{.depth = static_cast<PressureDepth>(bands.at(i).at("depth").integer(0, 2))};
        band.shares = sharesFromJson(bands.at(i).at("shares"));
        const auto profile = bands.at(i).at("profile");
        for (std::size_t k = 0; k < profile.size(); ++k) {
            const auto point = profile.at(k).numbers(2);
            band.profile.emplace_back(point[0], point[1]);
        }
        body.bands.push_back(std::move(band));
    }
    for (std::size_t i = 0; i < conditions.size(); ++i)
        body.conditions.push_back(
            {conditions.at(i).at("id").text(), conditions.at(i).at("severity").number(0, 1)});
    return body;
}

} // namespace

std::string Simulation::saveState() const {
    const State& s = *m_state;
    const Leg::State leg = s.leg.state();
    const MovementPlayer::State player = s.player.state();
    json controls = json::array();
    for (const InflowControl& control : leg.controls)
        controls.push_back({control.reflex, control.hyperaemia, control.meanActivation, control.myogenic});
    json root{{"format", kFormat},
              {"version", kVersion},
              {"stepS", s.settings.stepS},
              {"arterialInflow", s.settings.arterialInflow},
              {"tissueFluid", s.settings.tissueFluid},
              {"steps", s.stepCount},
              {"skippedS", s.skippedS},
              {"fastForward", {s.detailS, s.calmVolume}},
              {"held", s.held},
              {"volume", {s.startVolume, s.startExchange, leg.solver.exchanged, leg.solver.exchangedRest}},
              {"movement",
               {{"id", s.settings.movement.movement},
                {"cadencePerMinute", s.settings.movement.cadencePerMinute},
                {"strength", s.settings.movement.strength}}},
              {"player",
               {{"values", {player.phase, player.cycles, player.cadence, player.strength, player.blend}},
                {"drive", driveToJson(player.drive)},
                {"from", driveToJson(player.from)}}},
              {"body", bodyToJson(s.settings.body)},
              {"posture",
               {{"from", postureToJson(s.postureFrom)},
                {"to", postureToJson(s.postureTo)},
                {"blend", s.postureBlend}}},
              {"leg",
               {{"head", leg.solver.head},
                {"volume", leg.solver.volume},
                {"areaRatio", leg.solver.areaRatio},
                {"outside", leg.solver.base},
                {"drift", leg.solver.drift},
                {"elastic", leg.solver.elastic},
                {"flow", leg.solver.flow},
                {"valve", leg.solver.xi},
                {"valveDrop", leg.solver.drop},
                {"before",
                 {{"step", {leg.solver.lastStep, leg.solver.exchangedLast}},
                  {"volume", leg.solver.volumeBefore},
                  {"areaRatio", leg.solver.areaBefore},
                  {"elastic", leg.solver.elasticBefore},
                  {"flow", leg.solver.flowBefore},
                  {"valve", leg.solver.xiBefore},
                  {"excitation", leg.excitation}}},
                {"mean",
                 {{"flow", leg.solver.meanFlow},
                  {"arteries", leg.solver.meanArterialFlow},
                  {"sources", leg.solver.meanSource}}},
                {"controls", controls},
                {"tissueGained", leg.tissueGained},
                {"lymphFlow", leg.lymphFlow},
                {"activation", leg.activation}}}};
    if (s.hand) root["hand"] = *s.hand;
    root["pumped"] = s.pumped;
    for (std::size_t i = 0; i < kMuscleGroupCount; ++i)
        if (s.overrides[i])
            root["excitation"][std::string(muscleCode(static_cast<MuscleGroup>(i)))] = *s.overrides[i];
    return root.dump(1) + "\n";
}

void Simulation::loadState(const std::string& name, const std::string& text) {
    const core::JsonFile file(name, text);
    const auto root = file.root();
    if (root.at("format").text() != kFormat)
        root.at("format").fail(fmt::format("is '{}', expected '{}'", root.at("format").text(), kFormat));
    if (root.at("version").integer(1, 1000) != kVersion)
        root.at("version").fail(
            fmt::format("is {}, this program reads version {}; save the state anew with --save",
                        root.at("version").integer(1, 1000), kVersion));
    State& s = *m_state;
    const auto legField = root.at("leg"), player = root.at("player"), move = root.at("movement"),
               posture = root.at("posture");
    Leg::State leg;
    leg.solver = {.head = readNumbers(legField.at("head")),
                  .volume = readNumbers(legField.at("volume")),
                  .areaRatio = readNumbers(legField.at("areaRatio")),
                  .base = readNumbers(legField.at("outside")),
                  .flow = readNumbers(legField.at("flow")),
                  .xi = readNumbers(legField.at("valve")),
                  .drift = readNumbers(legField.at("drift")),
                  .elastic = readNumbers(legField.at("elastic")),
                  .drop = readNumbers(legField.at("valveDrop"))};
    const auto before = legField.at("before"), mean = legField.at("mean");
    const auto last = before.at("step").numbers(2);
    leg.solver.lastStep = last[0];
    leg.solver.exchangedLast = last[1];
    leg.solver.volumeBefore = readNumbers(before.at("volume"));
    leg.solver.areaBefore = readNumbers(before.at("areaRatio"));
    leg.solver.elasticBefore = readNumbers(before.at("elastic"));
    leg.solver.flowBefore = readNumbers(before.at("flow"));
    leg.solver.xiBefore = readNumbers(before.at("valve"));
    leg.solver.meanFlow = readNumbers(mean.at("flow"));
    leg.solver.meanArterialFlow = readNumbers(mean.at("arteries"));
    leg.solver.meanSource = readNumbers(mean.at("sources"));
    leg.excitation = readArray<kMuscleGroupCount>(before.at("excitation"));
    const auto volume = root.at("volume").numbers(4);
    leg.solver.exchanged = volume[2];
    leg.solver.exchangedRest = volume[3];
    const auto controls = legField.at("controls");
    for (std::size_t i = 0; i < controls.size(); ++i) {
        const auto values = controls.at(i).numbers(4);
        leg.controls.push_back({.reflex = values[0],
                                .hyperaemia = values[1],
                                .meanActivation = values[2],
                                .myogenic = values[3]});
    }
    leg.tissueGained = readNumbers(legField.at("tissueGained"));
    leg.lymphFlow = readNumbers(legField.at("lymphFlow"));
    leg.activation = readArray<kMuscleGroupCount>(legField.at("activation"));
    const MovementSettings movement{.movement = move.at("id").text(),
                                    .cadencePerMinute = move.at("cadencePerMinute").number(0, 400),
                                    .strength = move.at("strength").number(0, 1.5)};
    const auto values = player.at("values").numbers(5);
    const MovementPlayer::State played{.phase = values[0],
                                       .cycles = values[1],
                                       .cadence = values[2],
                                       .strength = values[3],
                                       .blend = values[4],
                                       .drive = driveFromJson(player.at("drive")),
                                       .from = driveFromJson(player.at("from"))};
    const BodySettings body = bodyFromJson(root.at("body"));
    const double step = root.at("stepS").number(1e-5, 0.02);
    const Posture from = postureFromJson(posture.at("from")), to = postureFromJson(posture.at("to"));
    const double blend = posture.at("blend").number(0, 1);
    std::array<std::optional<double>, kMuscleGroupCount> overrides;
    if (root.has("excitation"))
        for (std::size_t i = 0; i < kMuscleGroupCount; ++i)
            if (const auto code = muscleCode(static_cast<MuscleGroup>(i)); root.at("excitation").has(code))
                overrides[i] = root.at("excitation").at(code).number(0, 1);
    const auto fast = root.at("fastForward").numbers(2);

    // All read: now take it over.
    s.setBody(body);
    s.setMovement(movement);
    s.leg.setState(leg);
    s.player.setState(played);
    s.postureFrom = from;
    s.postureTo = to;
    s.postureBlend = blend;
    s.settings.stepS = step;
    s.settings.arterialInflow = root.at("arterialInflow").boolean();
    s.settings.tissueFluid = root.at("tissueFluid").boolean();
    s.leg.setArterialInflow(s.settings.arterialInflow);
    s.leg.setTissueFluid(s.settings.tissueFluid);
    for (std::size_t i = 0; i < kMuscleGroupCount; ++i) s.overrides[i] = overrides[i];
    s.pumped = root.has("pumped") ? root.at("pumped").number(0, 1) : 0;
    s.hand = root.has("hand") ? std::optional(root.at("hand").number(0, 1)) : std::nullopt;
    s.stepCount = root.at("steps").json().get<std::uint64_t>();
    s.skippedS = root.at("skippedS").number(0, 1e12);
    s.held = root.at("held").boolean();
    s.detailS = fast[0];
    s.calmVolume = fast[1];
    s.startVolume = volume[0];
    s.startExchange = volume[1];
    s.updateEnvironment();
    s.leg.refreshOutside(s.time(), s.environment, s.drive());
    s.snapshotFresh = false;
}

} // namespace pump::physiology
