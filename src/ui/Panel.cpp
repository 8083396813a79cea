#include "ui/Panel.h"

#include "ui/PanelParts.h"
#include "ui/Surface.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::ui {
namespace {

constexpr float kWidePanel = 560;     ///< px at scale 1: from there on all tabs stand in one row
constexpr float kNarrowPanel = 280;   ///< below it in rows of two
constexpr float kCompactHeight = 480; ///< px at scale 1: below it title and help scroll with the page

const physiology::MovementInfo* findMovement(const PanelView& view) {
    const auto found = std::find_if(view.movements.begin(), view.movements.end(),
                                    [&](const auto& m) { return m.id == view.settings.movement.movement; });
    return found == view.movements.end() ? nullptr : &*found;
}

} // namespace

void Panel::emit(std::string_view id, std::string value) {
    m_commands.emplace_back(SetCommand{std::string(id), std::move(value)});
}

void Panel::emit(Action action) {
    m_commands.emplace_back(action);
}

void Panel::toggleHelp() {
    m_sheet = m_sheet == Sheet::Help ? Sheet::None : Sheet::Help;
}

void Panel::togglePlot() {
    m_sheet = m_sheet == Sheet::Plot ? Sheet::None : Sheet::Plot;
}

void Panel::toggleAbout() {
    m_sheet = m_sheet == Sheet::About ? Sheet::None : Sheet::About;
}

bool Panel::closeSheet() {
    const bool open = sheetOpen();
    m_sheet = Sheet::None;
    return open;
}

std::vector<Command> Panel::draw(const PanelView& view, const Layout& layout) {
    m_commands.clear();
    if (!layout.readoutsInPanel && m_page == Page::Readouts) m_page = Page::Move;
    if (m_page != Page::Move && std::exchange(m_squeezing, false)) emit("contraction", "0");
    drawFooter(view, layout);
    if (!layout.readoutsInPanel) drawReadoutColumn(view, layout);
    drawCaption(view, layout);
    drawToolbar(view, layout);
    drawTouchTray(view, layout);
    drawNotices(view, layout);
    drawPanel(view, layout);
    if (view.part && !sheetOpen()) drawPartCard(view, layout);
    if (sheetOpen()) drawSheet(view, layout);
    return std::move(m_commands);
}

std::string_view Panel::page() const {
    switch (m_page) {
    case Page::Move:
        return "move";
    case Page::Body:
        return "body";
    case Page::Measure:
        return "measure";
    case Page::Look:
        return "look";
    case Page::View:
        return "view";
    case Page::Readouts:
        return "readouts";
    }
    return "";
}

bool Panel::choice(std::string_view id, const std::string& label, float width, bool chosen) {
    const Widgets widgets(m_metrics, m_fonts);
    return widgets.button({.id = id, .label = label.c_str(), .width = width, .chosen = chosen}) && !chosen;
}

void Panel::drawTabs(const PanelView& view, const Layout& layout) {
    const auto& text = view.texts;
    std::vector<std::pair<Page, const char*>> tabs{{Page::Move, text("page.move")},
                                                   {Page::Body, text("page.body")},
                                                   {Page::Measure, text("page.measure")},
                                                   {Page::Look, text("page.look")},
                                                   {Page::View, text("page.view")}};
    if (layout.readoutsInPanel) tabs.emplace_back(Page::Readouts, text("page.readouts"));
    const float room = layout.panel.width / m_metrics.scale;
    const std::size_t columns = room >= kWidePanel ? tabs.size() : room >= kNarrowPanel ? 3 : 2;
    for (std::size_t i = 0; i < tabs.size(); ++i) {
        const std::size_t row = i / columns * columns;
        const auto inRow = static_cast<int>(std::min(columns, tabs.size() - row));
        if (i % columns) ImGui::SameLine();
        // The width of the row's first button is that of all: what is left shrinks as they are placed.
        if (i == row) m_columnWidth = columnWidth(m_metrics, inRow);
        if (choice(tabs[i].second, tabs[i].second, m_columnWidth, m_page == tabs[i].first))
            m_page = tabs[i].first;
    }
}

void Panel::drawSheetButtons(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const float half = columnWidth(m_metrics, 2);
    if (widgets.button(
            {.id = "help", .label = text("sheet.help"), .width = half, .chosen = m_sheet == Sheet::Help}))
        emit(Action::ToggleHelp);
    ImGui::SameLine();
    if (widgets.button(
            {.id = "about", .label = text("sheet.about"), .width = half, .chosen = m_sheet == Sheet::About}))
        emit(Action::ToggleAbout);
}

void Panel::drawPanel(const PanelView& view, const Layout& layout) {
    const Surface surface("panel", layout.panel, m_metrics, Surface::kFilled);
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    if (layout.panel.height < kCompactHeight * m_metrics.scale) {
        // Little room, as on a small screen with large text: all of it scrolls.
        const ScrollArea area("panel-content", {0, 0}, m_metrics);
        drawTabs(view, layout);
        drawPage(view);
        drawSheetButtons(view);
        return;
    }
    widgets.heading(text("app.title"));
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() - m_metrics.gap * 0.75f);
    widgets.smallText(text("app.subtitle"));
    drawTabs(view, layout);
    {
        const float below = m_metrics.target + m_metrics.gap;
        const float height = std::max(m_metrics.target, ImGui::GetContentRegionAvail().y - below);
        const ScrollArea area("page", {0, height}, m_metrics);
        drawPage(view);
    }
    drawSheetButtons(view);
}

void Panel::drawPage(const PanelView& view) {
    switch (m_page) {
    case Page::Move:
        drawMovePage(view);
        break;
    case Page::Body:
        drawBodyPage(view);
        break;
    case Page::Measure:
        drawMeasurePage(view);
        break;
    case Page::Look:
        drawLookPage(view);
        break;
    case Page::View:
        drawViewPage(view);
        break;
    case Page::Readouts:
        drawReadouts(view, 118 * m_metrics.scale);
        break;
    }
}

void Panel::drawMovementList(const PanelView& view, bool bendsAbove) {
    const Widgets widgets(m_metrics, m_fonts);
    const float width = columnWidth(m_metrics, 2);
    int column = 0;
    for (const auto& movement : view.movements) {
        if (movement.bendsAbove != bendsAbove) continue;
        if (column++ % 2) ImGui::SameLine();
        const auto name = view.texts.orElse("movement." + movement.id, movement.name);
        const bool chosen = movement.id == view.settings.movement.movement && !view.settings.contraction;
        if (widgets.button({.id = movement.id, .label = name.c_str(), .width = width, .chosen = chosen}) &&
            !chosen)
            emit("movement", movement.id);
    }
}

void Panel::drawHandPump(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    widgets.smallText(text("move.hand"));
    const bool held = widgets.holdButton({.id = "squeeze",
                                          .label = text("move.squeeze"),
                                          .height = m_metrics.target * 1.25f,
                                          .chosen = view.settings.contraction.value_or(0) > 0});
    if (held != m_squeezing) emit("contraction", held ? "1" : "0");
    m_squeezing = held;
    if (view.settings.contraction)
        widgets.smallText(
            fmt::format("{} {:.0f} {}", text("move.squeezed"), view.squeezedMl, text("unit.ml")).c_str(),
            theme::kAccent);
    widgets.space(0.5f);
}

void Panel::drawMovePage(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const auto& settings = view.settings;
    drawHandPump(view);
    widgets.smallText(text("move.movement"));
    drawMovementList(view, false);
    const auto* movement = findMovement(view);
    widgets.space(0.5f);

    const float pauseWidth = std::floor((ImGui::GetContentRegionAvail().x - m_metrics.gap) * 0.5f);
    if (widgets.button({.id = "pause",
                        .label = settings.paused ? text("move.play") : text("move.pause"),
                        .icon = settings.paused ? Icon::Play : Icon::Pause,
                        .width = pauseWidth,
                        .chosen = settings.paused}))
        emit("paused", settings.paused ? "false" : "true");
    ImGui::SameLine();
    if (widgets.button({.id = "step", .label = text("move.step"), .icon = Icon::Step, .width = pauseWidth}))
        emit(Action::StepOnce);
    widgets.space(0.5f);

    if (movement && movement->cadenceHigh > movement->cadenceLow) {
        const double cadence = settings.movement.cadencePerMinute > 0 ? settings.movement.cadencePerMinute
                                                                      : movement->cadencePerMinute;
        const auto result =
            widgets.slider({.id = "cadence",
                            .label = text("move.cadence"),
                            .valueText = fmt::format("{} {}", shortNumber(cadence), text("unit.per-minute")),
                            .value = static_cast<float>(cadence),
                            .low = static_cast<float>(movement->cadenceLow),
                            .high = static_cast<float>(movement->cadenceHigh),
                            .snap = static_cast<float>(movement->cadencePerMinute)});
        if (result.changed) emit("cadence", commandNumber(result.value, 0.5));
    }
    const double strength = settings.movement.strength;
    const auto strong = widgets.slider({.id = "strength",
                                        .label = text("move.strength"),
                                        .valueText = fmt::format("{:.0f} %", strength * 100),
                                        .value = static_cast<float>(strength),
                                        .low = 0,
                                        .high = 1.5f,
                                        .snap = 1});
    if (strong.changed) emit("strength", commandNumber(strong.value, 0.01));
    const auto speed = widgets.slider({.id = "speed",
                                       .label = text("move.speed"),
                                       .valueText = fmt::format("{:.2g} \xC3\x97", settings.speed),
                                       .value = static_cast<float>(settings.speed),
                                       .low = 0.1f,
                                       .high = 8,
                                       .snap = 1,
                                       .logarithmic = true});
    if (speed.changed) emit("speed", fmt::format("{:.2g}", std::clamp(speed.value, 0.1f, 8.0f)));

    widgets.space(0.5f);
    const bool listed = m_moreMovements || (movement && movement->bendsAbove);
    if (widgets.button({.id = "more-movements",
                        .label = text("move.more"),
                        .width = ImGui::GetContentRegionAvail().x,
                        .chosen = listed}))
        m_moreMovements = !listed;
    if (!listed) return;
    drawMovementList(view, true);
}

void Panel::drawLayerRow(const PanelView& view, std::size_t layer) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& settings = view.settings;
    const std::string id(anatomy::layerId(static_cast<anatomy::Layer>(layer)));
    const bool shown = settings.shown[layer];
    const bool toggled = widgets.button(
        {.id = "eye-" + id, .icon = shown ? Icon::Eye : Icon::EyeShut, .width = m_metrics.target});
    if (toggled) emit("layers." + id, shown ? "0" : shortNumber(std::max(0.05f, settings.opacity[layer])));
    ImGui::SameLine(0, m_metrics.gap * 1.5f);
    const auto name = view.texts.orElse("layer." + id, id);
    const auto result =
        widgets.slider({.id = "opacity-" + id,
                        .label = name.c_str(),
                        .valueText = shown ? fmt::format("{:.0f} %", settings.opacity[layer] * 100)
                                           : view.texts("look.hidden"),
                        .value = shown ? settings.opacity[layer] : 0,
                        .low = 0,
                        .high = 1,
                        .quiet = !shown});
    if (result.changed) emit("layers." + id, commandNumber(result.value, 0.01));
}

void Panel::drawLookPage(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    widgets.smallText(view.texts("look.presets"));
    const float width = columnWidth(m_metrics, 2);
    int column = 0;
    for (const auto& preset : lookPresets()) {
        if (column++ % 2) ImGui::SameLine();
        Settings trial = view.settings;
        applySetting(trial, "layers", preset.id);
        const bool chosen = readSetting(trial, "layers") == readSetting(view.settings, "layers");
        const auto name = view.texts.orElse(fmt::format("look.{}", preset.id), preset.id);
        if (widgets.button({.id = preset.id, .label = name.c_str(), .width = width, .chosen = chosen}))
            emit("layers", std::string(preset.id));
    }
    widgets.space(0.5f);
    widgets.smallText(view.texts("look.overlays"));
    const auto overlay = [&](const char* setting, const char* label, bool on) {
        if (widgets.button({.id = setting, .label = view.texts(label), .width = width, .chosen = on}))
            emit(setting, on ? "false" : "true");
    };
    overlay("effort", "look.effort", view.settings.effort);
    ImGui::SameLine();
    overlay("gravity", "look.gravity", view.settings.gravity);
    widgets.space(0.5f);
    widgets.smallText(view.texts("look.layers"));
    // From the outside inward, as one would take a leg apart.
    using anatomy::Layer;
    constexpr std::array kOrder{
        Layer::Skin,        Layer::Fat,       Layer::Fascia, Layer::Muscles,  Layer::SuperficialVeins,
        Layer::Perforators, Layer::DeepVeins, Layer::Valves, Layer::Arteries, Layer::Nerves,
        Layer::Lymph,       Layer::Bones};
    for (const auto layer : kOrder) {
        const auto index = static_cast<std::size_t>(layer);
        if (view.layersPresent[index]) drawLayerRow(view, index);
    }
}

void Panel::drawViewPage(const PanelView& view) {
    const Widgets widgets(m_metrics, m_fonts);
    const auto& text = view.texts;
    const auto& settings = view.settings;
    widgets.smallText(text("view.views"));
    const float width = columnWidth(m_metrics, 2);
    for (std::size_t i = 0; i < 6; ++i) {
        if (i % 2) ImGui::SameLine();
        const auto name = text.orElse(fmt::format("view.{}", viewNames()[i]), viewNames()[i]);
        if (widgets.button({.id = viewNames()[i], .label = name.c_str(), .width = width}))
            emit("view", std::string(viewNames()[i]));
    }
    if (widgets.button({.id = "reset", .label = text("view.reset"), .icon = Icon::Home}))
        emit(Action::ResetView);
    if (view.canFullscreen && widgets.button({.id = "fullscreen", .label = text("view.fullscreen")}))
        emit(Action::ToggleFullscreen);
    widgets.space(0.5f);

    widgets.smallText(text("view.quality"));
    const auto& levels = findSetting("quality")->choices;
    const float levelWidth = columnWidth(m_metrics, 3);
    int column = 0;
    for (const auto& level : levels) {
        if (column++ % 3) ImGui::SameLine();
        const auto name = text.orElse("quality." + level, level);
        if (widgets.button({.id = "quality-" + level,
                            .label = name.c_str(),
                            .width = levelWidth,
                            .chosen = settings.quality == level}))
            emit("quality", level);
    }
    if (view.framesPerSecond > 0) {
        const std::string note =
            view.qualityInUse.empty()
                ? fmt::format("{:.0f} {}", view.framesPerSecond, text("unit.frames"))
                : fmt::format("{:.0f} {}, {}", view.framesPerSecond, text("unit.frames"), view.qualityInUse);
        widgets.smallText(note.c_str());
    }
    widgets.space(0.5f);
    widgets.smallText(text("view.text-size"));
    constexpr std::array kSizes{1.0, 1.25, 1.5, 2.0};
    const float sizeWidth = columnWidth(m_metrics, static_cast<int>(kSizes.size()));
    for (std::size_t i = 0; i < kSizes.size(); ++i) {
        if (i) ImGui::SameLine();
        const auto name = fmt::format("{:.0f} %", kSizes[i] * 100);
        if (widgets.button({.id = name,
                            .label = name.c_str(),
                            .width = sizeWidth,
                            .chosen = settings.uiScale == kSizes[i]}))
            emit("ui-scale", shortNumber(kSizes[i]));
    }
    widgets.space(0.5f);
    const auto result = widgets.slider({.id = "exaggeration",
                                        .label = text("view.exaggeration"),
                                        .valueText = fmt::format("{:.2g} \xC3\x97", settings.exaggeration),
                                        .value = static_cast<float>(settings.exaggeration),
                                        .low = 1,
                                        .high = 4});
    if (result.changed) emit("exaggeration", commandNumber(result.value, 0.1));
}

} // namespace pump::ui
