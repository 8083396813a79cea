#include "ui/Settings.h"

#include "ui/SettingRows.h"

#include "core/Error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

using core::Error;
using core::ErrorKind;

// Keys 1 to 6 are the first six.
constexpr std::array<std::string_view, 10> kViews{"rear",  "front", "medial", "lateral", "calf",
                                                  "valve", "knee",  "foot",   "whole",   "default"};

// Whole leg: what the first look shows. The skin is a veil, the muscles let the veins shine through.
constexpr std::array<LookPreset, 4> kPresets{{
    {"whole-leg", "all=1,skin=0.14,fascia=0,fat=0,lymph=0,nerves=0,muscles=0.45,veins=0.5,arteries=0.6"},
    {"muscles", "all=1,skin=0,fascia=0,fat=0,lymph=0,nerves=0"},
    {"veins",
     "all=1,skin=0.06,fascia=0,fat=0,lymph=0,nerves=0,muscles=0.12,bones=0.5,veins=0.5,arteries=0.35"},
    {"bones", "all=0,bones=1"},
}};

bool isVein(std::size_t layer) {
    using anatomy::Layer;
    return layer == static_cast<std::size_t>(Layer::DeepVeins) ||
           layer == static_cast<std::size_t>(Layer::SuperficialVeins) ||
           layer == static_cast<std::size_t>(Layer::Perforators);
}

std::string layerChoices() {
    std::string names = "all, veins";
    for (std::size_t i = 0; i < anatomy::kLayerCount; ++i)
        names += fmt::format(", {}", anatomy::layerId(static_cast<anatomy::Layer>(i)));
    return names;
}

void writeLayer(Settings& settings, const SettingInfo& info, std::string_view name, std::string_view value) {
    const auto opacity = numberFrom(value);
    if (!opacity || *opacity < 0 || *opacity > 1)
        reject(info, fmt::format("{}={}", name, value), "an opacity from 0 (hidden) to 1 (solid)");
    bool known = false;
    for (std::size_t i = 0; i < anatomy::kLayerCount; ++i) {
        const bool meant = name == "all" || (name == "veins" && isVein(i)) ||
                           name == anatomy::layerId(static_cast<anatomy::Layer>(i));
        if (!meant) continue;
        known = true;
        settings.shown[i] = *opacity > 0;
        if (*opacity > 0) settings.opacity[i] = static_cast<float>(*opacity);
    }
    if (!known) reject(info, name, fmt::format("a layer, one of: {}", layerChoices()));
}

void writeLayers(Settings& settings, const SettingInfo& info, std::string_view text) {
    const auto preset =
        std::find_if(kPresets.begin(), kPresets.end(), [&](const auto& p) { return p.id == text; });
    if (preset != kPresets.end()) text = preset->layers;
    for (const auto part : split(text, ',')) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) {
            reject(
                info, part,
                "LAYER=OPACITY pairs like skin=0.1,muscles=0.5, or one of: whole-leg, muscles, veins, bones");
        }
        writeLayer(settings, info, part.substr(0, equals), part.substr(equals + 1));
    }
}

std::string readLayers(const Settings& settings) {
    std::string text;
    for (std::size_t i = 0; i < anatomy::kLayerCount; ++i) {
        text += fmt::format("{}{}={:.3g}", i ? "," : "", anatomy::layerId(static_cast<anatomy::Layer>(i)),
                            settings.drawnOpacity(i));
    }
    return text;
}

void writeCamera(Settings& settings, const SettingInfo& info, std::string_view text) {
    const auto parts = split(text, ',');
    std::array<double, 6> values{};
    constexpr std::string_view kExpected =
        "AZIMUTH,ELEVATION,DISTANCE,X,Y,Z in degrees and mm, like 30,10,900,0,-40,300 (distance 5 to 5000)";
    if (parts.size() != values.size()) reject(info, text, kExpected);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto value = numberFrom(parts[i]);
        if (!value || std::abs(*value) > 5000) reject(info, text, kExpected);
        values[i] = *value;
    }
    if (std::abs(values[1]) > 89 || values[2] < 5) reject(info, text, kExpected);
    settings.camera = CameraPlace{values[0], values[1], values[2], {values[3], values[4], values[5]}};
    ++settings.viewRevision;
}

std::string readCamera(const Settings& settings) {
    if (!settings.camera) return "";
    const auto& c = *settings.camera;
    return fmt::format("{},{},{},{},{},{}", c.azimuthDeg, c.elevationDeg, c.distanceMm, c.targetMm[0],
                       c.targetMm[1], c.targetMm[2]);
}

/// Fingers and hands on the leg.
void addTouchRows(std::vector<SettingInfo>& table) {
    using S = Settings;
    using I = SettingInfo;
    using V = std::string_view;
    table.push_back(
        {"touch",
         SettingKind::Switch,
         0,
         0,
         "",
         "",
         {"true", "false"},
         "Press and stroke the leg with the left button or a finger; beside the leg it turns as ever",
         [](const S& s) { return std::string(s.touch ? "true" : "false"); },
         [](S& s, const I& i, V v) { s.touch = checkedChoice(i, v) == "true"; }});
    table.push_back({"touch-pressure",
                     SettingKind::Number,
                     5,
                     200,
                     "mmHg",
                     "NUMBER",
                     {},
                     "How hard the finger presses on the skin",
                     [](const S& s) { return fmt::format("{}", s.touchPressureMmHg); },
                     [](S& s, const I& i, V v) { s.touchPressureMmHg = checkedNumber(i, v); }});
    table.push_back({"touch-tool",
                     SettingKind::Choice,
                     0,
                     0,
                     "",
                     "NAME",
                     {"finger", "palm"},
                     "What presses: a finger (22 mm wide) or the palm (64 mm)",
                     [](const S& s) { return s.touchTool; },
                     [](S& s, const I& i, V v) { s.touchTool = checkedChoice(i, v); }});
    table.push_back({"touch-keep",
                     SettingKind::Switch,
                     0,
                     0,
                     "",
                     "",
                     {"true", "false"},
                     "A finger that is lifted stays where it pressed; press there again to take it away",
                     [](const S& s) { return std::string(s.touchKeep ? "true" : "false"); },
                     [](S& s, const I& i, V v) { s.touchKeep = checkedChoice(i, v) == "true"; }});
    table.push_back({"massage",
                     SettingKind::Text,
                     0,
                     0,
                     "",
                     "NAME",
                     {},
                     "Hands that massage the leg: none, or the name of a table in assets/massages",
                     [](const S& s) { return s.massage; },
                     [](S& s, const I& i, V v) {
                         if (v.empty()) reject(i, v, "none, or the name of a massage");
                         s.massage = std::string(v);
                         s.massagePressureMmHg = 0;
                     }});
    table.push_back({"massage-pressure",
                     SettingKind::Number,
                     0,
                     100,
                     "mmHg",
                     "NUMBER",
                     {},
                     "How hard the hands of the massage press; 0 is as in its table",
                     [](const S& s) { return fmt::format("{}", s.massagePressureMmHg); },
                     [](S& s, const I& i, V v) { s.massagePressureMmHg = checkedNumber(i, v); }});
}

std::vector<SettingInfo> makeTable() {
    using S = Settings;
    using I = SettingInfo;
    using V = std::string_view;
    std::vector<SettingInfo> table;
    table.push_back({"movement",
                     SettingKind::Text,
                     0,
                     0,
                     "",
                     "NAME",
                     {},
                     "What the leg does: the name of a table in assets/movements",
                     [](const S& s) { return s.movement.movement; },
                     [](S& s, const I& i, V v) {
                         if (v.empty()) reject(i, v, "the name of a movement");
                         s.movement.movement = std::string(v);
                         s.movement.cadencePerMinute = 0;
                         // It brings its own way to hold the body, and contracts the calf itself.
                         s.body.posture.clear();
                         s.body.tiltDeg.reset();
                         s.contraction.reset();
                     },
                     SettingScope::Movement});
    table.push_back({"cadence",
                     SettingKind::Number,
                     0,
                     240,
                     "cycles a minute",
                     "NUMBER",
                     {},
                     "How often the movement repeats; 0 is the movement's own cadence",
                     [](const S& s) { return fmt::format("{}", s.movement.cadencePerMinute); },
                     [](S& s, const I& i, V v) { s.movement.cadencePerMinute = checkedNumber(i, v); },
                     SettingScope::Movement});
    table.push_back({"strength",
                     SettingKind::Number,
                     0,
                     1.5,
                     "",
                     "NUMBER",
                     {},
                     "How hard the muscles work; 1 is as in the movement's table",
                     [](const S& s) { return fmt::format("{}", s.movement.strength); },
                     [](S& s, const I& i, V v) { s.movement.strength = checkedNumber(i, v); },
                     SettingScope::Movement});
    addBodyRows(table);
    table.push_back({"speed",
                     SettingKind::Number,
                     0.1,
                     8,
                     "simulated seconds a second",
                     "NUMBER",
                     {},
                     "How fast time runs on the screen",
                     [](const S& s) { return fmt::format("{}", s.speed); },
                     [](S& s, const I& i, V v) { s.speed = checkedNumber(i, v); }});
    table.push_back({"paused",
                     SettingKind::Switch,
                     0,
                     0,
                     "",
                     "",
                     {"true", "false"},
                     "Time stands still",
                     [](const S& s) { return std::string(s.paused ? "true" : "false"); },
                     [](S& s, const I& i, V v) { s.paused = checkedChoice(i, v) == "true"; }});
    addMeasureRows(table);
    table.push_back({"layers",
                     SettingKind::Text,
                     0,
                     0,
                     "",
                     "LIST",
                     {},
                     "Opacity of layers, or a ready look: whole-leg, muscles, veins, bones",
                     readLayers,
                     writeLayers,
                     SettingScope::Picture,
                     writeLayer});
    table.push_back({"view",
                     SettingKind::Choice,
                     0,
                     0,
                     "",
                     "NAME",
                     {kViews.begin(), kViews.end()},
                     "Standard view to look from",
                     [](const S& s) { return s.view; },
                     [](S& s, const I& i, V v) {
                         s.view = checkedChoice(i, v);
                         s.camera.reset();
                         ++s.viewRevision;
                     }});
    table.push_back(
        {"camera",
         SettingKind::Text,
         0,
         0,
         "",
         "A,E,D,X,Y,Z",
         {},
         "Place to look from instead of a view: azimuth and elevation in degrees (0 is behind the "
         "leg, 90 its outer side), distance and target point in mm",
         readCamera,
         writeCamera});
    table.push_back({"quality",
                     SettingKind::Choice,
                     0,
                     0,
                     "",
                     "NAME",
                     {"low", "medium", "high", "ultra", "auto"},
                     "Detail of the picture; auto follows the speed of the machine",
                     [](const S& s) { return s.quality; },
                     [](S& s, const I& i, V v) { s.quality = checkedChoice(i, v); }});
    table.push_back({"exaggeration",
                     SettingKind::Number,
                     1,
                     4,
                     "times",
                     "NUMBER",
                     {},
                     "Shows changes of vein width larger than they are; the screen says so",
                     [](const S& s) { return fmt::format("{}", s.exaggeration); },
                     [](S& s, const I& i, V v) { s.exaggeration = checkedNumber(i, v); }});
    table.push_back({"effort",
                     SettingKind::Switch,
                     0,
                     0,
                     "",
                     "",
                     {"true", "false"},
                     "Colours muscles by how active they are, from slate at rest to yellow",
                     [](const S& s) { return std::string(s.effort ? "true" : "false"); },
                     [](S& s, const I& i, V v) { s.effort = checkedChoice(i, v) == "true"; }});
    table.push_back(
        {"gravity",
         SettingKind::Switch,
         0,
         0,
         "",
         "",
         {"true", "false"},
         "Shows where gravity pulls, and levels 100 mm apart: resting blood has one pressure in each",
         [](const S& s) { return std::string(s.gravity ? "true" : "false"); },
         [](S& s, const I& i, V v) { s.gravity = checkedChoice(i, v) == "true"; }});
    addTouchRows(table);
    table.push_back({"ui-scale",
                     SettingKind::Number,
                     0.75,
                     3,
                     "times",
                     "NUMBER",
                     {},
                     "Size of text and buttons",
                     [](const S& s) { return fmt::format("{}", s.uiScale); },
                     [](S& s, const I& i, V v) { s.uiScale = checkedNumber(i, v); }});
    table.push_back(
        {"seed",
         SettingKind::Number,
         0,
         4294967295.0,
         "",
         "NUMBER",
         {},
         "Starting number of everything random: the same seed gives the same picture",
         [](const S& s) { return fmt::format("{}", s.seed); },
         [](S& s, const I& i, V v) { s.seed = static_cast<std::uint32_t>(checkedNumber(i, v)); }});
    return table;
}

} // namespace

Settings::Settings() {
    opacity.fill(1.0f);
    shown.fill(true);
    applySetting(*this, "layers", kPresets[0].id);
}

std::span<const SettingInfo> settingTable() {
    static const std::vector<SettingInfo> table = makeTable();
    return table;
}

const SettingInfo* findSetting(std::string_view id) {
    const auto table = settingTable();
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.id == id; });
    return found == table.end() ? nullptr : &*found;
}

namespace {

const SettingInfo& requireSetting(std::string_view id) {
    if (const auto* info = findSetting(id)) return *info;
    std::vector<std::string_view> names;
    for (const auto& row : settingTable()) names.push_back(row.id);
    throw Error(ErrorKind::Usage, "there is no setting '{}'; use one of: {}", id, fmt::join(names, ", "));
}

} // namespace

void applySetting(Settings& settings, std::string_view id, std::string_view value) {
    const auto dot = id.find('.');
    const auto& info = requireSetting(id.substr(0, dot));
    if (dot == std::string_view::npos) {
        info.write(settings, info, value);
    } else if (info.writeEntry) {
        info.writeEntry(settings, info, id.substr(dot + 1), value);
    } else {
        throw Error(ErrorKind::Usage, "there is no setting '{}': {} has no entries", id, info.id);
    }
}

std::string readSetting(const Settings& settings, std::string_view id) {
    return requireSetting(id).read(settings);
}

bool differs(const Settings& a, const Settings& b, SettingScope scope) {
    return std::any_of(settingTable().begin(), settingTable().end(), [&](const SettingInfo& row) {
        return row.scope == scope && row.read(a) != row.read(b);
    });
}

std::span<const LookPreset> lookPresets() {
    return kPresets;
}

std::span<const std::string_view> viewNames() {
    return kViews;
}

} // namespace pump::ui
