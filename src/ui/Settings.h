#pragma once

#include "physiology/Simulation.h"
#include "scene/RenderInput.h"
#include "ui/Cuff.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pump::ui {

/// A place to look from: degrees, mm in the leg frame. Azimuth 0 is behind the leg, 90 at its outer side.
struct CameraPlace {
    double azimuthDeg = 0, elevationDeg = 0, distanceMm = 1500;
    std::array<double, 3> targetMm{};
};

/// What a plot of the Measure page shows of a vein.
enum class PlotQuantity : std::uint8_t { Pressure, Flow, Volume };

/// Everything a visitor can choose. A plain value: the panel shows it, commands change it, a session acts on
/// it.
struct Settings {
    physiology::MovementSettings movement;
    /// You are the pump: contraction of the calf, 0-1; nothing: the movement contracts it.
    std::optional<double> contraction;
    physiology::BodySettings body; ///< without bands and touch: those follow from cuffs and from the pointer
    std::vector<Cuff> cuffs;
    double fastForwardS = 0;         ///< simulated time that is still to be skipped
    std::string test;                ///< id of the virtual test asked for last; "": none
    std::uint32_t testRevision = 0;  ///< counts requests
    std::string plotSegment = "DVA"; ///< vein of the Measure page's plot
    PlotQuantity plotQuantity = PlotQuantity::Pressure;
    double plotSpanS = 10; ///< length of its time axis
    double speed = 1;      ///< simulated seconds a second, 0.1-8
    bool paused = false;
    std::string view = "default";      ///< the standard view asked for last
    std::optional<CameraPlace> camera; ///< asked for instead of a standard view
    std::uint32_t viewRevision = 0;    ///< counts requests: the same view may be asked for twice
    std::array<float, anatomy::kLayerCount> opacity{}; ///< 0-1, kept while a layer is hidden
    std::array<bool, anatomy::kLayerCount> shown{};
    std::string quality = "auto";
    bool effort = false;           ///< colour muscles by how active they are
    bool gravity = false;          ///< arrow and level lines
    double exaggeration = 1;       ///< of vein calibre changes, 1-4
    bool touch = false;            ///< the left button or a finger presses on the leg instead of turning it
    double touchPressureMmHg = 80; ///< 5-200
    std::string touchTool = "finger"; ///< or "palm"
    bool touchKeep = false;           ///< a lifted finger stays where it pressed
    std::string massage = "none";     ///< or the name of a table in assets/massages
    double massagePressureMmHg = 0;   ///< 0: the massage's own, else 5-100
    double uiScale = 1;               ///< of text and buttons, on top of the display's content scale, 0.75-3
    std::uint32_t seed = 1;

    Settings();
    /// Opacity as drawn: 0 for a hidden layer.
    float drawnOpacity(std::size_t layer) const { return shown[layer] ? opacity[layer] : 0.0f; }
};

/// List: entries with commas between them; its option may be repeated.
enum class SettingKind : std::uint8_t { Number, Choice, Switch, Text, List };

/// What a setting belongs to: which commands take it, and what has to follow when it changes.
enum class SettingScope : std::uint8_t { Movement, Body, Time, Measure, Picture };

/// One row of the table that feeds the command line, `set` in scripts, `expect` in scripts and the panel.
struct SettingInfo {
    std::string_view id; ///< option --ID and script key
    SettingKind kind = SettingKind::Number;
    double low = 0, high = 0;         ///< Number: allowed range
    std::string_view unit;            ///< Number: as shown in help, may be empty
    std::string_view valueName;       ///< in help: "NUMBER", "NAME" ...
    std::vector<std::string> choices; ///< Choice: all allowed values; empty: decided elsewhere
    std::string_view help;
    std::string (*read)(const Settings&) = nullptr;
    /// Throws Error(Usage) when the text is not a value of this setting.
    void (*write)(Settings&, const SettingInfo&, std::string_view) = nullptr;
    SettingScope scope = SettingScope::Picture;
    /// Writes one entry: `set layers.skin 0.3`, `set conditions.gsv-reflux 0.5`. nullptr: has no entries.
    void (*writeEntry)(Settings&, const SettingInfo&, std::string_view entry,
                       std::string_view value) = nullptr;
    std::string_view alias; ///< a second name of the option; empty: none
};

std::span<const SettingInfo> settingTable();
/// nullptr: there is no such setting.
const SettingInfo* findSetting(std::string_view id);
/// Throws Error(Usage) that names the setting, the value and what is allowed. `id` may also be
/// "layers.<layer>", "conditions.<condition>" or "cuff.<place>". Names of movements, postures, stockings,
/// conditions and segments are checked by the simulation.
void applySetting(Settings& settings, std::string_view id, std::string_view value);
/// Throws Error(Usage) on an unknown id.
std::string readSetting(const Settings& settings, std::string_view id);

/// Does any setting of that scope differ?
bool differs(const Settings& a, const Settings& b, SettingScope scope);
/// The body as the simulation takes it, with what presses at a time.
physiology::BodySettings bodyAt(const Settings& settings, double timeS);
/// The reverse, for a state that was loaded: cuffs from its bands.
void takeBody(Settings& settings, const physiology::BodySettings& body);
/// "gsv-reflux=0.7,obesity"; "healthy" when there are none.
std::string conditionsText(std::span<const physiology::ConditionChoice> conditions);
/// The reverse. Throws Error(Usage).
std::vector<physiology::ConditionChoice> conditionsFrom(std::string_view text);

/// A named choice of layers ("whole-leg", "muscles", "veins", "bones"), offered as one button.
struct LookPreset {
    std::string_view id;
    std::string_view layers; ///< as `set layers` takes it
};
std::span<const LookPreset> lookPresets();
std::span<const std::string_view> viewNames(); ///< the first six in the order of keys 1-6

} // namespace pump::ui
