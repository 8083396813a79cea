#pragma once

#include "app/FrameSource.h"
#include "app/Legs.h"
#include "app/PointerControl.h"
#include "app/TestRun.h"
#include "app/TimeSkip.h"
#include "app/TouchControl.h"
#include "physiology/Simulation.h"
#include "scene/Fascicles.h"
#include "scene/OrbitCamera.h"
#include "scene/PickResult.h"
#include "scene/SceneBuilder.h"
#include "scene/SkinSigns.h"
#include "ui/Context.h"
#include "ui/InputQueue.h"
#include "ui/Panel.h"

#include <filesystem>
#include <string>
#include <utility>

namespace pump::app {

struct SessionDesc {
    const Legs& legs; ///< must outlive the session
    std::filesystem::path assets;
    ui::Settings settings;
    bool panel = true;
    bool canFullscreen = false;
    std::string device; ///< for the About page
    std::string load;   ///< a saved state to begin with; empty: none
};

/// What the renderer reports back, for the panel.
struct FrameReport {
    scene::PickResult pick;
    std::string qualityInUse; ///< empty: fixed
    double framesPerSecond = 0;
};

/// One visit: settings, simulation, camera, panel. Turns what comes from outside into what a frame shows.
/// Knows neither windows nor graphics devices.
class Session {
  public:
    /// Throws Error(Asset), Error(Usage).
    explicit Session(const SessionDesc& desc);

    /// Commands and input, whole simulation steps, the scene and the panel of one frame.
    void update(const FrameTick& tick);
    void report(const FrameReport& report);

    const scene::RenderInput& renderInput() const { return m_input; }
    /// The panel of this frame; nullptr without one. Valid until the next update.
    ImDrawData* interfaceDraw() const { return m_interfaceDraw; }
    /// What is filled below it.
    std::array<ui::Rect, 3> docked() const { return m_layout.docked(); }

    const ui::Settings& settings() const { return m_settings; }
    const physiology::Simulation& simulation() const { return m_simulation; }
    /// Since the last call.
    bool takeCloseRequest() { return std::exchange(m_close, false); }
    bool takeFullscreenRequest() { return std::exchange(m_fullscreen, false); }

    /// Present value of something a script may expect: a setting, or footVeinPressure, poplitealFlow,
    /// calfVolume, openValves, volumeError, time, step, held, pointed, selected, sheet, azimuth, elevation,
    /// distance, swelling, squeezed, page, pressure:SEGMENT, area:SEGMENT, flow:SEGMENT, volume:SEGMENT,
    /// test:NUMBER of the last virtual test, touchHeight, touchForce, dent, contacts. Throws Error(Usage) on
    /// another name.
    std::string value(std::string_view quantity) const;

  private:
    void apply(const ui::Command& command);
    void act(ui::Action action);
    void followSettings(const ui::Settings& before);
    void beginHandDrive();
    void startTest();
    void takeState(const std::string& name, const std::string& state);
    void placeCamera();
    void followStance();
    void handleInput(const FrameTick& tick);
    void handleKey(const ui::KeyPressed& key);
    double advance(const FrameTick& tick);
    void fastForward(const FrameTick& tick);
    void stepOnce();
    void sample();
    void followPhase();
    void buildScene(double simulatedSeconds);
    /// How near the camera is: 1 at nearMm or less, 0 from farMm on, smooth between.
    float nearness(float nearMm, float farMm) const;
    void rideAlong();
    scene::Ray rayThrough(glm::vec2 pixel) const; ///< posed leg frame
    PointerControl::Place pointerPlace(bool overInterface) const;
    void updateTouch(const FrameTick& tick);
    void drawInterface(const FrameTick& tick);
    std::optional<ui::PartCard> partCard() const;
    std::string partState(const anatomy::Structure& structure, int valve) const;
    std::optional<std::string> numberOfTest(std::string_view name) const;
    /// Segment of the network that drives the middle of a vessel; -1: none.
    int segmentOf(const anatomy::Structure& structure) const;
    std::array<bool, anatomy::kLayerCount> layersPresent() const;
    scene::CameraView shiftedView() const;

    const anatomy::LegModel& m_leg;
    ui::Settings m_settings;
    physiology::Simulation m_simulation;
    scene::SceneBuilder m_builder;
    scene::OrbitCamera m_camera;
    scene::Stance m_stance;
    std::string m_stanceOf; ///< movement and posture that the stance is of
    ui::TextTable m_texts;
    ui::Context m_context;
    ui::Panel m_panel;
    ui::InputQueue m_queue;
    PointerControl m_pointer;
    std::vector<physiology::Massage> m_massages;
    TouchControl m_touch;
    scene::Fascicles m_fascicles;
    scene::SkinSigns m_signs;
    double m_touchedAtS = 0; ///< simulated time of the last look at what presses
    ui::Traces m_traces;
    ui::Recorder m_recorder;
    PulsedCuffs m_cuffs{m_settings};
    TestRun m_test;
    std::string m_beginning, m_kept; ///< saved states: of the start, of a moment to go back to; empty: none
    int m_sinceSample = 0;           ///< steps
    double m_skipTotalS = 0;         ///< of the fast-forward that runs
    double m_beforeSqueezeMl = 0;    ///< blood in the calf when the hand began to squeeze
    double m_squeezedMl = 0;         ///< that the hand pressed out of it, at most
    ui::AboutFacts m_about;
    ui::Layout m_layout;

    std::filesystem::path m_assets;
    bool m_showPanel, m_canFullscreen;
    int m_width = 0, m_height = 0;
    float m_contentScale = 1;
    std::vector<ui::InputEvent> m_frameInput;
    scene::RenderInput m_input;
    ImDrawData* m_interfaceDraw = nullptr;
    std::uint32_t m_frame = 0;
    std::uint32_t m_appliedView = 0;
    bool m_viewUntouched = true; ///< the camera still stands where a view put it: follow the window's shape
    bool m_changed = true;       ///< something visible changed since the last frame
    double m_debtS = 0;          ///< simulated time that is due but less than a step
    double m_keptSpeed = 1;
    bool m_stepOnce = false, m_close = false, m_fullscreen = false;
    ui::PumpPhase m_phase = ui::PumpPhase::Idle;
    double m_lastSqueezeS = -1e9;
    FrameReport m_report;
    std::optional<glm::vec2> m_clickPending;
    int m_selected = -1, m_selectedValve = -1;
};

} // namespace pump::app
