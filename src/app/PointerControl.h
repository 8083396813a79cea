#pragma once

#include "scene/OrbitCamera.h"
#include "ui/InputEvent.h"
#include "ui/Layout.h"

#include <functional>
#include <optional>

namespace pump::app {

/// Turns pointer input over the picture into camera movement and clicks. Left drag turns, right or middle
/// drag or Shift with left drag moves, the wheel comes nearer at the pointer; a press and release at one
/// place is a click. Touching the leg: the left button or a finger presses on it instead of turning it;
/// beside the leg it turns it as ever. Control with the left button touches once.
class PointerControl {
  public:
    struct Place {
        const ui::Rect& picture;
        bool overInterface = false; ///< the panel has the pointer; a drag that began over the picture goes on
        float contentScale = 1;
        bool touches = false;                  ///< the left button presses on the leg
        std::function<bool(glm::vec2)> onSkin; ///< is the leg's skin at this pixel?
    };
    void handle(const ui::InputEvent& event, const Place& place, scene::OrbitCamera& camera);

    /// Pixel that was clicked since the last call, if any.
    std::optional<glm::vec2> takeClick();
    /// Pixel under the pointer while it rests over the picture; nothing while it drags or is elsewhere.
    std::optional<glm::vec2> hover() const;
    /// Pixel at which the leg is being touched.
    std::optional<glm::vec2> touching() const;

  private:
    enum class Drag { None, Turn, Move, Touch };

    void press(const ui::PointerPressed& event, const Place& place);
    void move(glm::vec2 to, float contentScale, scene::OrbitCamera& camera);

    glm::vec2 m_position{-1, -1};
    glm::vec2 m_pressedAt{};
    Drag m_drag = Drag::None;
    ui::PointerButton m_dragButton = ui::PointerButton::Left;
    bool m_moved = false, m_over = false;
    std::optional<glm::vec2> m_click;
};

} // namespace pump::app
