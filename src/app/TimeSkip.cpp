#include "app/TimeSkip.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace pump::app {

bool PulsedCuffs::any() const {
    return std::any_of(m_settings.cuffs.begin(), m_settings.cuffs.end(),
                       [](const ui::Cuff& cuff) { return cuff.pulsed; });
}

void PulsedCuffs::follow(physiology::Simulation& simulation) {
    if (!any()) return;
    constexpr double kEveryS = 0.02; // fine enough for a rise of half a second
    const double time = simulation.snapshot().timeS;
    if (time < m_nextS - 1e-9 && time > m_nextS - 2 * kEveryS) return;
    m_nextS = time + kEveryS;
    auto body = simulation.settings().body;
    auto bands = ui::bandsAt(m_settings.cuffs, time);
    const auto same = [](const physiology::PressureBand& a, const physiology::PressureBand& b) {
        return a.profile == b.profile && a.depth == b.depth;
    };
    if (std::equal(bands.begin(), bands.end(), body.bands.begin(), body.bands.end(), same)) return;
    body.bands = std::move(bands);
    simulation.setBody(body);
}

void skipTime(physiology::Simulation& simulation, PulsedCuffs& cuffs, double seconds,
              const std::function<bool(double)>& progress) {
    if (!cuffs.any()) {
        simulation.fastForward(seconds, progress);
        return;
    }
    const double stepS = simulation.settings().stepS;
    const auto steps = static_cast<std::uint64_t>(std::llround(seconds / stepS));
    for (std::uint64_t i = 1; i <= steps; ++i) {
        cuffs.follow(simulation);
        simulation.step();
        if (i % 256 == 0 && !progress(static_cast<double>(i) / static_cast<double>(steps))) return;
    }
}

} // namespace pump::app
