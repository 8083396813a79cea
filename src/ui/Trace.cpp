#include "ui/Trace.h"

#include <cmath>

namespace pump::ui {

void Trace::push(double timeS, double value) {
    if (!std::isfinite(value)) return;
    if (!m_points.empty() && timeS < m_points.back().timeS) m_points.clear();
    if (!m_points.empty() && timeS - m_points.back().timeS < kSpacingS * 0.999) return;
    m_points.push_back({timeS, static_cast<float>(value)});
    while (m_points.front().timeS < timeS - kWindowS) m_points.pop_front();
}

std::pair<double, double> axisRange(double low, double high, double leastSpan) {
    if (high - low < leastSpan && low == 0) {
        high = leastSpan; // an axis that stands on zero stays there
    } else if (high - low < leastSpan) {
        const double middle = (low + high) / 2;
        low = middle - leastSpan / 2;
        high = middle + leastSpan / 2;
    }
    const double raw = (high - low) / 4;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor * power >= raw * 0.999) {
            step = factor * power;
            break;
        }
    }
    return {std::floor(low / step) * step, std::ceil(high / step) * step};
}

} // namespace pump::ui
