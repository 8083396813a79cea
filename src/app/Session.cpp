#include "app/Session.h"

#include "app/ExperimentRun.h"
#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Log.h"
#include "ui/Keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <glm/gtc/constants.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace pump::app {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double kLongestFrameS = 0.25; ///< a longer pause (a moved window) is not caught up
constexpr float kTurnStep = 0.2618f;    ///< 15 degrees for a key or a button
constexpr float kTiltStep = 0.1309f;

physiology::SimulationSettings simulationSettings(const ui::Settings& settings) {
    physiology::SimulationSettings result;
    result.movement = settings.movement;
    result.body = ui::bodyAt(settings, 0);
    return result;
}

/// What the drawn calibres are those of: a healthy leg that stands quietly, whatever this visit begins with.
physiology::SimSnapshot quietStanding(const std::filesystem::path& assets,
                                      const physiology::Simulation& simulation) {
    const auto& settings = simulation.settings();
    const auto& movements = simulation.movements();
    const auto chosen = std::find_if(movements.begin(), movements.end(), [&](const auto& movement) {
        return movement.id == settings.movement.movement;
    });
    const std::string posture =
        settings.body.posture.empty() && chosen != movements.end() ? chosen->posture : settings.body.posture;
    const auto& body = settings.body;
    const bool plain = posture == "standing" && !body.tiltDeg && body.conditions.empty() &&
                       body.stocking.empty() && body.bands.empty();
    if (plain) return simulation.snapshot();
    physiology::SimulationSettings quiet;
    quiet.movement.movement = "standing-still";
    return physiology::Simulation(assets, quiet).snapshot();
}

scene::Orbit orbitOf(const ui::CameraPlace& place) {
    scene::Orbit orbit;
    orbit.azimuth = glm::radians(static_cast<float>(place.azimuthDeg));
    orbit.elevation = glm::radians(static_cast<float>(place.elevationDeg));
    orbit.distance = static_cast<float>(place.distanceMm);
    orbit.target = {static_cast<float>(place.targetMm[0]), static_cast<float>(place.targetMm[1]),
                    static_cast<float>(place.targetMm[2])};
    return orbit;
}

/// From near the walls turn to glass, so that one looks at the valves and the blood in the veins.
float nearOpacity(std::size_t layer) {
    switch (static_cast<anatomy::Layer>(layer)) {
    case anatomy::Layer::DeepVeins:
    case anatomy::Layer::SuperficialVeins:
    case anatomy::Layer::Perforators:
        return 0.35f;
    case anatomy::Layer::Muscles:
        return 0.12f;
    case anatomy::Layer::Skin:
    case anatomy::Layer::Fat:
    case anatomy::Layer::Fascia:
        return 0.04f;
    default:
        return 1;
    }
}

void requireSegment(const physiology::Network& network, const std::string& id) {
    if (network.segmentIndex(id) < 0)
        throw Error(ErrorKind::Usage, "plot-vein: there is no segment '{}'; see assets/network/segments.csv",
                    id);
}

/// The movement that holds still in a posture: what one can drive by hand.
const char* stillMovement(std::string_view posture) {
    if (posture == "sitting") return "sitting-still";
    if (posture == "lying") return "lying-still";
    if (posture == "legs-up") return "legs-up-still";
    if (posture == "legs-up-low") return "legs-up-low-still";
    if (posture == "legs-up-wall") return "legs-up-wall-still";
    return "standing-still";
}

} // namespace

Session::Session(const SessionDesc& desc)
    : m_leg(desc.legs.reference()),
      m_settings(desc.settings),
      m_simulation(desc.assets, simulationSettings(desc.settings)),
      m_builder(m_leg, m_simulation.network(), quietStanding(desc.assets, m_simulation)),
      m_camera(m_leg),
      m_texts(core::assetPath("i18n/en.json")),
      m_context(1.0f),
      m_panel(m_context.metrics(), m_context.fonts()),
      m_massages(physiology::loadMassages(desc.assets / "massages")),
      m_touch(m_leg, m_simulation.network(), m_massages),
      m_fascicles(m_leg.rig, desc.assets / "muscles/fascicles.json"),
      m_signs(desc.assets / "signs" / "skin.csv", m_simulation.conditions()),
      m_assets(desc.assets),
      m_showPanel(desc.panel),
      m_canFullscreen(desc.canFullscreen) {
    if (!desc.load.empty()) takeState(desc.load, readStateFile(desc.load));
    m_beginning = m_simulation.saveState();
    requireSegment(m_simulation.network(), m_settings.plotSegment);
    if (m_settings.contraction) beginHandDrive();
    if (!m_settings.test.empty()) startTest();
    sample();
    for (const auto& line : m_builder.unbound()) core::logDebug("{}", line);
    m_about.version = fmt::format("Second Heart {}", PUMP_VERSION);
    m_about.credit = m_leg.credit;
    m_about.device = desc.device;
    m_about.libraries = {fmt::format("Dear ImGui {}", ImGui::GetVersion())};
}

void Session::apply(const ui::Command& command) {
    if (const auto* action = std::get_if<ui::Action>(&command)) {
        act(*action);
        return;
    }
    const auto& set = std::get<ui::SetCommand>(command);
    core::logDebug("set {} {}", set.id, set.value);
    ui::Settings changed = m_settings;
    ui::applySetting(changed, set.id, set.value);
    if (!changed.touch && m_settings.touch) m_touch.releaseKept();
    std::swap(changed, m_settings);
    followSettings(changed);
    m_changed = true;
}

void Session::followSettings(const ui::Settings& before) {
    using ui::SettingScope;
    if (ui::differs(before, m_settings, SettingScope::Movement)) {
        if (m_settings.contraction && !before.contraction) beginHandDrive();
        if (before.movement.movement != m_settings.movement.movement ||
            before.movement.cadencePerMinute != m_settings.movement.cadencePerMinute ||
            before.movement.strength != m_settings.movement.strength)
            m_simulation.setMovement(m_settings.movement);
        m_simulation.driveByHand(m_settings.contraction);
        const bool squeezes = m_settings.contraction.value_or(0) > 0,
                   squeezed = before.contraction.value_or(0) > 0;
        if (squeezes && !squeezed) {
            m_beforeSqueezeMl = m_simulation.snapshot().calfVolumeMl;
            m_squeezedMl = 0;
        }
    }
    if (ui::differs(before, m_settings, SettingScope::Body)) {
        auto body = ui::bodyAt(m_settings, m_simulation.snapshot().timeS);
        body.touches = m_simulation.settings().body.touches;
        m_simulation.setBody(body);
    }
    if (m_settings.fastForwardS != before.fastForwardS) m_skipTotalS = m_settings.fastForwardS;
    if (m_settings.testRevision != before.testRevision) startTest();
    requireSegment(m_simulation.network(), m_settings.plotSegment);
}

void Session::beginHandDrive() {
    // The hand alone contracts: what moves by itself holds still in its posture.
    const auto& movements = m_simulation.movements();
    const auto now = std::find_if(movements.begin(), movements.end(),
                                  [&](const auto& m) { return m.id == m_settings.movement.movement; });
    m_settings.movement.movement = stillMovement(now == movements.end() ? "standing" : now->posture);
    m_settings.movement.cadencePerMinute = 0;
    m_simulation.setMovement(m_settings.movement);
    m_simulation.driveByHand(m_settings.contraction);
}

void Session::startTest() {
    const auto* test = physiology::virtualTestNamed(m_settings.test);
    if (test)
        m_test.start(*test, {.assets = m_assets, .conditions = m_settings.body.conditions});
    else
        m_test.cancel();
}

void Session::takeState(const std::string& name, const std::string& state) {
    m_simulation.loadState(name, state);
    m_settings.movement = m_simulation.settings().movement;
    ui::takeBody(m_settings, m_simulation.settings().body);
    m_settings.contraction.reset();
    m_settings.fastForwardS = 0;
    m_simulation.driveByHand({});
    sample();
    m_changed = true;
}

void Session::act(ui::Action action) {
    using ui::Action;
    switch (action) {
    case Action::StepOnce:
        m_settings.paused = true;
        m_stepOnce = true;
        break;
    case Action::ResetView:
        m_settings.view = "default";
        m_settings.camera.reset();
        ++m_settings.viewRevision;
        break;
    case Action::ZoomIn:
        m_camera.zoom(2);
        m_viewUntouched = false;
        break;
    case Action::ZoomOut:
        m_camera.zoom(-2);
        m_viewUntouched = false;
        break;
    case Action::TurnLeft:
        m_camera.turn(kTurnStep, 0);
        m_viewUntouched = false;
        break;
    case Action::TurnRight:
        m_camera.turn(-kTurnStep, 0);
        m_viewUntouched = false;
        break;
    case Action::TurnUp:
        m_camera.turn(0, kTiltStep);
        m_viewUntouched = false;
        break;
    case Action::TurnDown:
        m_camera.turn(0, -kTiltStep);
        m_viewUntouched = false;
        break;
    case Action::ToggleHelp:
        m_panel.toggleHelp();
        break;
    case Action::ToggleAbout:
        m_panel.toggleAbout();
        break;
    case Action::TogglePlot:
        m_panel.togglePlot();
        break;
    case Action::KeepState:
        m_kept = m_simulation.saveState();
        break;
    case Action::ReturnState:
        if (!m_kept.empty()) takeState("the moment that was kept", m_kept);
        break;
    case Action::StartOver:
        takeState("the beginning", m_beginning);
        break;
    case Action::ToggleFullscreen:
        m_fullscreen = true;
        break;
    case Action::ClearSelection:
        m_selected = m_selectedValve = -1;
        break;
    case Action::Close:
        // Esc steps out one thing at a time: an open page, fingers left on the leg, the chosen part, the
        // program.
        if (m_panel.closeSheet()) break;
        if (m_touch.releaseKept()) break;
        if (m_selected < 0) m_close = true;
        m_selected = m_selectedValve = -1;
        break;
    }
}

/// Another movement holds the limb in another way: surroundings and views follow.
void Session::followStance() {
    const auto& settings = m_simulation.settings();
    const std::string of = fmt::format("{} {} {}", settings.movement.movement, settings.movement.strength,
                                       settings.body.posture);
    if (of == m_stanceOf) return;
    m_stanceOf = of;
    constexpr int kPhases = 16;
    std::vector<physiology::Pose> poses;
    for (int i = 0; i < kPhases; ++i) poses.push_back(m_simulation.poseAt(static_cast<double>(i) / kPhases));
    const scene::Stance stance = m_builder.poser().stance(poses);
    if (stance == m_stance) return;
    m_stance = stance;
    m_camera.setStance(stance);
    m_changed = true;
    if (m_viewUntouched && m_appliedView > 0) m_appliedView = m_settings.viewRevision + 2; // frame anew
}

void Session::placeCamera() {
    if (m_appliedView == m_settings.viewRevision + 1) return;
    const bool first = m_appliedView == 0;
    m_appliedView = m_settings.viewRevision + 1;
    m_changed = true;
    m_viewUntouched = !m_settings.camera.has_value();
    if (m_settings.camera) {
        m_camera.setOrbit(orbitOf(*m_settings.camera));
    } else if (m_settings.view == "valve" && m_selectedValve >= 0) {
        m_camera.setValveView(m_selectedValve);
    } else {
        m_camera.setView(scene::findView(m_settings.view).value_or(scene::NamedView::Default));
    }
    if (first) m_camera.jump();
}

void Session::update(const FrameTick& tick) {
    m_contentScale = tick.contentScale * static_cast<float>(m_settings.uiScale);
    if (m_context.setContentScale(m_contentScale)) {
        m_panel.restyle(m_context.metrics(), m_context.fonts());
        m_changed = true;
    }
    if (tick.width != m_width || tick.height != m_height) {
        core::logDebug("size {}x{}", tick.width, tick.height);
        m_width = tick.width;
        m_height = tick.height;
        m_changed = true;
    }
    const auto width = static_cast<float>(m_width), height = static_cast<float>(m_height);
    const ui::Layout layout = m_showPanel ? ui::layoutFor(width, height, m_context.metrics(),
                                                          m_context.smallWidth(m_texts("safety.educational")))
                                          : ui::Layout{.leg = {0, 0, width, height}};
    const bool reshaped = layout.leg.width != m_layout.leg.width || layout.leg.height != m_layout.leg.height;
    m_layout = layout;
    if (reshaped && m_width > 0) {
        m_camera.setViewport(static_cast<int>(layout.leg.width), static_cast<int>(layout.leg.height));
        if (m_viewUntouched) m_appliedView = 0; // frame the same view for the new shape, at once
    }
    for (const auto& command : tick.commands) apply(command);
    handleInput(tick);
    followStance();
    placeCamera();
    m_camera.update(tick.seconds);
    fastForward(tick);
    updateTouch(tick);
    const double simulated = advance(tick);
    m_test.poll(!std::isfinite(tick.stepBudgetS)); // a script waits for it, a window goes on
    drawInterface(tick);
    buildScene(simulated);
    ++m_frame;
}

void Session::handleInput(const FrameTick& tick) {
    m_queue.push(tick.events);
    m_frameInput = m_queue.takeFrame();
    for (const auto& event : m_frameInput) {
        if (const auto* key = std::get_if<ui::KeyPressed>(&event)) handleKey(*key);
    }
    if (m_showPanel) {
        m_context.beginFrame(static_cast<float>(m_width), static_cast<float>(m_height), tick.seconds,
                             m_frameInput);
    }
    const bool over = m_showPanel && m_context.wantsPointer();
    const auto before = m_camera.goal();
    const auto place = pointerPlace(over);
    for (const auto& event : m_frameInput) m_pointer.handle(event, place, m_camera);
    const auto& after = m_camera.goal();
    if (before.azimuth != after.azimuth || before.elevation != after.elevation ||
        before.distance != after.distance || before.target != after.target)
        m_viewUntouched = false;
    if (const auto click = m_pointer.takeClick()) m_clickPending = click;
}

void Session::handleKey(const ui::KeyPressed& key) {
    if (!key.down) {
        if (const auto command = ui::commandForRelease(key.key, m_settings)) apply(*command);
        return;
    }
    core::logDebug("key {}", ui::keyName(key.key));
    if (const auto command = ui::commandFor(key.key, m_settings)) apply(*command);
}

void Session::fastForward(const FrameTick& tick) {
    double& left = m_settings.fastForwardS;
    if (left <= 0) return;
    const auto begin = std::chrono::steady_clock::now();
    const double from = m_simulation.snapshot().timeS;
    skipTime(m_simulation, m_cuffs, left, [&](double) {
        m_recorder.sample(m_simulation.snapshot());
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() <
               tick.stepBudgetS;
    });
    left -= m_simulation.snapshot().timeS - from;
    // What is left below a step is no time.
    if (left < m_simulation.settings().stepS) left = 0;
    m_debtS = 0;
    sample();
    m_changed = true;
    core::logDebug("fast-forward: {:.0f} s left", left);
}

double Session::advance(const FrameTick& tick) {
    const double stepS = m_simulation.settings().stepS;
    if (m_settings.fastForwardS > 0) return 0;
    if (m_settings.paused) {
        m_debtS = 0;
        if (!std::exchange(m_stepOnce, false)) return 0;
        stepOnce();
        return stepS;
    }
    const double wanted = std::min(tick.seconds, kLongestFrameS) * m_settings.speed;
    m_debtS += wanted;
    const auto steps = static_cast<long>(m_debtS / stepS + 1e-6);
    const auto begin = std::chrono::steady_clock::now();
    long done = 0;
    for (; done < steps; ++done) {
        if (std::isfinite(tick.stepBudgetS) && done % 8 == 7 &&
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() >
                tick.stepBudgetS)
            break;
        stepOnce();
    }
    const bool dropped = done < steps;
    m_debtS = dropped ? 0 : std::max(0.0, m_debtS - static_cast<double>(steps) * stepS);
    const double simulated = dropped ? static_cast<double>(done) * stepS : wanted;
    if (tick.seconds > 0) {
        const double share = std::min(1.0, tick.seconds); // settles within about a second
        m_keptSpeed += (simulated / tick.seconds - m_keptSpeed) * share;
        if (!dropped && wanted == tick.seconds * m_settings.speed)
            m_keptSpeed = std::max(m_keptSpeed, m_settings.speed * 0.951);
    }
    return simulated;
}

void Session::stepOnce() {
    m_cuffs.follow(m_simulation);
    m_simulation.step();
    // A snapshot costs about as much as a step: only when a curve wants the next point.
    const auto every = std::lround(ui::Trace::kSpacingS / m_simulation.settings().stepS);
    if (++m_sinceSample >= every || m_settings.paused) sample();
    m_changed = true;
}

void Session::sample() {
    m_sinceSample = 0;
    const auto& s = m_simulation.snapshot();
    m_traces.pressure.push(s.timeS, s.footVeinPressureMmHg);
    m_traces.flow.push(s.timeS, s.poplitealFlowMlS);
    m_traces.volume.push(s.timeS, s.calfVolumeMl);
    m_traces.valves.push(s.timeS, s.openValves);
    m_recorder.sample(s);
    if (m_settings.contraction.value_or(0) > 0)
        m_squeezedMl = std::max(m_squeezedMl, m_beforeSqueezeMl - s.calfVolumeMl);
    followPhase();
}

void Session::followPhase() {
    const auto& s = m_simulation.snapshot();
    const auto activation = [&](physiology::MuscleGroup group) {
        return s.activation[static_cast<std::size_t>(group)];
    };
    const double calf = std::max(activation(physiology::MuscleGroup::Soleus),
                                 activation(physiology::MuscleGroup::Gastrocnemius));
    // Apart, so that the caption does not flicker where the activation lingers.
    constexpr double kOn = 0.3, kOff = 0.15, kRefillS = 5;
    if (calf > kOn || (m_phase == ui::PumpPhase::Squeezing && calf > kOff)) {
        m_phase = ui::PumpPhase::Squeezing;
        m_lastSqueezeS = s.timeS;
    } else {
        m_phase = s.timeS - m_lastSqueezeS < kRefillS ? ui::PumpPhase::Refilling : ui::PumpPhase::Idle;
    }
}

scene::CameraView Session::shiftedView() const {
    // The picture is drawn over the whole screen, but its centre is that of the area beside the panel.
    scene::CameraView view = m_camera.view();
    const auto width = static_cast<float>(std::max(1, m_width)),
               height = static_cast<float>(std::max(1, m_height));
    const auto& area = m_layout.leg;
    glm::mat4 place(1);
    place[0][0] = area.width / width;
    place[1][1] = area.height / height;
    place[3][0] = (2 * area.x + area.width) / width - 1;
    place[3][1] = (2 * area.y + area.height) / height - 1;
    view.projection = place * view.projection;
    if (area.height > 0)
        view.verticalFov = 2 * std::atan(std::tan(view.verticalFov / 2) * height / area.height);
    return view;
}

void Session::buildScene(double simulatedSeconds) {
    if (const auto& rest = m_camera.followed()) {
        const auto joints = m_builder.poser().joints(m_simulation.snapshot().pose);
        m_camera.follow(m_builder.poser().carrier(*rest, joints) * glm::vec4(*rest, 1));
    }
    scene::ViewSettings look;
    for (std::size_t i = 0; i < anatomy::kLayerCount; ++i) {
        const float opacity = m_settings.drawnOpacity(i);
        look.layers[i].opacity = glm::mix(opacity, std::min(opacity, nearOpacity(i)), nearness(150, 320));
    }
    look.stance = m_stance;
    look.activationHeat = m_settings.effort;
    look.gravity = m_settings.gravity;
    look.exaggeration = static_cast<float>(m_settings.exaggeration);
    look.contacts = m_touch.contacts();
    look.signs = m_signs.of(m_simulation.settings().body.conditions);
    const auto hover = m_pointer.hover();
    const auto& pick = m_report.pick;
    const bool pointed = hover && pick.hit();
    look.highlighted = pointed ? pick.structure : m_selected;
    if (m_clickPending)
        look.pointer = *m_clickPending;
    else if (hover)
        look.pointer = *hover;
    scene::FrameTime time;
    time.simulatedSeconds = static_cast<float>(simulatedSeconds);
    time.frame = m_frame;
    time.still = !m_changed && !m_camera.moving() && m_input.highlighted == look.highlighted;
    m_input = m_builder.build(m_simulation.snapshot(), look, shiftedView(), time);
    const auto& area = m_layout.leg;
    const glm::ivec2 low(std::floor(area.x), std::floor(area.y));
    const glm::ivec2 high(std::ceil(area.right()), std::ceil(area.bottom()));
    m_input.area = {low, high - low};
    rideAlong();
    m_changed = false;
}

float Session::nearness(float nearMm, float farMm) const {
    const float far = glm::clamp((m_camera.current().distance - nearMm) / (farMm - nearMm), 0.0f, 1.0f);
    return 1 - far * far * (3 - 2 * far);
}

void Session::rideAlong() {
    // From afar the leg rises before a camera that stands; from near the camera goes along with the part that
    // it looks at, which would leave the picture otherwise.
    const auto& orbit = m_camera.current();
    const float share = nearness(250, 600);
    if (share <= 0 || m_input.joints.empty()) return;
    const glm::vec3 rest = m_stance.atRest(orbit.target);
    const glm::vec3 posed = m_builder.poser().carrier(rest, m_input.joints) * glm::vec4(rest, 1);
    const glm::vec3 by = (posed - orbit.target) * share;
    m_input.camera.view = glm::translate(m_input.camera.view, -by);
    m_input.camera.eye += by;
}

void Session::report(const FrameReport& report) {
    m_report = report;
    if (m_clickPending && glm::length(report.pick.pointer - *m_clickPending) < 0.5f) {
        m_selected = report.pick.structure;
        m_selectedValve = report.pick.valve;
        m_clickPending.reset();
        core::logDebug("selected {}", value("selected"));
        if (m_selected >= 0) {
            const int segment = segmentOf(m_leg.structures[static_cast<std::size_t>(m_selected)]);
            if (segment >= 0)
                m_settings.plotSegment =
                    m_simulation.network().segments[static_cast<std::size_t>(segment)].id;
        }
        m_changed = true;
    }
}

void Session::drawInterface(const FrameTick&) {
    if (!m_showPanel) return;
    const ui::PanelView view{.settings = m_settings,
                             .texts = m_texts,
                             .movements = m_simulation.movements(),
                             .snapshot = m_simulation.snapshot(),
                             .traces = m_traces,
                             .conditions = m_simulation.conditions(),
                             .postures = m_simulation.network().postures,
                             .stockings = m_simulation.leg().stockings(),
                             .segments = m_simulation.network().segments,
                             .tissueBeds = m_simulation.leg().tissueBeds(),
                             .recorder = &m_recorder,
                             .skipTotalS = m_skipTotalS,
                             .squeezedMl = m_squeezedMl,
                             .stateKept = !m_kept.empty(),
                             .test = {.running = m_test.running(),
                                      .share = m_test.share(),
                                      .result = m_test.result() ? &*m_test.result() : nullptr,
                                      .conditions = m_test.conditions()},
                             .layersPresent = layersPresent(),
                             .part = partCard(),
                             .massages = m_massages,
                             .touch = m_touch.reading(),
                             .skinIllustrated =
                                 scene::anySign(m_signs.of(m_simulation.settings().body.conditions)),
                             .phase = m_phase,
                             .keptSpeed = m_keptSpeed,
                             .qualityInUse = m_report.qualityInUse,
                             .framesPerSecond = m_report.framesPerSecond,
                             .canFullscreen = m_canFullscreen,
                             .about = m_about};
    const auto commands = m_panel.draw(view, m_layout);
    m_interfaceDraw = m_context.endFrame();
    for (const auto& command : commands) apply(command);
}

std::array<bool, anatomy::kLayerCount> Session::layersPresent() const {
    std::array<bool, anatomy::kLayerCount> present{};
    for (const auto& structure : m_leg.structures) present[static_cast<std::size_t>(structure.layer)] = true;
    return present;
}

} // namespace pump::app
