#pragma once

#include "physiology/SparseLdl.h"
#include "physiology/TubeLaw.h"
#include "physiology/Valve.h"
#include "physiology/WideLoops.h"

#include <array>
#include <memory>
#include <span>
#include <vector>

namespace pump::physiology {

/// A place with one pressure. Tube: V = V0 alpha(q / K) with the elastic part q of the transmural pressure,
/// p - p_ext = q + tau dq/dt (Kelvin and Voigt's wall, tau the same for all tubes). Linear: V = C (p -
/// p_ext), C may be 0. Fixed: its head is given. Any consistent units; the leg uses SI.
struct SolverNode {
    enum class Kind { Tube, Linear, Fixed };
    Kind kind = Kind::Tube;
    double unstressedVolume = 0; ///< V0; Tube
    TubeLaw law;                 ///< Tube
    double compliance = 0;       ///< C; Linear
    double lumen0 = 0;           ///< unstressed lumen of all parallel tubes; Tube
    double resistance0 =
        0; ///< 8 pi mu l / (n A0^2) of the whole length; over alpha^2, collapsed alpha^3; Tube
    double inertance0 = 0; ///< rho l / (n A0) of the whole length; divided by alpha; Tube
};

/// from -> to:  H_from - H_to = L dQ/dt + R Q + B |Q| Q,  H = p + rho g z.
/// R and L add up from the given fixed part and the given shares of both nodes' own tubes.
struct SolverLink {
    int from = 0, to = 0;
    double resistance = 0, inertance = 0, quadratic = 0; ///< fixed parts of R, L, B
    double fromShare = 0.5, toShare = 0.5;               ///< of the nodes' resistance0 and inertance0
    bool valve = false;                                  ///< adds a valve (Valve.h)
    double valveLumen = 0;  ///< lumen at the valve; 0: the narrower of both nodes' lumens
    double leakArea = 0;    ///< A_leak
    double blockage = 1;    ///< multiplies R: 1 free
    bool tanhValve = false; ///< adds R_min + (R_max - R_min) / (1 + exp(2 k d)), d its own drop; no L, no B
    double tanhMin = 0, tanhMax = 0, tanhSteepness = 0;
};

/// Arterial supply of a node: Q = max(0, (P_a - max(p, p_ext)) G), a waterfall at the tissue pressure.
struct SolverArtery {
    int node = 0;
    double pressure = 0;    ///< P_a at the node
    double conductance = 0; ///< G
};

/// How time is discretized. Both are implicit and damp what is faster than a step (L-stable). BackwardEuler:
/// first order. Bdf2: second order, the backward difference over the last two steps; the first step, and one
/// of another length than the last, is backward Euler's.
enum class TimeScheme { BackwardEuler, Bdf2 };

struct SolverNetwork {
    std::vector<SolverNode> nodes;
    std::vector<SolverLink> links;
    std::vector<SolverArtery> arteries;
    double density = 1060, viscosity = 0.004;
    TimeScheme scheme = TimeScheme::BackwardEuler;
    double areaFloor = 0.02; ///< alpha below which resistance no longer rises (dumb-bell lumen)
    ValveLaw valve;
    double valveShare = 0.65, valveLength = 0.005, valveLostHead = 1;
    double valveInertialLength = 0; ///< of blood that accelerates within a valve (Valve.h)
    double wallTime = 0;            ///< tau: viscosity over stiffness of a Tube's wall
};

/// Outside influences; may change before every step. One value a node.
struct SolverInputs {
    std::vector<double> outside;    ///< p_ext
    std::vector<double> gravity;    ///< rho g z
    std::vector<double> source;     ///< prescribed inflow
    std::vector<double> resistance; ///< added to a Tube's own (part of it squeezed shut)
    std::vector<double> head;       ///< of Fixed nodes; ignored elsewhere
};

/// All that a later step depends on.
struct SolverState {
    std::vector<double> head, volume; ///< per node
    std::vector<double> areaRatio;    ///< per node: of the end of the last step
    std::vector<double> base;         ///< per node: p_ext + rho g z of the last step
    std::vector<double> flow, xi;     ///< per link
    std::vector<double> drift;        ///< per node: of p - p_ext within the last step
    std::vector<double> elastic;      ///< per node: elastic part of p - p_ext; Tube
    std::vector<double> drop;         ///< per link: of head at its valve alone (Valve.h)
    double exchanged = 0, exchangedRest = 0;
    // What the second-order scheme keeps of the step before.
    std::vector<double> volumeBefore, areaBefore, elasticBefore, meanSource; ///< per node
    std::vector<double> flowBefore, xiBefore, meanFlow;                      ///< per link
    std::vector<double> meanArterialFlow;                                    ///< per artery
    double exchangedLast = 0;                                                ///< by the last step
    double lastStep = 0;                                                     ///< its length, 0: none yet

    /// The lists above that have one value a node, and those that have one a link.
    static constexpr std::array kPerNode{&SolverState::head,          &SolverState::volume,
                                         &SolverState::areaRatio,     &SolverState::base,
                                         &SolverState::drift,         &SolverState::elastic,
                                         &SolverState::volumeBefore,  &SolverState::areaBefore,
                                         &SolverState::elasticBefore, &SolverState::meanSource};
    static constexpr std::array kPerLink{&SolverState::flow,     &SolverState::xi,
                                         &SolverState::drop,     &SolverState::flowBefore,
                                         &SolverState::xiBefore, &SolverState::meanFlow};
};

/// Neumaier's compensated sum: thousands of seconds of 2 ms steps lose nothing.
inline void addCompensated(double& sum, double& rest, double value) {
    const double total = sum + value;
    rest += (sum < 0 ? -sum : sum) >= (value < 0 ? -value : value) ? (sum - total) + value
                                                                   : (value - total) + sum;
    sum = total;
}

struct StepReport {
    bool converged = true;
    int newtonIterations = 0;
    int substeps = 1;
};

/// Implicit 0D network of collapsible, gravity-loaded, valved vein segments; Newton on the heads
/// (H = p + rho g z). With h the step dt and V*, Q* the last volumes and flows (backward Euler), or
/// h = 2/3 dt, V* = V^n + (V^n - V^(n-1)) / 3, Q* likewise (second order):
///
///   V_i(p_i) - V_i* = h (sum Q_in - sum Q_out + Q_art + Q_source)
///   L_k (Q_k - Q_k*) / h = H_from - H_to - R_k Q_k - B_k |Q_k| Q_k
///
/// B |Q| Q is taken at the step's end (its root is in closed form); R, L and the valves are those expected at
/// the end from the two steps before, and the solution is repeated while a valve comes out much different.
/// The Jacobian is a symmetric M-matrix: one solution, stable for every step length. Volumes advance by the
/// solved flows, so their sum is exact to rounding whatever Newton's tolerance; what a step leaves over, the
/// next one takes up.
class VeinSolver {
  public:
    explicit VeinSolver(SolverNetwork network);

    SolverInputs inputs;
    /// Constants may change between steps; the number of nodes, links and arteries and their ends may not.
    /// After a change of nodes, links, valve law or blood call refresh(); arteries need none.
    SolverNetwork& network() { return m_network; }
    const SolverNetwork& network() const { return m_network; }
    void refresh();

    double head(int node) const { return m_state.head[place(node)]; }
    double volume(int node) const { return m_state.volume[place(node)]; }
    double areaRatio(int node) const { return m_alpha[place(node)]; } ///< Tube
    /// Area ratio that a Tube would have at a transmural pressure, from the table.
    double areaRatioAt(int node, double transmural) const {
        const std::size_t p = place(node);
        return m_table[p]->at(transmural * m_inverseK[p]).alpha;
    }
    double lumen(int node) const; ///< of all parallel tubes; Tube
    /// Mean over the last step: volumes have changed by exactly dt times it.
    double flow(int link) const { return m_state.meanFlow[linkPlace(link)]; }
    double flowNow(int link) const { return m_state.flow[linkPlace(link)]; } ///< at the end of the last step
    double xi(int link) const { return m_state.xi[linkPlace(link)]; }
    std::span<const double> arterialFlow() const {
        return m_state.meanArterialFlow;
    }                                                                             ///< likewise, per artery
    double sourceFlow(int node) const { return m_state.meanSource[place(node)]; } ///< likewise
    double totalVolume() const;
    /// Integral of everything that came in minus everything that left, since construction.
    double exchangedVolume() const { return m_state.exchanged + m_state.exchangedRest; }

    SolverState state() const; ///< in the order of nodes and links
    void setState(const SolverState& state);
    /// Sets the heads, the volumes that belong to them under the present inputs, no flow, valves as given.
    void setHeads(std::span<const double> heads, double xi);
    /// Moves volume in or out of a node (blood that is there, not a flow); counted as exchanged.
    void addVolume(int node, double volume);

    /// One step of dt. Not converged: two steps of half, down to dt/64; then the state stays as it was and
    /// converged is false. The state never holds a NaN or a volume below zero.
    StepReport step(double dt);

  private:
    // Inside, nodes stand in the order of elimination, Fixed ones after them; links with a valve come first.
    std::size_t place(int node) const {
        return static_cast<std::size_t>(m_place[static_cast<std::size_t>(node)]);
    }
    std::size_t linkPlace(int link) const {
        return static_cast<std::size_t>(m_linkPlace[static_cast<std::size_t>(link)]);
    }
    PUMP_WIDE_LOOPS bool trySolve(double dt, int& iterations);
    void readInputs();
    double searchLine(double h, double worst);
    PUMP_WIDE_LOOPS double prepareBases(double dt);
    PUMP_WIDE_LOOPS void prepareNodes(bool extrapolate);
    PUMP_WIDE_LOOPS void prepareLinks();
    PUMP_WIDE_LOOPS void prepareConductances(double h);
    PUMP_WIDE_LOOPS void evaluateWalls();
    PUMP_WIDE_LOOPS void evaluateStorage();
    PUMP_WIDE_LOOPS void evaluateLinks();
    double evaluate(double h);
    PUMP_WIDE_LOOPS double residual(double h);
    PUMP_WIDE_LOOPS void assemble(double h);
    PUMP_WIDE_LOOPS void stepNewton(bool assembled);
    bool iterate(double h, int& iterations, bool& factored);
    void tanhFlow(std::size_t link);
    PUMP_WIDE_LOOPS bool advanceValves(double dt);
    bool substep(double dt, int depth, StepReport& report);
    PUMP_WIDE_LOOPS void accept(double dt);
    PUMP_WIDE_LOOPS void acceptMeans(double lastShare);
    void restore();

    SolverNetwork m_network;
    std::vector<std::pair<double, double>> m_exponents; // one pair (m, n) a table
    std::vector<TubeTable> m_tables;
    std::vector<int> m_place, m_nodeAt; // node -> place and back
    std::size_t m_unknowns = 0;
    std::unique_ptr<SparseLdl> m_matrix;
    std::vector<int> m_linkPlace, m_linkAt; // link -> place and back
    std::size_t m_valves = 0;
    bool m_hasTanh = false, m_hasLinear = false, m_bends = false;
    double m_descent = 0;
    double m_lastShare = 0; // of the last step's mean in this step's: 1/3, or 0 with backward Euler
    double m_h = 0;
    double m_wallRate = 0;  // tau / h: elastic parts q are (p - p_ext + rate q*) yield
    double m_wallYield = 1; // 1 / (1 + rate)

    SolverState m_state; // heads, volumes, areas by place
    // Per place: constants, then work space of one step.
    std::vector<const TubeTable::Node*> m_nodes;
    std::vector<const TubeTable*> m_table;
    std::vector<double> m_v0, m_lumen0, m_r0, m_l0, m_inverseK, m_compliance, m_tolerance;
    std::vector<double> m_base, m_shift, m_stepping, m_gravity, m_outside, m_source, m_extraR, m_head,
        m_stored, m_capacity, m_net, m_alpha, m_alphaStart, m_volumeBase, m_elastic, m_elasticBase,
        m_resistance, m_inertance, m_lumen;
    std::vector<double> m_position; // in the tables
    std::vector<std::array<double, 4>> m_rows;
    std::vector<std::int32_t> m_cell;
    // Per link.
    std::vector<std::int32_t> m_from, m_to, m_slot, m_rowFrom, m_rowTo; // places; in the matrix
    std::vector<double> m_fixedR, m_fixedL, m_fixedB, m_fromShare, m_toShare, m_block, m_r, m_l, m_b,
        m_linear, m_conductance, m_impulse, m_flow, m_flowBase, m_xi;
    std::vector<double> m_drop, m_flowScratch; // of head at the valves, now
    std::vector<std::int32_t> m_fill;          // matrix entries that no link has
    std::vector<std::pair<std::int32_t, std::int32_t>>
        m_repeated;                     // (entry, link that shares it with a later one)
    std::vector<std::int32_t> m_artery; // place of each artery's node
    // Per valve.
    std::vector<double> m_valveLumen, m_leak, m_openArea;
    std::vector<double> m_arterialFlow, m_arterialSlope, m_values, m_right;
};

} // namespace pump::physiology
