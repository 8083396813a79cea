#include "ui/Settings.h"
#include "core/Error.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <string>

using namespace pump;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

std::string complaint(std::string_view id, std::string_view value) {
    ui::Settings settings;
    try {
        ui::applySetting(settings, id, value);
    } catch (const core::Error& error) {
        CHECK(error.kind() == core::ErrorKind::Usage);
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("Every setting reads back as a value that it accepts and that changes nothing") {
    for (const auto& row : ui::settingTable()) {
        ui::Settings settings;
        const auto before = ui::readSetting(settings, row.id);
        if (before.empty()) continue; // no camera was asked for
        CAPTURE(row.id, before);
        CHECK_NOTHROW(ui::applySetting(settings, row.id, before));
        CHECK(ui::readSetting(settings, row.id) == before);
    }
}

TEST_CASE("A value outside the range is refused with the setting, the value and the range") {
    for (const auto& row : ui::settingTable()) {
        if (row.kind != ui::SettingKind::Number) continue;
        CAPTURE(row.id);
        CHECK_THAT(complaint(row.id, std::to_string(row.high * 2 + 1)),
                   ContainsSubstring(std::string(row.id)) && ContainsSubstring("from"));
        CHECK_THAT(complaint(row.id, "much"), ContainsSubstring("'much'"));
        CHECK_THAT(complaint(row.id, "nan"), ContainsSubstring("'nan'"));
    }
}

TEST_CASE("An unknown name is answered with the names that are allowed") {
    CHECK_THAT(complaint("view", "above"), ContainsSubstring("rear, front, medial, lateral, calf, valve"));
    CHECK_THAT(complaint("quality", "best"), ContainsSubstring("low, medium, high, ultra, auto"));
    CHECK_THAT(complaint("colour", "red"), ContainsSubstring("movement, cadence, strength"));
    CHECK_THAT(complaint("layers", "bone=1"), ContainsSubstring("bones, muscles, deep-veins"));
    CHECK_THAT(complaint("layers", "skin"), ContainsSubstring("LAYER=OPACITY"));
    CHECK_THAT(complaint("layers", "skin=2"), ContainsSubstring("0 (hidden) to 1"));
    CHECK_THAT(complaint("camera", "1,2,3"), ContainsSubstring("AZIMUTH"));
    CHECK_THAT(complaint("camera", "0,95,900,0,0,300"), ContainsSubstring("AZIMUTH"));
}

TEST_CASE("Layers: a hidden layer keeps its opacity for when it is shown again") {
    ui::Settings settings;
    const auto skin = static_cast<std::size_t>(anatomy::Layer::Skin);
    ui::applySetting(settings, "layers", "skin=0.3");
    CHECK(settings.drawnOpacity(skin) == 0.3f);
    ui::applySetting(settings, "layers.skin", "0");
    CHECK(settings.drawnOpacity(skin) == 0.0f);
    CHECK(settings.opacity[skin] == 0.3f);
}

TEST_CASE("Layers: 'veins' means all three kinds of vein and no other layer") {
    ui::Settings settings;
    ui::applySetting(settings, "layers", "all=0,veins=0.5");
    for (std::size_t i = 0; i < anatomy::kLayerCount; ++i) {
        const auto layer = static_cast<anatomy::Layer>(i);
        const bool vein = layer == anatomy::Layer::DeepVeins || layer == anatomy::Layer::SuperficialVeins ||
                          layer == anatomy::Layer::Perforators;
        CAPTURE(anatomy::layerId(layer));
        CHECK(settings.drawnOpacity(i) == (vein ? 0.5f : 0.0f));
    }
}

TEST_CASE("A ready look can be applied and is then what the layers read as") {
    for (const auto& preset : ui::lookPresets()) {
        ui::Settings byName, byList;
        ui::applySetting(byName, "layers", preset.id);
        ui::applySetting(byList, "layers", preset.layers);
        CHECK(ui::readSetting(byName, "layers") == ui::readSetting(byList, "layers"));
    }
}

TEST_CASE("A new movement begins with its own cadence") {
    ui::Settings settings;
    ui::applySetting(settings, "cadence", "40");
    ui::applySetting(settings, "movement", "quiet-standing");
    CHECK(settings.movement.cadencePerMinute == 0);
}

TEST_CASE("A new movement brings its own posture and lets go of the hand pump") {
    ui::Settings settings;
    ui::applySetting(settings, "posture", "lying");
    ui::applySetting(settings, "tilt", "20");
    ui::applySetting(settings, "contraction", "0.5");
    ui::applySetting(settings, "movement", "sitting-still");
    CHECK(ui::readSetting(settings, "posture") == "own");
    CHECK(ui::readSetting(settings, "tilt") == "own");
    CHECK(ui::readSetting(settings, "contraction") == "off");
}

TEST_CASE("Conditions: a list with severities, set one by one, reads back as it was given") {
    ui::Settings settings;
    ui::applySetting(settings, "conditions", "gsv-reflux=0.7,obesity");
    REQUIRE(settings.body.conditions.size() == 2);
    CHECK(settings.body.conditions[0].severity == 0.7);
    CHECK(settings.body.conditions[1].severity == 1);
    CHECK(ui::readSetting(settings, "conditions") == "gsv-reflux=0.7,obesity");
    ui::applySetting(settings, "conditions.smoking", "0.5");
    ui::applySetting(settings, "conditions.gsv-reflux", "0");
    CHECK(ui::readSetting(settings, "conditions") == "obesity,smoking=0.5");
    ui::applySetting(settings, "conditions", "healthy");
    CHECK(settings.body.conditions.empty());
    CHECK(ui::readSetting(settings, "conditions") == "healthy");
    CHECK_THAT(complaint("conditions", "gsv-reflux=2"), ContainsSubstring("0 to 1"));
    CHECK_THAT(complaint("conditions.gsv-reflux", "-1"), ContainsSubstring("severity"));
    CHECK_THAT(complaint("view.calf", "1"), ContainsSubstring("no entries"));
}

TEST_CASE("Cuffs: places and heights, steady or pulsed; taken off with 0") {
    ui::Settings settings;
    ui::applySetting(settings, "cuff", "calf:60,560-760=80");
    REQUIRE(settings.cuffs.size() == 2);
    CHECK(settings.cuffs[0].lowMm == ui::findCuffPlace("calf")->lowMm);
    CHECK(settings.cuffs[1].highMm == 760);
    CHECK(ui::readSetting(settings, "cuff") == "calf:60,560-760:80");
    ui::applySetting(settings, "cuff.calf", "45:pulsed");
    CHECK(ui::readSetting(settings, "cuff") == "calf:45:pulsed,560-760:80");
    ui::applySetting(settings, "cuff.560-760", "0");
    ui::applySetting(settings, "cuff.calf", "0");
    CHECK(ui::readSetting(settings, "cuff") == "none");
    for (const char* bad : {"calf", "knee:60", "calf:500", "760-560:80", "calf:60:often"})
        CHECK_THAT(complaint("cuff", bad), ContainsSubstring("PLACE:MMHG"));
}

TEST_CASE("A pulsed sleeve presses for eleven seconds of every sixty, and not in between") {
    double pressed = 0;
    constexpr double kStep = 0.01;
    for (int i = 0; i < 6000; ++i) pressed += ui::pulseShare(120 + i * kStep) * kStep;
    CHECK(pressed == Catch::Approx(11).epsilon(0.01)); // two ramps of half a second count as one half each
    CHECK(ui::pulseShare(65) == 1);
    CHECK(ui::pulseShare(90) == 0);
    ui::Settings settings;
    ui::applySetting(settings, "cuff", "calf:40:pulsed,thigh:30");
    const auto both = ui::bodyAt(settings, 5).bands, one = ui::bodyAt(settings, 40).bands;
    REQUIRE(both.size() == 2);
    CHECK(both[0].profile.front().second == 40);
    REQUIRE(one.size() == 1);
    CHECK(one[0].profile.front().second == 30);
}

TEST_CASE("The body of a loaded state becomes the settings that would make it") {
    ui::Settings settings;
    ui::applySetting(settings, "cuff", "thigh:80,100-200:30");
    ui::applySetting(settings, "stocking", "class-2");
    ui::applySetting(settings, "tilt", "45");
    ui::applySetting(settings, "conditions", "obesity");
    ui::Settings loaded;
    ui::takeBody(loaded, ui::bodyAt(settings, 0));
    CHECK_FALSE(ui::differs(settings, loaded, ui::SettingScope::Body));
}

TEST_CASE("Time to skip is written in seconds, minutes or hours") {
    ui::Settings settings;
    for (const auto& [text, seconds] :
         {std::pair{"90", 90.0}, {"90s", 90.0}, {"5min", 300.0}, {"4h", 14400.0}, {"0", 0.0}}) {
        ui::applySetting(settings, "fast-forward", text);
        CHECK(settings.fastForwardS == seconds);
    }
    CHECK_THAT(complaint("fast-forward", "2days"), ContainsSubstring("4h"));
    CHECK_THAT(complaint("fast-forward", "25h"), ContainsSubstring("24 h"));
}
