#include "ui/Layout.h"

#include <algorithm>
#include <cmath>

namespace pump::ui {

Layout layoutFor(float width, float height, const Metrics& metrics) {
    const float s = metrics.scale;
    const bool tall = height > width * 1.15f;
    Layout layout;
    const float footer = std::round(metrics.small + metrics.gap * 1.5f);
    if (tall) {
        // Controls below the picture: the hand does not cover the leg, and a seated visitor reaches them.
        const float panelHeight = std::round(std::min(520.0f * s, height * 0.5f));
        layout.panel = {0, height - panelHeight, width, panelHeight};
        layout.footer = {0, layout.panel.y - footer, width, footer};
        layout.leg = {0, 0, width, layout.footer.y};
        layout.readoutsInPanel = true;
    } else {
        const float panelWidth = std::round(std::min(336.0f * s, width * 0.5f));
        const float readoutWidth = std::round(248.0f * s);
        layout.readoutsInPanel = width - panelWidth - readoutWidth < 380.0f * s || height < 480.0f * s;
        const float left = layout.readoutsInPanel ? 0.0f : readoutWidth;
        layout.panel = {width - panelWidth, 0, panelWidth, height};
        layout.footer = {0, height - footer, width - panelWidth, footer};
        if (!layout.readoutsInPanel) layout.readouts = {0, 0, readoutWidth, height - footer};
        layout.leg = {left, 0, width - panelWidth - left, height - footer};
    }
    const float bar = metrics.target + metrics.gap * 2;
    const float barHeight = std::min(layout.leg.height, 6 * metrics.target + 7 * metrics.gap);
    layout.toolbar = {layout.leg.right() - bar, layout.leg.bottom() - barHeight, bar, barHeight};
    return layout;
}

} // namespace pump::ui
