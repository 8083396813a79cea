#include "app/TestRun.h"

#include <utility>

namespace pump::app {

void TestRun::start(const physiology::VirtualTest& test, physiology::TestSubject subject) {
    cancel();
    m_result.reset();
    m_conditions = subject.conditions;
    m_thread = std::thread([this, &test, subject = std::move(subject)] {
        try {
            auto result = test.run(subject, [this](double share) {
                m_share = share;
                return !m_stop;
            });
            if (!m_stop) m_fresh = std::move(result);
        } catch (...) {
            m_failure = std::current_exception();
        }
        m_done = true;
    });
}

void TestRun::cancel() {
    if (m_thread.joinable()) {
        m_stop = true;
        m_thread.join();
    }
    m_stop = m_done = false;
    m_share = 0;
    m_fresh.reset();
    m_failure = nullptr;
}

void TestRun::poll(bool wait) {
    if (!m_thread.joinable() || (!wait && !m_done)) return;
    m_thread.join();
    if (m_failure) std::rethrow_exception(std::exchange(m_failure, nullptr));
    if (m_fresh) {
        m_result = std::exchange(m_fresh, std::nullopt);
        m_resultConditions = m_conditions;
    }
    cancel();
}

} // namespace pump::app
