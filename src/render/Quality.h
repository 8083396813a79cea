#pragma once

#include "anatomy/LegModel.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pump::render {

/// How things are drawn: the same passes interface, two ways behind it. Chosen by the kind of device.
enum class Tier {
    Software, ///< CPU driver: few triangles, blood splatted in compute, no multisampling
    Gpu       ///< blood as lit discs, multisampling, all effects
};

struct QualitySettings {
    Tier tier = Tier::Software;
    anatomy::DetailLevel detail = anatomy::DetailLevel::Low;
    std::uint32_t particles = 65536; ///< blood cells, 0-4194304
    int samples = 1;                 ///< 1 or 4
    float renderScale = 1;           ///< 0.4-1 of the picture's width and height
    bool accumulate = true;          ///< refine the picture while nothing moves
    std::uint32_t accumulation = 16; ///< samples a pixel at rest
    bool operator==(const QualitySettings&) const = default;
};

enum class QualityLevel { Low, Medium, High, Ultra };
inline constexpr int kQualityLevelCount = 4;

/// "low", "medium", "high", "ultra".
std::string_view qualityId(QualityLevel level);
std::optional<QualityLevel> findQuality(std::string_view id);

/// What a level means on a CPU driver (`software`) or on a GPU.
QualitySettings qualitySettings(QualityLevel level, bool software);

/// Keeps the time of a frame near a goal by going through finer steps than the four levels (detail, number of
/// cells, resolution). Waits until a change has shown its effect, and does not swing: it goes up only when
/// the step above should fit too, and after each time that it did not waits longer. Resolution goes last.
class QualityController {
  public:
    /// `fixed`: settings that never change (--quality).
    QualityController(bool software, double goalMs, std::optional<QualityLevel> fixed = std::nullopt);

    /// One frame took so long (work, not waiting for the display). True when settings() changed.
    bool addFrame(double milliseconds);
    const QualitySettings& settings() const { return m_settings; }
    bool fixed() const { return m_fixed; }
    double goalMs() const { return m_goalMs; }
    void setGoalMs(double goalMs);

  private:
    QualitySettings step(int index) const;
    double tooSlowMs(int index) const; ///< mean frame time that the step is left at, downward
    bool hasRoom(double mean) const;   ///< for the step above

    bool m_software;
    bool m_fixed;
    double m_goalMs;
    int m_step = 0;
    int m_frames = 0; ///< since the last change
    double m_sumMs = 0;
    int m_backOff = 1;     ///< grows each time that going up had to be taken back
    bool m_wentUp = false; ///< the last change
    QualitySettings m_settings;
};

} // namespace pump::render
