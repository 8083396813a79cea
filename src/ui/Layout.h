#pragma once

#include "ui/Theme.h"

#include <array>

namespace pump::ui {

struct Rect {
    float x = 0, y = 0, width = 0, height = 0;

    float right() const { return x + width; }
    float bottom() const { return y + height; }
    bool contains(float px, float py) const { return px >= x && py >= y && px < right() && py < bottom(); }
};

/// Where things stand on the screen, in pixels. The leg's area never meets a docked surface.
struct Layout {
    Rect panel;                   ///< controls, docked at the right; in tall windows at the bottom
    Rect readouts;                ///< figures and traces, docked at the left; empty where they do not fit
    Rect footer;                  ///< the sentence that every screen carries
    Rect leg;                     ///< what is left for the picture
    Rect toolbar;                 ///< zoom, turn, home: over the leg's area, at its right edge
    bool readoutsInPanel = false; ///< too narrow for the left column: the panel has a page for them

    /// Docked surfaces in theme::kPanel. Whoever draws the picture fills them: a plain fill costs a CPU
    /// driver much less than the panel's own, which fetches a texture for every pixel.
    std::array<Rect, 3> docked() const { return {panel, readouts, footer}; }
};

/// `sentence`: width of the footer's words on one line; the footer has as many lines as they need.
Layout layoutFor(float width, float height, const Metrics& metrics, float sentence = 0);

} // namespace pump::ui
