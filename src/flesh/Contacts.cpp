// Bodies as they are at rest, and what can meet what.
#include "flesh/Relax.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace pump::flesh {

namespace {

constexpr float kBoxGap = 40.0f; // mm between boxes at rest beyond which two bodies never meet
constexpr float kFarOff = 25.0f; // mm: nor does a vertex meet what at rest is so far from it, below the thigh
// mm, height: above it a bent knee folds the skin of the hollow, which gives way itself.
constexpr float kHollow = 335;
constexpr float kThin = 9.0f;     // mm: so thin a body is moved, not squeezed
constexpr float kAnkle = 0;       // mm, height: below it bodies are cords
constexpr float kUpward = 0.5f;   // there the corners of bone under the cords of the back of the foot
constexpr float kBesideBone = 12; // mm at rest: sides so near are watched

bool boxesNear(const anatomy::Structure& a, const anatomy::Structure& b) {
    return glm::all(glm::lessThan(a.boundsLow - kBoxGap, b.boundsHigh)) &&
           glm::all(glm::lessThan(b.boundsLow - kBoxGap, a.boundsHigh));
}

/// Muscles of thigh and sole stay as the formula has them, but for the one whose cords would enter the
/// metatarsals.
bool isHeld(const anatomy::LegModel& leg, const anatomy::Structure& structure) {
    if (structure.id == "flexor-digitorum-brevis") return false;
    const std::string& part = leg.rig.muscles[static_cast<std::size_t>(structure.muscle)].compartment;
    return part == "PLANTAR" || part == "THIGH";
}

std::vector<glm::vec3> restOf(const anatomy::LegModel& leg, const Body& body) {
    std::vector<glm::vec3> rest;
    for (std::uint32_t i = 0; i < body.count; ++i) rest.push_back(leg.vertices[body.first + i].position);
    return rest;
}

/// Ties each vertex to the nearest one of the same body that looks the other way from behind it.
void addStruts(const anatomy::LegModel& leg, const anatomy::Structure& structure,
               std::vector<std::set<std::uint32_t>>& around) {
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
        const anatomy::Vertex& own = leg.vertices[structure.firstVertex + i];
        float least = kThin;
        std::uint32_t best = i;
        for (std::uint32_t o = 0; o < structure.vertexCount; ++o) {
            const anatomy::Vertex& other = leg.vertices[structure.firstVertex + o];
            const glm::vec3 to = other.position - own.position;
            const float distance = glm::length(to);
            if (distance >= least || distance < 1e-3f || glm::dot(own.normal, other.normal) > -0.3f ||
                glm::dot(to, own.normal) > -0.5f * distance)
                continue;
            least = distance, best = o;
        }
        if (best != i) {
            around[i].insert(best);
            around[best].insert(i);
        }
    }
}

} // namespace

Relaxer::Relaxer(const anatomy::LegModel& leg, const render::LegTables& tables,
                 const render::MusclePoser& poser, Contacts contacts)
    : m_leg(leg), m_tables(tables), m_poser(poser), m_contacts(contacts) {
    float top = 1e9f;
    for (const anatomy::Structure& s : leg.structures)
        if (s.id == "skin-leg") top = s.boundsHigh.z;
    for (std::size_t s = 0; s < leg.structures.size(); ++s) {
        const anatomy::Structure& structure = leg.structures[s];
        if (structure.id == "skin-leg") {
            m_skin = static_cast<int>(s);
            for (std::uint32_t i = 0; i < structure.indexCount; ++i)
                m_skinIndices.push_back(leg.indices[structure.firstIndex + i] - structure.firstVertex);
        }
        if (structure.tissue == anatomy::Tissue::Bone) {
            std::vector<glm::vec3> positions;
            std::vector<std::uint32_t> indices;
            for (std::uint32_t i = 0; i < structure.vertexCount; ++i)
                positions.push_back(leg.vertices[structure.firstVertex + i].position);
            for (std::uint32_t i = 0; i < structure.indexCount; ++i)
                indices.push_back(leg.indices[structure.firstIndex + i] - structure.firstVertex);
            m_bones.push_back(static_cast<int>(s));
            m_boneJoint.push_back(leg.vertices[structure.firstVertex].joints[0]);
            m_boneTrees.emplace_back(positions, indices);
            continue;
        }
        // Tendons of several muscles are grown into them.
        if (tables.deformKinds[s] != shared::kDeformMuscle || structure.tissue != anatomy::Tissue::Muscle)
            continue;
        Body body;
        body.structure = static_cast<int>(s);
        body.held = isHeld(leg, structure);
        body.slip = structure.boundsHigh.z > top - 10;
        body.first = structure.firstVertex;
        body.count = structure.vertexCount;
        std::vector<std::set<std::uint32_t>> around(body.count);
        for (std::uint32_t i = 0; i < structure.indexCount; ++i)
            body.indices.push_back(leg.indices[structure.firstIndex + i] - structure.firstVertex);
        for (std::size_t i = 0; i + 2 < body.indices.size(); i += 3)
            for (std::size_t k = 0; k < 3; ++k) {
                around[body.indices[i + k]].insert(body.indices[i + (k + 1) % 3]);
                around[body.indices[i + k]].insert(body.indices[i + (k + 2) % 3]);
            }
        for (const auto& list : around) body.around.emplace_back(list.begin(), list.end());
        if (contacts == Contacts::Solved) addStruts(leg, structure, around);
        for (std::uint32_t i = 0; i < body.count; ++i) {
            body.tied.emplace_back(around[i].begin(), around[i].end());
            body.flesh.push_back(
                std::clamp(1.2f - leg.vertices[body.first + i].tissue[1] * 1.2f, 0.1f, 1.0f));
            if (body.held) body.flesh.back() = 0;
        }
        for (std::uint32_t i = 0; i + 2 < body.indices.size(); i += 3)
            if (agrees(
                    &body.indices[i], [&](std::uint32_t v) { return leg.vertices[body.first + v].position; },
                    [&](std::uint32_t v) { return leg.vertices[body.first + v].normal; }))
                body.faced.push_back(i);
        m_bodies.push_back(std::move(body));
    }
    std::size_t next = 0;
    for (Body& body : m_bodies) {
        m_first.push_back(next);
        next += body.count;
    }
    m_first.push_back(next);
    for (Body& body : m_bodies) body.restVolume = surfaceVolume(restOf(leg, body), body.indices);
    if (contacts == Contacts::Solved) findContacts();
}

void Relaxer::findContacts() {
    std::vector<SurfaceTree> trees;
    for (const Body& body : m_bodies) trees.emplace_back(restOf(m_leg, body), body.indices);
    for (std::size_t b = 0; b < m_bodies.size(); ++b) {
        Body& body = m_bodies[b];
        const auto& own = m_leg.structures[static_cast<std::size_t>(body.structure)];
        for (std::size_t o = 0; o < m_bodies.size(); ++o)
            if (o != b && boxesNear(own, m_leg.structures[static_cast<std::size_t>(m_bodies[o].structure)]))
                body.near.push_back(static_cast<int>(o));
        for (std::size_t o = 0; o < m_bones.size(); ++o)
            if (boxesNear(own, m_leg.structures[static_cast<std::size_t>(m_bones[o])]))
                body.near.push_back(-1 - static_cast<int>(o));
        std::vector<float> distances;
        for (std::uint32_t i = 0; i < body.count; ++i)
            for (const int other : body.near) {
                const SurfaceTree& tree = other >= 0 ? trees[static_cast<std::size_t>(other)]
                                                     : m_boneTrees[static_cast<std::size_t>(-1 - other)];
                const auto found = tree.nearest(m_leg.vertices[body.first + i].position, kFarOff);
                const bool held = other >= 0 && m_bodies[static_cast<std::size_t>(other)].held;
                distances.push_back(found ? std::min(found->distance, kReach) : held ? kReach : kAnywhere);
            }
        m_restDistance.push_back(std::move(distances));
    }
    findSidePoints(trees);
    m_underSkin.assign(m_first.back(), kAnywhere);
    if (m_skin < 0) return;
    const anatomy::Structure& cover = m_leg.structures[static_cast<std::size_t>(m_skin)];
    std::vector<glm::vec3> rest;
    for (std::uint32_t i = 0; i < cover.vertexCount; ++i)
        rest.push_back(m_leg.vertices[cover.firstVertex + i].position);
    const SurfaceTree skin(rest, m_skinIndices);
    for (std::size_t b = 0; b < m_bodies.size(); ++b) {
        for (std::uint32_t i = 0; i < m_bodies[b].count; ++i) {
            const glm::vec3& p = m_leg.vertices[m_bodies[b].first + i].position;
            if (p.z > kHollow) continue;
            const auto found = skin.nearest(p, kReach);
            m_underSkin[m_first[b] + i] = found ? -found->distance : kReach;
        }
    }
}

void Relaxer::findSidePoints(const std::vector<SurfaceTree>& trees) {
    for (std::size_t b = 0; b < m_bodies.size(); ++b) {
        const Body& body = m_bodies[b];
        if (body.held) continue;
        const bool small = body.restVolume < kSmall;
        for (const int other : body.near) {
            const bool isBone = other < 0;
            const auto index = static_cast<std::size_t>(isBone ? -1 - other : other);
            if (isBone && !small) {
                const anatomy::Structure& of = m_leg.structures[static_cast<std::size_t>(m_bones[index])];
                for (std::uint32_t i = 0; i < of.vertexCount; ++i) {
                    const anatomy::Vertex& corner = m_leg.vertices[of.firstVertex + i];
                    if (corner.position.z < kAnkle && corner.normal.z < kUpward) continue;
                    if (const auto found = trees[b].nearest(corner.position, kBesideBone))
                        m_sidePoints.push_back({other, b, found->distance, corner.position, {}});
                }
            }
            if (!isBone && !small) continue;
            const SurfaceTree& tree = isBone ? m_boneTrees[index] : trees[index];
            for (std::uint32_t i = 0; i < body.count; ++i)
                for (const std::uint32_t o : body.around[i]) {
                    const glm::vec3 p = 0.5f * (m_leg.vertices[body.first + i].position +
                                                m_leg.vertices[body.first + o].position);
                    if (o < i || (isBone && p.z >= kAnkle) || body.flesh[i] + body.flesh[o] == 0) continue;
                    if (const auto found = tree.nearest(p, kBesideBone))
                        m_sidePoints.push_back({other, b, found->distance, {}, {i, o}});
                }
        }
    }
}

} // namespace pump::flesh
