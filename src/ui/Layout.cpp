#include "ui/Layout.h"

#include <algorithm>
#include <cmath>

namespace pump::ui {

namespace {

/// Words break where they may, not where the line ends: a line holds a little less than its width.
float footerHeight(float width, const Metrics& metrics, float sentence) {
    const float line = std::max((width - 2 * metrics.padding) * 0.88f, 1.0f);
    const float lines =
        std::clamp(sentence > width - 2 * metrics.padding ? std::ceil(sentence / line) : 1.0f, 1.0f, 5.0f);
    return std::round(metrics.small * lines + metrics.gap * 1.5f);
}

} // namespace

Layout layoutFor(float width, float height, const Metrics& metrics, float sentence) {
    const float s = metrics.scale;
    const bool tall = height > width * 1.15f;
    Layout layout;
    if (tall) {
        // Controls below the picture: the hand does not cover the leg, and a seated visitor reaches them.
        const float panelHeight = std::round(std::min(520.0f * s, height * 0.5f));
        layout.panel = {0, height - panelHeight, width, panelHeight};
        const float footer = footerHeight(width, metrics, sentence);
        layout.footer = {0, layout.panel.y - footer, width, footer};
        layout.leg = {0, 0, width, layout.footer.y};
        layout.readoutsInPanel = true;
    } else {
        const float panelWidth = std::round(std::min(336.0f * s, width * 0.5f));
        const float readoutWidth = std::round(248.0f * s);
        layout.readoutsInPanel = width - panelWidth - readoutWidth < 380.0f * s || height < 480.0f * s;
        const float left = layout.readoutsInPanel ? 0.0f : readoutWidth;
        layout.panel = {width - panelWidth, 0, panelWidth, height};
        const float footer = footerHeight(width - panelWidth, metrics, sentence);
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
