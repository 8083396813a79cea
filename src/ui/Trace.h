#pragma once

#include <cstddef>
#include <deque>
#include <utility>

namespace pump::ui {

struct TracePoint {
    double timeS = 0;
    float value = 0;
};

/// The last seconds of one quantity against simulated time. Keeps at most one point each `kSpacingS`.
class Trace {
  public:
    static constexpr double kWindowS = 10.0;
    static constexpr double kSpacingS = 0.02;

    void push(double timeS, double value);
    void clear() { m_points.clear(); }
    const std::deque<TracePoint>& points() const { return m_points; }

  private:
    std::deque<TracePoint> m_points;
};

/// Ends of an axis that holds all of [low, high], on round numbers (1, 2, 2.5 or 5 times a power of ten);
/// never narrower than `leastSpan`.
std::pair<double, double> axisRange(double low, double high, double leastSpan);

} // namespace pump::ui
