#include "render/Quality.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pump::render {

namespace {

using anatomy::DetailLevel;

constexpr std::array<std::pair<QualityLevel, std::string_view>, 4> kLevels{{
    {QualityLevel::Low, "low"},
    {QualityLevel::Medium, "medium"},
    {QualityLevel::High, "high"},
    {QualityLevel::Ultra, "ultra"},
}};

/// A step of the controller, and how much dearer a frame of the next one is.
struct Step {
    QualitySettings settings;
    double rise = 2;
};

// From the cheapest to the dearest. On a CPU driver most of a frame depends on neither the resolution nor the
// cells (measured, two cores: 25 ms the first, 36 ms the fifth), so a picture stays sharp as long as it can.
constexpr std::array<Step, 7> kSoftwareSteps{{
    {{Tier::Software, DetailLevel::Low, 8192, 1, 0.6f, true, 16}, 1.2},
    {{Tier::Software, DetailLevel::Low, 16384, 1, 0.8f, true, 16}, 1.1},
    {{Tier::Software, DetailLevel::Low, 16384, 1, 1.0f, true, 16}, 1.1},
    {{Tier::Software, DetailLevel::Low, 32768, 1, 1.0f, true, 16}, 1.15},
    {{Tier::Software, DetailLevel::Low, 65536, 1, 1.0f, true, 16}, 2.2},
    {{Tier::Software, DetailLevel::Middle, 65536, 1, 1.0f, true, 16}, 2},
    {{Tier::Software, DetailLevel::High, 131072, 1, 1.0f, true, 32}},
}};
constexpr std::array<Step, 7> kGpuSteps{{
    {{Tier::Gpu, DetailLevel::Low, 65536, 1, 0.6f, true, 16}},
    {{Tier::Gpu, DetailLevel::Low, 65536, 1, 1.0f, true, 16}},
    {{Tier::Gpu, DetailLevel::Middle, 131072, 1, 1.0f, true, 16}},
    {{Tier::Gpu, DetailLevel::Middle, 131072, 4, 1.0f, true, 16}},
    {{Tier::Gpu, DetailLevel::High, 262144, 4, 1.0f, true, 16}},
    {{Tier::Gpu, DetailLevel::High, 524288, 4, 1.0f, true, 16}},
    {{Tier::Gpu, DetailLevel::High, 1048576, 4, 1.0f, true, 16}},
}};
constexpr int kSteps = 7;

/// Where the four levels lie among the steps.
int stepOf(QualityLevel level, bool software) {
    constexpr std::array<int, 4> kSoftware{2, 4, 5, 6};
    constexpr std::array<int, 4> kGpu{1, 3, 4, 6};
    return (software ? kSoftware : kGpu)[static_cast<std::size_t>(level)];
}

constexpr int kSettleFrames = 4;  // after a change: buffers and caches are new
constexpr int kDecideFrames = 24; // frames that a decision rests on
constexpr double kTooSlow = 1.12; // of the goal
/// A blurred picture is worse than one that is late: fewer pixels only where the frames take this much of the
/// goal.
constexpr double kFarTooSlow = 1.7;
constexpr double kRoom = 0.95; // of what is too slow: that much the step above may need

const std::array<Step, kSteps>& stepsOf(bool software) {
    return software ? kSoftwareSteps : kGpuSteps;
}

} // namespace

std::string_view qualityId(QualityLevel level) {
    for (const auto& [value, id] : kLevels)
        if (value == level) return id;
    return "medium";
}

std::optional<QualityLevel> findQuality(std::string_view id) {
    for (const auto& [value, name] : kLevels)
        if (name == id) return value;
    return std::nullopt;
}

QualitySettings qualitySettings(QualityLevel level, bool software) {
    return stepsOf(software)[static_cast<std::size_t>(stepOf(level, software))].settings;
}

QualityController::QualityController(bool software, double goalMs, std::optional<QualityLevel> fixed)
    : m_software(software),
      m_fixed(fixed.has_value()),
      m_goalMs(goalMs),
      m_step(stepOf(fixed.value_or(QualityLevel::Medium), software)),
      m_settings(step(m_step)) {}

QualitySettings QualityController::step(int index) const {
    return stepsOf(m_software)[static_cast<std::size_t>(index)].settings;
}

double QualityController::tooSlowMs(int index) const {
    const bool losesPixels = index > 0 && step(index - 1).renderScale < step(index).renderScale;
    return m_goalMs * (losesPixels ? kFarTooSlow : kTooSlow);
}

bool QualityController::hasRoom(double mean) const {
    if (m_step + 1 >= kSteps) return false;
    const double rise = stepsOf(m_software)[static_cast<std::size_t>(m_step)].rise;
    return mean * rise < tooSlowMs(m_step + 1) * kRoom;
}

void QualityController::setGoalMs(double goalMs) {
    m_goalMs = goalMs;
    m_frames = 0;
    m_sumMs = 0;
    m_backOff = 1;
}

bool QualityController::addFrame(double milliseconds) {
    if (m_fixed) return false;
    if (++m_frames <= kSettleFrames) return false;
    m_sumMs += milliseconds;
    const int counted = m_frames - kSettleFrames;
    const double mean = m_sumMs / counted;
    int change = 0;
    // Much too slow is seen early; going up takes patience, more of it each time that it was a mistake.
    const double tooSlow = tooSlowMs(m_step);
    if (mean > tooSlow && (counted >= kDecideFrames || (mean > 2 * tooSlow && counted >= 6)))
        change = -1;
    else if (hasRoom(mean) && counted >= kDecideFrames * m_backOff)
        change = 1;
    if (counted >= kDecideFrames * m_backOff) {
        m_frames = kSettleFrames;
        m_sumMs = 0;
    }
    const int next = std::clamp(m_step + change, 0, kSteps - 1);
    if (next == m_step) return false;
    if (change < 0 && m_wentUp) m_backOff = std::min(m_backOff * 4, 64);
    m_wentUp = change > 0;
    m_step = next;
    m_settings = step(m_step);
    m_frames = 0;
    m_sumMs = 0;
    return true;
}

} // namespace pump::render
