#pragma once

#include "ui/InputEvent.h"
#include "ui/Theme.h"

#include <imgui.h>

#include <span>

namespace pump::ui {

/// Owns the Dear ImGui context, its fonts and theme, and feeds it input. One may exist at a time (a limit of
/// the library). Knows no window and no graphics device.
class Context {
  public:
    explicit Context(float contentScale);
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    /// New content scale: rebuilds fonts and theme. True when it differed; the font texture must be uploaded
    /// again then.
    bool setContentScale(float contentScale);

    /// Starts a frame of `seconds` with a display of that many pixels. Events must come from one InputQueue.
    void beginFrame(float width, float height, double seconds, std::span<const InputEvent> events);
    /// Ends it; the result is valid until the next beginFrame.
    ImDrawData* endFrame();

    bool wantsPointer() const { return ImGui::GetIO().WantCaptureMouse; }
    const Metrics& metrics() const { return m_metrics; }
    const Fonts& fonts() const { return m_fonts; }
    /// Pixels of the words on one line in the small font.
    float smallWidth(const char* words) const {
        return m_fonts.small->CalcTextSizeA(m_fonts.small->FontSize, 1e6f, 0, words).x;
    }

  private:
    void build(float contentScale);

    ImGuiContext* m_context;
    Metrics m_metrics;
    Fonts m_fonts;
};

} // namespace pump::ui
