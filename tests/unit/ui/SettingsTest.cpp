#include "ui/Settings.h"
#include "core/Error.h"

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
