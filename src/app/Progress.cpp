#include "app/Progress.h"

#include "core/Log.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace pump::app {
namespace {

// A signal handler can reach nothing but an object of static storage.
volatile std::sig_atomic_t interrupted = 0;

void onInterrupt(int) {
    interrupted = 1;
    std::signal(SIGINT, SIG_DFL);
}

} // namespace

Progress::Progress(std::string what, std::uint64_t total)
    : m_what(std::move(what)),
      m_total(total),
      m_begin(Clock::now()),
      m_last(m_begin),
      m_terminal(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (m_wrote && m_terminal) std::fputc('\n', stderr);
}

void Progress::at(std::uint64_t done) {
    if (core::logLevel() < core::LogLevel::Info || m_total == 0) return;
    const auto now = Clock::now();
    const double sinceLast = std::chrono::duration<double>(now - m_last).count();
    if (sinceLast < (m_terminal ? (m_wrote ? 0.2 : 1.0) : 5.0)) return;
    m_last = now;
    m_wrote = true;
    const double elapsed = std::chrono::duration<double>(now - m_begin).count();
    const double left =
        done > 0 ? elapsed / static_cast<double>(done) * static_cast<double>(m_total - done) : 0;
    const auto line = fmt::format("{}: {} of {}, {:.0f} %, about {:.0f} s left", m_what, done, m_total,
                                  100.0 * static_cast<double>(done) / static_cast<double>(m_total), left);
    std::fprintf(stderr, m_terminal ? "\r%s   " : "%s\n", line.c_str());
    std::fflush(stderr);
}

InterruptGuard::InterruptGuard() {
    interrupted = 0;
    std::signal(SIGINT, onInterrupt);
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, SIG_DFL);
}

bool InterruptGuard::asked() const {
    return interrupted != 0;
}

} // namespace pump::app
