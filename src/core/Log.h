#pragma once

#include <fmt/format.h>

#include <string_view>

namespace pump::core {

enum class LogLevel { Quiet, Warning, Info, Debug };

/// Messages at or above `level` go to standard error, one line each. Default: Info.
void setLogLevel(LogLevel level);
LogLevel logLevel();
void logLine(LogLevel level, std::string_view message);

template <typename... Args>
void logInfo(fmt::format_string<Args...> format, Args&&... args) {
    if (logLevel() >= LogLevel::Info)
        logLine(LogLevel::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void logWarning(fmt::format_string<Args...> format, Args&&... args) {
    if (logLevel() >= LogLevel::Warning)
        logLine(LogLevel::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void logDebug(fmt::format_string<Args...> format, Args&&... args) {
    if (logLevel() >= LogLevel::Debug)
        logLine(LogLevel::Debug, fmt::format(format, std::forward<Args>(args)...));
}

} // namespace pump::core
