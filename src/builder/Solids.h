#pragma once

#include "builder/LegTables.h"
#include "builder/Mesh.h"

#include <string_view>
#include <vector>

namespace pump::builder {

/// A solid as a distance field, packed among its neighbours.
struct Solid {
    const SolidRow* row = nullptr;
    const Sections* sections = nullptr;
    Field field;
};

inline constexpr float kLimbTop = 600; ///< mm: the limb is cut flat here (mid-thigh)

/// Fields of all solids of the tables, in their order.
std::vector<Solid> buildSolids(const LegTables& tables, unsigned threads);

const Solid* findSolid(const std::vector<Solid>& solids, std::string_view id);

/// Runs work(0) ... work(count - 1) on some threads; the first error thrown is thrown again here.
void parallelFor(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

} // namespace pump::builder
