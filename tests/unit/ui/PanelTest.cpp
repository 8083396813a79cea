#include "ui/Panel.h"
#include "ui/Context.h"
#include "ui/InputQueue.h"
#include "ui/Keys.h"
#include "ui/Layout.h"
#include "ui/TextTable.h"
#include "ui/Trace.h"

#include "core/Error.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace pump;

namespace {

const std::filesystem::path kTexts = "assets/i18n/en.json";

/// Text keys that the sources of the interface use: "word.word" literals whose first word is one of the
/// table's.
std::set<std::string> usedKeys(const std::set<std::string>& families) {
    std::set<std::string> keys;
    for (const auto* folder : {"src/ui", "src/app"}) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            std::ifstream file(entry.path());
            std::ostringstream text;
            text << file.rdbuf();
            const std::string source = text.str();
            static const std::regex literal("\"([a-z]+)(\\.[a-z-]+)+\"");
            for (auto at = std::sregex_iterator(source.begin(), source.end(), literal);
                 at != std::sregex_iterator(); ++at) {
                if (families.count((*at)[1])) keys.insert(at->str().substr(1, at->str().size() - 2));
            }
        }
    }
    return keys;
}

/// A panel with a made-up but complete view, drawn frame by frame.
struct PanelBench {
    ui::Context context{1.0f};
    ui::Panel panel{context.metrics(), context.fonts()};
    ui::TextTable texts{kTexts};
    ui::Settings settings;
    std::vector<physiology::MovementInfo> movements{{"quiet-standing", "Quiet standing", 3, 2, 5},
                                                    {"heel-raise", "Heel raise", 60, 15, 90}};
    physiology::SimSnapshot snapshot;
    std::vector<physiology::Condition> conditions{
        {.id = "healthy", .name = "Healthy leg"},
        {.id = "gsv-reflux", .name = "Great saphenous reflux", .summary = "Valves leak."},
        {.id = "smoking", .name = "Smoking", .summary = "A risk.", .changesPump = false}};
    std::vector<physiology::Posture> postures{{.id = "standing", .name = "Standing"},
                                              {.id = "sitting", .name = "Sitting"}};
    std::vector<physiology::Stocking> stockings{{.id = "class-2", .name = "Class II"}};
    std::vector<physiology::Segment> segments;
    std::vector<ui::Action> actions;
    ui::Traces traces;
    ui::AboutFacts about;
    ui::InputQueue queue;
    ui::Layout layout = ui::layoutFor(1280, 720, context.metrics());

    std::vector<ui::Command> frame() {
        context.beginFrame(1280, 720, 0.02, queue.takeFrame());
        ui::PanelView view{.settings = settings,
                           .texts = texts,
                           .movements = movements,
                           .snapshot = snapshot,
                           .traces = traces,
                           .conditions = conditions,
                           .postures = postures,
                           .stockings = stockings,
                           .segments = segments,
                           .about = about};
        view.layersPresent.fill(true);
        auto commands = panel.draw(view, layout);
        for (const auto& command : commands) {
            if (const auto* set = std::get_if<ui::SetCommand>(&command))
                ui::applySetting(settings, set->id, set->value);
            if (const auto* action = std::get_if<ui::Action>(&command)) {
                actions.push_back(*action);
                if (*action == ui::Action::ToggleHelp) panel.toggleHelp();
            }
        }
        context.endFrame();
        return commands;
    }
    /// All commands until the input is used up and two frames more.
    std::vector<ui::Command> play(std::vector<ui::InputEvent> events) {
        queue.push(events);
        std::vector<ui::Command> all;
        for (int extra = 0; extra < 3; extra += queue.empty()) {
            for (auto& command : frame()) all.push_back(std::move(command));
        }
        return all;
    }
    std::vector<ui::Command> click(float x, float y) {
        return play({ui::PointerMoved{x, y}, ui::PointerPressed{ui::PointerButton::Left, true},
                     ui::PointerPressed{ui::PointerButton::Left, false}});
    }
    /// Presses down the page, below its tabs and above the buttons at its end, until a command sets this.
    bool clickUntil(std::string_view id, std::string_view value = {}) {
        for (float y = 226; y < layout.panel.height - 76; y += 16) {
            for (const float share : {0.12f, 0.37f, 0.63f, 0.88f}) {
                for (const auto& command : click(layout.panel.x + layout.panel.width * share, y)) {
                    const auto* set = std::get_if<ui::SetCommand>(&command);
                    if (set && set->id == id && (value.empty() || set->value == value)) return true;
                }
            }
        }
        return false;
    }
    /// The tabs stand in two rows of three and two, under the title.
    void openPage(int row, int column) {
        const float width = layout.panel.width / (row == 0 ? 3 : 2);
        for (float y = 70; y < 190; y += 12) {
            const auto before = panel.page();
            click(layout.panel.x + width * (static_cast<float>(column) + 0.5f),
                  y + 52 * static_cast<float>(row));
            if (panel.page() != before) return;
        }
    }
};

} // namespace

TEST_CASE(
    "Every text that the interface asks for is in the table, and every text of the table is asked for") {
    const ui::TextTable texts(kTexts);
    std::set<std::string> families;
    for (const auto& key : texts.keys()) families.insert(key.substr(0, key.find('.')));
    const auto used = usedKeys(families);
    REQUIRE(used.size() > 50);
    for (const auto& key : used) {
        CAPTURE(key);
        CHECK(texts.has(key));
    }
    // Families whose last word comes from another table.
    const std::set<std::string> composed{"movement", "layer",     "view",   "look",     "quality",
                                         "posture",  "breathing", "cuff",   "region",   "vein",
                                         "test",     "trace",     "number", "stocking", "massage"};
    for (const auto& key : texts.keys()) {
        CAPTURE(key);
        CHECK((used.count(key) || composed.count(key.substr(0, key.find('.')))));
    }
}

TEST_CASE("Names of layers, looks, views and qualities are all translated") {
    const ui::TextTable texts(kTexts);
    for (std::size_t i = 0; i < anatomy::kLayerCount; ++i)
        CHECK(texts.has("layer." + std::string(anatomy::layerId(static_cast<anatomy::Layer>(i)))));
    for (const auto& preset : ui::lookPresets()) CHECK(texts.has("look." + std::string(preset.id)));
    for (std::size_t i = 0; i < 6; ++i) CHECK(texts.has("view." + std::string(ui::viewNames()[i])));
    for (const auto& level : ui::findSetting("quality")->choices) CHECK(texts.has("quality." + level));
}

TEST_CASE("What the tables of the assets bring to the panel is translated, or has a name of its own") {
    const ui::TextTable texts(kTexts);
    const auto network = physiology::loadNetwork("assets/network");
    const physiology::Leg leg(network, "assets/network");
    for (const auto& posture : network.postures) CHECK(texts.has("posture." + posture.id));
    for (const auto& stocking : leg.stockings()) CHECK(texts.has("stocking." + stocking.id));
    for (const auto& bed : leg.tissueBeds()) CHECK(texts.has("region." + bed.id));
    for (const auto& place : ui::cuffPlaces()) CHECK(texts.has("cuff." + std::string(place.id)));
    for (const auto& kind : ui::findSetting("breathing")->choices) CHECK(texts.has("breathing." + kind));
    for (const auto& test : physiology::virtualTests()) CHECK(texts.has("test." + std::string(test.id)));
    for (const auto& segment : network.segments) {
        std::string key = "vein.";
        for (const char c : segment.id)
            key += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        CAPTURE(key);
        CHECK(texts.has(key));
    }
    for (const auto& condition : physiology::loadConditions("assets/conditions", network)) {
        CHECK_FALSE(condition.name.empty());
        CHECK_FALSE(condition.summary.empty());
    }
}

TEST_CASE("A missing text shows its key instead of ending the program") {
    const ui::TextTable texts("texts", R"({"a.b": "c"})");
    CHECK(std::string(texts("a.b")) == "c");
    CHECK(std::string(texts("a.missing")) == "a.missing");
    CHECK(texts.orElse("x", "other") == "other");
    CHECK_THROWS_AS(ui::TextTable("texts", R"({"a.b": 1})"), core::Error);
}

TEST_CASE("Text reaches a contrast of 4.5 to 1 on every surface that carries it, controls 3 to 1") {
    using namespace ui::theme;
    CHECK(ui::contrastRatio(IM_COL32_WHITE, IM_COL32_BLACK) == Catch::Approx(21).epsilon(1e-6));
    for (const ImU32 surface : {kScene, kPanel, kCard}) {
        for (const ImU32 ink : {kText, kTextQuiet, kAccent, kNotice, kPressure, kFlow, kVolume, kValves})
            CHECK(ui::contrastRatio(ink, surface) >= 4.5);
    }
    for (const ImU32 control : {kControl, kControlOver, kControlDown})
        CHECK(ui::contrastRatio(kText, control) >= 4.5);
    CHECK(ui::contrastRatio(kOnAccent, kAccent) >= 4.5);
    CHECK(ui::contrastRatio(kOnNotice, kNotice) >= 4.5);
    CHECK(ui::contrastRatio(kAccent, kControlDown) >= 3);
}

TEST_CASE("Targets grow with the content scale and never fall below 44 pixels of it") {
    for (const float scale : {1.0f, 1.25f, 1.5f, 2.0f, 3.0f})
        CHECK(ui::metricsFor(scale).target >= 44 * scale - 0.5f);
}

TEST_CASE("No docked surface ever meets the leg's area, and the leg keeps room") {
    for (const float scale : {1.0f, 1.5f, 2.0f}) {
        const auto metrics = ui::metricsFor(scale);
        for (const auto& [width, height] : {std::pair{1280.f, 720.f},
                                            {1920.f, 1080.f},
                                            {3840.f, 2160.f},
                                            {1080.f, 1920.f},
                                            {800.f, 600.f},
                                            {320.f, 240.f}}) {
            CAPTURE(scale, width, height);
            const auto layout = ui::layoutFor(width, height, metrics);
            const auto apart = [](const ui::Rect& a, const ui::Rect& b) {
                return a.width <= 0 || b.width <= 0 || a.right() <= b.x || b.right() <= a.x ||
                       a.bottom() <= b.y || b.bottom() <= a.y;
            };
            for (const auto& docked : {layout.panel, layout.readouts, layout.footer})
                CHECK(apart(docked, layout.leg));
            CHECK(layout.leg.width >= width * 0.45f);
            CHECK(layout.leg.height >= height * 0.4f);
            CHECK(layout.readoutsInPanel == (layout.readouts.width == 0));
        }
    }
    CHECK(ui::layoutFor(1280, 720, ui::metricsFor(1)).leg.width >= 600);
}

TEST_CASE("The sentence that every screen carries is never cut") {
    const char* words =
        "Educational simulation. Not a medical device. Not a diagnosis. Values are for a typical "
        "adult, not you.";
    for (const float scale : {1.0f, 1.5f, 2.0f, 3.0f}) {
        ui::Context context(scale);
        for (const auto& [width, height] :
             {std::pair{1280.f, 720.f}, {640.f, 360.f}, {1920.f, 1080.f}, {1080.f, 1920.f}, {800.f, 600.f}}) {
            CAPTURE(scale, width, height);
            const auto& metrics = context.metrics();
            const auto layout = ui::layoutFor(width, height, metrics, context.smallWidth(words));
            const float line = layout.footer.width - 2 * metrics.padding;
            if (line < 12 * metrics.small) continue; // no room for words at all
            const ImFont& font = *context.fonts().small;
            const ImVec2 needed = font.CalcTextSizeA(font.FontSize, 1e6f, line, words);
            CHECK(needed.x <= line);
            CHECK(needed.y + metrics.gap * 0.6f <= layout.footer.height);
        }
    }
}

TEST_CASE("A press and its release never fall into one frame") {
    ui::InputQueue queue;
    const std::vector<ui::InputEvent> click{
        ui::PointerMoved{5, 5}, ui::PointerPressed{ui::PointerButton::Left, true},
        ui::PointerPressed{ui::PointerButton::Left, false}, ui::PointerMoved{9, 9}};
    queue.push(click);
    CHECK(queue.takeFrame().size() == 2);
    CHECK(queue.takeFrame().size() == 1);
    CHECK(queue.takeFrame().size() == 1);
    CHECK(queue.empty());
}

TEST_CASE("Each key does one thing, and the lecturer's clicker keys do nothing") {
    std::set<ui::Key> seen;
    for (const auto& row : ui::keyTable()) CHECK(seen.insert(row.key).second);
    const ui::Settings settings;
    CHECK_FALSE(ui::commandFor(ui::Key::PageUp, settings));
    CHECK_FALSE(ui::commandFor(ui::Key::PageDown, settings));
    for (std::size_t i = 1; i < static_cast<std::size_t>(ui::Key::Count); ++i) {
        const auto key = static_cast<ui::Key>(i);
        CHECK(ui::keyFromName(ui::keyName(key)) == key);
    }
}

TEST_CASE("A trace keeps the last ten seconds and its axis holds all of them on round numbers") {
    ui::Trace trace;
    for (int i = 0; i <= 10000; ++i) trace.push(i * 0.002, i);
    CHECK(trace.points().front().timeS >= 20 - ui::Trace::kWindowS - 1e-9);
    CHECK(trace.points().size() <= 502);
    trace.push(1.0, 5); // time went back: a new run
    CHECK(trace.points().size() == 1);
    for (const auto& [low, high] : {std::pair{0.0, 93.0}, {-17.0, 44.0}, {51.2, 51.3}, {0.0, 0.0}}) {
        const auto [axisLow, axisHigh] = ui::axisRange(low, high, 4);
        CHECK(axisLow <= low);
        CHECK(axisHigh >= high);
        CHECK(axisHigh - axisLow >= 4 * 0.999);
    }
    CHECK(ui::axisRange(0, 3, 59).first == 0);
}

TEST_CASE("Real clicks on the panel give the commands that the words promise") {
    PanelBench bench;
    bench.frame();
    const auto& panel = bench.layout.panel;
    // Below the tabs, which would turn the page: a label line, then the movement buttons in two columns.
    std::vector<ui::Command> all;
    bool chosen = false, paused = false, helped = false;
    for (float y = 226; y < panel.height; y += 12) {
        for (const auto& command : bench.click(panel.x + panel.width * 0.2f, y)) {
            if (const auto* set = std::get_if<ui::SetCommand>(&command)) {
                chosen = chosen || (set->id == "movement" && set->value == "quiet-standing");
                paused = paused || (set->id == "paused" && set->value == "true");
            } else {
                helped = helped || std::get<ui::Action>(command) == ui::Action::ToggleHelp;
            }
        }
    }
    CHECK(chosen);
    CHECK(paused);
    CHECK(helped);
}

TEST_CASE("Dragging a slider stays within its range") {
    PanelBench bench;
    bench.frame();
    const auto& panel = bench.layout.panel;
    for (float y = 250; y < 560; y += 9) {
        bench.play({ui::PointerMoved{panel.x + 60, y}, ui::PointerPressed{ui::PointerButton::Left, true},
                    ui::PointerMoved{5000, y}, ui::PointerPressed{ui::PointerButton::Left, false}});
    }
    CHECK(bench.settings.speed == Catch::Approx(8));
    CHECK(bench.settings.movement.strength == Catch::Approx(1.5));
    CHECK(bench.settings.movement.cadencePerMinute == Catch::Approx(90));
}

TEST_CASE("The Body page sets posture, conditions, stocking, cuff and skips time") {
    PanelBench bench;
    bench.frame();
    bench.openPage(0, 1);
    REQUIRE(bench.panel.page() == "body");
    CHECK(bench.clickUntil("posture", "sitting"));
    CHECK(bench.settings.body.posture == "sitting");
    CHECK(bench.clickUntil("breathing", "deep"));
    // Each part in turn: its button lies in the row under the tabs.
    const auto part = [&](int index) {
        const float x =
            bench.layout.panel.x + bench.layout.panel.width * (0.14f + 0.24f * static_cast<float>(index));
        bench.click(x, 205);
    };
    part(1);
    CHECK(bench.clickUntil("conditions.gsv-reflux"));
    part(2);
    CHECK(bench.clickUntil("stocking", "class-2"));
    part(2);
    CHECK(bench.clickUntil("cuff.calf"));
    part(3);
    CHECK(bench.clickUntil("fast-forward"));
    CHECK(bench.settings.fastForwardS >= 60);
}

TEST_CASE("The Measure page chooses what is drawn and starts a virtual test") {
    PanelBench bench;
    physiology::Segment segment;
    segment.id = "POP1";
    bench.segments = {segment};
    bench.frame();
    bench.openPage(0, 2);
    REQUIRE(bench.panel.page() == "measure");
    CHECK(bench.clickUntil("plot", "flow"));
    CHECK(bench.settings.plotQuantity == ui::PlotQuantity::Flow);
    bench.click(bench.layout.panel.x + bench.layout.panel.width * 0.75f, 205); // Tests
    CHECK(bench.clickUntil("test"));
    CHECK_FALSE(bench.settings.test.empty());
}

TEST_CASE("The hand pump contracts as long as its button is held, and relaxes when it is let go") {
    PanelBench bench;
    bench.frame();
    const auto& panel = bench.layout.panel;
    bool found = false;
    for (float y = 180; y < 320 && !found; y += 10) {
        const auto down = bench.play({ui::PointerMoved{panel.x + panel.width / 2, y},
                                      ui::PointerPressed{ui::PointerButton::Left, true}});
        found = std::any_of(down.begin(), down.end(), [](const ui::Command& command) {
            const auto* set = std::get_if<ui::SetCommand>(&command);
            return set && set->id == "contraction";
        });
        if (found) {
            CHECK(bench.settings.contraction == 1.0);
            CHECK(bench.frame().empty()); // held: nothing new to say
        }
        bench.play({ui::PointerPressed{ui::PointerButton::Left, false}});
    }
    REQUIRE(found);
    CHECK(bench.settings.contraction == 0.0);
}

TEST_CASE("A drag on the buttons of a long page moves it and presses none of them") {
    PanelBench bench;
    for (int i = 0; i < 30; ++i) {
        std::string id = std::to_string(i);
        bench.conditions.push_back({.id = std::move(id), .name = "Condition", .summary = "x"});
    }
    bench.frame();
    bench.openPage(0, 1);
    bench.click(bench.layout.panel.x + bench.layout.panel.width * 0.38f, 205); // Health
    const float x = bench.layout.panel.x + bench.layout.panel.width / 2;
    const auto commands =
        bench.play({ui::PointerMoved{x, 500}, ui::PointerPressed{ui::PointerButton::Left, true},
                    ui::PointerMoved{x, 470}, ui::PointerMoved{x, 400}, ui::PointerMoved{x, 330},
                    ui::PointerPressed{ui::PointerButton::Left, false}});
    CHECK(commands.empty());
    CHECK(bench.settings.body.conditions.empty());
    // Without a drag one of them is pressed, whatever the drag has brought there.
    for (float y = 380; y < 480 && bench.settings.body.conditions.empty(); y += 10) bench.click(x, y);
    CHECK(bench.settings.body.conditions.size() == 1);
}
