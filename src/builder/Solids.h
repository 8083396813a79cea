#pragma once

#include "builder/LegTables.h"
#include "builder/Mesh.h"
#include "builder/Strand.h"

#include <functional>
#include <string_view>
#include <vector>

namespace pump::builder {

/// A solid as a distance field, packed among its neighbours.
struct Solid {
    const SolidRow* row = nullptr;
    const Sections* sections = nullptr; ///< null: made of strands only
    std::vector<StrandShape> strands;
    Field field;
    float largestRadius = 0; ///< of its sections, mm
    float bellyHeight = 0;   ///< of its fullest section, mm
    double measured = 0;     ///< volume of the measured shape below the cut, mm^3
    float growth = 0;        ///< share of the section's radius by which it was grown (packing)

    float measuredDistance(const glm::vec3& p) const; ///< of the shape before packing, mm
    /// How far a growth of 1 moves the surface at p: the section's radius in the belly, nothing in the
    /// tendon.
    float growthReach(const glm::vec3& p) const;
    /// How strongly a place is kept against neighbours, mm: tendons win over the bellies they lie on.
    float hold(const glm::vec3& p) const;
    /// Distance of the grown, not yet packed shape: sections grow in proportion to their radius.
    float grownDistance(const glm::vec3& p, float measuredValue) const;
};

inline constexpr float kLimbTop = 600; ///< mm: the limb is cut flat here (mid-thigh)

/// Fields of all solids of the tables, in their order. Bones and tendons first; muscles then grow or shrink
/// to their share of the measured volume and part the space between them without overlap.
std::vector<Solid> buildSolids(const LegTables& tables, unsigned threads);

const Solid* findSolid(const std::vector<Solid>& solids, std::string_view id);

/// Bones, and tendons and membranes that muscles give way to.
bool isFixed(const Solid& solid);

/// Solves the growth of each muscle for its volume, then packs all fields (builder/Packing.cpp).
void packSolids(std::vector<Solid>& solids, unsigned threads);

/// Runs work(0) ... work(count - 1) on some threads; the first error thrown is thrown again here.
void parallelFor(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

} // namespace pump::builder
