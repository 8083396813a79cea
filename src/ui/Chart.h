#pragma once

#include "ui/Recorder.h"
#include "ui/Widgets.h"

#include <optional>
#include <string>
#include <vector>

namespace pump::ui {

struct ChartCurve {
    std::string name; ///< in the legend; "": none
    ImU32 colour = theme::kAccent;
    Curve points; ///< x in s
};

/// A range that is worth comparing with, as a faint band.
struct ChartRange {
    double low = 0, high = 0;
    std::string name;
};

/// A stretch of time in which something went on, as a faint column.
struct ChartStretch {
    double fromS = 0, toS = 0;
    std::string name; ///< "": none
};

/// A diagram over time with axes, units, legend and source. The same in the panel and in pictures.
struct ChartDesc {
    std::string title;  ///< "": none
    std::string yLabel; ///< what is drawn, with its unit
    std::string source; ///< a line under the diagram; "": none
    std::vector<ChartCurve> curves;
    std::vector<ChartRange> ranges;
    std::vector<ChartStretch> stretches;
    double fromS = 0, toS = 0; ///< ends of the time axis; equal: those of the curves
    double zeroS = 0;          ///< what the time axis counts from
    double leastSpan = 1;      ///< of the vertical axis
    bool fromZero = false;     ///< it always holds zero
    std::string timeNames[3];  ///< label of the time axis in seconds, minutes, hours
};

/// 1, 2, 2.5 or 5 times a power of ten; Whole: without 2.5, as time is told.
enum class TickSteps : std::uint8_t { Any, Whole };
/// The distance at which at most `most` steps fill [low, high].
double tickStep(double low, double high, int most, TickSteps steps);
/// Multiples of that step from `low` to `high`.
std::vector<double> axisTicks(double low, double high, int most, TickSteps steps = TickSteps::Any);
/// Divisor and index into timeNames for a span of so many seconds: seconds below 5 min, minutes below 2 h.
struct TimeUnit {
    double seconds = 1;
    std::size_t name = 0;
};
TimeUnit timeUnitFor(double spanS);

/// Colours that also differ in lightness, for the curves of one diagram in their order.
ImU32 curveColour(std::size_t index);

/// At the cursor of the current window; takes `size`.
void drawChart(const Widgets& widgets, const ChartDesc& desc, ImVec2 size);

} // namespace pump::ui
