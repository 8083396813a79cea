#include "scene/TouchSurface.h"

#include "scene/JointBlend.h"
#include "scene/Pose.h"

#include "shared/leg.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace pump::shared {
namespace {
#include "shared/pressure_share.h"
}
} // namespace pump::shared

namespace pump::scene {
namespace {

using anatomy::Tissue;

constexpr float kSole = -62; // mm
constexpr float kPaPerMmHg = 133.322f;
constexpr float kRelaxedPa = 24000, kContractedTimes = 3;
constexpr float kMostTissue = 45; // mm: beyond it lies the other side's flesh

float strain(float pressureMmHg, float effort) {
    return 1 - std::exp(-pressureMmHg * kPaPerMmHg / (kRelaxedPa * (1 + kContractedTimes * effort)));
}

/// Distance along the ray to a triangle's front, or nothing (Moeller and Trumbore 1997).
std::optional<float> meets(const Ray& ray, glm::vec3 a, glm::vec3 b, glm::vec3 c) {
    const glm::vec3 ab = b - a, ac = c - a, p = glm::cross(ray.direction, ac);
    const float det = glm::dot(ab, p);
    if (det < 1e-9f) return std::nullopt;
    const glm::vec3 s = ray.origin - a;
    const float u = glm::dot(s, p);
    if (u < 0 || u > det) return std::nullopt;
    const glm::vec3 q = glm::cross(s, ab);
    const float v = glm::dot(ray.direction, q);
    if (v < 0 || u + v > det) return std::nullopt;
    const float t = glm::dot(ac, q) / det;
    return t > 0 ? std::optional(t) : std::nullopt;
}

bool isVein(anatomy::VesselKind kind) {
    using anatomy::VesselKind;
    return kind == VesselKind::DeepVein || kind == VesselKind::SuperficialVein;
}

} // namespace

TouchSurface::TouchSurface(const anatomy::LegModel& leg, const physiology::Network& network) : m_leg(leg) {
    for (const anatomy::Structure& structure : leg.structures)
        if (structure.tissue == Tissue::Skin && !m_skin) m_skin = &structure;
    std::vector<std::set<int>> vessels(network.segments.size());
    for (std::size_t v = 0; v < leg.rig.vessels.size(); ++v) {
        const anatomy::Vessel& vessel = leg.rig.vessels[v];
        if (!isVein(vessel.kind)) continue;
        for (const anatomy::Stretch& stretch : vessel.stretches) {
            const int segment = network.segmentIndex(stretch.segment);
            if (segment < 0) continue; // tubes of links and still stretches: their segment is drawn elsewhere
            vessels[static_cast<std::size_t>(segment)].insert(static_cast<int>(v));
            for (const anatomy::VesselPoint& point : vessel.points)
                if (point.arc >= stretch.from && point.arc <= stretch.to)
                    m_veins.push_back({point.position, segment, static_cast<int>(v)});
        }
    }
    for (const auto& of : vessels) m_vesselsOf.push_back(static_cast<int>(of.size()));
}

shared::JointPose TouchSurface::carrier(std::uint32_t vertex,
                                        const std::vector<shared::JointPose>& joints) const {
    const anatomy::Vertex& v = m_leg.vertices[vertex];
    const auto packed = [](const std::array<std::uint8_t, 4>& bytes) {
        return bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8 |
               static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
    };
    return shared::JointBlend(joints).blendedJoint(packed(v.joints), packed(v.weights), 4);
}

std::optional<SkinPoint> TouchSurface::hit(const Ray& ray, const RenderInput& pose) const {
    if (!m_skin || pose.joints.empty()) return std::nullopt;
    const std::vector<shared::JointPose> joints = jointPoses(pose.joints);
    shared::JointBlend blend(joints);
    std::vector<glm::vec3> places(m_skin->vertexCount);
    for (std::uint32_t i = 0; i < m_skin->vertexCount; ++i) {
        const std::uint32_t vertex = m_skin->firstVertex + i;
        places[i] = blend.movedBy(carrier(vertex, joints), m_leg.vertices[vertex].position);
    }
    float nearest = 1e9f;
    std::uint32_t best = 0;
    for (std::uint32_t i = 0; i + 2 < m_skin->indexCount; i += 3) {
        const std::uint32_t* t = &m_leg.indices[m_skin->firstIndex + i];
        const std::uint32_t base = m_skin->firstVertex;
        const auto far = meets(ray, places[t[0] - base], places[t[1] - base], places[t[2] - base]);
        if (!far || *far >= nearest) continue;
        nearest = *far;
        best = i;
    }
    if (nearest > 1e8f) return std::nullopt;
    const std::uint32_t* t = &m_leg.indices[m_skin->firstIndex + best];
    SkinPoint point;
    point.posed = ray.origin + ray.direction * nearest;
    // Back to rest with the blend of the nearest corner: corners of one triangle move alike.
    std::uint32_t corner = t[0];
    for (int k = 1; k < 3; ++k)
        if (glm::distance(places[t[k] - m_skin->firstVertex], point.posed) <
            glm::distance(places[corner - m_skin->firstVertex], point.posed))
            corner = t[k];
    const anatomy::Vertex& vertex = m_leg.vertices[corner];
    const shared::JointPose moved = carrier(corner, joints);
    const glm::vec4 back(-glm::vec3(moved.real), moved.real.w);
    point.place = blend.turnedBy(back, point.posed - blend.movedBy(moved, glm::vec3(0)));
    glm::vec3 outward(0);
    for (int k = 0; k < 3; ++k) outward += m_leg.vertices[t[k]].normal;
    point.inward = -glm::normalize(outward);
    point.tissueMm = tissueBelow(point.place, point.inward);
    const auto muscle = static_cast<int>(std::lround(vertex.tissue[0]));
    if (muscle >= 0 && static_cast<std::size_t>(muscle) < pose.muscles.size() && vertex.tissue[2] > 0.2f)
        point.effort = pose.muscles[static_cast<std::size_t>(muscle)].activation;
    return point;
}

glm::vec3 TouchSurface::posed(const SkinPoint& point, const std::vector<glm::mat4>& joints) const {
    if (!m_skin || joints.empty()) return point.place;
    std::uint32_t nearest = m_skin->firstVertex;
    float least = 1e9f;
    for (std::uint32_t i = m_skin->firstVertex; i < m_skin->firstVertex + m_skin->vertexCount; ++i) {
        const float far = glm::distance(m_leg.vertices[i].position, point.place);
        if (far >= least) continue;
        least = far;
        nearest = i;
    }
    const std::vector<shared::JointPose> poses = jointPoses(joints);
    return shared::JointBlend(poses).movedBy(carrier(nearest, poses), point.place);
}

float TouchSurface::tissueBelow(glm::vec3 place, glm::vec3 inward) const {
    constexpr float kAside = 9; // mm: a finger's breadth of bone below it counts
    float least = kMostTissue;
    for (const anatomy::Structure& structure : m_leg.structures) {
        if (structure.tissue != Tissue::Bone) continue;
        const glm::vec3 low = structure.boundsLow - kMostTissue, high = structure.boundsHigh + kMostTissue;
        if (glm::any(glm::lessThan(place, low)) || glm::any(glm::greaterThan(place, high))) continue;
        for (std::uint32_t i = structure.firstVertex; i < structure.firstVertex + structure.vertexCount;
             ++i) {
            const glm::vec3 v = m_leg.vertices[i].position - place;
            const float down = glm::dot(v, inward);
            if (down <= 0 || down >= least) continue;
            if (glm::dot(v, v) - down * down < kAside * kAside) least = down;
        }
    }
    return std::max(least, 2.0f);
}

shared::Contact TouchSurface::pad(const SkinPoint& point, float radiusMm, float pressureMmHg) const {
    shared::Contact contact{};
    contact.kind = shared::kContactPad;
    contact.place = point.place;
    contact.inward = point.inward;
    contact.radius = radiusMm;
    contact.thickness = point.tissueMm;
    contact.depth = point.tissueMm * strain(pressureMmHg, point.effort);
    contact.mark = 1;
    return contact;
}

shared::Contact TouchSurface::band(float heightMm, float widthMm, float pressureMmHg) const {
    shared::Contact contact{};
    contact.kind = shared::kContactBand;
    contact.radius = widthMm / 2;
    contact.inward = {0, 0, 1};
    contact.palm = {0, -1, 0};
    contact.mark = 1;
    // The limb's middle and its radius at this height, from its skin.
    glm::vec2 low(1e9f), high(-1e9f);
    const float z = heightMm + kSole;
    if (m_skin)
        for (std::uint32_t i = m_skin->firstVertex; i < m_skin->firstVertex + m_skin->vertexCount; ++i) {
            const glm::vec3 p = m_leg.vertices[i].position;
            if (std::abs(p.z - z) > 8) continue;
            low = glm::min(low, glm::vec2(p));
            high = glm::max(high, glm::vec2(p));
        }
    if (low.x > high.x) low = glm::vec2(-50), high = glm::vec2(50);
    const glm::vec2 middle = (low + high) * 0.5f;
    contact.place = {middle.x, middle.y, z};
    contact.thickness = std::max(0.25f * (high.x - low.x + high.y - low.y), 5.0f);
    // About 0.55 of the radius behind is flesh.
    contact.depth = 0.55f * contact.thickness * strain(pressureMmHg, 0);
    return contact;
}

std::vector<physiology::PressureShare> TouchSurface::shares(const shared::Contact& contact) const {
    std::map<std::pair<int, int>, float> most; // segment, vessel
    const float reach = 3 * contact.radius + kMostTissue;
    for (const VesselSample& sample : m_veins) {
        if (glm::distance(sample.place, contact.place) > reach) continue;
        float& here = most[{sample.segment, sample.vessel}];
        here = std::max(here, shared::pressureShare(contact, sample.place));
    }
    std::map<int, float> sums;
    for (const auto& [of, share] : most) sums[of.first] += share;
    std::vector<physiology::PressureShare> result;
    for (const auto& [segment, sum] : sums) {
        const double share = static_cast<double>(sum) / m_vesselsOf[static_cast<std::size_t>(segment)];
        if (share >= 0.02) result.push_back({segment, std::min(share, 1.0)});
    }
    return result;
}

} // namespace pump::scene
