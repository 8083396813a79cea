#pragma once

#include "physiology/VirtualTest.h"

#include <atomic>
#include <exception>
#include <optional>
#include <string>
#include <thread>

namespace pump::app {

/// A virtual test that runs on a leg of its own in a thread of its own, so that the picture goes on. One at a
/// time; a new one replaces what was there.
class TestRun {
  public:
    TestRun() = default;
    ~TestRun() { cancel(); }
    TestRun(const TestRun&) = delete;
    TestRun& operator=(const TestRun&) = delete;

    void start(const physiology::VirtualTest& test, physiology::TestSubject subject);
    /// Stops the work and forgets it; a result that is there stays.
    void cancel();
    bool running() const { return m_thread.joinable() && !m_done; }
    double share() const { return m_share; } ///< done, 0-1
    /// Takes over a result that has come since the last call. `wait`: for the end, if need be. Throws
    /// core::Error when the test failed.
    void poll(bool wait);

    const std::optional<physiology::TestResult>& result() const { return m_result; }
    /// Whose leg the result is of.
    const std::vector<physiology::ConditionChoice>& conditions() const { return m_resultConditions; }

  private:
    std::thread m_thread;
    std::atomic<bool> m_stop{false}, m_done{false};
    std::atomic<double> m_share{0};
    // Written by the thread before m_done, read after it was joined.
    std::optional<physiology::TestResult> m_fresh;
    std::exception_ptr m_failure;
    std::vector<physiology::ConditionChoice> m_conditions;

    std::optional<physiology::TestResult> m_result;
    std::vector<physiology::ConditionChoice> m_resultConditions;
};

} // namespace pump::app
