#pragma once

#include "builder/LegTables.h"
#include "builder/Mesh.h"
#include "builder/Strand.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

namespace pump::builder {

/// How a muscle grows about one height of its axis (packing).
struct Growth {
    float share = 0;    ///< of the section's radius, all round
    glm::vec3 tilt{};   ///< mm more a mm toward this side of the middle and less on the other
    glm::vec3 middle{}; ///< of the measured section, mm
};

/// A solid as a distance field, packed among its neighbours.
struct Solid {
    const SolidRow* row = nullptr;
    const Sections* sections = nullptr; ///< null: made of strands only
    std::vector<StrandShape> strands;
    Field field;
    Field reserved; ///< distance to the sleeves of vessels that pass it, same grid; no values: none pass
    float largestRadius = 0;    ///< of its sections, mm
    float bellyHeight = 0;      ///< of its fullest section, mm
    double measured = 0;        ///< volume of the measured shape below the cut, mm^3
    std::vector<Growth> growth; ///< at every kSlab mm along its axis

    float top() const; ///< height at which it is cut: kLimbTop, bones not at all, mm
    float measuredDistance(const glm::vec3& p) const; ///< of the shape before packing, mm
    /// Position among the growth values: 1.5 lies midway between the second and the third.
    float slabAt(const glm::vec3& p) const;
    /// How far the surface grows, mm, at a position slabAt(): `radius` of the section and lever, both faded.
    float grownBy(float slab, float radius, const glm::vec3& lever) const;
    /// How far the grown surface lies outside the measured one at p, mm.
    float growthAt(const glm::vec3& p) const;
    /// Share of the growth at p: it runs out where cords go on.
    float growthFade(const glm::vec3& p) const;
    /// From the middle of the measured section to p, mm, as far as growth may lean there: cords do not.
    /// `radius`: of the section, faded.
    glm::vec3 leverAt(const glm::vec3& p, float radius) const;
    /// How strongly a place is kept against neighbours, mm: tendons win over the bellies they lie on.
    float hold(const glm::vec3& p) const;
    /// Distance of the grown, not yet packed shape: sections grow in proportion to their radius.
    float grownDistance(const glm::vec3& p, float measuredValue) const;
};

/// Grown distance, where it is not too far from the measured shape to be grown to (walls are looked for as
/// far), mm.
inline float withinReach(float measured, float grown) {
    constexpr float kReach = 13, kSteep = 4;
    return std::max(grown, kSteep * (measured - kReach));
}

inline constexpr float kSlab = 14;     ///< mm: a muscle gets its volume slab by slab along its axis
inline constexpr float kLimbTop = 600; ///< mm: the limb is cut flat here (mid-thigh), bones go on to the hip

/// Fields of all solids of the tables as measured, in their order.
std::vector<Solid> measureSolids(const LegTables& tables, unsigned threads);

/// The same, packed. Bones and tendons first; muscles then grow or shrink
/// to their share of the measured volume and part the space between them without overlap.
std::vector<Solid> buildSolids(const LegTables& tables, unsigned threads);

const Solid* findSolid(const std::vector<Solid>& solids, std::string_view id);

/// Bones, and tendons and membranes that muscles give way to.
bool isFixed(const Solid& solid);

/// Solves the growth of each muscle for its volume, then packs all fields (builder/Packing.cpp). `outside`:
/// distance to the room that muscles may grow into, positive outside it; no values: all room.
void packSolids(std::vector<Solid>& solids, const Field& outside, unsigned threads);

/// Runs work(0) ... work(count - 1) on some threads; the first error thrown is thrown again here.
void parallelFor(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

} // namespace pump::builder
