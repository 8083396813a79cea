#pragma once

#include <cstdlib>
#include <string>

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace pump::test {

/// A display to open windows on: the one that is there or, without one, a virtual one (Xvfb) for the time of
/// this object.
class TestDisplay {
  public:
    TestDisplay() {
        if (const char* name = std::getenv("DISPLAY"); name && *name) {
            m_available = true;
            return;
        }
        start();
    }
    TestDisplay(const TestDisplay&) = delete;
    TestDisplay& operator=(const TestDisplay&) = delete;
    ~TestDisplay() {
        if (m_server <= 0) return;
        ::kill(m_server, SIGTERM);
        ::waitpid(m_server, nullptr, 0);
        ::unsetenv("DISPLAY");
    }
    /// False: no display, and Xvfb is not installed or did not start.
    bool available() const { return m_available; }

  private:
    void start() {
        int ends[2];
        if (::pipe(ends) != 0) return;
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1],
                                         9); // -displayfd 9: the server tells its number there
        posix_spawn_file_actions_addclose(&actions, ends[0]);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        std::string arguments[] = {"Xvfb", "-displayfd",   "9",         "-screen",
                                   "0",    "1600x1200x24", "-nolisten", "tcp"};
        char* argv[9] = {};
        for (int i = 0; i < 8; ++i) argv[i] = arguments[i].data();
        const int started = ::posix_spawnp(&m_server, "Xvfb", &actions, nullptr, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        std::string number;
        if (started == 0) {
            constexpr int kStartMs = 15'000;
            pollfd ready{ends[0], POLLIN, 0};
            char c = 0;
            while (::poll(&ready, 1, kStartMs) > 0 && ::read(ends[0], &c, 1) == 1 && c != '\n') number += c;
        } else {
            m_server = 0;
        }
        ::close(ends[0]);
        if (number.empty()) return;
        ::setenv("DISPLAY", (":" + number).c_str(), 1);
        m_available = true;
    }

    pid_t m_server = 0;
    bool m_available = false;
};

} // namespace pump::test
