#pragma once

#include "physiology/Massage.h"
#include "physiology/Simulation.h"
#include "physiology/VirtualTest.h"
#include "ui/Chart.h"
#include "ui/Command.h"
#include "ui/Layout.h"
#include "ui/Plot.h"
#include "ui/Settings.h"
#include "ui/TextTable.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pump::ui {

/// The part under the pointer or chosen by a click.
struct PartCard {
    std::string plain;   ///< words for visitors
    std::string latin;   ///< anatomical name
    std::string purpose; ///< one sentence
    std::string state;   ///< what it does right now, with a unit; may be empty
    bool selected = false;
};

/// What a finger on the leg does.
struct TouchReading {
    double heightMm = 0; ///< above the sole
    double pressureMmHg = 0, depthMm = 0;
};

/// What the calf is doing, in the three words of the story that the caption tells.
enum class PumpPhase : std::uint8_t { Idle, Squeezing, Refilling };

struct Traces {
    Trace pressure, flow, volume, valves;
};

/// The virtual test that runs or ran last.
struct TestView {
    bool running = false;
    double share = 0;                                        ///< done, 0-1
    const physiology::TestResult* result = nullptr;          ///< nullptr: none yet
    std::span<const physiology::ConditionChoice> conditions; ///< of the leg that the result is of
};

/// Lines of the About page that come from the data and the machine, not from the text table.
struct AboutFacts {
    std::string version;
    std::string credit; ///< licence line of the leg
    std::string device;
    std::vector<std::string> libraries; ///< "Dear ImGui 1.86" ...
};

/// All the panel may see. References must outlive the call only.
struct PanelView {
    const Settings& settings;
    const TextTable& texts;
    std::span<const physiology::MovementInfo> movements;
    const physiology::SimSnapshot& snapshot;
    const Traces& traces;
    std::span<const physiology::Condition> conditions;
    std::span<const physiology::Posture> postures;
    std::span<const physiology::Stocking> stockings;
    std::span<const physiology::Segment> segments;
    std::span<const physiology::TissueBed> tissueBeds; ///< in the order of snapshot.tissue
    const Recorder* recorder = nullptr;
    double skipTotalS = 0;  ///< of the fast-forward of which settings.fastForwardS is left
    double squeezedMl = 0;  ///< pressed out of the calf by the last squeeze by hand
    bool stateKept = false; ///< there is a moment to go back to
    TestView test;
    std::array<bool, anatomy::kLayerCount> layersPresent{};
    std::optional<PartCard> part;
    std::span<const physiology::Massage> massages;
    std::optional<TouchReading> touch; ///< nothing: no finger presses
    bool skinIllustrated = false;      ///< colours or winding veins that no computation produced
    PumpPhase phase = PumpPhase::Idle;
    double keptSpeed =
        1; ///< time factor that the machine really keeps; below settings.speed: steps were dropped
    std::string qualityInUse; ///< id of the level when quality is automatic, else empty
    double framesPerSecond = 0;
    bool canFullscreen = false;
    const AboutFacts& about;
};

/// What is drawn over the picture: controls, read-outs, notices, the part's card, help and about. Sees a
/// const view, gives back commands, keeps only what belongs to itself (the open page).
class Panel {
  public:
    Panel(const Metrics& metrics, const Fonts& fonts) : m_metrics(metrics), m_fonts(fonts) {}

    /// After a change of the content scale.
    void restyle(const Metrics& metrics, const Fonts& fonts) {
        m_metrics = metrics;
        m_fonts = fonts;
    }
    /// Between ImGui::NewFrame and ImGui::Render.
    std::vector<Command> draw(const PanelView& view, const Layout& layout);

    void toggleHelp();
    void toggleAbout();
    void togglePlot();
    /// Closes an open sheet; false when there was none.
    bool closeSheet();
    bool sheetOpen() const { return m_sheet != Sheet::None; }
    /// "move", "body", "measure", "look", "view" or "readouts".
    std::string_view page() const;

  private:
    enum class Page { Move, Body, Measure, Look, View, Readouts };
    enum class BodyPart { Posture, Health, Outside, Time };
    enum class MeasurePart { Plot, Tests };
    enum class Sheet { None, Help, About, Plot };

    void drawPanel(const PanelView& view, const Layout& layout);
    void drawPage(const PanelView& view);
    void drawMovePage(const PanelView& view);
    void drawHandPump(const PanelView& view);
    void drawMovementList(const PanelView& view, bool bendsAbove);
    void drawLookPage(const PanelView& view);
    void drawLayerRow(const PanelView& view, std::size_t layer);
    void drawViewPage(const PanelView& view);
    void drawBodyPage(const PanelView& view);
    void drawPosturePart(const PanelView& view);
    void drawHealthPart(const PanelView& view);
    void drawConditionRow(const PanelView& view, const physiology::Condition& condition);
    void drawOutsidePart(const PanelView& view);
    void drawCuff(const PanelView& view, const CuffPlace& place);
    void drawTimePart(const PanelView& view);
    void drawMeasurePage(const PanelView& view);
    void drawPlotPart(const PanelView& view);
    void drawVeinList(const PanelView& view);
    void drawTestsPart(const PanelView& view);
    void drawTestResult(const PanelView& view, float chartHeight);
    ChartDesc veinChart(const PanelView& view) const;
    void drawTabs(const PanelView& view, const Layout& layout);
    void drawSheetButtons(const PanelView& view);
    void drawReadouts(const PanelView& view, float height);
    void drawReadoutColumn(const PanelView& view, const Layout& layout);
    void drawFooter(const PanelView& view, const Layout& layout);
    void drawToolbar(const PanelView& view, const Layout& layout);
    void drawTouchTray(const PanelView& view, const Layout& layout);
    void drawMassages(const PanelView& view);
    void drawNotices(const PanelView& view, const Layout& layout);
    void drawCaption(const PanelView& view, const Layout& layout);
    void drawPartCard(const PanelView& view, const Layout& layout);
    void drawSheet(const PanelView& view, const Layout& layout);
    void drawHelpSheet(const PanelView& view);
    void drawAboutSheet(const PanelView& view);
    void drawPlotSheet(const PanelView& view);
    /// A button of a choice; true when it was pressed and is not chosen yet.
    bool choice(std::string_view id, const std::string& label, float width, bool chosen);
    void emit(std::string_view id, std::string value);
    void emit(Action action);

    Metrics m_metrics;
    Fonts m_fonts;
    Page m_page = Page::Move;
    BodyPart m_bodyPart = BodyPart::Posture;
    MeasurePart m_measurePart = MeasurePart::Plot;
    float m_columnWidth = 0;
    bool m_veinsListed = false;   ///< the list of veins is open
    bool m_squeezing = false;     ///< the button of the hand pump is held
    bool m_moreMovements = false; ///< those are listed too whose posture the picture does not take
    Sheet m_sheet = Sheet::None;
    std::vector<Command> m_commands;
};

} // namespace pump::ui
