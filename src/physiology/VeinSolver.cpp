#include "physiology/VeinSolver.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {
namespace {

constexpr double kVolumeTolerance =
    1e-6; // of a node's unstressed volume; what is left is taken up by the next step

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

} // namespace

VeinSolver::VeinSolver(SolverNetwork network) : m_network(std::move(network)) {
    const std::size_t nodes = m_network.nodes.size(), links = m_network.links.size();
    // Inside, links with a valve come first.
    for (const bool valve : {true, false})
        for (std::size_t k = 0; k < links; ++k)
            if (m_network.links[k].valve == valve) m_linkAt.push_back(static_cast<int>(k));
    m_linkPlace.resize(links);
    for (std::size_t p = 0; p < links; ++p) m_linkPlace[at(m_linkAt[p])] = static_cast<int>(p);
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
    // What belongs to a Fixed node goes to a place behind the matrix.
    const auto nowhere = static_cast<std::int32_t>(m_matrix->valueCount());
    for (const int k : m_linkAt) {
        const SolverLink& link = m_network.links[at(k)];
        m_from.push_back(m_place[at(link.from)]);
        m_to.push_back(m_place[at(link.to)]);
        m_slot.push_back(edgeOf[at(k)] < 0 ? nowhere : m_matrix->edgeSlot(edgeOf[at(k)]));
        m_rowFrom.push_back(at(m_from.back()) < m_unknowns ? m_from.back() : nowhere);
        m_rowTo.push_back(at(m_to.back()) < m_unknowns ? m_to.back() : nowhere);
        m_valves += link.valve ? 1 : 0;
    }
    for (std::int32_t slot = static_cast<std::int32_t>(m_unknowns); slot < nowhere; ++slot)
        if (std::find(m_slot.begin(), m_slot.end(), slot) == m_slot.end()) m_fill.push_back(slot);
    for (std::size_t k = 0; k < links; ++k)
        for (std::size_t other = k + 1; other < links; ++other)
            if (m_slot[k] != nowhere && m_slot[other] == m_slot[k]) {
                m_repeated.emplace_back(m_slot[k], static_cast<std::int32_t>(k));
                break;
            }
    for (const SolverArtery& artery : m_network.arteries)
        m_artery.push_back(static_cast<std::int32_t>(m_place[at(artery.node)]));
    for (const auto list : SolverState::kPerNode) (m_state.*list).assign(nodes, 0.0);
    for (const auto list : SolverState::kPerLink) (m_state.*list).assign(links, 0.0);
    for (auto* values :
         {&inputs.outside, &inputs.gravity, &inputs.source, &inputs.resistance, &inputs.head,   &m_v0,
          &m_lumen0,       &m_r0,           &m_l0,          &m_inverseK,        &m_compliance,  &m_tolerance,
          &m_base,         &m_gravity,      &m_outside,     &m_source,          &m_extraR,      &m_head,
          &m_stored,       &m_capacity,     &m_net,         &m_resistance,      &m_inertance,   &m_lumen,
          &m_shift,        &m_stepping,     &m_volumeBase,  &m_elastic,         &m_elasticBase, &m_position})
        values->assign(nodes, 0.0);
    for (auto* values : {&m_alpha, &m_alphaStart, &m_state.areaBefore}) values->assign(nodes, 1.0);
    m_cell.assign(nodes, 0);
    m_rows.assign(nodes, {});
    m_nodes.assign(nodes, nullptr);
    m_table.assign(nodes, nullptr);
    for (auto* values :
         {&m_fixedR, &m_fixedL, &m_fixedB, &m_fromShare, &m_toShare, &m_block, &m_r, &m_l, &m_b, &m_linear,
          &m_conductance, &m_impulse, &m_flow, &m_flowBase, &m_drop, &m_flowScratch})
        values->assign(links, 0.0);
    for (auto* values : {&m_state.xi, &m_state.xiBefore, &m_xi}) values->assign(links, 1.0);
    for (auto* values : {&m_valveLumen, &m_leak, &m_openArea}) values->assign(m_valves, 0.0);
    m_arterialFlow.assign(m_network.arteries.size(), 0.0);
    m_arterialSlope = m_state.meanArterialFlow = m_arterialFlow;
    m_values.assign(m_matrix->valueCount() + 1, 0.0);
    m_right.assign(nodes, 0.0);
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
    if (exponents.empty()) exponents.emplace_back(TubeLaw().m, TubeLaw().n);
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
        m_table[p] = nullptr;
        m_nodes[p] = m_tables.front().nodes(); // of a node that is no tube: read, but not used
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
    for (std::size_t p = 0; p < m_linkAt.size(); ++p) {
        const SolverLink& link = m_network.links[at(m_linkAt[p])];
        m_fixedR[p] = link.resistance;
        m_fixedL[p] = link.inertance;
        m_fixedB[p] = link.quadratic;
        m_fromShare[p] = link.fromShare;
        m_toShare[p] = link.toShare;
        m_block[p] = link.blockage;
        m_hasTanh = m_hasTanh || link.tanhValve;
        m_bends = m_bends || link.tanhValve || (m_hasLinear && (link.valve || link.quadratic != 0));
        if (p >= m_valves) continue;
        m_valveLumen[p] = link.valveLumen;
        m_leak[p] = link.leakArea;
    }
}

SolverState VeinSolver::state() const {
    SolverState out = m_state, inside = m_state;
    inside.areaRatio = m_alpha;
    inside.base = m_base;
    const auto reorder = [&](std::vector<double> SolverState::*list, const std::vector<int>& place) {
        for (std::size_t i = 0; i < place.size(); ++i) (out.*list)[i] = (inside.*list)[at(place[i])];
    };
    for (const auto list : SolverState::kPerNode) reorder(list, m_place);
    for (const auto list : SolverState::kPerLink) reorder(list, m_linkPlace);
    return out;
}

void VeinSolver::setState(const SolverState& state) {
    const auto fits = [&](std::size_t count, const auto& lists) {
        return std::all_of(lists.begin(), lists.end(),
                           [&](const auto list) { return (state.*list).size() == count; });
    };
    if (!fits(m_place.size(), SolverState::kPerNode) || !fits(m_from.size(), SolverState::kPerLink) ||
        state.meanArterialFlow.size() != m_arterialFlow.size())
        throw core::Error(core::ErrorKind::Asset,
                          "saved state: has {} nodes and {} links, the network has {} and {}; it belongs to "
                          "another network",
                          state.head.size(), state.flow.size(), m_place.size(), m_from.size());
    m_state = state;
    const auto reorder = [&](std::vector<double> SolverState::*list, const std::vector<int>& place) {
        for (std::size_t i = 0; i < place.size(); ++i) (m_state.*list)[at(place[i])] = (state.*list)[i];
    };
    for (const auto list : SolverState::kPerNode) reorder(list, m_place);
    for (const auto list : SolverState::kPerLink) reorder(list, m_linkPlace);
    m_alpha = m_state.areaRatio;
    m_base = m_state.base;
    m_head = m_state.head;
    m_flow = m_state.flow;
    m_xi = m_state.xi;
}

void VeinSolver::setHeads(std::span<const double> heads, double xi) {
    readInputs();
    std::fill(m_shift.begin(), m_shift.end(), 0.0);
    for (std::size_t i = 0; i < m_place.size(); ++i) {
        const std::size_t p = at(m_place[i]);
        m_state.head[p] = heads[i];
        m_state.elastic[p] = heads[i] - m_base[p];
    }
    m_state.elasticBefore = m_state.elastic;
    for (auto* flows : {&m_state.flow, &m_state.meanFlow, &m_state.drift})
        std::fill(flows->begin(), flows->end(), 0.0);
    for (std::size_t k = 0; k < m_state.xi.size(); ++k) m_state.xi[k] = k < m_valves ? xi : 1.0;
    for (std::size_t k = 0; k < m_valves; ++k)
        m_state.drop[k] = m_state.head[at(m_from[k])] - m_state.head[at(m_to[k])];
    restore();
    m_state.volume = m_stored;
    m_state.lastStep = 0;
}

void VeinSolver::addVolume(int node, double volume) {
    m_state.volume[place(node)] += volume;
    m_state.volumeBefore[place(node)] += volume;
    addCompensated(m_state.exchanged, m_state.exchangedRest, volume);
}

double VeinSolver::lumen(int node) const {
    return m_lumen0[place(node)] * m_alpha[place(node)];
}

double VeinSolver::totalVolume() const {
    double sum = 0, rest = 0;
    for (std::size_t i = 0; i < m_unknowns; ++i) addCompensated(sum, rest, m_state.volume[i]);
    return sum + rest;
}

} // namespace pump::physiology
