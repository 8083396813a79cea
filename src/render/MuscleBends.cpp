// Volume of muscles that pass the knee: the bend squeezes what lies behind its axis and stretches what lies
// in front, by amounts that no formula of the action line holds exactly. So each of them is bent once when
// the leg is loaded, and the widening that gives back its volume is kept by knee angle.
#include "render/DeformReference.h"
#include "render/LegTables.h"

#include <algorithm>
#include <cmath>

namespace pump::render {

namespace {

/// Angles at which volumes are measured, rad: even steps from `low`.
struct BendRange {
    float low = 0, step = 0;
    std::size_t count = 0;
    float at(std::size_t i) const { return low + step * static_cast<float>(i); }
};
constexpr BendRange kKnee{0, 0.5236f, 5};         // 0 to 120 degrees of flexion
constexpr BendRange kAnkle{-0.7854f, 0.2618f, 6}; // -45 to 30 degrees of dorsiflexion

int jointOf(const anatomy::Rig& rig, std::string_view id) {
    for (std::size_t i = 0; i < rig.joints.size(); ++i)
        if (rig.joints[i].id == id) return static_cast<int>(i);
    return -1;
}

/// Some vertex follows one joint and some the other.
bool passes(const anatomy::LegModel& leg, int muscle, int upper, int lower) {
    bool above = false, below = false;
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.muscle != muscle) continue;
        for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
            const anatomy::Vertex& vertex = leg.vertices[structure.firstVertex + i];
            for (std::size_t k = 0; k < 4; ++k) {
                above = above || (vertex.weights[k] > 20 && vertex.joints[k] == upper);
                below = below || (vertex.weights[k] > 20 && vertex.joints[k] == lower);
            }
        }
        if (above && below) return true;
    }
    return false;
}

double volumeOf(const anatomy::LegModel& leg, const anatomy::Structure& structure,
                const std::vector<glm::vec3>& positions) {
    double sum = 0;
    for (std::uint32_t i = 0; i + 2 < structure.indexCount; i += 3) {
        const std::uint32_t* v = &leg.indices[structure.firstIndex + i];
        const glm::dvec3 a = positions[v[0] - structure.firstVertex],
                         b = positions[v[1] - structure.firstVertex],
                         c = positions[v[2] - structure.firstVertex];
        sum += glm::dot(a, glm::cross(b, c)) / 6;
    }
    return sum;
}

} // namespace

void MusclePoser::measureBends(const LegTables& tables) {
    m_measuring = true;
    m_thigh = jointOf(m_leg.rig, "thigh");
    m_shank = jointOf(m_leg.rig, "shank");
    m_foot = jointOf(m_leg.rig, "foot");
    const scene::Poser poser(m_leg);
    const auto measure = [&](int upper, int lower, const BendRange& range, std::vector<float> Shape::*widen,
                             auto&& poseAt) {
        if (upper < 0 || lower < 0) return;
        std::vector<const anatomy::Structure*> passing;
        for (const anatomy::Structure& structure : m_leg.structures)
            if (structure.tissue == anatomy::Tissue::Muscle && structure.muscle >= 0 &&
                !m_shapes[static_cast<std::size_t>(structure.muscle)].cut &&
                passes(m_leg, structure.muscle, upper, lower))
                passing.push_back(&structure);
        for (std::size_t i = 0; i < range.count && !passing.empty(); ++i)
            measureBend(tables, poser.joints(poseAt(range.at(i))), passing, widen);
    };
    measure(m_thigh, m_shank, kKnee, &Shape::kneeWiden, [](double angle) {
        physiology::Pose pose;
        pose.kneeFlexion = pose.hipFlexion = angle;
        return pose;
    });
    measure(m_shank, m_foot, kAnkle, &Shape::ankleWiden, [](double angle) {
        physiology::Pose pose;
        pose.ankleDorsiflexion = pose.footPitch = angle;
        pose.toeDorsiflexion = std::max(0.0, -angle);
        return pose;
    });
    m_measuring = false;
}

/// One more value of `widen` for each of the structures.
void MusclePoser::measureBend(const LegTables& tables, const std::vector<glm::mat4>& joints,
                              const std::vector<const anatomy::Structure*>& passing,
                              std::vector<float> Shape::*widen) {
    scene::RenderInput input;
    input.joints = joints;
    FrameTables frame;
    frame.joints = scene::jointPoses(joints);
    for (const scene::MusclePath& path : m_paths)
        input.muscles.push_back({0, path.restLength() - path.posedLength(frame.joints)});
    for (const anatomy::Structure& structure : m_leg.structures) {
        shared::StructureState state{};
        state.muscle = structure.muscle;
        frame.structures.push_back(state);
    }
    const auto shapeOf = [&](const anatomy::Structure* structure) -> Shape& {
        return m_shapes[static_cast<std::size_t>(structure->muscle)];
    };
    constexpr int kTrials = 2; // sections do not grow quite as the square: once more from nearby
    for (int trial = 0; trial < kTrials; ++trial) {
        pose(input, frame);
        shared::DeformReference reference(tables, frame);
        for (const anatomy::Structure* structure : passing) {
            std::vector<glm::vec3> rest(structure->vertexCount), bent(structure->vertexCount);
            for (std::uint32_t i = 0; i < structure->vertexCount; ++i) {
                rest[i] = m_leg.vertices[structure->firstVertex + i].position;
                bent[i] = reference.vertex(tables.placeOf[structure->firstVertex + i]).position;
            }
            const double share = volumeOf(m_leg, *structure, rest) / volumeOf(m_leg, *structure, bent);
            shapeOf(structure).trialWiden *= static_cast<float>(std::sqrt(std::clamp(share, 0.5, 2.0)));
        }
    }
    for (const anatomy::Structure* structure : passing) {
        (shapeOf(structure).*widen).push_back(shapeOf(structure).trialWiden);
        shapeOf(structure).trialWiden = 1;
    }
}

float MusclePoser::bendWiden(const Shape& shape, const Bends& bends) const {
    const auto at = [](const std::vector<float>& values, const BendRange& range, float angle) {
        if (values.size() < range.count) return 1.0f; // not passed, or not measured yet
        const float last = static_cast<float>(range.count - 1) - 1e-3f;
        const float place = std::clamp((angle - range.low) / range.step, 0.0f, last);
        const auto i = static_cast<std::size_t>(place);
        return glm::mix(values[i], values[i + 1], place - static_cast<float>(i));
    };
    return shape.trialWiden * at(shape.kneeWiden, kKnee, bends.knee) *
           at(shape.ankleWiden, kAnkle, bends.ankle);
}

MusclePoser::Bends MusclePoser::bendsOf(const std::vector<shared::JointPose>& joints) const {
    Bends bends;
    const auto axes = [&](int joint) { return glm::mat3(joints[static_cast<std::size_t>(joint)].matrix); };
    if (m_thigh >= 0 && m_shank >= 0)
        bends.knee = std::acos(std::clamp(glm::dot(axes(m_thigh)[2], axes(m_shank)[2]), -1.0f, 1.0f));
    if (m_shank >= 0 && m_foot >= 0) {
        const glm::vec3 ahead =
            glm::transpose(axes(m_shank)) * axes(m_foot)[1]; // the foot, seen from the shank
        bends.ankle = std::asin(std::clamp(ahead.z, -1.0f, 1.0f));
    }
    return bends;
}

} // namespace pump::render
