#pragma once

#include "ui/Layout.h"

#include <imgui.h>

namespace pump::ui {

/// A fixed window at a place of the layout; ends with the object.
class Surface {
  public:
    enum class Input { Takes, PassesThrough, TakesInFront };
    static constexpr ImU32 kFilled = 0; ///< of a docked surface: Layout::docked is filled before

    Surface(const char* id, const Rect& rect, const Metrics& metrics, ImU32 colour,
            Input input = Input::Takes, ImVec2 padding = {-1, -1});
    ~Surface();
    Surface(const Surface&) = delete;
    Surface& operator=(const Surface&) = delete;
};

/// A part of a surface whose content may be longer than its place: the wheel or a drag on it moves it, as a
/// finger expects, also when the drag begins on a button (which is then not pressed).
class ScrollArea {
  public:
    ScrollArea(const char* id, ImVec2 size, const Metrics& metrics);
    ~ScrollArea();
    ScrollArea(const ScrollArea&) = delete;
    ScrollArea& operator=(const ScrollArea&) = delete;
};

/// Called by a widget that a drag belongs to, while it is active: the area around it stays where it is.
void holdScroll();
/// The present press has moved the scroll area that it began in, so it presses nothing.
bool scrolledByDrag();

} // namespace pump::ui
