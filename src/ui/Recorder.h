#pragma once

#include "physiology/Snapshot.h"
#include "ui/Settings.h"

#include <cstddef>
#include <vector>

namespace pump::ui {

/// Points of a curve.
struct Curve {
    std::vector<double> x, y;
};

/// The course of pressure (mmHg), flow out of the upper end (ml/s) and volume (ml) of every segment: the last
/// minute at 50 Hz, and a day of means over ten seconds. About 8 MB when full.
class Recorder {
  public:
    static constexpr double kFineSpacingS = 0.02, kFineWindowS = 60;
    static constexpr double kCoarseSpacingS = 10, kCoarseWindowS = 86400;

    /// Keeps the snapshot when it is due. Time that went back starts anew.
    void sample(const physiology::SimSnapshot& snapshot);
    void clear();
    /// Of the last `spanS`: x is simulated time in s. Spans beyond the last minute are means over ten
    /// seconds.
    Curve course(std::size_t segment, PlotQuantity quantity, double spanS) const;

  private:
    struct Ring {
        std::vector<double> times;
        std::vector<float> values; ///< a row of three numbers a segment for each time
        std::size_t begin = 0, count = 0;

        void push(double timeS, const std::vector<float>& row, std::size_t capacity);
        double last() const;
    };

    std::size_t m_segments = 0;
    Ring m_fine, m_coarse;
    std::vector<float> m_row, m_mean;
    std::vector<double> m_sum;
    std::size_t m_summed = 0;
};

} // namespace pump::ui
