#include "scene/Pose.h"

#include "scene/JointBlend.h"

#include <glm/gtc/matrix_transform.hpp>
#include <glm/gtc/quaternion.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace pump::scene {

namespace {

using anatomy::Joint;
using anatomy::JointStep;

glm::mat4 shift(glm::vec3 by) {
    return glm::translate(glm::mat4(1), by);
}

glm::mat4 turnAbout(glm::vec3 pivot, const glm::quat& turn) {
    return shift(pivot) * glm::mat4_cast(turn) * shift(-pivot);
}

glm::mat4 turnAbout(const Joint& joint, float angle) {
    return turnAbout(joint.pivot, glm::angleAxis(angle, joint.axis));
}

glm::vec3 moved(const glm::mat4& by, glm::vec3 p) {
    return glm::vec3(by * glm::vec4(p, 1));
}

const glm::vec3 kLateral(1, 0, 0); // of the sagittal plane's turns

JointStep stepAt(const std::vector<JointStep>& path, float flexion) {
    auto above = std::upper_bound(path.begin(), path.end(), flexion,
                                  [](float f, const JointStep& step) { return f < step.flexion; });
    above = std::clamp(above, path.begin() + 1, path.end() - 1);
    const JointStep& a = *(above - 1);
    const JointStep& b = *above;
    const float t = (flexion - a.flexion) / (b.flexion - a.flexion);
    return {flexion, glm::mix(a.turn, b.turn, t), glm::mix(a.forward, b.forward, t), glm::mix(a.up, b.up, t)};
}

/// Motion of a joint of the knee in its parent's frame.
glm::mat4 kneeMotion(const Joint& joint, float flexion) {
    if (joint.path.size() < 2) return turnAbout(joint, flexion);
    const JointStep step = stepAt(joint.path, flexion);
    return shift({0, step.forward, step.up}) * turnAbout(joint, step.turn);
}

/// The line over which the foot rolls, level and nearly that of the metatarsal heads: their oblique line
/// turns the heel inward, as in life, but less than all the way.
glm::vec3 rollAxis(const Joint& toes) {
    constexpr float kOblique = 0.6f;
    const glm::vec3 level(toes.axis.x, toes.axis.y, 0);
    if (glm::length(level) < 1e-3f) return kLateral;
    return glm::normalize(glm::mix(kLateral, glm::normalize(level), kOblique));
}

constexpr float kArch = 0.15f;      // of the foot's pitch that the midfoot adds: the arch rises on tiptoe
constexpr float kToesFree = 25.0f;  // mm of lift over which the floor lets go of the toes
constexpr float kSoleReach = 14.0f; // mm above the floor: skin below it can touch the floor
constexpr std::size_t kSolePoints = 160, kOutlinePoints = 1200;
constexpr std::size_t kMaxJoints = 256;

} // namespace

Poser::Poser(const anatomy::LegModel& leg) : m_rig(leg.rig) {
    m_thigh = index("thigh");
    m_shank = index("shank");
    m_patella = index("patella");
    m_talus = index("talus");
    m_foot = index("foot");
    m_forefoot = index("forefoot");
    m_toes = index("toes");
    if (m_shank < 0 && !m_rig.joints.empty()) m_shank = 0;
    if (const Joint* thigh = joint(m_thigh)) m_hip = thigh->pivot;
    findOutline(leg);
}

void Poser::findOutline(const anatomy::LegModel& leg) {
    const Joint* foot = joint(m_foot);
    const float ankleY = foot ? foot->pivot.y : 0;
    float lowest = 1e9f, floor = 1e9f;
    std::vector<SolePoint> all, limb;
    // Views are framed on the skin, where there is one: femur and vessels go on above it.
    const bool skin =
        std::any_of(leg.structures.begin(), leg.structures.end(), [](const anatomy::Structure& structure) {
            return structure.tissue == anatomy::Tissue::Skin;
        });
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.tissue != anatomy::Tissue::Bone && structure.tissue != anatomy::Tissue::Skin) continue;
        for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
            const anatomy::Vertex& vertex = leg.vertices[structure.firstVertex + i];
            const glm::vec3 p = vertex.position;
            const auto strongest = static_cast<std::size_t>(
                std::max_element(vertex.weights.begin(), vertex.weights.end()) - vertex.weights.begin());
            floor = std::min(floor, p.z);
            all.push_back({p, vertex.joints[strongest]});
            if (!skin || structure.tissue == anatomy::Tissue::Skin) limb.push_back(all.back());
            if (p.y < ankleY - 10 && p.z < lowest) {
                lowest = p.z;
                m_heel = p;
            }
        }
    }
    if (all.empty()) return;
    m_floor = floor;
    for (std::size_t i = 0; i < limb.size(); i += std::max<std::size_t>(1, limb.size() / kOutlinePoints))
        m_outline.push_back(limb[i]);
    std::erase_if(all, [&](const SolePoint& point) { return point.place.z > floor + kSoleReach; });
    const std::size_t stride = std::max<std::size_t>(1, all.size() / kSolePoints);
    for (std::size_t i = 0; i < all.size(); i += stride) m_sole.push_back(all[i]);
}

int Poser::index(std::string_view id) const {
    for (std::size_t i = 0; i < m_rig.joints.size(); ++i)
        if (m_rig.joints[i].id == id) return static_cast<int>(i);
    return -1;
}

const Joint* Poser::joint(int index) const {
    return index >= 0 ? &m_rig.joints[static_cast<std::size_t>(index)] : nullptr;
}

Poser::Angles Poser::angles(const physiology::Pose& pose) const {
    Angles result;
    result.knee = static_cast<float>(pose.kneeFlexion);
    result.ankle = static_cast<float>(pose.ankleDorsiflexion);
    // From the trunk down, or from the standing foot up.
    const float hanging = static_cast<float>(pose.trunkTilt + pose.hipFlexion) - result.knee;
    const float standing = static_cast<float>(pose.footPitch) - result.ankle;
    result.shank = glm::mix(hanging, standing, static_cast<float>(pose.onFoot));
    result.thigh = result.shank + result.knee;
    result.foot = result.shank + result.ankle;
    return result;
}

std::vector<glm::mat4> Poser::chain(const physiology::Pose& pose, const Angles& angles) const {
    std::vector<glm::mat4> result(m_rig.joints.size(), glm::mat4(1));
    const auto set = [&](int joint, const glm::mat4& matrix) {
        if (joint >= 0) result[static_cast<std::size_t>(joint)] = matrix;
    };
    const glm::quat upright = glm::angleAxis(angles.shank, kLateral);
    const glm::mat4 shank = glm::mat4_cast(upright);
    set(m_shank, shank);
    const Joint* knee = joint(m_shank);
    const glm::mat4 thigh =
        m_thigh >= 0 && knee ? shank * glm::inverse(kneeMotion(*knee, angles.knee)) : shank;
    set(m_thigh, thigh);
    if (const Joint* patella = joint(m_patella)) set(m_patella, thigh * kneeMotion(*patella, angles.knee));

    const Joint* foot = joint(m_foot);
    if (!foot) return result;
    const Joint* talus = joint(m_talus);
    const Joint& ankle = talus ? *talus : *foot;
    const Joint* toes = joint(m_toes);
    // Hanging, the foot turns about the ankle's own axis; over a floor it keeps square to it.
    const float floor = std::min(1.0f, static_cast<float>(pose.onFoot + pose.striding));
    const glm::quat hanging = upright * glm::angleAxis(angles.ankle, ankle.axis);
    const glm::vec3 roll = toes && angles.foot < 0 ? rollAxis(*toes) : kLateral;
    const glm::quat standing = glm::angleAxis(angles.foot, roll);
    const glm::quat turn = glm::slerp(hanging, standing, floor);
    const glm::vec3 pivot = moved(shank, ankle.pivot);
    const glm::mat4 hind = shift(pivot) * glm::mat4_cast(turn) * shift(-ankle.pivot);
    set(m_talus, shank * turnAbout(ankle, angles.ankle));
    glm::mat4 whole = hind;
    if (talus) whole = hind * turnAbout(*foot, static_cast<float>(pose.subtalarInversion));
    set(m_foot, whole);
    glm::mat4 fore = whole;
    if (const Joint* forefoot = joint(m_forefoot))
        fore = whole * turnAbout(*forefoot, kArch * floor * std::min(angles.foot, 0.0f));
    set(m_forefoot, fore);
    if (toes) {
        const glm::mat4 free = fore * turnAbout(*toes, static_cast<float>(pose.toeDorsiflexion));
        // With the heel up the toes stay flat on the floor.
        const auto lift = static_cast<float>(pose.footLiftMm);
        const float flat =
            floor * glm::smoothstep(0.0f, 0.05f, -angles.foot) * (1 - glm::smoothstep(0.0f, kToesFree, lift));
        const glm::quat bent =
            glm::slerp(glm::quat_cast(glm::mat3(free)), glm::quat(1, 0, 0, 0), std::max(flat, 0.0f));
        set(m_toes, shift(moved(fore, toes->pivot)) * glm::mat4_cast(bent) * shift(-toes->pivot));
    }
    return result;
}

glm::vec3 Poser::place(const physiology::Pose& pose, const Angles& angles,
                       const std::vector<glm::mat4>& joints) const {
    const auto of = [&](int joint) {
        return joint >= 0 ? joints[static_cast<std::size_t>(joint)]
                          : joints[static_cast<std::size_t>(m_shank)];
    };
    float low = 1e9f;
    for (const SolePoint& point : m_sole) low = std::min(low, moved(joints[point.joint], point.place).z);
    if (m_sole.empty()) low = m_floor;
    const float onFloor = m_floor + static_cast<float>(pose.footLiftMm) - low;
    // The place of the sole that does not slide.
    const Joint* toes = joint(m_toes);
    const bool heelUp = angles.foot < 0;
    const glm::vec3 fixed = heelUp && toes ? toes->pivot : m_heel;
    const glm::vec3 now = moved(of(heelUp && toes ? m_toes : m_foot), fixed);
    const glm::vec3 hip = moved(of(m_thigh), m_hip);
    const glm::vec3 standing(fixed.x - now.x, fixed.y - now.y, onFloor);
    const glm::vec3 striding(m_hip.x - hip.x, m_hip.y - hip.y, onFloor);
    // Upright (a tilt table) the hip is where it stands; bent or lying it is on the seat or the bed.
    const auto bent = static_cast<float>(std::max(pose.hipFlexion, pose.trunkTilt));
    const glm::vec3 carried = glm::mix(m_hip, kSeatedHip, glm::smoothstep(0.0f, 1.2f, bent)) - hip;
    const auto onFoot = static_cast<float>(pose.onFoot), inStride = static_cast<float>(pose.striding);
    return onFoot * standing + inStride * striding + (1 - onFoot - inStride) * carried;
}

std::vector<glm::mat4> Poser::joints(const physiology::Pose& pose) const {
    if (m_shank < 0) return std::vector<glm::mat4>(m_rig.joints.size(), glm::mat4(1));
    const Angles bent = angles(pose);
    std::vector<glm::mat4> result = chain(pose, bent);
    // A joint that this class does not know goes with its parent.
    for (std::size_t i = 0; i < result.size(); ++i) {
        const int own = static_cast<int>(i);
        const bool known = own == m_thigh || own == m_shank || own == m_patella || own == m_talus ||
                           own == m_foot || own == m_forefoot || own == m_toes;
        if (!known && m_rig.joints[i].parent >= 0)
            result[i] = result[static_cast<std::size_t>(m_rig.joints[i].parent)];
    }
    const glm::mat4 by = shift(place(pose, bent, result));
    for (glm::mat4& matrix : result) matrix = by * matrix;
    return result;
}

namespace {

void addSupports(const std::vector<physiology::Pose>& poses, Stance& stance) {
    if (poses.empty()) return;
    constexpr double kLying = 0.7, kSitting = 1.0, kRaised = 0.15, kSteep = 1.2; // rad
    for (const physiology::Pose& pose : poses)
        stance.seat = stance.seat || (pose.hipFlexion > kSitting && pose.kneeFlexion + 0.2 > 0 &&
                                      pose.trunkTilt < kLying && pose.striding < 0.5);
    const physiology::Pose& first = poses.front();
    stance.strides = first.striding > 0.5;
    stance.bed = first.trunkTilt > kLying;
    stance.stool = stance.seat && first.onFoot < 0.5;
    stance.wall = stance.bed && first.hipFlexion > kSteep;
    stance.cushion = stance.bed && first.hipFlexion > kRaised && !stance.wall;
}

} // namespace

Stance Poser::stance(const std::vector<physiology::Pose>& poses) const {
    Stance result;
    glm::vec3 low(1e9f), high(-1e9f);
    for (std::size_t i = 0; i < poses.size(); ++i) {
        const std::vector<glm::mat4> posed = joints(poses[i]);
        for (const SolePoint& point : m_outline) {
            // Foreign meshes come without joints and stay as they are.
            const glm::vec3 p = posed.empty() ? point.place : moved(posed[point.joint], point.place);
            low = glm::min(low, p);
            high = glm::max(high, p);
        }
        if (i > 0) continue;
        result.thigh = carrier({0, 0, 500}, posed);
        result.shank = carrier({0, 0, 200}, posed);
        result.foot = carrier({0, 0, -20}, posed);
    }
    result.low = low;
    result.high = high;
    for (const SolePoint& point : m_outline) result.back = std::max(result.back, -point.place.y);
    if (m_shank >= 0) addSupports(poses, result);
    return result;
}

glm::mat4 Poser::carrier(glm::vec3 rest, const std::vector<glm::mat4>& joints) const {
    int chosen = m_shank;
    if (const Joint* knee = joint(m_shank); m_thigh >= 0 && knee && rest.z > knee->pivot.z) chosen = m_thigh;
    if (rest.z < 0 && m_foot >= 0) chosen = m_foot;
    if (chosen < 0 || joints.empty()) return glm::mat4(1);
    return joints[static_cast<std::size_t>(chosen)];
}

std::vector<shared::JointPose> jointPoses(const std::vector<glm::mat4>& joints) {
    std::vector<shared::JointPose> result;
    for (const glm::mat4& joint : joints) {
        const glm::quat real = glm::normalize(glm::quat_cast(glm::mat3(joint)));
        const glm::quat dual = glm::quat(0, glm::vec3(joint[3])) * real * 0.5f;
        result.push_back({joint, {real.x, real.y, real.z, real.w}, {dual.x, dual.y, dual.z, dual.w}});
    }
    if (result.empty()) result.push_back({glm::mat4(1), {0, 0, 0, 1}, {0, 0, 0, 0}});
    return result;
}

namespace {

/// Adds the joint weights (0-255) of the flesh around a place, nearer vertices more, to one sum a joint.
void addFleshNear(const anatomy::LegModel& leg, glm::vec3 p, std::span<float> sums) {
    constexpr float kNear = 6, kFar = 24; // mm: where the share falls to 0.6; what is left out
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.muscle < 0) continue;
        const glm::vec3 outside =
            glm::max(glm::max(structure.boundsLow - p, p - structure.boundsHigh), glm::vec3(0));
        if (glm::dot(outside, outside) > kFar * kFar) continue;
        for (std::uint32_t v = 0; v < structure.vertexCount; ++v) {
            const anatomy::Vertex& vertex = leg.vertices[structure.firstVertex + v];
            const glm::vec3 d = vertex.position - p;
            if (glm::dot(d, d) > kFar * kFar) continue;
            const float share = std::exp(-glm::dot(d, d) / (2 * kNear * kNear));
            for (std::size_t k = 0; k < vertex.joints.size(); ++k)
                if (vertex.joints[k] < sums.size())
                    sums[vertex.joints[k]] += share * static_cast<float>(vertex.weights[k]);
        }
    }
}

} // namespace

MusclePath::MusclePath(const anatomy::LegModel& leg, int muscle)
    : m_rig(leg.rig.muscles[static_cast<std::size_t>(muscle)]), m_weights(m_rig.line.size()) {
    const std::size_t count = m_rig.line.size();
    const std::size_t jointCount = std::min(std::max<std::size_t>(leg.rig.joints.size(), 1), kMaxJoints);
    std::vector<float> sums(count * jointCount, 0.0f);
    std::vector<float> totals(count, 0.0f);
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.muscle != muscle) continue;
        if (structure.tissue != anatomy::Tissue::Muscle && structure.tissue != anatomy::Tissue::Tendon)
            continue;
        for (std::uint32_t v = 0; v < structure.vertexCount; ++v) {
            const anatomy::Vertex& vertex = leg.vertices[structure.firstVertex + v];
            const auto above = std::upper_bound(m_rig.arc.begin(), m_rig.arc.end(), vertex.tissue[0]);
            auto nearest = static_cast<std::size_t>(above - m_rig.arc.begin());
            if (nearest > 0 && (nearest == count || vertex.tissue[0] - m_rig.arc[nearest - 1] <
                                                        m_rig.arc[nearest] - vertex.tissue[0]))
                --nearest;
            for (std::size_t k = 0; k < 4; ++k) {
                const std::size_t joint = vertex.joints[k];
                if (joint < jointCount)
                    sums[nearest * jointCount + joint] += static_cast<float>(vertex.weights[k]);
            }
            totals[nearest] += 255.0f;
        }
    }
    // A heel tendon that muscles share has vertices of one of them only: sinew and flesh near by tell the
    // others, since all of it bends alike. Means, so that each level of detail says the same.
    for (std::size_t i = 0; i < count; ++i) {
        if (totals[i] > 0) continue;
        const std::span<float> row(sums.data() + i * jointCount, jointCount);
        addFleshNear(leg, m_rig.line[i], row);
        totals[i] = std::accumulate(row.begin(), row.end(), 0.0f);
    }
    // The insertion is known.
    const std::size_t last = (count - 1) * jointCount;
    std::fill_n(sums.begin() + static_cast<std::ptrdiff_t>(last), jointCount, 0.0f);
    for (std::size_t k = 0; k < 4; ++k)
        if (m_rig.insertionJoints[k] < jointCount)
            sums[last + m_rig.insertionJoints[k]] += static_cast<float>(m_rig.insertionWeights[k]);
    totals[count - 1] = 255;
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t from = i;
        while (from > 0 && totals[from] <= 0) --from;
        while (totals[from] <= 0) ++from; // the insertion's are set
        std::vector<std::pair<float, std::uint32_t>> row;
        float total = 0;
        for (std::uint32_t joint = 0; joint < jointCount; ++joint) {
            row.emplace_back(sums[from * jointCount + joint], joint);
            total += row.back().first;
        }
        std::stable_sort(row.begin(), row.end(), [](auto& a, auto& b) { return a.first > b.first; });
        row.resize(4);
        Weights packed{row[0].second, 255};
        for (std::uint32_t k = 1; k < 4; ++k) {
            const auto part = static_cast<std::uint32_t>(std::lround(255 * row[k].first / total));
            packed.weights += (part << (8 * k)) - part;
            packed.joints |= (part > 0 ? row[k].second : 0) << (8 * k);
        }
        m_weights[i] = packed;
    }
    // Sheaths guide the cords of the foot round the bones of the toes.
    for (const Weights& w : m_weights) {
        bool guided = false;
        for (std::uint32_t n = 0; n < 4; ++n) {
            const std::string& id = leg.rig.joints[w.joints >> (8 * n) & 255u].id;
            guided = guided || ((w.weights >> (8 * n) & 255u) > 40 && (id == "forefoot" || id == "toes"));
        }
        m_guided.push_back(guided);
    }
    m_restArcs = arcsOf(m_rig.line);
}

std::vector<glm::vec3> MusclePath::posed(const std::vector<shared::JointPose>& joints) const {
    std::vector<glm::vec3> result;
    shared::JointBlend blend(joints);
    for (std::size_t i = 0; i < m_rig.line.size(); ++i)
        result.push_back(
            blend.movedBy(blend.blendedJoint(m_weights[i].joints, m_weights[i].weights, 4), m_rig.line[i]));
    return result;
}

float MusclePath::posedLength(const std::vector<shared::JointPose>& joints) const {
    return restLength() - carried(joints).back();
}

std::vector<float> MusclePath::arcsOf(std::vector<glm::vec3> line) const {
    // Skin and tendon crumple where the ankle folds them; what pulls is taut.
    constexpr int kPasses = 6; // binomial: 14 mm either way
    for (int pass = 0; pass < kPasses; ++pass) {
        glm::vec3 before = line.front();
        for (std::size_t i = 1; i + 1 < line.size(); ++i) {
            const glm::vec3 here = line[i];
            if (!m_guided[i]) line[i] = 0.25f * before + 0.5f * here + 0.25f * line[i + 1];
            before = here;
        }
    }
    std::vector<float> arcs(line.size(), 0.0f);
    for (std::size_t i = 1; i < line.size(); ++i) arcs[i] = arcs[i - 1] + glm::distance(line[i - 1], line[i]);
    return arcs;
}

std::vector<float> MusclePath::carried(const std::vector<shared::JointPose>& joints) const {
    std::vector<float> result = arcsOf(posed(joints));
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = m_restArcs[i] - result[i];
    return result;
}

} // namespace pump::scene
