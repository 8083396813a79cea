#include "flesh/Relax.h"

#include "render/DeformReference.h"
#include "scene/JointBlend.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pump::flesh {

namespace {

// mm kept free, where they are at rest. Slips are moved whole, and meet more than they can evade: further
// away from other bodies, but not so far off the bone that they are pressed into their neighbours.
constexpr float kOffBone = 2.8f, kOffFlesh = 1.4f, kOffSlips = 4.0f, kSlipsOffBone = 2.8f;
constexpr float kOffCorner = 0.5f; // of a bone, mm
constexpr float kOffSides = 0.5f;  // of what is kept free, between the corners
constexpr float kUnderSkin = 2.6f; // mm: nor do they come nearer to the skin, where they are so deep at rest
constexpr float kFarthest = 12;    // mm: what cannot be parted by so much stays as it is
constexpr float kKept = 0.97f;     // of an offset in each round: what nothing holds goes back
constexpr int kRounds = 40, kLastRounds = 8;
// Rounds in which all that can meet is looked at; between them only what was so close, mm, beyond its limit.
constexpr int kFullRounds = 3, kFullEvery = 8;
constexpr float kClose = 3;
constexpr float kRoom = 2; // mm: a vertex with so much of it swells freely
// Of what is kept free, what must be left when the shapes have been fitted; and how far from that, mm, a
// place is watched that could be moved there.
constexpr float kLeastShare = 0.5f, kBeside = 1.5f;
constexpr int kSkin = std::numeric_limits<int>::min(); // for Meeting::other

} // namespace

glm::vec3 turnedBy(const glm::vec4& turn, const glm::vec3& v) {
    const glm::vec3 axis(turn);
    return v + glm::cross(axis, glm::cross(axis, v) + v * turn.w) * 2.0f;
}

glm::vec3 turnedBack(const glm::vec4& turn, const glm::vec3& v) {
    return turnedBy({-glm::vec3(turn), turn.w}, v);
}

/// A vertex near what it must not enter.
struct Relaxer::Meeting {
    std::size_t at = 0; ///< as in relax()
    int other = 0;      ///< body, or -1 - bone, or kSkin
    Nearest found;     ///< `distance` and `outward` as the vertex sees them: away from what it must not enter
    float allowed = 0; ///< distance, mm
};

/// State of one pose.
struct Relaxer::Work {
    Placement plain;
    std::vector<glm::vec3> now;
    std::vector<float> room;                 ///< to the nearest neighbour, mm
    std::vector<glm::mat4> toRest, fromRest; ///< of bones
    std::vector<SurfaceTree> trees;          ///< of bodies as they are now
    SurfaceTree skin;
    int rounds = 0;
    bool all = true; ///< all that can meet is looked at in this round
    struct Look {
        std::uint32_t guess = SurfaceTree::kNoGuess; ///< the triangle that was nearest
        bool close = false;                          ///< so close that the next rounds must look again
    };
    std::vector<std::vector<Look>> looks; ///< per body: of each vertex at each of `near`, then at the skin
    std::vector<Look> sideLooks;          ///< of m_sidePoints
};

SurfaceTree Relaxer::skinOf(const render::FrameTables& frame) const {
    if (m_skin < 0) return {};
    shared::DeformReference reference(m_tables, frame);
    const anatomy::Structure& cover = m_leg.structures[static_cast<std::size_t>(m_skin)];
    std::vector<glm::vec3> posed;
    for (std::uint32_t i = 0; i < cover.vertexCount; ++i)
        posed.push_back(reference.vertex(m_tables.placeOf[cover.firstVertex + i]).position);
    return {posed, m_skinIndices};
}

render::FrameTables Relaxer::frameOf(const PoseSample& pose) const {
    scene::RenderInput input;
    input.joints = pose.joints;
    render::FrameTables frame;
    frame.joints = scene::jointPoses(pose.joints);
    for (std::size_t m = 0; m < pose.activation.size(); ++m) {
        const scene::MusclePath& path = m_poser.path(m);
        input.muscles.push_back({pose.activation[m], path.restLength() - path.posedLength(frame.joints)});
    }
    for (const anatomy::Structure& structure : m_leg.structures) {
        shared::StructureState state{};
        state.muscle = structure.muscle;
        frame.structures.push_back(state);
    }
    m_poser.pose(input, frame);
    return frame;
}

void Relaxer::place(const render::FrameTables& frame, std::size_t b, Placement& placement) const {
    shared::DeformReference reference(m_tables, frame);
    shared::JointBlend turning(frame.joints);
    const Body& body = m_bodies[b];
    const int muscle = m_leg.structures[static_cast<std::size_t>(body.structure)].muscle;
    const shared::MuscleHeader& header = frame.muscles[static_cast<std::size_t>(muscle)];
    for (std::uint32_t i = 0; i < body.count; ++i) {
        const std::uint32_t at = m_tables.placeOf[body.first + i];
        const shared::DeformedVertex vertex = reference.vertex(at);
        placement.position.push_back(vertex.position);
        placement.normal.push_back(vertex.normal);
        const shared::RestVertex& rest = m_tables.vertices[at];
        placement.turn.push_back(turning.blendedJoint(rest.joints, rest.weights, 4).real);
        const float sample =
            std::clamp(rest.detail.x * header.toSample, 0.0f, static_cast<float>(shared::kMuscleSamples - 1));
        placement.along.push_back(turning.turnedBy(
            placement.turn.back(),
            m_tables.muscleSamples[header.first + static_cast<std::uint32_t>(sample)].tangent));
    }
}

/// Calls visit(Meeting) for each vertex of a body that is nearer to a bone, to another body or to the skin
/// than `allowed` and `within` more, where `allowed` is what is asked at rest or `share` of what is kept
/// free.
void Relaxer::meet(Work& work, std::size_t b, float share, float within, auto&& visit) const {
    const Body& body = m_bodies[b];
    const std::size_t others = body.near.size() + 1; // and the skin
    work.looks[b].resize(body.count * others);
    const bool small = body.restVolume < kSmall;
    for (std::uint32_t i = 0; i < body.count; ++i) {
        if (body.flesh[i] == 0) continue;
        const std::size_t at = m_first[b] + i;
        const glm::vec3 p = work.now[at];
        // `find` gives what is nearest from a guess.
        const auto look = [&](Work::Look& last, int other, float allowed, auto&& find) {
            if (!work.all && !last.close) return;
            std::optional<Nearest> found = find(last.guess);
            last.close = found && found->distance < allowed + kClose;
            if (!found) return;
            last.guess = found->triangle;
            if (found->distance < allowed + within) visit(Meeting{at, other, *found, allowed});
        };
        for (std::size_t n = 0; n < body.near.size(); ++n) {
            const int other = body.near[n];
            const float rest = m_restDistance[b][i * body.near.size() + n];
            if (rest == kAnywhere) continue;
            const bool slip =
                small || (other >= 0 && m_bodies[static_cast<std::size_t>(other)].restVolume < kSmall);
            const float free =
                other >= 0 ? (slip ? kOffSlips : kOffFlesh) : (small ? kSlipsOffBone : kOffBone);
            // Bone gives way to nothing, and sides of coarse triangles are nearer to it than their corners.
            const float allowed = other < 0
                                      ? std::clamp(rest, kOffCorner, free * std::min(1.0f, 1.5f * share))
                                      : std::clamp(rest, -0.4f, free * share);
            look(work.looks[b][i * others + n], other, allowed, [&](std::uint32_t guess) {
                if (other >= 0) return work.trees[static_cast<std::size_t>(other)].nearest(p, kReach, guess);
                const auto bone = static_cast<std::size_t>(-1 - other);
                auto found =
                    m_boneTrees[bone].nearest(glm::vec3(work.toRest[bone] * glm::vec4(p, 1)), kReach, guess);
                if (found) found->outward = glm::vec3(work.fromRest[bone] * glm::vec4(found->outward, 0));
                return found;
            });
        }
        if (m_skin < 0 || m_underSkin[at] == kAnywhere) continue;
        look(work.looks[b][i * others + others - 1], kSkin, std::min(m_underSkin[at], kUnderSkin * share),
             [&](std::uint32_t guess) {
                 auto found = work.skin.nearest(p, kReach, guess);
                 if (found) found->distance = -found->distance, found->outward = -found->outward;
                 return found;
             });
    }
}

/// Calls visit(body, corner, share, out, missing) for the corners of each side of a body that is nearer to a
/// bone or to another body than is asked and `within` more: they must move by `missing`, mm, in the direction
/// `out`; the other body gives way by half.
void Relaxer::meetSides(Work& work, float share, float within, auto&& visit) const {
    work.sideLooks.resize(m_sidePoints.size());
    for (std::size_t i = 0; i < m_sidePoints.size(); ++i) {
        const SidePoint& point = m_sidePoints[i];
        Work::Look& last = work.sideLooks[i];
        if (!work.all && !last.close) continue;
        const Body& body = m_bodies[point.body];
        const bool isBone = point.other < 0, ofBone = point.edge[0] == point.edge[1];
        const auto index = static_cast<std::size_t>(isBone ? -1 - point.other : point.other);
        const float free = !isBone ? kOffFlesh : body.restVolume < kSmall ? kSlipsOffBone : kOffBone;
        const float allowed = std::min(point.distance, free * share * kOffSides);
        const auto edge = [&](std::size_t k) { return work.now[m_first[point.body] + point.edge[k]]; };
        std::optional<Nearest> found;
        if (!isBone) {
            found = work.trees[index].nearest(0.5f * (edge(0) + edge(1)), kReach, last.guess);
        } else if (ofBone) {
            found = work.trees[point.body].nearest(
                glm::vec3(work.fromRest[index] * glm::vec4(point.corner, 1)), kReach, last.guess);
        } else {
            found = m_boneTrees[index].nearest(
                glm::vec3(work.toRest[index] * glm::vec4(0.5f * (edge(0) + edge(1)), 1)), kReach, last.guess);
            if (found) found->outward = glm::vec3(work.fromRest[index] * glm::vec4(found->outward, 0));
        }
        last.close = found && found->distance < allowed + kClose;
        if (!found) continue;
        last.guess = found->triangle;
        const float missing = allowed - found->distance;
        if (missing <= -within) continue;
        const auto visitFace = [&](std::size_t b, float part) {
            for (std::uint32_t k = 0; k < 3; ++k)
                visit(b, m_bodies[b].indices[3 * found->triangle + k],
                      part * found->shares[static_cast<int>(k)] / glm::dot(found->shares, found->shares),
                      -found->outward, missing);
        };
        constexpr float kHalf = 0.5f;
        if (ofBone) {
            visitFace(point.body, 1);
        } else {
            for (const std::uint32_t v : point.edge)
                visit(point.body, v, isBone ? 1 : kHalf, found->outward, missing);
            if (!isBone) visitFace(index, kHalf);
        }
    }
}

/// Share of a body in what parts it from another: the smaller one gives way more.
float Relaxer::ownShare(const Body& body, int other) const {
    if (other < 0 || m_bodies[static_cast<std::size_t>(other)].held) return 1;
    const double theirs = m_bodies[static_cast<std::size_t>(other)].restVolume;
    const bool slip = std::min(body.restVolume, theirs) < kSmall;
    return static_cast<float>(std::clamp(theirs / (body.restVolume + theirs), 0.45, slip ? 0.5 : 0.55));
}

void Relaxer::renewTrees(Work& work) const {
    work.trees.resize(m_bodies.size());
    work.looks.resize(m_bodies.size());
    for (std::size_t b = 0; b < m_bodies.size(); ++b) {
        const std::span<const glm::vec3> now = std::span(work.now).subspan(m_first[b], m_bodies[b].count);
        if (work.rounds == 0)
            work.trees[b] = SurfaceTree(now, m_bodies[b].indices);
        else if (!m_bodies[b].held)
            work.trees[b].move(now);
    }
    work.all = work.rounds < kFullRounds || work.rounds % kFullEvery == 0;
    ++work.rounds;
}

/// Out of bones wholly, out of other bodies by a part each, back below the skin.
void Relaxer::push(Work& work, float share) const {
    renewTrees(work);
    std::vector<glm::vec3> sum(work.now.size(), glm::vec3(0));
    std::vector<float> weight(work.now.size(), 0.0f);
    std::fill(work.room.begin(), work.room.end(), kReach);
    const auto add = [&](std::size_t at, const glm::vec3& by, float w) {
        sum[at] += by * w;
        weight[at] += w;
    };
    for (std::size_t b = 0; b < m_bodies.size(); ++b)
        meet(work, b, 1, kRoom, [&](const Meeting& m) {
            const float missing = m.allowed - m.found.distance;
            work.room[m.at] = std::min(work.room[m.at], -missing);
            if (missing <= 0) return;
            const glm::vec3 by = m.found.outward * missing;
            if (m.other < 0) {
                add(m.at, by, m.other == kSkin ? 4 : 5);
                return;
            }
            const float own = ownShare(m_bodies[b], m.other);
            add(m.at, by * own, 1);
            const Body& theirs = m_bodies[static_cast<std::size_t>(m.other)];
            for (std::uint32_t k = 0; k < 3; ++k) {
                const std::uint32_t v = theirs.indices[3 * m.found.triangle + k];
                if (theirs.flesh[v] > 0)
                    add(m_first[static_cast<std::size_t>(m.other)] + v, by * (own - 1),
                        m.found.shares[static_cast<int>(k)]);
            }
        });
    meetSides(work, 1, 0,
              [&](std::size_t b, std::uint32_t v, float part, const glm::vec3& out, float missing) {
                  if (m_bodies[b].flesh[v] > 0) add(m_first[b] + v, out * missing, 5 * std::min(part, 1.0f));
              });
    for (std::size_t i = 0; i < sum.size(); ++i) {
        if (weight[i] <= 0) continue;
        // Aside, not along the muscle.
        glm::vec3 by = sum[i] * (share / std::max(weight[i], 0.5f));
        by -= work.plain.along[i] * (0.8f * glm::dot(by, work.plain.along[i]));
        work.now[i] += by;
    }
}

/// Offsets toward the mean of the neighbours'.
void Relaxer::smooth(Work& work, float share, float keptEach) const {
    for (std::size_t b = 0; b < m_bodies.size(); ++b) {
        const Body& body = m_bodies[b];
        float kept = keptEach;
        if (body.held) continue;
        const std::size_t first = m_first[b];
        const bool small = body.restVolume < kSmall;
        for (int pass = 0; pass < (small && keptEach < 1 ? 4 : 1); ++pass) {
            std::vector<glm::vec3> offsets(body.count);
            for (std::uint32_t i = 0; i < body.count; ++i) {
                const auto offset = [&](std::uint32_t v) {
                    return work.now[first + v] - work.plain.position[first + v];
                };
                glm::vec3 mean(0);
                for (const std::uint32_t o : body.tied[i]) mean += offset(o);
                mean /= static_cast<float>(std::max<std::size_t>(body.tied[i].size(), 1));
                offsets[i] = glm::mix(offset(i), mean, share) * (body.flesh[i] > 0 ? kept : kept * 0.5f);
                offsets[i] *= std::min(1.0f, kFarthest / std::max(glm::length(offsets[i]), 1e-6f));
            }
            for (std::uint32_t i = 0; i < body.count; ++i)
                work.now[first + i] = work.plain.position[first + i] + offsets[i];
            kept = 1;
        }
    }
}

/// Gives back the volume where there is room for it.
void Relaxer::fill(Work& work) const {
    for (std::size_t b = 0; b < m_bodies.size(); ++b) {
        const Body& body = m_bodies[b];
        if (body.slip || body.held) continue;
        const std::span<glm::vec3> now = std::span(work.now).subspan(m_first[b], body.count);
        for (int round = 0; round < 2; ++round) {
            const std::vector<glm::vec3> normals = surfaceNormals(now, body.indices);
            std::vector<float> freedom(body.count);
            for (std::uint32_t i = 0; i < body.count; ++i)
                freedom[i] = body.flesh[i] * std::clamp(work.room[m_first[b] + i] / kRoom, 0.08f, 1.0f);
            double gain = 0; // mm^3 for a shift of freedom * 1 mm
            for (std::size_t i = 0; i + 2 < body.indices.size(); i += 3) {
                const std::uint32_t* v = &body.indices[i];
                const glm::vec3 cross = glm::cross(now[v[1]] - now[v[0]], now[v[2]] - now[v[0]]);
                for (std::size_t k = 0; k < 3; ++k)
                    gain += static_cast<double>(glm::dot(cross, normals[v[k]]) * freedom[v[k]] / 6);
            }
            const double missing = body.restVolume - surfaceVolume(now, body.indices);
            const float by = std::clamp(static_cast<float>(missing / std::max(gain, 1.0)), -0.8f, 0.8f);
            for (std::uint32_t i = 0; i < body.count; ++i) now[i] += normals[i] * (by * freedom[i]);
        }
    }
}

/// Triangles whose side disagrees with the normals drawn: their corners come nearer to their neighbours.
void Relaxer::unfold(Work& work) const {
    for (std::size_t b = 0; b < m_bodies.size(); ++b) {
        const Body& body = m_bodies[b];
        if (body.held) continue;
        const std::size_t first = m_first[b];
        std::vector<std::uint8_t> marked(body.count, 0);
        bool any = false;
        for (const std::uint32_t i : body.faced) {
            const std::uint32_t* v = &body.indices[i];
            if (agrees(
                    v, [&](std::uint32_t k) { return work.now[first + k]; },
                    [&](std::uint32_t k) { return work.plain.normal[first + k]; }))
                continue;
            any = true;
            for (std::size_t k = 0; k < 3; ++k) marked[v[k]] = 1;
        }
        if (!any) continue;
        for (int round = 0; round < 2; ++round) {
            std::vector<glm::vec3> next(work.now.begin() + static_cast<std::ptrdiff_t>(first),
                                        work.now.begin() + static_cast<std::ptrdiff_t>(first + body.count));
            for (std::uint32_t i = 0; i < body.count; ++i) {
                if (!marked[i] || body.flesh[i] == 0) continue;
                glm::vec3 mean(0);
                for (const std::uint32_t o : body.around[i]) mean += work.now[first + o];
                mean /= static_cast<float>(body.around[i].size());
                // Along the surface: across it the body would shrink.
                glm::vec3 by = mean - work.now[first + i];
                by -= work.plain.normal[first + i] * glm::dot(by, work.plain.normal[first + i]);
                next[i] = work.now[first + i] + by * 0.35f;
            }
            std::copy(next.begin(), next.end(), work.now.begin() + static_cast<std::ptrdiff_t>(first));
        }
    }
}

void Relaxer::poseBones(const PoseSample& pose, Work& work) const {
    for (const std::uint32_t joint : m_boneJoint) {
        work.fromRest.push_back(pose.joints[joint]);
        work.toRest.push_back(glm::inverse(pose.joints[joint]));
    }
}

std::vector<glm::vec3> Relaxer::relax(const PoseSample& pose, const std::vector<glm::vec3>& from) const {
    Work work;
    const render::FrameTables frame = frameOf(pose);
    for (std::size_t b = 0; b < m_bodies.size(); ++b) place(frame, b, work.plain);
    work.now = work.plain.position;
    for (std::size_t i = 0; i < from.size(); ++i) work.now[i] += turnedBy(work.plain.turn[i], from[i]);
    work.room.assign(work.now.size(), kReach);
    work.skin = skinOf(frame);
    poseBones(pose, work);
    for (int round = 0; round < kRounds; ++round) {
        const bool last = round >= kRounds - kLastRounds;
        push(work, 0.7f);
        smooth(work, last ? 0.1f : 0.3f, last ? 1.0f : kKept);
        unfold(work);
        fill(work);
    }
    std::vector<glm::vec3> offsets;
    for (std::size_t i = 0; i < work.now.size(); ++i)
        offsets.push_back(turnedBack(work.plain.turn[i], work.now[i] - work.plain.position[i]));
    return offsets;
}

std::vector<std::vector<Obstacle>> Relaxer::obstacles(const PoseSample& pose,
                                                      const render::FrameTables& frame,
                                                      std::vector<glm::vec3> now) const {
    Work work;
    work.now = std::move(now);
    work.skin = skinOf(frame);
    poseBones(pose, work);
    renewTrees(work);
    std::vector<std::vector<Obstacle>> result(m_bodies.size());
    for (std::size_t b = 0; b < m_bodies.size(); ++b)
        meet(work, b, kLeastShare, kBeside, [&](const Meeting& m) {
            const float missing = m.allowed - m.found.distance;
            // Whoever is not yet too near may come as near as it is allowed.
            const float by = missing > 0 ? missing * ownShare(m_bodies[b], m.other) : missing;
            result[b].push_back({static_cast<std::uint32_t>(m.at - m_first[b]), m.found.outward,
                                 glm::dot(work.now[m.at], m.found.outward) + by});
        });
    meetSides(work, kLeastShare, kBeside,
              [&](std::size_t b, std::uint32_t v, float part, const glm::vec3& out, float missing) {
                  if (m_bodies[b].flesh[v] == 0) return;
                  const float by = missing > 0 ? missing * part : missing;
                  result[b].push_back({v, out, glm::dot(work.now[m_first[b] + v], out) + by});
              });
    return result;
}

} // namespace pump::flesh
