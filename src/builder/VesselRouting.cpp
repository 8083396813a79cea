#include "builder/VesselRouting.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr int kIterations = 60;
constexpr int kBoneIterations = 16; // at the end, when nothing may push back into bone any more
constexpr float kVesselGap = 0.25f; // mm between walls of neighbours
constexpr float kDermal = 1.0f;     // mm deeper than that at most, where a vein lies right under the skin
constexpr float kFat = 1.5f;        // mm between a superficial vein and the skin
constexpr float kFleshGap = 1.0f;   // mm between a vein that lies on muscles and the flesh

template <typename Distance>
glm::vec3 gradient(const Distance& distance, glm::vec3 p) {
    constexpr float h = 0.5f;
    const glm::vec3 g(distance(p + glm::vec3(h, 0, 0)) - distance(p - glm::vec3(h, 0, 0)),
                      distance(p + glm::vec3(0, h, 0)) - distance(p - glm::vec3(0, h, 0)),
                      distance(p + glm::vec3(0, 0, h)) - distance(p - glm::vec3(0, 0, h)));
    const float length = glm::length(g);
    return length > 1e-5f ? g / length : glm::vec3(0);
}

/// Push that brings a signed distance up to `least`.
template <typename Distance>
glm::vec3 raised(const Distance& distance, glm::vec3 p, float least) {
    const float missing = least - distance(p);
    return missing > 0 ? missing * gradient(distance, p) : glm::vec3(0);
}

glm::vec3 fromNeighbour(const LaidPiece& piece, glm::vec3 p, float radius) {
    const glm::vec3 along = piece.b - piece.a;
    const float length2 = std::max(glm::dot(along, along), 1e-6f);
    const float t = std::clamp(glm::dot(p - piece.a, along) / length2, 0.0f, 1.0f);
    const glm::vec3 away = p - (piece.a + t * along);
    const float distance = glm::length(away);
    const float missing = piece.radius + radius + kVesselGap - distance;
    if (missing <= 0) return glm::vec3(0);
    if (distance < 1e-3f) return missing * glm::vec3(0, -1, 0); // exactly on it: step backward
    return missing * away / distance;
}

float ramp(float from, float to, float x) {
    const float t = std::clamp((x - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

/// What a point of the course may meet.
struct Neighbour {
    const LaidPiece* piece = nullptr;
    bool joined = false; ///< it ends on that vessel
};

/// For each point of the course all that it could reach.
std::vector<std::vector<Neighbour>> nearby(std::span<const LaidPiece> laid, const Course& course,
                                           const RouteRules& rules) {
    const auto holds = [](const std::vector<int>& list, int vessel) {
        return std::find(list.begin(), list.end(), vessel) != list.end();
    };
    std::vector<std::vector<Neighbour>> near(course.size());
    for (const LaidPiece& piece : laid) {
        if (holds(rules.goesOn, piece.vessel)) continue;
        const bool joined = holds(rules.joined, piece.vessel);
        const glm::vec3 middle = 0.5f * (piece.a + piece.b);
        const float half = 0.5f * glm::distance(piece.a, piece.b);
        for (std::size_t i = 0; i < course.size(); ++i)
            if (glm::distance(glm::vec3(course[i]), middle) <
                half + piece.radius + 0.5f * course[i].w + kVesselGap + rules.reach + 0.1f)
                near[i].push_back({&piece, joined});
    }
    return near;
}

class Router {
  public:
    Router(const Course& course, const RouteRules& rules, const TissueProbe& probe,
           std::span<const LaidPiece> laid)
        : m_course(course),
          m_rules(rules),
          m_probe(probe),
          m_near(nearby(laid, course, rules)),
          m_arcs(arcLengths(positionsOf(course))),
          m_moved(course.size(), glm::vec3(0)) {
        if (!rules.sheath || rules.sheath->artery.size() < 3) return;
        m_artery = positionsOf(rules.sheath->artery);
        m_arteryLength = arcLengths(m_artery).back();
    }

    Course run() {
        for (int iteration = 0; iteration < kIterations + kBoneIterations; ++iteration) {
            const bool boneOnly = iteration >= kIterations;
            for (std::size_t i = 0; i < m_course.size(); ++i) {
                if (held(i)) continue;
                glm::vec3 push = boneOnly ? bonePush(i) + sheathPush(i) : pushAt(i);
                const float size = glm::length(push);
                if (size > 1.5f) push *= 1.5f / size;
                m_moved[i] += 0.6f * push;
                const float moved = glm::length(m_moved[i]), reach = reachAt(i, boneOnly);
                if (moved > reach) m_moved[i] *= reach / moved;
            }
            if (!boneOnly || iteration % 4 == 0) smooth();
        }
        Course result = m_course;
        for (std::size_t i = 0; i < result.size(); ++i) result[i] += glm::vec4(m_moved[i], 0);
        return result;
    }

  private:
    bool held(std::size_t i) const {
        return (i == 0 && m_rules.heldStart) || (i + 1 == m_course.size() && m_rules.heldEnd);
    }

    /// 0 at a glued end, 1 `length` mm away from it.
    float freedom(std::size_t i, float length) const {
        float f = 1;
        if (m_rules.heldStart) f = std::min(f, ramp(0, length, m_arcs[i]));
        if (m_rules.heldEnd) f = std::min(f, ramp(0, length, m_arcs.back() - m_arcs[i]));
        return f;
    }

    glm::vec3 bonePush(std::size_t i) const {
        if (!m_probe.boneDistance) return glm::vec3(0);
        const glm::vec3 p = glm::vec3(m_course[i]) + m_moved[i];
        return raised(m_probe.boneDistance, p, 0.5f * m_course[i].w + m_rules.boneGap);
    }

    float reachAt(std::size_t i, bool boneOnly) const {
        if (!m_rules.sheath || m_rules.sheath->artery.size() < 3) return m_rules.reach;
        const glm::vec3 p = glm::vec3(m_course[i]);
        const PolylinePlace place = nearestOnPolyline(m_artery, p);
        const float toEnd = std::min(place.arc, m_arteryLength - place.arc);
        const float share = std::clamp(toEnd / 12.0f, 0.0f, 1.0f);
        return std::lerp(m_rules.reach, (boneOnly ? 2.0f : 1.0f) * m_rules.sheath->reach, share);
    }

    /// Beside its artery: back to it, and off the membrane that it lies on.
    glm::vec3 sheathPush(std::size_t i) const {
        if (!m_rules.sheath && m_probe.wallDistance && m_rules.wallGap > 0)
            return raised(m_probe.wallDistance, glm::vec3(m_course[i]) + m_moved[i], m_rules.wallGap);
        if (!m_rules.sheath) return glm::vec3(0);
        const Course& artery = m_rules.sheath->artery;
        const glm::vec3 p = glm::vec3(m_course[i]) + m_moved[i];
        std::size_t nearest = 0;
        for (std::size_t k = 1; k < artery.size(); ++k)
            if (glm::distance(glm::vec3(artery[k]), p) < glm::distance(glm::vec3(artery[nearest]), p))
                nearest = k;
        if (nearest == 0 || nearest + 1 == artery.size()) return glm::vec3(0); // before or after its course
        const glm::vec3 along = glm::normalize(glm::vec3(artery[nearest + 1] - artery[nearest - 1]));
        glm::vec3 away = p - glm::vec3(artery[nearest]);
        away -= glm::dot(away, along) * along;
        const float radius = 0.5f * m_course[i].w, distance = glm::length(away);
        const float most = 0.5f * artery[nearest].w + radius + m_rules.sheath->gap;
        glm::vec3 push(0);
        if (distance > most) push -= (distance - most) / distance * away;
        if (m_probe.wallDistance) push += raised(m_probe.wallDistance, p, radius + m_rules.sheath->wallGap);
        return push;
    }

    glm::vec3 pushAt(std::size_t i) const {
        const glm::vec3 p = glm::vec3(m_course[i]) + m_moved[i];
        const float radius = 0.5f * m_course[i].w;
        glm::vec3 push(0);
        push += bonePush(i) + sheathPush(i);
        if (m_probe.muscleDistance) push += musclePush(i, p, radius);
        if (m_probe.skinDistance && m_rules.underSkin && p.z < m_rules.inFatBelow) {
            const auto depth = [this](glm::vec3 q) { return -m_probe.skinDistance(q); };
            push += raised(depth, p, radius + kFat);
            if (m_rules.subdermal) push += raised(m_probe.skinDistance, p, -(radius + kFat + kDermal));
        }
        const float joined = freedom(i, 16), other = freedom(i, 6);
        for (const Neighbour& neighbour : m_near[i])
            if (const float weight = neighbour.joined ? joined : other; weight > 0)
                push += weight * fromNeighbour(*neighbour.piece, p, radius);
        return push;
    }

    glm::vec3 musclePush(std::size_t i, glm::vec3 p, float radius) const {
        glm::vec3 push(0);
        if (!m_rules.insideMuscle.empty()) {
            const auto depth = [this](glm::vec3 q) {
                return -m_probe.muscleDistance(m_rules.insideMuscle, q);
            };
            push += freedom(i, 30) * raised(depth, p, m_rules.muscleDepth + radius);
        }
        if (m_probe.fleshDistance && m_rules.outsideFlesh && p.z < m_rules.inFatBelow)
            push += freedom(i, 12) * raised(m_probe.fleshDistance, p, radius + kFleshGap);
        const auto& gap = m_probe.gapDistance ? m_probe.gapDistance : m_probe.fleshDistance;
        if (gap && m_rules.inGap) push += 0.5f * freedom(i, 16) * raised(gap, p, 0.2f);
        return push;
    }

    void smooth() {
        const std::vector<glm::vec3> before = m_moved;
        for (std::size_t i = 0; i < m_moved.size(); ++i) {
            if (held(i)) continue;
            const glm::vec3 left = before[i > 0 ? i - 1 : i];
            const glm::vec3 right = before[i + 1 < before.size() ? i + 1 : i];
            m_moved[i] = 0.5f * before[i] + 0.25f * (left + right);
        }
    }

    const Course& m_course;
    const RouteRules& m_rules;
    const TissueProbe& m_probe;
    std::vector<std::vector<Neighbour>> m_near;
    std::vector<float> m_arcs;
    std::vector<glm::vec3> m_artery; ///< of the sheath
    float m_arteryLength = 0;
    std::vector<glm::vec3> m_moved;
};

} // namespace

Course routed(const Course& course, const RouteRules& rules, const TissueProbe& probe,
              std::span<const LaidPiece> laid) {
    return Router(course, rules, probe, laid).run();
}

} // namespace pump::builder
