#pragma once

#include <algorithm>

namespace pump::physiology {

/// Venous valve after Mynard 2012 (Int J Numer Meth Biomed Engng 28:626).
///
///   a --( > )-- b      A_eff = A_leak + (A_max - A_leak) xi,   A_max = area share x lumen
///                      d xi/dt = (1 - xi) K_vo (dp - dp_open)   if dp > dp_open
///                      d xi/dt = xi K_vc (dp - dp_close)        if dp < dp_close
///                      pressure drop  R_v Q + B |Q| Q,  R_v = 8 pi mu l / A_eff^2,
///                                     B = rho/2 [k / A_eff^2 + (1 - k) (1/A_eff - 1/A)^2]
///
/// k 0-1: part of the jet's head that is lost. k = 1 is Mynard's rho/(2 A_eff^2); k = 0 Borda and Carnot's
/// loss where the jet widens again to the lumen A. For a nearly shut valve both are the same.
///
/// dp: drop of total head (p + rho g z) from a to b over the valve alone, Pa: its own loss as above and the
/// inertia rho l_eff / A_max of the blood between its cusps (Mynard's L), not what the veins on both sides
/// take up, so that it does not matter how finely these are cut. Inertia lets a valve begin to shut while
/// blood that slows down still passes. xi: 0 shut, 1 open. For a given dp the law is linear in xi: what is
/// left to the end falls by exp(-x), x = K |dp - threshold| dt, here by 1 over the first terms of exp(x),
/// which stays in 0-1 for every step length.
struct ValveLaw {
    double openThreshold = 13.3; ///< dp_open, Pa (0-70)
    double closeThreshold = 0;   ///< dp_close, Pa
    double openRate = 0.03;      ///< K_vo, 1/(Pa s); 0.02-0.04: 50 ms at 5 mmHg
    double closeRate = 0.03;     ///< K_vc, 1/(Pa s)

    /// Below this a valve is shut for good: a tail that never ends would reach denormal numbers, which are
    /// slow.
    static constexpr double kNothing = 1e-15;

    /// openThreshold lies at or above closeThreshold. xi after a step dt (s) under the head difference dp
    /// (Pa).
    double advanced(double xi, double dp, double dt) const {
        const double opening = dt * openRate * (dp - openThreshold);
        const double closing = dt * closeRate * (closeThreshold - dp);
        const double x = std::max(opening, std::max(closing, 0.0));
        const double left =
            1 / (1 + x * (1 + x * (1.0 / 2 + x * (1.0 / 6 + x / 24)))); // 1 where neither opens nor closes
        const double opened = 1 - (1 - xi) * left, shut = xi > kNothing ? xi * left : 0;
        return opening > 0 ? opened : shut;
    }
};

} // namespace pump::physiology
