#pragma once

#include "ui/Trace.h"
#include "ui/Widgets.h"

namespace pump::ui {

struct ReadoutDesc {
    const char* label = "";  ///< plain words
    const char* detail = ""; ///< anatomical name, small
    std::string figure;      ///< the present value
    const char* unit = "";
    ImU32 colour = theme::kAccent;
    double leastSpan = 1;  ///< of the plot's axis, in the unit
    bool fromZero = false; ///< the axis always holds zero
};

/// A figure with its unit and the trace of the last seconds under it. Fills the width that is left and takes
/// `height`.
void drawReadout(const Widgets& widgets, const ReadoutDesc& desc, const Trace& trace, float height);

} // namespace pump::ui
