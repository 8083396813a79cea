#include "ui/InputQueue.h"

#include <bitset>

namespace pump::ui {

void InputQueue::push(std::span<const InputEvent> events) {
    m_events.insert(m_events.end(), events.begin(), events.end());
}

std::vector<InputEvent> InputQueue::takeFrame() {
    std::vector<InputEvent> taken;
    std::bitset<3> buttonsChanged;
    std::bitset<static_cast<std::size_t>(Key::Count)> keysChanged;
    bool moved = false;
    while (!m_events.empty()) {
        const InputEvent& event = m_events.front();
        if (const auto* press = std::get_if<PointerPressed>(&event)) {
            const auto button = static_cast<std::size_t>(press->button);
            if (buttonsChanged[button]) break;
            if (!press->down && moved) break; // a drag's last move counts
            buttonsChanged[button] = true;
        } else if (std::holds_alternative<PointerMoved>(event) ||
                   std::holds_alternative<PointerLeft>(event)) {
            if (buttonsChanged.any()) break;
            moved = true;
        } else if (const auto* key = std::get_if<KeyPressed>(&event)) {
            const auto index = static_cast<std::size_t>(key->key);
            if (keysChanged[index] && !key->down) break;
            keysChanged[index] = true;
        }
        taken.push_back(event);
        m_events.pop_front();
    }
    return taken;
}

} // namespace pump::ui
