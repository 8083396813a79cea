#include "physiology/VeinSolver.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pump::physiology {
namespace {

constexpr int kMaxNewton = 40;
constexpr int kMaxValvePasses = 4;
constexpr int kDeepestHalving = 6;
constexpr double kValveMoved = 0.05; // change of xi within a step that calls for another pass
constexpr double kVolumeTolerance =
    1e-6; // of a node's unstressed volume; what is left is taken up by the next step
constexpr double kHeadTolerance =
    1e-14; // of the largest head, in a network of linear nodes with links that are not
constexpr double kSmallestArea = 1e-10; // m^2: a shut valve keeps this much, to stay away from 1 / 0

/// Neumaier's compensated sum: thousands of seconds of 2 ms steps lose nothing.
void addTo(double& sum, double& rest, double value) {
    const double total = sum + value;
    rest += std::abs(sum) >= std::abs(value) ? (sum - total) + value : (value - total) + sum;
    sum = total;
}

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

} // namespace

VeinSolver::VeinSolver(SolverNetwork network) : m_network(std::move(network)) {
    const std::size_t nodes = m_network.nodes.size(), links = m_network.links.size();
    std::vector<int> unknownOf(nodes, -1), edgeOf(links, -1);
    for (std::size_t i = 0; i < nodes; ++i)
        if (m_network.nodes[i].kind != SolverNode::Kind::Fixed) unknownOf[i] = static_cast<int>(m_unknowns++);
    std::vector<std::pair<int, int>> edges;
    for (std::size_t k = 0; k < links; ++k) {
        const int a = unknownOf[at(m_network.links[k].from)], b = unknownOf[at(m_network.links[k].to)];
        if (a < 0 || b < 0) continue;
        edgeOf[k] = static_cast<int>(edges.size());
        edges.emplace_back(a, b);
    }
    m_matrix = std::make_unique<SparseLdl>(static_cast<int>(m_unknowns), edges);
    m_place.resize(nodes);
    m_nodeAt.resize(nodes);
    std::size_t fixed = m_unknowns;
    for (std::size_t i = 0; i < nodes; ++i) {
        m_place[i] = unknownOf[i] >= 0 ? m_matrix->diagonalSlot(unknownOf[i]) : static_cast<int>(fixed++);
        m_nodeAt[at(m_place[i])] = static_cast<int>(i);
    }
    for (std::size_t k = 0; k < links; ++k) {
        m_from.push_back(m_place[at(m_network.links[k].from)]);
        m_to.push_back(m_place[at(m_network.links[k].to)]);
        m_slot.push_back(edgeOf[k] < 0 ? -1 : m_matrix->edgeSlot(edgeOf[k]));
        if (m_network.links[k].valve) m_valveLink.push_back(static_cast<std::int32_t>(k));
    }
    for (auto* values : {&inputs.outside,
                         &inputs.gravity,
                         &inputs.source,
                         &inputs.resistance,
                         &inputs.head,
                         &m_state.head,
                         &m_state.volume,
                         &m_v0,
                         &m_lumen0,
                         &m_r0,
                         &m_l0,
                         &m_inverseK,
                         &m_compliance,
                         &m_tolerance,
                         &m_base,
                         &m_gravity,
                         &m_outside,
                         &m_source,
                         &m_extraR,
                         &m_head,
                         &m_stored,
                         &m_capacity,
                         &m_net,
                         &m_resistance,
                         &m_inertance,
                         &m_lumen,
                         &m_shift,
                         &m_stepping,
                         &m_state.base,
                         &m_volumeBase,
                         &m_state.volumeBefore,
                         &m_state.meanSource})
        values->assign(nodes, 0.0);
    for (auto* values : {&m_alpha, &m_alphaStart, &m_state.areaBefore}) values->assign(nodes, 1.0);
    m_nodes.assign(nodes, nullptr);
    m_table.assign(nodes, nullptr);
    for (auto* values : {&m_state.flow, &m_fixedR, &m_fixedL, &m_fixedB, &m_fromShare, &m_toShare, &m_block,
                         &m_r, &m_l, &m_b, &m_linear, &m_conductance, &m_impulse, &m_flow, &m_flowBase,
                         &m_state.flowBefore, &m_state.meanFlow})
        values->assign(links, 0.0);
    for (auto* values : {&m_state.xi, &m_state.xiBefore, &m_xi}) values->assign(links, 1.0);
    for (auto* values : {&m_valveLumen, &m_leak, &m_openArea}) values->assign(m_valveLink.size(), 0.0);
    m_arterialFlow.assign(m_network.arteries.size(), 0.0);
    m_arterialSlope = m_state.meanArterialFlow = m_arterialFlow;
    m_values.assign(m_matrix->valueCount(), 0.0);
    m_right.assign(m_unknowns, 0.0);
    refresh();
}

void VeinSolver::refresh() {
    // One table per pair of exponents; a changed stiffness needs no new one.
    std::vector<std::pair<double, double>> exponents;
    for (const SolverNode& node : m_network.nodes) {
        const std::pair wanted{node.law.m, node.law.n};
        if (node.kind == SolverNode::Kind::Tube &&
            std::find(exponents.begin(), exponents.end(), wanted) == exponents.end())
            exponents.push_back(wanted);
    }
    if (exponents != m_exponents) {
        m_tables.clear();
        for (const auto& [m, n] : exponents) m_tables.emplace_back(m, n);
        m_exponents = exponents;
    }
    m_hasLinear = false;
    for (std::size_t p = 0; p < m_nodeAt.size(); ++p) {
        const SolverNode& node = m_network.nodes[at(m_nodeAt[p])];
        const bool tube = node.kind == SolverNode::Kind::Tube;
        m_hasLinear = m_hasLinear || node.kind == SolverNode::Kind::Linear;
        m_tolerance[p] = tube ? 1 / (kVolumeTolerance * node.unstressedVolume) : 0;
        m_compliance[p] = node.compliance;
        if (!tube) continue;
        const auto found = std::find(exponents.begin(), exponents.end(), std::pair{node.law.m, node.law.n});
        m_table[p] = &m_tables[static_cast<std::size_t>(found - exponents.begin())];
        m_nodes[p] = m_table[p]->nodes();
        m_v0[p] = node.unstressedVolume;
        m_lumen0[p] = node.lumen0;
        m_r0[p] = node.resistance0;
        m_l0[p] = node.inertance0;
        m_inverseK[p] = 1 / node.law.stiffness;
    }
    m_hasTanh = m_bends = false;
    for (std::size_t k = 0; k < m_network.links.size(); ++k) {
        const SolverLink& link = m_network.links[k];
        m_fixedR[k] = link.resistance;
        m_fixedL[k] = link.inertance;
        m_fixedB[k] = link.quadratic;
        m_fromShare[k] = link.fromShare;
        m_toShare[k] = link.toShare;
        m_block[k] = link.blockage;
        m_hasTanh = m_hasTanh || link.tanhValve;
        m_bends = m_bends || link.tanhValve || (m_hasLinear && (link.valve || link.quadratic != 0));
    }
    for (std::size_t v = 0; v < m_valveLink.size(); ++v) {
        const SolverLink& link = m_network.links[at(m_valveLink[v])];
        m_valveLumen[v] = link.valveLumen;
        m_leak[v] = link.leakArea;
    }
}

SolverState VeinSolver::state() const {
    SolverState out = m_state;
    out.areaRatio.resize(m_place.size());
    for (std::size_t i = 0; i < m_place.size(); ++i) {
        out.head[i] = m_state.head[at(m_place[i])];
        out.volume[i] = m_state.volume[at(m_place[i])];
        out.areaRatio[i] = m_alpha[at(m_place[i])];
        out.base[i] = m_base[at(m_place[i])];
        out.volumeBefore[i] = m_state.volumeBefore[at(m_place[i])];
        out.areaBefore[i] = m_state.areaBefore[at(m_place[i])];
        out.meanSource[i] = m_state.meanSource[at(m_place[i])];
    }
    return out;
}

void VeinSolver::setState(const SolverState& state) {
    const auto fits = [](std::size_t count, std::initializer_list<const std::vector<double>*> all) {
        return std::all_of(all.begin(), all.end(),
                           [&](const auto* values) { return values->size() == count; });
    };
    if (!fits(m_place.size(), {&state.head, &state.volume, &state.areaRatio, &state.base, &state.volumeBefore,
                               &state.areaBefore, &state.meanSource}) ||
        !fits(m_from.size(), {&state.flow, &state.xi, &state.flowBefore, &state.xiBefore, &state.meanFlow}) ||
        !fits(m_arterialFlow.size(), {&state.meanArterialFlow}))
        throw core::Error(core::ErrorKind::Asset,
                          "saved state: has {} nodes and {} links, the network has {} and {}; it belongs to "
                          "another network",
                          state.head.size(), state.flow.size(), m_place.size(), m_from.size());
    m_state = state;
    for (std::size_t i = 0; i < m_place.size(); ++i) {
        m_state.head[at(m_place[i])] = state.head[i];
        m_state.volume[at(m_place[i])] = state.volume[i];
        m_alpha[at(m_place[i])] = state.areaRatio[i];
        m_base[at(m_place[i])] = state.base[i];
        m_state.volumeBefore[at(m_place[i])] = state.volumeBefore[i];
        m_state.areaBefore[at(m_place[i])] = state.areaBefore[i];
        m_state.meanSource[at(m_place[i])] = state.meanSource[i];
    }
    m_head = m_state.head;
    m_flow = m_state.flow;
    m_xi = m_state.xi;
}

void VeinSolver::setHeads(std::span<const double> heads, double xi) {
    readInputs();
    std::fill(m_shift.begin(), m_shift.end(), 0.0);
    for (std::size_t i = 0; i < m_place.size(); ++i) m_state.head[at(m_place[i])] = heads[i];
    std::fill(m_state.flow.begin(), m_state.flow.end(), 0.0);
    for (std::size_t k = 0; k < m_state.xi.size(); ++k) m_state.xi[k] = m_network.links[k].valve ? xi : 1.0;
    restore();
    m_state.volume = m_stored;
    std::fill(m_state.meanFlow.begin(), m_state.meanFlow.end(), 0.0);
    m_state.lastStep = 0;
}

void VeinSolver::addVolume(int node, double volume) {
    m_state.volume[place(node)] += volume;
    m_state.volumeBefore[place(node)] += volume;
    addTo(m_state.exchanged, m_state.exchangedRest, volume);
}

double VeinSolver::lumen(int node) const {
    return m_lumen0[place(node)] * m_alpha[place(node)];
}

double VeinSolver::totalVolume() const {
    double sum = 0, rest = 0;
    for (std::size_t i = 0; i < m_unknowns; ++i) addTo(sum, rest, m_state.volume[i]);
    return sum + rest;
}

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
    m_flow = m_state.flow;
    m_xi = m_state.xi;
    evaluateStorage();
}

/// Where the step starts from: V*, Q* and the step length h that goes with them.
double VeinSolver::prepareBases(double dt) {
    const bool second = m_network.scheme == TimeScheme::Bdf2 && m_state.lastStep == dt;
    m_lastShare = second ? 1.0 / 3 : 0;
    for (std::size_t i = 0; i < m_unknowns; ++i)
        m_volumeBase[i] = m_state.volume[i] + m_lastShare * (m_state.volume[i] - m_state.volumeBefore[i]);
    for (std::size_t k = 0; k < m_flow.size(); ++k)
        m_flowBase[k] = m_state.flow[k] + m_lastShare * (m_state.flow[k] - m_state.flowBefore[k]);
    for (const std::int32_t valve : m_valveLink) {
        const std::size_t k = at(valve);
        m_xi[k] = second ? std::clamp(2 * m_state.xi[k] - m_state.xiBefore[k], 0.0, 1.0) : m_state.xi[k];
    }
    m_alphaStart = m_alpha;
    prepareNodes(second);
    prepareLinks();
    return second ? dt * 2 / 3 : dt;
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
    const double *const resistance = m_resistance.data(), *const inertance = m_inertance.data();
    for (std::size_t k = 0; k < count; ++k) {
        const auto a = at(m_from[k]), b = at(m_to[k]);
        m_r[k] = m_block[k] * (m_fixedR[k] + m_fromShare[k] * resistance[a] + m_toShare[k] * resistance[b]);
        m_l[k] = m_fixedL[k] + m_fromShare[k] * inertance[a] + m_toShare[k] * inertance[b];
    }
    for (std::size_t v = 0; v < m_valveLink.size(); ++v) {
        const auto k = at(m_valveLink[v]);
        const double lumen =
            m_valveLumen[v] > 0 ? m_valveLumen[v] : std::min(m_lumen[at(m_from[k])], m_lumen[at(m_to[k])]);
        m_openArea[v] = m_network.valveShare * lumen;
    }
}

/// Linear and quadratic loss and impulse of each link for a step of h and the expected valve states.
void VeinSolver::prepareConductances(double h) {
    const std::size_t count = m_from.size();
    const double rate = 1 / h, halfDensity = 0.5 * m_network.density;
    const double lost = m_network.valveLostHead;
    const double channel = 8 * std::numbers::pi * m_network.viscosity * m_network.valveLength;
    double *const linear = m_linear.data(), *const quadratic = m_b.data();
    std::copy(m_r.begin(), m_r.end(), m_linear.begin());
    std::copy(m_fixedB.begin(), m_fixedB.end(), m_b.begin());
    for (std::size_t v = 0; v < m_valveLink.size(); ++v) {
        const auto k = at(m_valveLink[v]);
        const double open = m_openArea[v], leak = std::max(std::min(m_leak[v], open), kSmallestArea);
        const double area = leak + std::max(open - leak, 0.0) * m_xi[k];
        const double inverse = 1 / area, widening = inverse - m_network.valveShare / open;
        linear[k] += channel * inverse * inverse;
        quadratic[k] += halfDensity * (lost * inverse * inverse + (1 - lost) * widening * widening);
    }
    const double *const flow = m_flowBase.data(), *const inertance = m_l.data();
    double* const impulse = m_impulse.data();
    for (std::size_t k = 0; k < count; ++k) {
        const double inertial = inertance[k] * rate;
        linear[k] += inertial;
        impulse[k] = inertial * flow[k];
    }
}

/// Flow and local conductance of a link with a tanh valve: the drop d over the valve alone solves
/// d = R_v(d) Q, Q = (D - d) / R, with D the driving head; monotone, found by bisection.
void VeinSolver::tanhFlow(std::size_t k) {
    const SolverLink& link = m_network.links[k];
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

/// Area, stored volume and compliance of each node at the present heads.
void VeinSolver::evaluateStorage() {
    const double *const head = m_head.data(), *const base = m_base.data(),
                        *const inverseK = m_inverseK.data(), *const v0 = m_v0.data();
    const TubeTable::Node* const* const nodes = m_nodes.data();
    double *const alpha = m_alpha.data(), *const stored = m_stored.data(),
                  *const capacity = m_capacity.data();
    for (std::size_t i = 0; i < m_unknowns; ++i) {
        if (nodes[i] == nullptr) {
            stored[i] = m_compliance[i] * (head[i] - base[i]);
            capacity[i] = m_compliance[i];
            continue;
        }
        const double y = (head[i] - base[i]) * inverseK[i];
        const double position = (y - TubeTable::kLow) * TubeTable::kPerUnit;
        const auto point = position >= 0 && position < TubeTable::kCells
                               ? TubeTable::interpolated(nodes[i], position)
                               : m_table[i]->exact(y);
        alpha[i] = point.alpha;
        stored[i] = v0[i] * point.alpha;
        capacity[i] = v0[i] * inverseK[i] * point.slope;
    }
}

/// Stored volume, flows and net inflow at the present heads. Returns the largest residual over its tolerance.
double VeinSolver::evaluate(double h) {
    evaluateStorage();
    std::copy(m_source.begin(), m_source.end(), m_net.begin());
    const double *const head = m_head.data(), *const linear = m_linear.data(), *const quadratic = m_b.data(),
                        *const impulse = m_impulse.data();
    double *const net = m_net.data(), *const flow = m_flow.data(), *const conductance = m_conductance.data();
    const std::int32_t *const from = m_from.data(), *const to = m_to.data();
    const std::size_t links = m_from.size();
    for (std::size_t k = 0; k < links; ++k) flow[k] = head[from[k]] - head[to[k]] + impulse[k];
    // Root of a Q + B |Q| Q = x, in the form that stays accurate for small B, and 1 / (dx/dQ). Apart from the
    // loops that gather and scatter, so that the compiler takes two links at a time.
    for (std::size_t k = 0; k < links; ++k) {
        const double a = linear[k], root = std::sqrt(a * a + 4 * quadratic[k] * std::abs(flow[k]));
        flow[k] = 2 * flow[k] / (a + root);
        conductance[k] = 1 / root;
    }
    if (m_hasTanh)
        for (std::size_t k = 0; k < links; ++k)
            if (m_network.links[k].tanhValve) tanhFlow(k);
    for (std::size_t k = 0; k < links; ++k) {
        net[from[k]] -= flow[k];
        net[to[k]] += flow[k];
    }
    for (std::size_t k = 0; k < m_network.arteries.size(); ++k) {
        const SolverArtery& artery = m_network.arteries[k];
        const std::size_t i = place(artery.node);
        const double pressure = head[i] - m_gravity[i];
        const bool waterfall = pressure < m_outside[i];
        const double drive = artery.pressure - (waterfall ? m_outside[i] : pressure);
        m_arterialFlow[k] = drive > 0 ? drive * artery.conductance : 0;
        m_arterialSlope[k] = drive > 0 && !waterfall ? artery.conductance : 0;
        net[i] += m_arterialFlow[k];
    }
    const double *const stored = m_stored.data(), *const volume = m_volumeBase.data(),
                        *const tolerance = m_tolerance.data();
    double* const right = m_right.data();
    double worst = 0;
    for (std::size_t i = 0; i < m_unknowns; ++i) {
        right[i] = volume[i] - stored[i] + h * net[i];
        const double size = std::abs(right[i]) * tolerance[i];
        worst = size > worst || size != size ? size : worst;
    }
    return worst;
}

void VeinSolver::assembleAndSolve(double h) {
    double* const values = m_values.data();
    std::copy(m_capacity.begin(), m_capacity.begin() + static_cast<std::ptrdiff_t>(m_unknowns),
              m_values.begin());
    std::fill(m_values.begin() + static_cast<std::ptrdiff_t>(m_unknowns), m_values.end(), 0.0);
    const auto unknowns = static_cast<std::int32_t>(m_unknowns);
    const std::size_t links = m_from.size();
    for (std::size_t k = 0; k < links; ++k) {
        const double coupling = h * m_conductance[k];
        if (m_slot[k] >= 0) {
            values[m_from[k]] += coupling;
            values[m_to[k]] += coupling;
            values[m_slot[k]] -= coupling;
        } else {
            if (m_from[k] < unknowns) values[m_from[k]] += coupling;
            if (m_to[k] < unknowns) values[m_to[k]] += coupling;
        }
    }
    for (std::size_t k = 0; k < m_network.arteries.size(); ++k) {
        const std::size_t i = place(m_network.arteries[k].node);
        if (i < m_unknowns) values[i] += h * m_arterialSlope[k];
    }
    std::copy(m_right.begin(), m_right.end(), m_stepping.begin());
    m_matrix->solve(m_values, m_right);
    // Fall of the convex function along the step, per unit of it.
    m_descent = 0;
    for (std::size_t n = 0; n < m_unknowns; ++n) m_descent += m_stepping[n] * m_right[n];
}

/// Valve states at the end of the step, for the mean of the heads at its start and those just found. True
/// when one differs much from the state that the flows were solved with.
bool VeinSolver::advanceValves(double dt) {
    double moved = 0;
    const ValveLaw law = m_network.valve;
    const double *const before = m_state.head.data(), *const now = m_head.data();
    for (const std::int32_t k : m_valveLink) {
        const auto a = at(m_from[at(k)]), b = at(m_to[at(k)]);
        const double drop = 0.5 * (before[a] + now[a] - before[b] - now[b]);
        const double xi = law.advanced(m_state.xi[at(k)], drop, dt);
        moved = std::max(moved, std::abs(xi - m_xi[at(k)]));
        m_xi[at(k)] = xi;
    }
    return moved > kValveMoved;
}

/// The residual is the gradient of a convex function of the heads, so its part along Newton's step may only
/// fall to zero. Where the full step has gone far beyond (over the bend between collapsed and round), the
/// step is cut back by bisection until the part along it is small.
double VeinSolver::searchLine(double h, double worst) {
    auto along = [&] {
        double sum = 0;
        for (std::size_t n = 0; n < m_unknowns; ++n) sum -= m_right[n] * m_stepping[n];
        return sum;
    };
    double slope = along();
    if (!(slope > 0) || slope < 0.5 * m_descent) return worst;
    double low = 0, high = 1, share = 1;
    for (int i = 0; i < 40 && std::abs(slope) > 0.5 * m_descent; ++i) {
        (slope > 0 ? high : low) = share;
        const double next = 0.5 * (low + high);
        for (std::size_t n = 0; n < m_unknowns; ++n) m_head[n] += (next - share) * m_stepping[n];
        share = next;
        worst = evaluate(h);
        slope = along();
    }
    return worst;
}

bool VeinSolver::trySolve(double dt, int& iterations) {
    // First guess: what is stored cannot change at once, so the head goes along with the pressure outside.
    for (std::size_t p = 0; p < m_unknowns; ++p) m_head[p] = m_state.head[p] + m_shift[p];
    for (std::size_t p = m_unknowns; p < m_nodeAt.size(); ++p) m_head[p] = inputs.head[at(m_nodeAt[p])];
    const double h = m_h = prepareBases(dt);
    for (int pass = 0; pass < kMaxValvePasses; ++pass) {
        prepareConductances(h);
        double worst = evaluate(h), bend = m_bends ? 2 : 0;
        // At least one solution: it is exact where everything is linear.
        for (int i = 0; i == 0 || worst > 1 || bend > 1; ++i) {
            if (i == kMaxNewton) return bend > 1 && worst <= 1;
            if (worst != worst) return false;
            assembleAndSolve(h);
            double largest = 0, step = 0;
            for (std::size_t n = 0; n < m_unknowns; ++n) {
                m_stepping[n] = m_right[n];
                m_head[n] += m_right[n];
                if (!m_bends) continue;
                largest = std::max(largest, std::abs(m_head[n]));
                step = std::max(step, std::abs(m_right[n]));
            }
            if (m_bends) bend = step / (kHeadTolerance * largest);
            ++iterations;
            worst = evaluate(h);
            if (worst > 1 || m_bends) worst = searchLine(h, worst);
        }
        if (!advanceValves(dt)) break;
    }
    // A volume that the flows would empty is a failed step, not a state.
    for (std::size_t i = 0; i < m_unknowns; ++i)
        if (m_nodes[i] != nullptr && !(m_volumeBase[i] + h * m_net[i] > 0)) return false;
    return true;
}

/// What came in and out over the whole step: the last step's mean has its share in it.
void VeinSolver::acceptMeans(double share) {
    for (std::size_t k = 0; k < m_flow.size(); ++k)
        m_state.meanFlow[k] = share * m_state.meanFlow[k] + (1 - share) * m_flow[k];
    for (std::size_t k = 0; k < m_arterialFlow.size(); ++k)
        m_state.meanArterialFlow[k] = share * m_state.meanArterialFlow[k] + (1 - share) * m_arterialFlow[k];
    for (std::size_t i = 0; i < m_unknowns; ++i)
        m_state.meanSource[i] = share * m_state.meanSource[i] + (1 - share) * m_source[i];
}

void VeinSolver::accept(double dt) {
    double inward = 0;
    std::swap(m_state.volumeBefore, m_state.volume);
    for (std::size_t i = 0; i < m_unknowns; ++i) {
        m_state.volume[i] = m_volumeBase[i] + m_h * m_net[i];
        inward += m_source[i];
    }
    // Links to Fixed nodes are the only way out; sources and arteries the only way in.
    for (std::size_t i = m_unknowns; i < m_net.size(); ++i) inward -= m_net[i] - m_source[i];
    for (const double flow : m_arterialFlow) inward += flow;
    m_state.exchangedLast = m_lastShare * m_state.exchangedLast + m_h * inward;
    addTo(m_state.exchanged, m_state.exchangedRest, m_state.exchangedLast);
    acceptMeans(m_lastShare);
    std::fill(m_shift.begin(), m_shift.end(), 0.0);
    std::swap(m_state.areaBefore, m_alphaStart);
    std::swap(m_state.flowBefore, m_state.flow);
    std::swap(m_state.xiBefore, m_state.xi);
    std::swap(m_state.head, m_head);
    std::swap(m_state.flow, m_flow);
    std::swap(m_state.xi, m_xi);
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
