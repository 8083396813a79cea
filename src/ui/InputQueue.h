#pragma once

#include "ui/InputEvent.h"

#include <deque>
#include <span>
#include <vector>

namespace pump::ui {

/// Hands out input so that a slow frame rate loses nothing: a press and its release, a press and a later
/// move, or a move and a later release never fall into one frame, because an immediate-mode panel reads the
/// state once a frame.
class InputQueue {
  public:
    void push(std::span<const InputEvent> events);
    /// The events for the next frame, in order.
    std::vector<InputEvent> takeFrame();
    bool empty() const { return m_events.empty(); }

  private:
    std::deque<InputEvent> m_events;
};

} // namespace pump::ui
