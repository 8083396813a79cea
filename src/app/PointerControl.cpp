#include "app/PointerControl.h"

namespace pump::app {
namespace {
constexpr float kClickPixels = 6; ///< at content scale 1: a finger is never quite still
}

void PointerControl::handle(const ui::InputEvent& event, const Place& place, scene::OrbitCamera& camera) {
    m_over = !place.overInterface;
    if (const auto* moved = std::get_if<ui::PointerMoved>(&event))
        move({moved->x, moved->y}, place.contentScale, camera);
    if (std::holds_alternative<ui::PointerLeft>(event) && m_drag == Drag::None) m_position = {-1, -1};
    if (const auto* pressed = std::get_if<ui::PointerPressed>(&event)) press(*pressed, place);
    if (const auto* wheel = std::get_if<ui::WheelTurned>(&event); wheel && !place.overInterface) {
        const ui::Rect& picture = place.picture;
        if (picture.contains(m_position.x, m_position.y))
            camera.zoomAt(wheel->steps, m_position - glm::vec2{picture.x, picture.y});
        else
            camera.zoom(wheel->steps);
    }
}

void PointerControl::press(const ui::PointerPressed& event, const Place& place) {
    if (event.down && m_drag == Drag::None && !place.overInterface) {
        m_drag = event.button == ui::PointerButton::Left && !event.shift ? Drag::Turn : Drag::Move;
        if (m_drag == Drag::Turn && (place.touches || event.control) && place.onSkin &&
            place.onSkin(m_position))
            m_drag = Drag::Touch;
        m_dragButton = event.button;
        m_pressedAt = m_position;
        m_moved = false;
    } else if (!event.down && m_drag != Drag::None && event.button == m_dragButton) {
        if (!m_moved && m_drag == Drag::Turn) m_click = m_position;
        m_drag = Drag::None;
    }
}

void PointerControl::move(glm::vec2 to, float contentScale, scene::OrbitCamera& camera) {
    const glm::vec2 by = to - m_position;
    m_position = to;
    if (m_drag == Drag::None || m_drag == Drag::Touch) return;
    if (!m_moved) {
        if (glm::length(to - m_pressedAt) < kClickPixels * contentScale) return;
        m_moved = true;
        const glm::vec2 all = to - m_pressedAt;
        m_drag == Drag::Turn ? camera.orbit(all) : camera.pan(all);
        return;
    }
    m_drag == Drag::Turn ? camera.orbit(by) : camera.pan(by);
}

std::optional<glm::vec2> PointerControl::takeClick() {
    const auto click = m_click;
    m_click.reset();
    return click;
}

std::optional<glm::vec2> PointerControl::touching() const {
    if (m_drag != Drag::Touch) return std::nullopt;
    return m_position;
}

std::optional<glm::vec2> PointerControl::hover() const {
    if (m_drag != Drag::None || !m_over || m_position.x < 0) return std::nullopt;
    return m_position;
}

} // namespace pump::app
