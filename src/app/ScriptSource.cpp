#include "app/ScriptSource.h"

#include <algorithm>
#include <cmath>

namespace pump::app {

ScriptSource::ScriptSource(ScriptSourceDesc desc) : m_desc(std::move(desc)) {
    const double fps = m_desc.framesPerSecond;
    m_warmUp = static_cast<std::uint64_t>(std::llround(m_desc.warmUpS * fps));
    auto kept = m_desc.frames;
    if (!m_desc.script.events.empty()) {
        // An event at time t belongs to the first frame at or after t; the frame after the last event shows
        // it.
        const auto scripted = static_cast<std::uint64_t>(std::ceil(m_desc.script.endS * fps - 1e-9)) + 1;
        kept = kept == 0 ? scripted : std::max(kept, scripted);
    }
    m_total = m_warmUp + std::max<std::uint64_t>(1, kept);
}

std::optional<FrameTick> ScriptSource::next() {
    if (m_frame >= frames()) return std::nullopt;
    FrameTick tick;
    const bool settling = m_frame >= m_total;
    tick.seconds = m_frame == 0 || settling ? 0 : 1 / m_desc.framesPerSecond;
    if (m_frame >= m_warmUp && !settling) {
        const double now = static_cast<double>(m_frame - m_warmUp) / m_desc.framesPerSecond;
        const auto& events = m_desc.script.events;
        for (; m_nextEvent < events.size() && events[m_nextEvent].atS <= now + 1e-9; ++m_nextEvent) {
            const auto& event = events[m_nextEvent];
            tick.commands.insert(tick.commands.end(), event.commands.begin(), event.commands.end());
            tick.events.insert(tick.events.end(), event.input.begin(), event.input.end());
            if (event.size) m_desc.size = *event.size;
            if (!event.picture.empty()) tick.pictures.push_back(event.picture);
            if (event.expectation) tick.expectations.push_back(*event.expectation);
            if (event.end) m_total = m_frame + 1;
        }
    }
    tick.width = m_desc.size.width;
    tick.height = m_desc.size.height;
    ++m_frame;
    return tick;
}

} // namespace pump::app
