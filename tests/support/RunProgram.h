#pragma once

#include "support/TemporaryFolder.h"

#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace pump::test {

struct RunDesc {
    std::vector<std::string> arguments;
    std::filesystem::path directory;                ///< to start in; empty: where the test runs
    std::map<std::string, std::string> environment; ///< changes; an empty value removes the variable
    double timeoutS = 120;                          ///< the program is killed then, and the run has failed
};

struct RunResult {
    int code = -1; ///< 128 + signal when it was killed
    bool timedOut = false;
    std::string out, err;
    /// Lines of standard error.
    std::size_t errorLines() const;
};

/// Runs the program under test (second-heart) to its end.
RunResult runProgram(const RunDesc& desc);

/// The program under test while it runs, for tests that use its window.
class RunningProgram {
  public:
    explicit RunningProgram(const RunDesc& desc);
    ~RunningProgram(); ///< kills it if it still runs
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;
    bool running();
    std::string errorSoFar() const; ///< what it wrote to standard error until now
    void interrupt();               ///< as Ctrl-C does
    /// Waits for its end.
    RunResult finish();

  private:
    RunDesc m_desc;
    std::filesystem::path m_out, m_err;
    pid_t m_process = 0;
    int m_status = -1;
    bool m_ended = false;
};

std::string readFile(const std::filesystem::path& path);

} // namespace pump::test
