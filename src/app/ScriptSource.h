#pragma once

#include "app/Script.h"

#include <cstdint>

namespace pump::app {

struct ScriptSourceDesc {
    PixelSize size;
    double framesPerSecond = 25;
    double warmUpS = 0;             ///< simulated before the first frame is kept
    std::uint64_t frames = 1;       ///< kept frames; 0: until the script ends
    std::uint64_t settleFrames = 0; ///< frames in which no time passes, after the last: they refine a still
    Script script;                  ///< may have no events
};

/// Frames at a fixed rate with scripted events: what makes pictures and tests, the same each time.
class ScriptSource final : public FrameSource {
  public:
    explicit ScriptSource(ScriptSourceDesc desc);
    std::optional<FrameTick> next() override;
    std::uint64_t warmUpFrames() const { return m_warmUp; }
    std::uint64_t keptFrames() const { return m_total - m_warmUp; }
    /// Frames that will be delivered in all.
    std::uint64_t frames() const { return m_total + m_desc.settleFrames; }

  private:
    ScriptSourceDesc m_desc;
    std::uint64_t m_frame = 0, m_warmUp = 0, m_total = 0;
    std::size_t m_nextEvent = 0;
};

} // namespace pump::app
