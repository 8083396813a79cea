// Volume of muscles that pass the knee: the bend squeezes what lies behind its axis and stretches what lies
// in front, by amounts that no formula of the action line holds exactly. So each of them is bent once when
// the leg is loaded, and the widening that gives back its volume is kept by knee angle.
#include "render/DeformReference.h"
#include "render/LegTables.h"

#include <algorithm>
#include <cmath>

namespace pump::render {

namespace {

constexpr float kBendStep = 0.5236f; // rad: 30 degrees
constexpr std::size_t kBends = 5;    // 0 to 120 degrees

int jointOf(const anatomy::Rig& rig, std::string_view id) {
    for (std::size_t i = 0; i < rig.joints.size(); ++i)
        if (rig.joints[i].id == id) return static_cast<int>(i);
    return -1;
}

/// Some vertex follows the thigh and some the shank.
bool passesKnee(const anatomy::LegModel& leg, int muscle, int thigh, int shank) {
    bool above = false, below = false;
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.muscle != muscle) continue;
        for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
            const anatomy::Vertex& vertex = leg.vertices[structure.firstVertex + i];
            for (std::size_t k = 0; k < 4; ++k) {
                above = above || (vertex.weights[k] > 20 && vertex.joints[k] == thigh);
                below = below || (vertex.weights[k] > 20 && vertex.joints[k] == shank);
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
    m_thigh = jointOf(m_leg.rig, "thigh");
    m_shank = jointOf(m_leg.rig, "shank");
    if (m_thigh < 0 || m_shank < 0) return;
    std::vector<const anatomy::Structure*> passing;
    for (const anatomy::Structure& structure : m_leg.structures)
        if (structure.tissue == anatomy::Tissue::Muscle && structure.muscle >= 0 &&
            passesKnee(m_leg, structure.muscle, m_thigh, m_shank))
            passing.push_back(&structure);
    for (const anatomy::Structure* structure : passing)
        m_shapes[static_cast<std::size_t>(structure->muscle)].bendWiden.assign(kBends, 1.0f);
    const scene::Poser poser(m_leg);
    for (std::size_t bend = 1; bend < kBends && !passing.empty(); ++bend) {
        scene::RenderInput input;
        physiology::Pose pose;
        pose.kneeFlexion = pose.hipFlexion = static_cast<double>(bend) * static_cast<double>(kBendStep);
        input.joints = poser.joints(pose);
        FrameTables frame;
        frame.joints = scene::jointPoses(input.joints);
        for (const scene::MusclePath& path : m_paths)
            input.muscles.push_back({0, path.restLength() - path.posedLength(frame.joints)});
        this->pose(input, frame);
        for (const anatomy::Structure& structure : m_leg.structures) {
            shared::StructureState state{};
            state.muscle = structure.muscle;
            frame.structures.push_back(state);
        }
        shared::DeformReference reference(tables, frame);
        for (const anatomy::Structure* structure : passing) {
            std::vector<glm::vec3> rest(structure->vertexCount), bent(structure->vertexCount);
            for (std::uint32_t i = 0; i < structure->vertexCount; ++i) {
                rest[i] = m_leg.vertices[structure->firstVertex + i].position;
                bent[i] = reference.vertex(tables.placeOf[structure->firstVertex + i]).position;
            }
            const double share = volumeOf(m_leg, *structure, rest) / volumeOf(m_leg, *structure, bent);
            m_shapes[static_cast<std::size_t>(structure->muscle)].bendWiden[bend] =
                static_cast<float>(std::sqrt(std::clamp(share, 0.5, 2.0)));
        }
    }
}

float MusclePoser::bendWiden(const Shape& shape, float knee) const {
    if (shape.bendWiden.empty()) return 1;
    const float place = std::clamp(knee / kBendStep, 0.0f, static_cast<float>(kBends - 1) - 1e-3f);
    const auto i = static_cast<std::size_t>(place);
    return glm::mix(shape.bendWiden[i], shape.bendWiden[i + 1], place - static_cast<float>(i));
}

float MusclePoser::kneeAngle(const std::vector<shared::JointPose>& joints) const {
    if (m_thigh < 0 || m_shank < 0) return 0;
    const glm::vec3 up(joints[static_cast<std::size_t>(m_thigh)].matrix[2]);
    const glm::vec3 down(joints[static_cast<std::size_t>(m_shank)].matrix[2]);
    return std::acos(std::clamp(glm::dot(up, down), -1.0f, 1.0f));
}

} // namespace pump::render
