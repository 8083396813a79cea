#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace pump::core {

/// What went wrong, which is also the program's exit code.
enum class ErrorKind {
    Usage = 1,  ///< an option, a script line or an output path that cannot be used
    Device = 2, ///< no usable Vulkan device, or the device was lost
    Asset = 3,  ///< a missing or broken file: table, mesh, movement, shader
    Script = 4, ///< an assertion in a script did not hold
};

/// The only exception type that crosses a module's border. The message is one line: what failed, on which
/// file or device, with which value, and what to do about it.
class Error : public std::runtime_error {
  public:
    Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), m_kind(kind) {}

    template <typename... Args>
    Error(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args)
        : std::runtime_error(fmt::format(format, std::forward<Args>(args)...)), m_kind(kind) {}

    ErrorKind kind() const noexcept { return m_kind; }
    int exitCode() const noexcept { return static_cast<int>(m_kind); }

  private:
    ErrorKind m_kind;
};

} // namespace pump::core
