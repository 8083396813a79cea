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

// Steps of the controller, from the cheapest to the dearest.
constexpr std::array<QualitySettings, 7> kSoftwareSteps{{
    {Tier::Software, DetailLevel::Low, 8192, 1, 0.5f, true, 16},
    {Tier::Software, DetailLevel::Low, 16384, 1, 0.6f, true, 16},
    {Tier::Software, DetailLevel::Low, 32768, 1, 0.75f, true, 16},
    {Tier::Software, DetailLevel::Low, 65536, 1, 0.85f, true, 16},
    {Tier::Software, DetailLevel::Low, 65536, 1, 1.0f, true, 16},
    {Tier::Software, DetailLevel::Middle, 65536, 1, 1.0f, true, 16},
    {Tier::Software, DetailLevel::High, 131072, 1, 1.0f, true, 32},
}};
constexpr std::array<QualitySettings, 7> kGpuSteps{{
    {Tier::Gpu, DetailLevel::Low, 65536, 1, 0.6f, true, 16},
    {Tier::Gpu, DetailLevel::Low, 65536, 1, 1.0f, true, 16},
    {Tier::Gpu, DetailLevel::Middle, 131072, 1, 1.0f, true, 16},
    {Tier::Gpu, DetailLevel::Middle, 131072, 4, 1.0f, true, 16},
    {Tier::Gpu, DetailLevel::High, 262144, 4, 1.0f, true, 16},
    {Tier::Gpu, DetailLevel::High, 524288, 4, 1.0f, true, 16},
    {Tier::Gpu, DetailLevel::High, 1048576, 4, 1.0f, true, 16},
}};
constexpr int kSteps = 7;

/// Where the four levels lie among the steps.
int stepOf(QualityLevel level, bool software) {
    constexpr std::array<int, 4> kSoftware{2, 4, 5, 6};
    constexpr std::array<int, 4> kGpu{1, 3, 4, 6};
    return (software ? kSoftware : kGpu)[static_cast<std::size_t>(level)];
}

constexpr int kSettleFrames = 4;    // after a change: buffers and caches are new
constexpr int kDecideFrames = 24;   // frames that a decision rests on
constexpr double kTooSlow = 1.12;   // of the goal
constexpr double kRoomToRise = 0.5; // of the goal: the next step costs up to twice as much

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
    const auto step = static_cast<std::size_t>(stepOf(level, software));
    return software ? kSoftwareSteps[step] : kGpuSteps[step];
}

QualityController::QualityController(bool software, double goalMs, std::optional<QualityLevel> fixed)
    : m_software(software),
      m_fixed(fixed.has_value()),
      m_goalMs(goalMs),
      m_step(stepOf(fixed.value_or(QualityLevel::Medium), software)),
      m_settings(step(m_step)) {}

QualitySettings QualityController::step(int index) const {
    const auto i = static_cast<std::size_t>(std::clamp(index, 0, kSteps - 1));
    return m_software ? kSoftwareSteps[i] : kGpuSteps[i];
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
    if (mean > m_goalMs * kTooSlow && (counted >= kDecideFrames || (mean > 2 * m_goalMs && counted >= 6)))
        change = -1;
    else if (mean < m_goalMs * kRoomToRise && counted >= kDecideFrames * m_backOff)
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
