#include "physiology/VeinSolver.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

namespace pump::physiology {
namespace {

constexpr int kMaxNewton = 40;
constexpr int kMaxValvePasses = 4;
constexpr double kValveMoved = 0.1;       // change of xi within a step that calls for another pass
constexpr double kVolumeTolerance = 1e-8; // of a node's unstressed volume
constexpr double kFlowTolerance = 1e-13;  // of the flows of a Linear node next to a tanh valve
constexpr double kSmallestArea = 1e-10;   // m^2: a shut valve keeps this much, to stay away from 1 / 0

/// Neumaier's compensated sum: thousands of seconds of 2 ms steps lose nothing.
void addTo(double& sum, double& rest, double value) {
    const double total = sum + value;
    rest += std::abs(sum) >= std::abs(value) ? (sum - total) + value : (value - total) + sum;
    sum = total;
}

} // namespace

VeinSolver::VeinSolver(SolverNetwork network) : m_network(std::move(network)) {
    const std::size_t nodes = m_network.nodes.size(), links = m_network.links.size();
    int unknowns = 0;
    std::vector<int> unknownOf(nodes, -1);
    for (std::size_t i = 0; i < nodes; ++i)
        if (m_network.nodes[i].kind != SolverNode::Kind::Fixed) unknownOf[i] = unknowns++;
    std::vector<std::pair<int, int>> edges;
    std::vector<int> edgeOf(links, -1);
    for (std::size_t k = 0; k < links; ++k) {
        const int a = unknownOf[static_cast<std::size_t>(m_network.links[k].from)];
        const int b = unknownOf[static_cast<std::size_t>(m_network.links[k].to)];
        if (a < 0 || b < 0) continue;
        edgeOf[k] = static_cast<int>(edges.size());
        edges.emplace_back(a, b);
    }
    m_matrix = std::make_unique<SparseLdl>(unknowns, edges);
    for (std::size_t i = 0; i < nodes; ++i)
        m_slotOf.push_back(unknownOf[i] < 0 ? -1 : m_matrix->diagonalSlot(unknownOf[i]));
    for (std::size_t k = 0; k < links; ++k)
        m_linkSlot.push_back(edgeOf[k] < 0 ? -1 : m_matrix->edgeSlot(edgeOf[k]));

    inputs = {.outside = std::vector<double>(nodes),
              .gravity = std::vector<double>(nodes),
              .source = std::vector<double>(nodes),
              .head = std::vector<double>(nodes)};
    m_state = {.head = std::vector<double>(nodes),
               .volume = std::vector<double>(nodes),
               .flow = std::vector<double>(links),
               .xi = std::vector<double>(links, 1.0)};
    for (auto* values : {&m_head, &m_stored, &m_capacity, &m_net, &m_resistance, &m_inertance, &m_lumen,
                         &m_inverseStiffness, &m_tolerance})
        values->assign(nodes, 0.0);
    m_alpha.assign(nodes, 1.0);
    for (auto* values : {&m_conductance, &m_impulse, &m_flow, &m_fixedR, &m_fixedL, &m_fixedB, &m_openArea})
        values->assign(links, 0.0);
    m_xi.assign(links, 1.0);
    m_arterialFlow.assign(m_network.arteries.size(), 0.0);
    m_arterialSlope = m_arterialFlow;
    m_values.assign(m_matrix->valueCount(), 0.0);
    m_right.assign(static_cast<std::size_t>(unknowns), 0.0);
    refresh();
}

void VeinSolver::refresh() {
    // One table per pair of exponents; a changed stiffness needs no new table.
    std::vector<std::pair<double, double>> exponents;
    m_tableOf.assign(m_network.nodes.size(), -1);
    for (std::size_t i = 0; i < m_network.nodes.size(); ++i) {
        const SolverNode& node = m_network.nodes[i];
        m_tolerance[i] =
            node.kind == SolverNode::Kind::Tube ? kVolumeTolerance * node.unstressedVolume : HUGE_VAL;
        if (node.kind != SolverNode::Kind::Tube) continue;
        m_inverseStiffness[i] = 1 / node.law.stiffness;
        const std::pair wanted{node.law.m, node.law.n};
        const auto found = std::find(exponents.begin(), exponents.end(), wanted);
        m_tableOf[i] = static_cast<int>(found - exponents.begin());
        if (found == exponents.end()) exponents.push_back(wanted);
    }
    m_tables.clear();
    for (const auto& [m, n] : exponents) m_tables.emplace_back(m, n);
    m_hasTanh = std::any_of(m_network.links.begin(), m_network.links.end(),
                            [](const SolverLink& link) { return link.tanhValve; });
}

void VeinSolver::setState(SolverState state) {
    if (state.head.size() != m_state.head.size() || state.volume.size() != m_state.volume.size() ||
        state.flow.size() != m_state.flow.size() || state.xi.size() != m_state.xi.size())
        throw core::Error(core::ErrorKind::Asset,
                          "saved state: has {} segments and {} links, the network has {} and {}",
                          state.head.size(), state.flow.size(), m_state.head.size(), m_state.flow.size());
    m_state = std::move(state);
    m_head = m_state.head;
    m_flow = m_state.flow;
    m_xi = m_state.xi;
    evaluate(0);
}

void VeinSolver::setHeads(std::span<const double> heads, double xi) {
    std::copy(heads.begin(), heads.end(), m_state.head.begin());
    std::fill(m_state.flow.begin(), m_state.flow.end(), 0.0);
    for (std::size_t k = 0; k < m_state.xi.size(); ++k) m_state.xi[k] = m_network.links[k].valve ? xi : 1.0;
    m_head = m_state.head;
    m_flow = m_state.flow;
    m_xi = m_state.xi;
    evaluate(0);
    m_state.volume = m_stored;
}

double VeinSolver::lumen(int node) const {
    return m_network.nodes[static_cast<std::size_t>(node)].lumen0 * m_alpha[static_cast<std::size_t>(node)];
}

double VeinSolver::totalVolume() const {
    double sum = 0, rest = 0;
    for (double volume : m_state.volume) addTo(sum, rest, volume);
    return sum + rest;
}

/// Area, resistance and inertance of each node at the start of the step.
void VeinSolver::prepareNodes() {
    const std::size_t count = m_network.nodes.size();
    for (std::size_t i = 0; i < count; ++i) {
        const SolverNode& node = m_network.nodes[i];
        if (m_tableOf[i] < 0) continue;
        const double alpha = m_alpha[i];
        const double inverse = 1 / std::max(alpha, m_network.areaFloor);
        m_resistance[i] = node.resistance0 * inverse * inverse;
        m_inertance[i] = node.inertance0 * inverse;
        m_lumen[i] = node.lumen0 * alpha;
    }
}

/// Conductance and impulse of each link for a step of dt.
void VeinSolver::prepareLinks(double dt, bool withFixedParts) {
    const std::size_t count = m_network.links.size();
    const double rate = 1 / dt;
    const double channel = 8 * std::numbers::pi * m_network.viscosity * m_network.valveLength;
    const double halfDensity = 0.5 * m_network.density;
    for (std::size_t k = 0; k < count; ++k) {
        const SolverLink& link = m_network.links[k];
        const auto a = static_cast<std::size_t>(link.from), b = static_cast<std::size_t>(link.to);
        if (withFixedParts) {
            m_fixedR[k] = link.blockage * (link.resistance + link.fromShare * m_resistance[a] +
                                           link.toShare * m_resistance[b]);
            m_fixedL[k] = link.inertance + link.fromShare * m_inertance[a] + link.toShare * m_inertance[b];
            m_fixedB[k] = link.quadratic;
            if (link.valve) {
                const double lumen = link.valveLumen > 0 ? link.valveLumen : std::min(m_lumen[a], m_lumen[b]);
                m_openArea[k] = m_network.valveShare * lumen;
            }
        }
        double resistance = m_fixedR[k], quadratic = m_fixedB[k];
        double impulse = m_fixedL[k] * rate;
        const double inertial = impulse;
        if (link.valve) {
            const double leak = std::max(std::min(link.leakArea, m_openArea[k]), kSmallestArea);
            const double area = leak + std::max(m_openArea[k] - leak, 0.0) * m_xi[k];
            const double inverse = 1 / (area * area);
            resistance += channel * inverse;
            quadratic += halfDensity * inverse;
            if (m_xi[k] < 1e-3 && m_state.xi[k] < 1e-3) impulse = 0; // shut: no memory of earlier flow
        }
        const double conductance = 1 / (inertial + resistance + quadratic * std::abs(m_state.flow[k]));
        m_conductance[k] = conductance;
        m_impulse[k] = conductance * impulse * m_state.flow[k];
    }
}

/// Flow and local conductance of a link with a tanh valve: the drop d over the valve alone solves
/// d = R_v(d) Q, Q = (D - d) G0, with D the driving head and 1 / G0 all other resistance; monotone, by
/// bisection and Newton.
void VeinSolver::tanhFlow(std::size_t k) {
    const SolverLink& link = m_network.links[k];
    const double rest = 1 / m_fixedR[k] > 0 ? m_fixedR[k] : 0.0;
    const double drive =
        m_head[static_cast<std::size_t>(link.from)] - m_head[static_cast<std::size_t>(link.to)];
    const double span = link.tanhMax - link.tanhMin;
    auto resistance = [&](double d) {
        const double e = 2 * link.tanhSteepness * d;
        return link.tanhMin + (e > 700 ? 0.0 : span / (1 + std::exp(e)));
    };
    double low = std::min(0.0, drive), high = std::max(0.0, drive);
    for (int i = 0; i < 200 && high - low > 1e-17 * (std::abs(low) + std::abs(high)); ++i) {
        const double d = 0.5 * (low + high);
        if (d == low || d == high) break;
        (d * rest - (drive - d) * resistance(d) > 0 ? high : low) = d;
    }
    const double d = 0.5 * (low + high), valve = resistance(d);
    const double share = span > 0 ? (valve - link.tanhMin) / span : 0;
    const double valveSlope = -2 * link.tanhSteepness * span * share * (1 - share);
    m_flow[k] = drive / (rest + valve);
    // dQ/dD from d = R_v(d) Q and D = d + rest Q.
    const double ownSlope = (1 - valveSlope * m_flow[k]) / valve; // dQ/dd
    m_conductance[k] = 1 / (1 / ownSlope + rest);
}

/// Stored volume, flows and net inflow at the present heads. Returns the largest residual over its tolerance.
double VeinSolver::evaluate(double dt) {
    const std::size_t nodes = m_network.nodes.size(), links = m_network.links.size();
    const SolverNode* const node = m_network.nodes.data();
    for (std::size_t i = 0; i < nodes; ++i) {
        m_net[i] = inputs.source[i];
        if (m_tableOf[i] >= 0) {
            const double transmural = m_head[i] - inputs.gravity[i] - inputs.outside[i];
            const auto point =
                m_tables[static_cast<std::size_t>(m_tableOf[i])].at(transmural * m_inverseStiffness[i]);
            m_alpha[i] = point.alpha;
            m_stored[i] = node[i].unstressedVolume * point.alpha;
            m_capacity[i] = node[i].unstressedVolume * m_inverseStiffness[i] * point.slope;
        } else if (node[i].kind == SolverNode::Kind::Linear) {
            m_stored[i] = node[i].compliance * (m_head[i] - inputs.gravity[i] - inputs.outside[i]);
            m_capacity[i] = node[i].compliance;
        }
    }
    if (dt <= 0) return 0;
    const SolverLink* const link = m_network.links.data();
    for (std::size_t k = 0; k < links; ++k) {
        const auto a = static_cast<std::size_t>(link[k].from), b = static_cast<std::size_t>(link[k].to);
        if (m_hasTanh && link[k].tanhValve)
            tanhFlow(k);
        else
            m_flow[k] = m_conductance[k] * (m_head[a] - m_head[b]) + m_impulse[k];
        m_net[a] -= m_flow[k];
        m_net[b] += m_flow[k];
    }
    for (std::size_t k = 0; k < m_network.arteries.size(); ++k) {
        const SolverArtery& artery = m_network.arteries[k];
        const auto i = static_cast<std::size_t>(artery.node);
        const double pressure = m_head[i] - inputs.gravity[i];
        const bool waterfall = pressure < inputs.outside[i];
        const double drive = artery.pressure - (waterfall ? inputs.outside[i] : pressure);
        m_arterialFlow[k] = drive > 0 ? drive * artery.conductance : 0;
        m_arterialSlope[k] = drive > 0 && !waterfall ? artery.conductance : 0;
        m_net[i] += m_arterialFlow[k];
    }
    double worst = 0;
    for (std::size_t i = 0; i < nodes; ++i) {
        if (m_slotOf[i] < 0) continue;
        const double residual = m_stored[i] - m_state.volume[i] - dt * m_net[i];
        m_right[static_cast<std::size_t>(m_slotOf[i])] = -residual;
        double size = std::abs(residual) / m_tolerance[i];
        if (m_hasTanh && m_tableOf[i] < 0)
            size = std::abs(residual) /
                   (kFlowTolerance * (dt * m_conductance[0] + std::abs(m_stored[i]) + dt) + 1e-300);
        worst = size > worst || !(size == size) ? size : worst;
    }
    return worst;
}

void VeinSolver::assembleAndSolve(double dt) {
    std::fill(m_values.begin(), m_values.end(), 0.0);
    const std::size_t nodes = m_network.nodes.size(), links = m_network.links.size();
    for (std::size_t k = 0; k < links; ++k) {
        const SolverLink& link = m_network.links[k];
        const double coupling = dt * m_conductance[k];
        const int a = m_slotOf[static_cast<std::size_t>(link.from)],
                  b = m_slotOf[static_cast<std::size_t>(link.to)];
        if (a >= 0) m_values[static_cast<std::size_t>(a)] += coupling;
        if (b >= 0) m_values[static_cast<std::size_t>(b)] += coupling;
        if (m_linkSlot[k] >= 0) m_values[static_cast<std::size_t>(m_linkSlot[k])] -= coupling;
    }
    for (std::size_t k = 0; k < m_network.arteries.size(); ++k) {
        const int slot = m_slotOf[static_cast<std::size_t>(m_network.arteries[k].node)];
        if (slot >= 0) m_values[static_cast<std::size_t>(slot)] += dt * m_arterialSlope[k];
    }
    for (std::size_t i = 0; i < nodes; ++i)
        if (m_slotOf[i] >= 0) m_values[static_cast<std::size_t>(m_slotOf[i])] += m_capacity[i];
    m_matrix->solve(m_values, m_right);
}

/// Valve states at the end of the step for the heads just found. True when one moved by more than `threshold`
/// against the state that the flows were solved with.
bool VeinSolver::advanceValves(double dt, double threshold) {
    bool moved = false;
    for (std::size_t k = 0; k < m_network.links.size(); ++k) {
        const SolverLink& link = m_network.links[k];
        if (!link.valve) continue;
        const double drop =
            m_head[static_cast<std::size_t>(link.from)] - m_head[static_cast<std::size_t>(link.to)];
        const double xi = m_network.valve.advanced(m_state.xi[k], drop, dt);
        moved = moved || std::abs(xi - m_xi[k]) > threshold;
        m_xi[k] = xi;
    }
    return moved;
}

bool VeinSolver::trySolve(double dt, int& iterations) {
    for (std::size_t i = 0; i < m_network.nodes.size(); ++i)
        m_head[i] = m_slotOf[i] < 0 ? inputs.head[i] : m_state.head[i];
    m_xi = m_state.xi;
    prepareNodes();
    for (int pass = 0; pass < kMaxValvePasses; ++pass) {
        prepareLinks(dt, pass == 0);
        double worst = evaluate(dt), before = HUGE_VAL;
        // At least one solution: it is exact where everything is linear.
        for (int i = 0; i == 0 || worst > 1; ++i) {
            if (i == kMaxNewton || !(worst == worst)) return false;
            before = worst;
            assembleAndSolve(dt);
            for (std::size_t n = 0; n < m_network.nodes.size(); ++n)
                if (m_slotOf[n] >= 0) m_head[n] += m_right[static_cast<std::size_t>(m_slotOf[n])];
            ++iterations;
            std::vector<double>& step = m_values; // the factors are spent: keep the step for halving
            std::copy(m_right.begin(), m_right.end(), step.begin());
            worst = evaluate(dt);
            // Newton may leap over the bend between collapsed and round: halve until the residual falls.
            for (int half = 0; half < 6 && i >= 3 && worst > before; ++half) {
                for (std::size_t n = 0; n < m_network.nodes.size(); ++n) {
                    if (m_slotOf[n] < 0) continue;
                    double& part = step[static_cast<std::size_t>(m_slotOf[n])];
                    part *= 0.5;
                    m_head[n] -= part;
                }
                worst = evaluate(dt);
            }
        }
        if (!advanceValves(dt, kValveMoved)) break;
    }
    return true;
}

void VeinSolver::accept(double dt) {
    double inward = 0;
    for (std::size_t i = 0; i < m_network.nodes.size(); ++i) {
        if (m_slotOf[i] < 0) {
            inward -= m_net[i];
            continue;
        }
        m_state.volume[i] += dt * m_net[i];
    }
    // What fixed nodes receive has left; sources and arteries came in.
    for (std::size_t i = 0; i < m_network.nodes.size(); ++i) inward += inputs.source[i];
    for (double flow : m_arterialFlow) inward += flow;
    addTo(m_exchanged, m_exchangedRest, dt * inward);
    m_state.head = m_head;
    m_state.flow = m_flow;
    m_state.xi = m_xi;
}

bool VeinSolver::substep(double dt, int depth, StepReport& report) {
    constexpr int kDeepest = 6;
    if (trySolve(dt, report.newtonIterations)) {
        accept(dt);
        return true;
    }
    if (depth == kDeepest) return false;
    ++report.substeps;
    // The areas of the failed attempt are of no use: recompute them from the kept state.
    m_head = m_state.head;
    evaluate(0);
    return substep(0.5 * dt, depth + 1, report) && substep(0.5 * dt, depth + 1, report);
}

StepReport VeinSolver::step(double dt) {
    StepReport report;
    if (trySolve(dt, report.newtonIterations)) {
        accept(dt);
        return report;
    }
    const SolverState start = m_state;
    const std::pair exchanged{m_exchanged, m_exchangedRest};
    report.substeps = 2;
    m_head = m_state.head;
    evaluate(0);
    report.converged = substep(0.5 * dt, 1, report) && substep(0.5 * dt, 1, report);
    if (!report.converged) {
        m_state = start;
        std::tie(m_exchanged, m_exchangedRest) = exchanged;
        m_head = m_state.head;
        m_flow = m_state.flow;
        m_xi = m_state.xi;
        evaluate(0);
    }
    return report;
}

} // namespace pump::physiology
