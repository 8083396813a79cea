#include "physiology/TubeLaw.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {
namespace {

/// x = ln alpha with e^(m x) - e^(n x) = y. The start lies on the root's outer side, where the curve bends so
/// that Newton's steps approach it from one side; near zero the slope is at least about m - n.
double logAreaRatio(double m, double n, double y) {
    double x = y >= 0 ? std::log1p(y) / m : std::log1p(-y) / n;
    for (int i = 0; i < 60; ++i) {
        const double rising = std::exp(m * x), falling = std::exp(n * x);
        const double step = (rising - falling - y) / (m * rising - n * falling);
        x -= step;
        if (std::abs(step) <= 4e-16 * std::max(1.0, std::abs(x))) break;
    }
    return x;
}

} // namespace

double TubeLaw::transmural(double alpha) const {
    return stiffness * (std::pow(alpha, m) - std::pow(alpha, n));
}

double TubeLaw::slope(double alpha) const {
    return stiffness * (m * std::pow(alpha, m - 1) - n * std::pow(alpha, n - 1));
}

double TubeLaw::areaRatio(double transmuralPa) const {
    return std::exp(logAreaRatio(m, n, transmuralPa / stiffness));
}

double TubeLaw::waveSpeed(double alpha, double density) const {
    return std::sqrt(alpha * slope(alpha) / density);
}

TubeTable::TubeTable(double m, double n) : m_m(m), m_n(n) {
    const auto count = static_cast<std::size_t>(kCells) + 2; // one spare: rounding may reach the last node
    m_nodes.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Point point = exact(kLow + static_cast<double>(i) / kPerUnit);
        m_nodes.push_back({point.alpha, point.slope / kPerUnit});
    }
}

TubeTable::Point TubeTable::exact(double y) const {
    const double x = logAreaRatio(m_m, m_n, y);
    const double alpha = std::exp(x);
    return {alpha, alpha / (m_m * std::exp(m_m * x) - m_n * std::exp(m_n * x))};
}

} // namespace pump::physiology
