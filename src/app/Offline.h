#pragma once

#include "app/Options.h"
#include "app/Script.h"

#include <cstdint>
#include <filesystem>

namespace pump::app {

/// One piece of work without a window.
struct OfflineDesc {
    Options options;
    std::filesystem::path output; ///< still, sequence or clip by its name; may be empty with a script
    double startS = 0;            ///< simulated before the first picture, s
    double framesPerSecond = 25;
    std::uint64_t frames = 1;
    std::uint64_t strip = 0; ///< so many of the frames side by side in one picture; 0: each its own
    bool panel = false;
    Script script; ///< may have no events
};

/// Makes pictures. Says on standard output what it made. Throws Error of every kind.
void renderOffline(const OfflineDesc& desc);

} // namespace pump::app
