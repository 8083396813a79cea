#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace pump::app {

/// How far long work has come, on standard error: one line that is rewritten on a terminal, a line every few
/// seconds elsewhere; nothing for work that is done before anyone wonders, or with --quiet.
class Progress {
  public:
    Progress(std::string what, std::uint64_t total);
    ~Progress(); ///< ends the line
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void at(std::uint64_t done);

  private:
    using Clock = std::chrono::steady_clock;

    std::string m_what;
    std::uint64_t m_total;
    Clock::time_point m_begin, m_last;
    bool m_terminal, m_wrote = false;
};

/// From its construction on, Ctrl-C asks the work to end instead of ending the program; a second one ends it
/// at once.
class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
    bool asked() const;
};

} // namespace pump::app
