#include "core/Log.h"

#include <atomic>
#include <cstdio>

namespace pump::core {
namespace {
std::atomic<LogLevel> currentLevel{LogLevel::Info};
}

void setLogLevel(LogLevel level) {
    currentLevel = level;
}
LogLevel logLevel() {
    return currentLevel;
}

void logLine(LogLevel level, std::string_view message) {
    const char* prefix = level == LogLevel::Warning ? "warning: " : "";
    fmt::print(stderr, "{}{}\n", prefix, message);
}

} // namespace pump::core
