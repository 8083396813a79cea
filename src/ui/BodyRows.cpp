// The rows of the settings table that say how the body is held, what surrounds it and what state it is in.

#include "ui/SettingRows.h"

#include "core/Error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

using physiology::BodySettings;
using physiology::ConditionChoice;

constexpr std::string_view kOwn = "own";         ///< as the movement has it
constexpr std::string_view kHealthy = "healthy"; ///< no condition
constexpr std::string_view kNone = "none";
constexpr std::array<std::string_view, 4> kBreathing{"none", "quiet", "deep", "valsalva"};
constexpr double kLongestSkipS = 86400;

std::string_view orNone(const std::string& text, std::string_view none) {
    return text.empty() ? none : std::string_view(text);
}

void writeTilt(Settings& settings, const SettingInfo& info, std::string_view text) {
    if (text == kOwn) {
        settings.body.tiltDeg.reset();
        return;
    }
    const auto degrees = numberFrom(text);
    if (!degrees || *degrees < -30 || *degrees > 90)
        reject(info, text, "a number from -30 (head down) over 0 (lying) to 90 (upright), or own");
    settings.body.tiltDeg = *degrees;
}

void setCondition(std::vector<ConditionChoice>& conditions, std::string_view id, double severity) {
    const auto found = std::find_if(conditions.begin(), conditions.end(),
                                    [&](const ConditionChoice& choice) { return choice.id == id; });
    if (severity <= 0) {
        if (found != conditions.end()) conditions.erase(found);
    } else if (found != conditions.end()) {
        found->severity = severity;
    } else {
        conditions.push_back({std::string(id), severity});
    }
}

void writeConditionEntry(Settings& settings, const SettingInfo& info, std::string_view id,
                         std::string_view value) {
    const auto severity = numberFrom(value);
    if (!severity || *severity < 0 || *severity > 1 || id.empty())
        reject(info, fmt::format("{}={}", id, value), "a severity from 0 (not there) to 1 (full)");
    setCondition(settings.body.conditions, id, *severity);
}

std::string readCuffs(const Settings& settings) {
    std::string text;
    for (const Cuff& cuff : settings.cuffs)
        text += fmt::format("{}{}", text.empty() ? "" : ",", cuffText(cuff));
    return text.empty() ? std::string(kNone) : text;
}

void writeCuffs(Settings& settings, const SettingInfo& info, std::string_view text) {
    std::vector<Cuff> cuffs;
    if (text != kNone) {
        for (const auto part : split(text, ',')) {
            const auto cuff = cuffFrom(part);
            if (!cuff)
                reject(info, part,
                       "PLACE:MMHG such as calf:60 or calf:45:pulsed; place: foot, calf, tourniquet, thigh "
                       "or LOW-HIGH in mm above the sole (0 to 1300); 0 to 400 mmHg");
            cuffs.push_back(*cuff);
        }
    }
    settings.cuffs = std::move(cuffs);
}

void writeCuffEntry(Settings& settings, const SettingInfo& info, std::string_view place,
                    std::string_view value) {
    const auto cuff = cuffFrom(fmt::format("{}:{}", place, value));
    if (!cuff)
        reject(info, fmt::format("{}:{}", place, value),
               "a place and a pressure from 0 (taken off) to 400 mmHg, with :pulsed behind it for a sleeve "
               "that blows up every minute");
    const auto found = std::find_if(settings.cuffs.begin(), settings.cuffs.end(),
                                    [&](const Cuff& known) { return known.place == cuff->place; });
    if (cuff->pressureMmHg <= 0) {
        if (found != settings.cuffs.end()) settings.cuffs.erase(found);
    } else if (found != settings.cuffs.end()) {
        *found = *cuff;
    } else {
        settings.cuffs.push_back(*cuff);
    }
}

/// "90", "90s", "5min", "4h"; seconds.
std::optional<double> durationFrom(std::string_view text) {
    struct Unit {
        std::string_view name;
        double seconds;
    };
    constexpr std::array<Unit, 3> kUnits{{{"min", 60}, {"h", 3600}, {"s", 1}}};
    double unit = 1;
    for (const auto& known : kUnits) {
        if (text.size() <= known.name.size() || text.substr(text.size() - known.name.size()) != known.name)
            continue;
        text.remove_suffix(known.name.size());
        unit = known.seconds;
        break;
    }
    const auto number = numberFrom(text);
    if (!number) return std::nullopt;
    return *number * unit;
}

void writeFastForward(Settings& settings, const SettingInfo& info, std::string_view text) {
    const auto seconds = durationFrom(text);
    if (!seconds || *seconds < 0 || *seconds > kLongestSkipS)
        reject(info, text, "a time up to 24 h, like 90, 90s, 5min or 4h; 0 stops");
    settings.fastForwardS = *seconds;
}

void writeContraction(Settings& settings, const SettingInfo& info, std::string_view text) {
    if (text == "off") {
        settings.contraction.reset();
        return;
    }
    const auto share = numberFrom(text);
    if (!share || *share < 0 || *share > 1)
        reject(info, text, "a number from 0 (relaxed) to 1 (as hard as it goes), or off");
    settings.contraction = *share;
}

} // namespace

std::string conditionsText(std::span<const ConditionChoice> conditions) {
    std::string text;
    for (const auto& choice : conditions) {
        text += fmt::format("{}{}", text.empty() ? "" : ",", choice.id);
        if (choice.severity != 1) text += fmt::format("={}", choice.severity);
    }
    return text.empty() ? std::string(kHealthy) : text;
}

std::vector<ConditionChoice> conditionsFrom(std::string_view text) {
    std::vector<ConditionChoice> conditions;
    const auto& info = *findSetting("conditions");
    for (const auto part : split(text, ',')) {
        if (part == kHealthy || part == kNone) continue;
        const auto sign = part.find('=');
        const auto severity = sign == std::string_view::npos ? 1.0 : numberFrom(part.substr(sign + 1));
        if (sign == 0 || part.empty() || !severity || *severity < 0 || *severity > 1)
            reject(info, part,
                   "ID or ID=SEVERITY with a severity from 0 to 1, such as gsv-reflux=0.7,obesity");
        setCondition(conditions, part.substr(0, sign), *severity);
    }
    return conditions;
}

BodySettings bodyAt(const Settings& settings, double timeS) {
    BodySettings body = settings.body;
    body.bands = bandsAt(settings.cuffs, timeS);
    return body;
}

void takeBody(Settings& settings, const BodySettings& body) {
    settings.body = body;
    settings.body.bands.clear();
    settings.body.touches.clear();
    settings.cuffs.clear();
    for (const auto& band : body.bands) {
        if (band.profile.empty()) continue;
        Cuff cuff{.lowMm = band.profile.front().first,
                  .highMm = band.profile.back().first,
                  .depth = band.depth,
                  .pressureMmHg = band.profile.front().second};
        const auto places = cuffPlaces();
        const auto known = std::find_if(places.begin(), places.end(), [&](const CuffPlace& place) {
            return place.lowMm == cuff.lowMm && place.highMm == cuff.highMm && place.depth == cuff.depth;
        });
        cuff.place =
            known == places.end() ? fmt::format("{}-{}", cuff.lowMm, cuff.highMm) : std::string(known->id);
        settings.cuffs.push_back(cuff);
    }
}

void addBodyRows(std::vector<SettingInfo>& table) {
    using S = Settings;
    using I = SettingInfo;
    using V = std::string_view;
    table.push_back(
        {.id = "contraction",
         .kind = SettingKind::Text,
         .valueName = "NUMBER",
         .help = "You are the pump: contraction of the calf from 0 to 1 instead of the movement's",
         .read = [](const S& s) { return s.contraction ? fmt::format("{}", *s.contraction) : "off"; },
         .write = writeContraction,
         .scope = SettingScope::Movement});
    table.push_back({.id = "posture",
                     .kind = SettingKind::Text,
                     .valueName = "NAME",
                     .help = "How the body is held: standing, sitting, lying, legs-up ... of "
                             "assets/network/postures.csv; own is what the movement is made for",
                     .read = [](const S& s) { return std::string(orNone(s.body.posture, kOwn)); },
                     .write =
                         [](S& s, const I& i, V v) {
                             if (v.empty()) reject(i, v, "the name of a posture, or own");
                             s.body.posture = v == kOwn ? "" : std::string(v);
                             s.body.tiltDeg.reset();
                         },
                     .scope = SettingScope::Body});
    table.push_back({.id = "tilt",
                     .kind = SettingKind::Text,
                     .valueName = "DEGREES",
                     .help = "Tilt of the trunk instead of the posture's: 0 lying, 90 upright, down to -30",
                     .read =
                         [](const S& s) {
                             return s.body.tiltDeg ? fmt::format("{}", *s.body.tiltDeg) : std::string(kOwn);
                         },
                     .write = writeTilt,
                     .scope = SettingScope::Body});
    table.push_back(
        {.id = "breathing",
         .kind = SettingKind::Choice,
         .valueName = "NAME",
         .choices = {kBreathing.begin(), kBreathing.end()},
         .help = "Waves that breathing sends into the veins",
         .read =
             [](const S& s) { return std::string(kBreathing[static_cast<std::size_t>(s.body.breathing)]); },
         .write =
             [](S& s, const I& i, V v) {
                 const auto& name = checkedChoice(i, v);
                 const auto at = std::find(kBreathing.begin(), kBreathing.end(), name);
                 s.body.breathing = static_cast<physiology::Breathing>(at - kBreathing.begin());
             },
         .scope = SettingScope::Body});
    table.push_back({.id = "skin-temperature",
                     .kind = SettingKind::Number,
                     .low = 20,
                     .high = 42,
                     .unit = "degrees C",
                     .valueName = "NUMBER",
                     .help = "Temperature of the skin: warm skin lets more blood in",
                     .read = [](const S& s) { return fmt::format("{}", s.body.skinTemperatureC); },
                     .write = [](S& s, const I& i, V v) { s.body.skinTemperatureC = checkedNumber(i, v); },
                     .scope = SettingScope::Body});
    table.push_back({.id = "stocking",
                     .kind = SettingKind::Text,
                     .valueName = "NAME",
                     .help = "Compression stocking: travel, class-1, class-2 ... of "
                             "assets/network/stockings.csv, or none",
                     .read = [](const S& s) { return std::string(orNone(s.body.stocking, kNone)); },
                     .write =
                         [](S& s, const I& i, V v) {
                             if (v.empty()) reject(i, v, "the name of a stocking, or none");
                             s.body.stocking = v == kNone ? "" : std::string(v);
                         },
                     .scope = SettingScope::Body});
    table.push_back({.id = "conditions",
                     .kind = SettingKind::List,
                     .valueName = "LIST",
                     .help = "States of the leg or body of assets/conditions, with a severity from 0 to 1: "
                             "gsv-reflux=0.7,obesity; list shows all",
                     .read = [](const S& s) { return conditionsText(s.body.conditions); },
                     .write = [](S& s, const I&, V v) { s.body.conditions = conditionsFrom(v); },
                     .scope = SettingScope::Body,
                     .writeEntry = writeConditionEntry,
                     .alias = "condition"});
    table.push_back(
        {.id = "cuff",
         .kind = SettingKind::List,
         .valueName = "PLACE:MMHG",
         .help = "Pressure round the leg: calf:60, tourniquet:90, thigh:80, foot:120, or heights above "
                 "the sole in mm like 560-760:80; with :pulsed behind it intermittent compression",
         .read = readCuffs,
         .write = writeCuffs,
         .scope = SettingScope::Body,
         .writeEntry = writeCuffEntry});
    table.push_back({.id = "fast-forward",
                     .kind = SettingKind::Text,
                     .valueName = "TIME",
                     .help = "Skip so much simulated time first: 90, 5min, 4h",
                     .read = [](const S& s) { return fmt::format("{}", s.fastForwardS); },
                     .write = writeFastForward,
                     .scope = SettingScope::Time});
}

} // namespace pump::ui
