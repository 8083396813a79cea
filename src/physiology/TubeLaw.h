#pragma once

#include <vector>

namespace pump::physiology {

/// Tube law of a collapsible vein.
///
///   outside p_ext        psi(alpha) = K (alpha^m - alpha^n),   p - p_ext = psi(alpha),   alpha = A / A0
///    ( ( p ) )           A0: lumen at zero transmural pressure
///
/// K stiffness, Pa (67-400); m stretching, 4-10; n collapse, -1.5 (m > 0 > n: psi rises strictly, so the
/// inverse is unique). Source: Shapiro 1977; Mueller & Toro 2014 with m = 10; leg veins need m = 5-7
/// (assets/network/tube_laws.csv).
struct TubeLaw {
    double stiffness = 266.6; ///< K, Pa
    double m = 5.3;
    double n = -1.5;

    double transmural(double alpha) const; ///< psi, Pa
    double slope(double alpha) const;      ///< d psi / d alpha, Pa
    /// alpha at a transmural pressure in Pa, to rounding (Newton in ln alpha). Any finite pressure is
    /// allowed.
    double areaRatio(double transmuralPa) const;
    /// Small-pulse speed, m/s: c^2 = (alpha / rho) psi'(alpha).
    double waveSpeed(double alpha, double density) const;
};

/// The inverse law for the inner loop: alpha(y), y = (p - p_ext) / K, as cubic Hermite pieces through exact
/// values and exact slopes. Value and derivative belong to one smooth function, so Newton's method converges
/// on it and stored volume is exactly its integral of flow; it differs from the law by less than 2e-7.
class TubeTable {
  public:
    struct Point {
        double alpha, slope; ///< slope: d alpha / d y
    };
    struct Node {
        double alpha, step; ///< step: slope times cell width
    };
    static constexpr double kLow = -120, kHigh = 160, kPerUnit = 8;
    static constexpr double kCells = (kHigh - kLow) * kPerUnit;

    TubeTable(double m, double n);
    const Node* nodes() const { return m_nodes.data(); }
    Point at(double y) const {
        const double position = (y - kLow) * kPerUnit;
        return position >= 0 && position < kCells ? interpolated(m_nodes.data(), position) : exact(y);
    }
    /// Between the nodes of a table; position: (y - kLow) kPerUnit, in [0, kCells).
    static Point interpolated(const Node* nodes, double position) {
        const auto cell = static_cast<int>(position);
        const double t = position - cell;
        const Node a = nodes[cell], b = nodes[cell + 1];
        const double rise = b.alpha - a.alpha;
        const double c2 = 3 * rise - 2 * a.step - b.step, c3 = a.step + b.step - 2 * rise;
        return {a.alpha + t * (a.step + t * (c2 + t * c3)), (a.step + t * (2 * c2 + 3 * t * c3)) * kPerUnit};
    }
    Point exact(double y) const;

  private:
    double m_m, m_n;
    std::vector<Node> m_nodes;
};

} // namespace pump::physiology
