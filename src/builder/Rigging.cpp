#include "builder/Rigging.h"

#include "builder/Curve.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

using anatomy::MuscleRig;

float smoothRamp(float low, float high, float at) {
    const float t = std::clamp((at - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3.0f - 2.0f * t);
}

int jointIndex(const std::vector<anatomy::Joint>& joints, std::string_view id) {
    for (std::size_t i = 0; i < joints.size(); ++i)
        if (joints[i].id == id) return static_cast<int>(i);
    return 0;
}

/// Centre and area of the largest outline of each station, top to bottom.
void centreLine(const Sections& sections, std::vector<glm::vec3>& line, std::vector<float>& area) {
    const auto& stations = sections.stations();
    for (std::size_t i = stations.size(); i-- > 0;) {
        const auto& outlines = stations[i].outlines;
        glm::vec2 centre(0);
        float total = 0;
        for (const Outline& outline : outlines) {
            centre += outline.area * outline.centre;
            total += outline.area;
        }
        const glm::vec3 p = sections.toLeg(centre / total, stations[i].t);
        if (p.z > kLimbTop + 40.0f) continue;
        line.push_back(p);
        area.push_back(total);
    }
    if (line.size() > 1 && line.front().z < line.back().z) {
        std::reverse(line.begin(), line.end());
        std::reverse(area.begin(), area.end());
    }
}

/// Binomial smoothing that keeps both ends.
template <typename Value>
void smoothAlong(std::vector<Value>& values, int passes) {
    for (int pass = 0; pass < passes; ++pass) {
        std::vector<Value> next = values;
        for (std::size_t i = 1; i + 1 < values.size(); ++i)
            next[i] = 0.25f * values[i - 1] + 0.5f * values[i] + 0.25f * values[i + 1];
        values = next;
    }
}

/// Goes on along a tendon from the end of the line: only what lies lower than that.
void appendTendon(const Sections& tendon, std::vector<glm::vec3>& line, std::vector<float>& area) {
    std::vector<glm::vec3> more;
    std::vector<float> moreArea;
    centreLine(tendon, more, moreArea);
    const float below = line.back().z - 12.0f;
    for (std::size_t i = 0; i < more.size(); ++i)
        if (more[i].z < below) {
            line.push_back(more[i]);
            area.push_back(moreArea[i]);
        }
}

/// From each point toward the bone until the muscle's own surface: the place that stays.
glm::vec3 deepFace(const Field& muscle, const Field& bone, const glm::vec3& p) {
    const glm::vec3 toward = -bone.gradient(p);
    float reach = 0;
    while (reach < 60.0f && muscle.sample(p + toward * reach) < 0.0f) reach += 0.5f;
    return p + toward * reach;
}

MuscleRig buildMuscle(const MuscleRow& row, const LegTables& tables, const std::vector<Solid>& solids) {
    MuscleRig muscle;
    muscle.id = row.id;
    muscle.compartment = row.compartment;
    const Solid* solid = findSolid(solids, row.id);
    std::vector<glm::vec3> line;
    std::vector<float> area;
    centreLine(*solid->sections, line, area);
    for (const std::string& tendon : row.tendons)
        appendTendon(*findSolid(solids, tendon)->sections, line, area);
    smoothAlong(line, 2);
    const std::vector<float> arcs = arcLengths(line);
    muscle.line = resample(line, 8.0f);
    muscle.arc = arcLengths(muscle.line);
    const float ratio = arcs.back() / std::max(muscle.arc.back(), 1.0f);
    for (const float arc : muscle.arc) muscle.area.push_back(interpolate(arcs, area, arc * ratio));
    const float peak = *std::max_element(muscle.area.begin(), muscle.area.end());
    // Belly: where the section is more than a quarter of its largest (measured "belly end").
    std::size_t first = 0, last = muscle.area.size() - 1;
    while (first + 1 < last && muscle.area[first] < 0.25f * peak) ++first;
    while (last > first + 1 && muscle.area[last] < 0.25f * peak) --last;
    muscle.bellyStart = muscle.arc[first];
    muscle.bellyEnd = muscle.arc[last];
    if (row.belly) {
        const auto arcAt = [&](float z) {
            for (std::size_t i = 0; i < muscle.line.size(); ++i)
                if (muscle.line[i].z <= z) return muscle.arc[i];
            return muscle.arc.back();
        };
        muscle.bellyStart = arcAt(row.belly->x);
        muscle.bellyEnd = arcAt(row.belly->y);
    }
    const Field& bone = findSolid(solids, row.deepTo)->field;
    for (const glm::vec3& p : muscle.line) muscle.anchor.push_back(deepFace(solid->field, bone, p));
    smoothAlong(muscle.anchor, 2);
    const JointWeights insertion = softWeights(tables.joints, muscle.line.back());
    muscle.insertionJoints = insertion.joints;
    muscle.insertionWeights = insertion.weights;
    return muscle;
}

} // namespace

JointWeights rigidWeights(const std::vector<anatomy::Joint>& joints, std::string_view id) {
    JointWeights result;
    result.joints[0] = static_cast<std::uint8_t>(jointIndex(joints, id));
    return result;
}

JointWeights softWeights(const std::vector<anatomy::Joint>& joints, const glm::vec3& p) {
    // Height where half of the influence is the foot's: higher in front (the instep folds above the talus)
    // than at the sides, where the malleoli belong to the shank.
    const float front = smoothRamp(10.0f, 40.0f, p.y), behind = smoothRamp(-15.0f, -35.0f, p.y);
    const float middle = -8.0f + 22.0f * front + 8.0f * behind;
    const float reach = 16.0f + 10.0f * behind;
    const float foot = 1.0f - smoothRamp(middle - reach, middle + reach, p.z);
    const anatomy::Joint& toeJoint = joints[static_cast<std::size_t>(jointIndex(joints, "toes"))];
    const glm::vec3 forward = glm::normalize(glm::cross(glm::vec3(0, 0, 1), toeJoint.axis));
    const float ahead = glm::dot(p - toeJoint.pivot, forward);
    const float toes = foot * smoothRamp(-9.0f, 11.0f, ahead);
    JointWeights result;
    result.joints = {static_cast<std::uint8_t>(jointIndex(joints, "shank")),
                     static_cast<std::uint8_t>(jointIndex(joints, "foot")),
                     static_cast<std::uint8_t>(jointIndex(joints, "toes")), 0};
    const int toePart = static_cast<int>(std::lround(toes * 255.0f));
    const int footPart = static_cast<int>(std::lround(foot * 255.0f)) - toePart;
    result.weights = {static_cast<std::uint8_t>(255 - footPart - toePart),
                      static_cast<std::uint8_t>(footPart), static_cast<std::uint8_t>(toePart), 0};
    // The largest influence first; joints without weight are named 0.
    std::array<std::size_t, 3> order = {0, 1, 2};
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return result.weights[a] > result.weights[b]; });
    JointWeights sorted;
    for (std::size_t k = 0; k < 3; ++k) {
        sorted.weights[k] = result.weights[order[k]];
        sorted.joints[k] = sorted.weights[k] ? result.joints[order[k]] : std::uint8_t{0};
    }
    return sorted;
}

std::vector<MuscleRig> buildMuscles(const LegTables& tables, const std::vector<Solid>& solids) {
    std::vector<MuscleRig> muscles;
    for (const MuscleRow& row : tables.muscles) muscles.push_back(buildMuscle(row, tables, solids));
    for (std::size_t i = 0; i < muscles.size(); ++i)
        for (std::size_t k = 0; k < muscles.size(); ++k)
            if (muscles[k].id == tables.muscles[i].ridesOn) muscles[i].ridesOn = static_cast<int>(k);
    return muscles;
}

} // namespace pump::builder
