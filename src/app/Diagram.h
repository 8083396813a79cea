#pragma once

#include "app/Options.h"
#include "core/Image.h"
#include "ui/Chart.h"

namespace pump::app {

/// A diagram as a picture of options.size, drawn by the interface's own widget off screen. Throws
/// Error(Device).
core::Image drawDiagram(const ui::ChartDesc& chart, const Options& options);

} // namespace pump::app
