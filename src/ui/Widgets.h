#pragma once

#include "ui/Theme.h"

#include <string>
#include <string_view>

namespace pump::ui {

/// Pictures on buttons, drawn with lines so that they are sharp at any scale.
enum class Icon {
    None,
    Play,
    Pause,
    Step,
    Plus,
    Minus,
    TurnLeft,
    TurnRight,
    Home,
    Eye,
    EyeShut,
    Cross,
    Finger
};

struct ButtonDesc {
    std::string_view id;         ///< unique in its window
    const char* label = nullptr; ///< nullptr: icon only
    Icon icon = Icon::None;
    float width = 0;  ///< 0: what is left of the line
    float height = 0; ///< 0: the target height
    bool chosen = false;
};

/// The widgets of the panel. All of them are at least Metrics::target high and work by press alone.
class Widgets {
  public:
    Widgets(const Metrics& metrics, const Fonts& fonts) : m_metrics(metrics), m_fonts(fonts) {}

    /// True when it is let go, unless the content was dragged meanwhile. A label that does not fit is written
    /// smaller.
    bool button(const ButtonDesc& desc) const;
    /// True as long as it is held down.
    bool holdButton(const ButtonDesc& desc) const;
    /// A bar that fills as work goes on, with words on it.
    void progress(double share, const char* words) const;

    struct SliderDesc {
        std::string_view id;
        const char* label = "";
        std::string valueText;
        float value = 0, low = 0, high = 1;
        float snap = 0; ///< a value that the knob settles on when near; 0: none
        bool logarithmic = false;
        bool quiet = false; ///< drawn faint: the thing it sets is hidden
        float width = 0;
    };
    struct SliderResult {
        bool changed = false;
        float value = 0;
    };
    /// A label line with the value at its right, then a track. A press anywhere on the track moves the knob.
    SliderResult slider(const SliderDesc& desc) const;

    void text(const char* text, ImU32 colour = theme::kText) const;
    void smallText(const char* text, ImU32 colour = theme::kTextQuiet) const; ///< wrapped
    void heading(const char* text) const;
    void space(float gaps = 1) const;

    const Metrics& metrics() const { return m_metrics; }
    const Fonts& fonts() const { return m_fonts; }

  private:
    struct Press {
        bool pressed = false, held = false;
    };
    Press drawButton(const ButtonDesc& desc) const;

    const Metrics& m_metrics;
    const Fonts& m_fonts;
};

void drawIcon(ImDrawList& list, Icon icon, ImVec2 centre, float size, ImU32 colour);

} // namespace pump::ui
