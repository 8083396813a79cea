#include "support/RunProgram.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <stdlib.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace pump::test {
namespace {

[[noreturn]] void becomeProgram(const RunDesc& desc, const std::filesystem::path& out,
                                const std::filesystem::path& err) {
    if (!desc.directory.empty() && chdir(desc.directory.c_str()) != 0) _exit(126);
    for (const auto& [name, value] : desc.environment) {
        if (value.empty())
            unsetenv(name.c_str());
        else
            setenv(name.c_str(), value.c_str(), 1);
    }
    const int outFile = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int errFile = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int none = ::open("/dev/null", O_RDONLY);
    dup2(none, STDIN_FILENO);
    dup2(outFile, STDOUT_FILENO);
    dup2(errFile, STDERR_FILENO);
    std::vector<char*> arguments{const_cast<char*>(PUMP_PROGRAM)};
    for (const auto& argument : desc.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    execv(PUMP_PROGRAM, arguments.data());
    _exit(127);
}

} // namespace

std::size_t RunResult::errorLines() const {
    return static_cast<std::size_t>(std::count(err.begin(), err.end(), '\n'));
}

std::string readFile(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

RunningProgram::RunningProgram(const RunDesc& desc) : m_desc(desc) {
    static int count = 0;
    const auto base = std::filesystem::temp_directory_path() /
                      ("second-heart-run-" + std::to_string(getpid()) + "-" + std::to_string(++count));
    m_out = base.string() + ".out";
    m_err = base.string() + ".err";
    m_process = fork();
    if (m_process < 0) throw std::runtime_error("fork failed");
    if (m_process == 0) becomeProgram(m_desc, m_out, m_err);
}

RunningProgram::~RunningProgram() {
    if (running()) {
        kill(m_process, SIGKILL);
        waitpid(m_process, &m_status, 0);
    }
    std::error_code error;
    std::filesystem::remove(m_out, error);
    std::filesystem::remove(m_err, error);
}

bool RunningProgram::running() {
    if (!m_ended) m_ended = waitpid(m_process, &m_status, WNOHANG) == m_process;
    return !m_ended;
}

std::string RunningProgram::errorSoFar() const {
    return readFile(m_err);
}

void RunningProgram::interrupt() {
    if (running()) kill(m_process, SIGINT);
}

RunResult RunningProgram::finish() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(m_desc.timeoutS);
    RunResult result;
    while (running()) {
        if (std::chrono::steady_clock::now() > end && !result.timedOut) {
            result.timedOut = true;
            kill(m_process, SIGKILL);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    result.code = WIFEXITED(m_status) ? WEXITSTATUS(m_status) : 128 + WTERMSIG(m_status);
    result.out = readFile(m_out);
    result.err = readFile(m_err);
    return result;
}

RunResult runProgram(const RunDesc& desc) {
    return RunningProgram(desc).finish();
}

} // namespace pump::test
