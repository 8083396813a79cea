// One step of the solver: what runs for every step of simulated time. Loops over nodes and links are plain
// loops over arrays, gathering and scattering apart from arithmetic, so that the compiler takes several at
// once.

#include "physiology/VeinSolver.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace pump::physiology {
namespace {

constexpr int kMaxNewton = 40;
constexpr int kMaxValvePasses = 8;
constexpr int kDeepestHalving = 6;
constexpr double kValveMoved = 0.005; // change of xi within a step that calls for another pass
constexpr double kHeadTolerance =
    1e-14; // of the largest head, in a network of linear nodes with links that are not
constexpr double kSmallestArea = 1e-10; // m^2: a shut valve keeps this much, to stay away from 1 / 0
constexpr double kSameMatrix = 0.1;     // fall of the residual with which the factored matrix is kept

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

// Four at a time: the next addition need not wait for the last.
using Four = double __attribute__((vector_size(32)));

[[gnu::always_inline]] inline double largest(const double* values, std::size_t count) {
    Four most{};
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        Four next;
        std::memcpy(&next, values + i, sizeof(next));
        most = next > most ? next : most;
    }
    for (; i < count; ++i) most[0] = values[i] > most[0] ? values[i] : most[0];
    return std::max(std::max(most[0], most[1]), std::max(most[2], most[3]));
}

[[gnu::always_inline]] inline double sum(const double* values, std::size_t count) {
    Four part{};
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        Four next;
        std::memcpy(&next, values + i, sizeof(next));
        part += next;
    }
    for (; i < count; ++i) part[0] += values[i];
    return (part[0] + part[1]) + (part[2] + part[3]);
}

[[gnu::always_inline]] inline double dot(const double* a, const double* b, std::size_t count) {
    Four part{};
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        Four left, right;
        std::memcpy(&left, a + i, sizeof(left));
        std::memcpy(&right, b + i, sizeof(right));
        part += left * right;
    }
    for (; i < count; ++i) part[0] += a[i] * b[i];
    return (part[0] + part[1]) + (part[2] + part[3]);
}

} // namespace

void VeinSolver::readInputs() {
    for (std::size_t p = 0; p < m_nodeAt.size(); ++p) {
        const std::size_t node = at(m_nodeAt[p]);
        m_gravity[p] = inputs.gravity[node];
        m_outside[p] = inputs.outside[node];
        const double base = inputs.gravity[node] + inputs.outside[node];
        m_shift[p] = m_nodes[p] != nullptr ? base - m_base[p] : 0;
        m_base[p] = base;
        m_source[p] = inputs.source[node];
        m_extraR[p] = inputs.resistance[node];
    }
}

/// Back to the kept state after a failed attempt or a new start.
void VeinSolver::restore() {
    for (std::size_t p = 0; p < m_head.size(); ++p) m_head[p] = m_state.head[p] + m_shift[p];
    m_elastic = m_state.elastic;
    m_flow = m_state.flow;
    m_xi = m_state.xi;
    evaluateStorage();
}

/// Where the step starts from: V*, q*, Q* and the step length h that goes with them.
double VeinSolver::prepareBases(double dt) {
    const bool second = m_network.scheme == TimeScheme::Bdf2 && m_state.lastStep == dt;
    const double share = m_lastShare = second ? 1.0 / 3 : 0, trust = second ? 1 : 0;
    const double h = second ? dt * 2 / 3 : dt;
    m_wallRate = m_network.wallTime / h;
    m_wallYield = 1 / (1 + m_wallRate);
    // First guess: what is stored goes on changing as it did, and the pressure outside adds to it.
    {
        const double *const last = m_state.head.data(), *const shift = m_shift.data(),
                            *const drift = m_state.drift.data();
        double* const head = m_head.data();
        PUMP_INDEPENDENT
        for (std::size_t p = 0; p < m_unknowns; ++p) head[p] = last[p] + shift[p] + trust * drift[p];
    }
    for (std::size_t p = m_unknowns; p < m_nodeAt.size(); ++p) m_head[p] = inputs.head[at(m_nodeAt[p])];
    const auto extrapolate = [share](std::size_t count, const std::vector<double>& now,
                                     const std::vector<double>& before, std::vector<double>& base) {
        const double *const a = now.data(), *const b = before.data();
        double* const out = base.data();
        PUMP_INDEPENDENT
        for (std::size_t i = 0; i < count; ++i) out[i] = a[i] + share * (a[i] - b[i]);
    };
    extrapolate(m_unknowns, m_state.volume, m_state.volumeBefore, m_volumeBase);
    extrapolate(m_unknowns, m_state.elastic, m_state.elasticBefore, m_elasticBase);
    extrapolate(m_flow.size(), m_state.flow, m_state.flowBefore, m_flowBase);
    const double *const xi = m_state.xi.data(), *const xiBefore = m_state.xiBefore.data();
    double* const expected = m_xi.data();
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < m_valves; ++k) {
        const double next = xi[k] + trust * (xi[k] - xiBefore[k]);
        expected[k] = next < 0 ? 0 : next > 1 ? 1 : next;
    }
    std::swap(m_alphaStart, m_alpha);
    prepareNodes(second);
    prepareLinks();
    return h;
}

/// Area, resistance and inertance of each node, as expected at the end of the step. Round: Poiseuille,
/// alpha^-2. Collapsed to a dumb-bell: alpha^-3, which is alpha^-2.5 times 1 to 3 between alpha 1 and 0.1.
void VeinSolver::prepareNodes(bool extrapolate) {
    constexpr double kMostChange = 0.3; // of the area in one step
    const double floor = m_network.areaFloor, trust = extrapolate ? 1 : 0;
    const double *const start = m_alphaStart.data(), *const before = m_state.areaBefore.data(),
                        *const r0 = m_r0.data(), *const l0 = m_l0.data(), *const lumen0 = m_lumen0.data(),
                        *const extra = m_extraR.data();
    double *const resistance = m_resistance.data(), *const inertance = m_inertance.data(),
                  *const lumen = m_lumen.data();
    PUMP_INDEPENDENT
    for (std::size_t i = 0; i < m_unknowns; ++i) {
        const double most = kMostChange * start[i], change = trust * (start[i] - before[i]);
        const double alpha = start[i] + (change > most ? most : change < -most ? -most : change);
        const double inverse = 1 / (alpha > floor ? alpha : floor);
        resistance[i] = r0[i] * inverse * inverse * (inverse > 1 ? inverse : 1) + extra[i];
        inertance[i] = l0[i] * inverse;
        lumen[i] = lumen0[i] * alpha;
    }
}

/// Resistance and inertance of each link and the open area of each valve.
void VeinSolver::prepareLinks() {
    const std::size_t count = m_from.size();
    const double *const resistance = m_resistance.data(), *const inertance = m_inertance.data(),
                        *const lumen = m_lumen.data();
    const std::int32_t *const from = m_from.data(), *const to = m_to.data();
    double *const r = m_r.data(), *const l = m_l.data(), *const fromR = m_linear.data(),
                  *const toR = m_b.data(), *const fromL = m_impulse.data(), *const toL = m_conductance.data();
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < count; ++k) {
        const std::int32_t a = from[k], b = to[k];
        fromR[k] = resistance[a];
        toR[k] = resistance[b];
        fromL[k] = inertance[a];
        toL[k] = inertance[b];
    }
    const double *const block = m_block.data(), *const fixedR = m_fixedR.data(),
                        *const fixedL = m_fixedL.data(), *const fromShare = m_fromShare.data(),
                        *const toShare = m_toShare.data();
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < count; ++k) {
        r[k] = block[k] * (fixedR[k] + fromShare[k] * fromR[k] + toShare[k] * toR[k]);
        l[k] = fixedL[k] + fromShare[k] * fromL[k] + toShare[k] * toL[k];
    }
    const double share = m_network.valveShare;
    const double* const given = m_valveLumen.data();
    double* const open = m_openArea.data();
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < m_valves; ++k) {
        const double own = given[k], a = lumen[from[k]], b = lumen[to[k]];
        open[k] = share * (own > 0 ? own : a < b ? a : b);
    }
}

/// Linear and quadratic loss and impulse of each link for a step of h and the expected valve states.
void VeinSolver::prepareConductances(double h) {
    const std::size_t count = m_from.size(), valves = m_valves;
    const double rate = 1 / h, halfDensity = 0.5 * m_network.density, share = m_network.valveShare;
    const double lost = m_network.valveLostHead;
    const double channel = 8 * std::numbers::pi * m_network.viscosity * m_network.valveLength;
    double *const linear = m_linear.data(), *const quadratic = m_b.data(), *const impulse = m_impulse.data();
    const double *const flow = m_flowBase.data(), *const inertance = m_l.data(), *const r = m_r.data(),
                        *const fixedB = m_fixedB.data(), *const leakage = m_leak.data(),
                        *const openArea = m_openArea.data(), *const xi = m_xi.data();
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < count; ++k) {
        const double inertial = inertance[k] * rate;
        linear[k] = r[k] + inertial;
        impulse[k] = inertial * flow[k];
        quadratic[k] = fixedB[k];
    }
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < valves; ++k) {
        const double open = openArea[k], leak = leakage[k] < open ? leakage[k] : open;
        const double least = leak > kSmallestArea ? leak : kSmallestArea;
        const double area = least + (open > least ? open - least : 0) * xi[k];
        // One division for both: 1 / (area open) gives 1 / area and 1 / open.
        const double both = 1 / (area * open), inverse = both * open,
                     widening = inverse - share * both * area;
        linear[k] += channel * inverse * inverse;
        quadratic[k] += halfDensity * (lost * inverse * inverse + (1 - lost) * widening * widening);
    }
}

/// Flow and local conductance of a link with a tanh valve: the drop d over the valve alone solves
/// d = R_v(d) Q, Q = (D - d) / R, with D the driving head; monotone, found by bisection.
void VeinSolver::tanhFlow(std::size_t k) {
    const SolverLink& link = m_network.links[at(m_linkAt[k])];
    const double rest = m_r[k], span = link.tanhMax - link.tanhMin;
    const double drive = m_head[at(m_from[k])] - m_head[at(m_to[k])];
    auto share = [&](double d) {
        const double e = 2 * link.tanhSteepness * d;
        return e > 700 ? 0.0 : 1 / (1 + std::exp(e));
    };
    double low = std::min(0.0, drive), high = std::max(0.0, drive);
    for (int i = 0; i < 200; ++i) {
        const double d = 0.5 * (low + high);
        if (d == low || d == high) break;
        (d * rest - (drive - d) * (link.tanhMin + span * share(d)) > 0 ? high : low) = d;
    }
    const double d = 0.5 * (low + high), closed = share(d), valve = link.tanhMin + span * closed;
    const double valveSlope = -2 * link.tanhSteepness * span * closed * (1 - closed); // dR_v/dd
    m_flow[k] = drive / (rest + valve);
    // From d = R_v(d) Q and D = d + R Q: dQ/dd = (1 - R_v' Q) / R_v and dQ/dD = 1 / (dd/dQ + R).
    m_conductance[k] = 1 / (valve / (1 - valveSlope * m_flow[k]) + rest);
}

/// Elastic part of each transmural pressure at the present heads.
void VeinSolver::evaluateWalls() {
    const double *const head = m_head.data(), *const base = m_base.data(), *const last = m_elasticBase.data();
    double* const elastic = m_elastic.data();
    const double rate = m_wallRate, yield = m_wallYield;
    PUMP_INDEPENDENT
    for (std::size_t i = 0; i < m_unknowns; ++i) elastic[i] = (head[i] - base[i] + rate * last[i]) * yield;
}

/// Area, stored volume and compliance of each node at its elastic pressure.
void VeinSolver::evaluateStorage() {
    const double *const elastic = m_elastic.data(), *const inverseK = m_inverseK.data(),
                        *const v0 = m_v0.data();
    const double yield = m_wallYield;
    double *const alpha = m_alpha.data(), *const stored = m_stored.data(),
                  *const capacity = m_capacity.data(), *const position = m_position.data(),
                  *const away = m_right.data();
    std::int32_t* const cell = m_cell.data();
    std::array<double, 4>* const rows = m_rows.data();
    const TubeTable::Node* const* const nodes = m_nodes.data();
    const std::size_t count = m_unknowns;
    constexpr double kMiddle = 0.5 * TubeTable::kCells;
    PUMP_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
        const double p = (elastic[i] * inverseK[i] - TubeTable::kLow) * TubeTable::kPerUnit;
        const double inside = std::min(std::max(p, 0.0), TubeTable::kCells - 1e-9);
        position[i] = inside;
        cell[i] = static_cast<std::int32_t>(inside);
        away[i] = std::abs(p - kMiddle);
    }
    const bool outside = largest(away, count) >= kMiddle;
    for (std::size_t i = 0; i < count; ++i) std::memcpy(&rows[i], nodes[i] + cell[i], sizeof(rows[i]));
    PUMP_INDEPENDENT
    for (std::size_t i = 0; i < count; ++i) {
        const double t = position[i] - cell[i], a = rows[i][0], low = rows[i][1], high = rows[i][3],
                     rise = rows[i][2] - a;
        const double c2 = 3 * rise - 2 * low - high, c3 = low + high - 2 * rise;
        const double ratio = a + t * (low + t * (c2 + t * c3));
        const double slope = (low + t * (2 * c2 + 3 * t * c3)) * TubeTable::kPerUnit;
        alpha[i] = ratio;
        stored[i] = v0[i] * ratio;
        capacity[i] = v0[i] * inverseK[i] * slope * yield;
    }
    if (!outside && !m_hasLinear) return;
    for (std::size_t i = 0; i < count; ++i) {
        const double y = elastic[i] * inverseK[i], p = (y - TubeTable::kLow) * TubeTable::kPerUnit;
        if (m_table[i] == nullptr) {
            stored[i] = m_compliance[i] * (m_head[i] - m_base[i]);
            capacity[i] = m_compliance[i];
        } else if (!(p >= 0 && p < TubeTable::kCells)) {
            const auto point = m_table[i]->exact(y);
            alpha[i] = point.alpha;
            stored[i] = v0[i] * point.alpha;
            capacity[i] = v0[i] * inverseK[i] * point.slope * yield;
        }
    }
}

/// Flow and conductance of each link at the present heads.
void VeinSolver::evaluateLinks() {
    const double *const head = m_head.data(), *const linear = m_linear.data(), *const quadratic = m_b.data(),
                        *const impulse = m_impulse.data();
    double *const flow = m_flow.data(), *const conductance = m_conductance.data();
    const std::int32_t *const from = m_from.data(), *const to = m_to.data();
    const std::size_t links = m_from.size();
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < links; ++k) flow[k] = head[from[k]] - head[to[k]] + impulse[k];
    // Root of a Q + B |Q| Q = x, in the form that stays accurate for small B, and 1 / (dx/dQ).
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < links; ++k) {
        const double x = flow[k], a = linear[k];
        const double root = std::sqrt(a * a + 4 * quadratic[k] * (x < 0 ? -x : x)), sum = a + root;
        const double both = 1 / (root * sum);
        flow[k] = 2 * x * (both * root);
        conductance[k] = both * sum;
    }
    if (m_hasTanh)
        for (std::size_t k = 0; k < links; ++k)
            if (m_network.links[at(m_linkAt[k])].tanhValve) tanhFlow(k);
}

/// Stored volume, flows and net inflow at the present heads. Returns the largest residual over its tolerance.
double VeinSolver::evaluate(double h) {
    evaluateWalls();
    evaluateStorage();
    evaluateLinks();
    double* const net = m_net.data();
    const double *const head = m_head.data(), *const flow = m_flow.data();
    const std::int32_t *const from = m_from.data(), *const to = m_to.data();
    std::memcpy(net, m_source.data(), m_net.size() * sizeof(double));
    const std::size_t links = m_from.size();
    for (std::size_t k = 0; k < links; ++k) {
        net[from[k]] -= flow[k];
        net[to[k]] += flow[k];
    }
    for (std::size_t k = 0; k < m_network.arteries.size(); ++k) {
        const SolverArtery& artery = m_network.arteries[k];
        const auto i = at(m_artery[k]);
        const double pressure = head[i] - m_gravity[i];
        const bool waterfall = pressure < m_outside[i];
        const double drive = artery.pressure - (waterfall ? m_outside[i] : pressure);
        m_arterialFlow[k] = drive > 0 ? drive * artery.conductance : 0;
        m_arterialSlope[k] = drive > 0 && !waterfall ? artery.conductance : 0;
        net[i] += m_arterialFlow[k];
    }
    return residual(h);
}

/// What is missing in each node. Returns the largest over its tolerance.
double VeinSolver::residual(double h) {
    const double *const stored = m_stored.data(), *const volume = m_volumeBase.data(),
                        *const tolerance = m_tolerance.data(), *const net = m_net.data();
    double *const right = m_right.data(), *const size = m_position.data();
    PUMP_INDEPENDENT
    for (std::size_t i = 0; i < m_unknowns; ++i) {
        right[i] = volume[i] - stored[i] + h * net[i];
        const double missing = right[i] * tolerance[i];
        size[i] = missing < 0 ? -missing : missing;
    }
    return largest(size, m_unknowns);
}

/// The matrix at the present heads: compliances and, times h, conductances.
void VeinSolver::assemble(double h) {
    double *const values = m_values.data(), *const coupling = m_flowScratch.data();
    std::memcpy(values, m_capacity.data(), m_unknowns * sizeof(double));
    const std::int32_t *const from = m_rowFrom.data(), *const to = m_rowTo.data(),
                              *const slot = m_slot.data();
    const double* const conductance = m_conductance.data();
    const std::size_t links = m_slot.size();
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < links; ++k) coupling[k] = h * conductance[k];
    for (const std::int32_t fill : m_fill) values[fill] = 0;
    for (std::size_t k = 0; k < links; ++k) values[slot[k]] = -coupling[k];
    for (const auto& [first, again] : m_repeated) values[first] -= coupling[again];
    for (std::size_t k = 0; k < links; ++k) {
        values[from[k]] += coupling[k];
        values[to[k]] += coupling[k];
    }
    for (std::size_t k = 0; k < m_network.arteries.size(); ++k) values[m_artery[k]] += h * m_arterialSlope[k];
}

/// Newton's step from the present residual, with a matrix just assembled or with the factors at hand.
void VeinSolver::stepNewton(bool assembled) {
    std::swap(m_stepping, m_right); // right stays known for the descent
    double *const right = m_right.data(), *const head = m_head.data();
    const double* const residual = m_stepping.data();
    std::memcpy(right, residual, m_unknowns * sizeof(double));
    if (assembled)
        m_matrix->factorAndSolve(m_values, m_right);
    else
        m_matrix->substitute(m_values, m_right);
    // Fall of the convex function along the step, per unit of it.
    m_descent = dot(residual, right, m_unknowns);
    PUMP_INDEPENDENT
    for (std::size_t n = 0; n < m_unknowns; ++n) head[n] += right[n];
    std::swap(m_stepping, m_right);
}

/// Valve states at the end of the step, for the mean of the valves' own drops of head at its start and those
/// just found. True when one differs much from the state that the flows were solved with.
bool VeinSolver::advanceValves(double dt) {
    const ValveLaw law = m_network.valve;
    const double *const now = m_head.data(), *const before = m_state.drop.data(),
                        *const start = m_state.xi.data(), *const flow = m_flow.data(),
                        *const flowBase = m_flowBase.data(), *const open = m_openArea.data(),
                        *const resistance = m_r.data(), *const inertance = m_l.data();
    const std::int32_t *const from = m_from.data(), *const to = m_to.data();
    double *const xi = m_xi.data(), *const drop = m_drop.data(), *const moved = m_flowScratch.data();
    const double rate = 1 / m_h, column = m_network.density * m_network.valveInertialLength;
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < m_valves; ++k) drop[k] = now[from[k]] - now[to[k]];
    // Less what the veins on both sides take up: friction, and the inertia of all blood but the valve's own.
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < m_valves; ++k) {
        const double own = column / open[k], others = inertance[k] > own ? (inertance[k] - own) * rate : 0;
        drop[k] -= resistance[k] * flow[k] + others * (flow[k] - flowBase[k]);
    }
    PUMP_INDEPENDENT
    for (std::size_t k = 0; k < m_valves; ++k) {
        const double next = law.advanced(start[k], 0.5 * (before[k] + drop[k]), dt);
        moved[k] = std::abs(next - xi[k]);
        xi[k] = next;
    }
    return largest(moved, m_valves) > kValveMoved;
}

/// The residual is the gradient of a convex function of the heads, so its part along Newton's step may only
/// fall to zero. Where the full step has gone far beyond (over the bend between collapsed and round), the
/// step is cut back by bisection until the part along it is small.
double VeinSolver::searchLine(double h, double worst) {
    auto along = [&] { return -dot(m_right.data(), m_stepping.data(), m_unknowns); };
    double slope = along();
    if (!(slope > 0) || slope < 0.5 * m_descent) return worst;
    double low = 0, high = 1, share = 1;
    for (int i = 0; i < 40 && std::abs(slope) > 0.5 * m_descent; ++i) {
        (slope > 0 ? high : low) = share;
        const double next = 0.5 * (low + high);
        PUMP_INDEPENDENT
        for (std::size_t n = 0; n < m_unknowns; ++n) m_head[n] += (next - share) * m_stepping[n];
        share = next;
        worst = evaluate(h);
        slope = along();
    }
    return worst;
}

/// Newton's iterations for the present valve states. A matrix is factored anew only where the one at hand
/// makes the residual fall too slowly.
bool VeinSolver::iterate(double h, int& iterations, bool& factored) {
    double worst = evaluate(h), bend = m_bends ? 2 : 0;
    // At least one solution: it is exact where everything is linear.
    for (int i = 0; i == 0 || worst > 1 || bend > 1; ++i) {
        if (i == kMaxNewton) return bend > 1 && worst <= 1;
        const bool anew = !factored || m_bends;
        if (anew) assemble(h);
        stepNewton(anew);
        if (!std::isfinite(m_descent)) return false; // as with any NaN that came in
        if (m_bends) {
            double largest = 0, step = 0;
            PUMP_INDEPENDENT
            for (std::size_t n = 0; n < m_unknowns; ++n) {
                largest = std::max(largest, std::abs(m_head[n]));
                step = std::max(step, std::abs(m_stepping[n]));
            }
            bend = step / (kHeadTolerance * largest);
        }
        ++iterations;
        const double last = worst;
        worst = evaluate(h);
        factored = worst < kSameMatrix * last;
        if (worst > 1 || m_bends) worst = searchLine(h, worst);
    }
    return true;
}

bool VeinSolver::trySolve(double dt, int& iterations) {
    const double h = m_h = prepareBases(dt);
    bool factored = false;
    for (int pass = 0; pass < kMaxValvePasses; ++pass) {
        prepareConductances(h);
        if (!iterate(h, iterations, factored)) return false;
        if (!advanceValves(dt)) break;
    }
    // A volume that the flows would empty is a failed step, not a state. Linear nodes may go below zero.
    const double *const base = m_volumeBase.data(), *const net = m_net.data(),
                        *const tolerance = m_tolerance.data();
    double* const deficit = m_position.data();
    PUMP_INDEPENDENT
    for (std::size_t i = 0; i < m_unknowns; ++i)
        deficit[i] = tolerance[i] > 0 && !(base[i] + h * net[i] > 0) ? 1.0 : 0.0;
    return largest(deficit, m_unknowns) == 0;
}

/// What came in and out over the whole step: the last step's mean has its share in it.
void VeinSolver::acceptMeans(double share) {
    const auto mix = [share](std::size_t count, std::vector<double>& mean, const std::vector<double>& now) {
        double* const a = mean.data();
        const double* const b = now.data();
        PUMP_INDEPENDENT
        for (std::size_t i = 0; i < count; ++i) a[i] = share * a[i] + (1 - share) * b[i];
    };
    mix(m_flow.size(), m_state.meanFlow, m_flow);
    mix(m_arterialFlow.size(), m_state.meanArterialFlow, m_arterialFlow);
    mix(m_unknowns, m_state.meanSource, m_source);
}

void VeinSolver::accept(double dt) {
    double inward = sum(m_source.data(), m_unknowns);
    std::swap(m_state.volumeBefore, m_state.volume);
    {
        double *const volume = m_state.volume.data(), *const drift = m_state.drift.data();
        const double *const base = m_volumeBase.data(), *const net = m_net.data(),
                            *const head = m_head.data(), *const last = m_state.head.data(),
                            *const shift = m_shift.data();
        const double h = m_h;
        PUMP_INDEPENDENT
        for (std::size_t i = 0; i < m_unknowns; ++i) volume[i] = base[i] + h * net[i];
        PUMP_INDEPENDENT
        for (std::size_t i = 0; i < m_unknowns; ++i) drift[i] = head[i] - last[i] - shift[i];
    }
    // Links to Fixed nodes are the only way out; sources and arteries the only way in.
    for (std::size_t i = m_unknowns; i < m_net.size(); ++i) inward -= m_net[i] - m_source[i];
    for (const double flow : m_arterialFlow) inward += flow;
    m_state.exchangedLast = m_lastShare * m_state.exchangedLast + m_h * inward;
    addCompensated(m_state.exchanged, m_state.exchangedRest, m_state.exchangedLast);
    acceptMeans(m_lastShare);
    std::fill(m_shift.begin(), m_shift.end(), 0.0);
    std::swap(m_state.areaBefore, m_alphaStart);
    std::swap(m_state.elasticBefore, m_state.elastic);
    std::swap(m_state.elastic, m_elastic);
    std::swap(m_state.flowBefore, m_state.flow);
    std::swap(m_state.xiBefore, m_state.xi);
    std::swap(m_state.head, m_head);
    std::swap(m_state.flow, m_flow);
    std::swap(m_state.xi, m_xi);
    std::swap(m_state.drop, m_drop);
    m_state.lastStep = dt;
}

bool VeinSolver::substep(double dt, int depth, StepReport& report) {
    if (trySolve(dt, report.newtonIterations)) {
        accept(dt);
        return true;
    }
    if (depth == kDeepestHalving) return false;
    ++report.substeps;
    restore();
    return substep(0.5 * dt, depth + 1, report) && substep(0.5 * dt, depth + 1, report);
}

StepReport VeinSolver::step(double dt) {
    StepReport report;
    readInputs();
    if (trySolve(dt, report.newtonIterations)) {
        accept(dt);
        return report;
    }
    const SolverState start = m_state;
    restore();
    report.substeps = 2;
    report.converged = substep(0.5 * dt, 1, report) && substep(0.5 * dt, 1, report);
    if (!report.converged) {
        m_state = start;
        restore();
    }
    return report;
}

} // namespace pump::physiology
