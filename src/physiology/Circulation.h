#pragma once

#include "physiology/Network.h"
#include "physiology/VeinSolver.h"

namespace pump::physiology {

/// The solver's network for a leg: tubes by Poiseuille (R = 8 pi mu l / (n A^2)) and their inertia
/// (L = rho l / (n A)), venular links with their fixed resistance, one Fixed node (the last) for the right
/// atrium. Nodes and links keep the network's order; arteries follow Network::inflows with no conductance
/// yet.
SolverNetwork solverNetwork(const Network& network);

/// A network whose geometric segments are cut into `parts` equal cells each ("PTV2/1", "PTV2/2" ... from
/// below). Trunk links join the ends, perforators and venular links the middle. Venular beds stay whole.
Network splitNetwork(const Network& network, int parts);

} // namespace pump::physiology
