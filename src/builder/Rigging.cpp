#include "builder/Rigging.h"

#include "builder/Curve.h"

#include <algorithm>
#include <cmath>
#include <numbers>

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

/// Parts of thigh, shank and kneecap at a point.
struct KneeShares {
    float thigh = 0, shank = 1, patella = 0;
};

/// 0 below `low`, 1 above `high`, straight between with corners rounded off: no part of it is steeper than
/// 1.12 / (high - low), so that flesh folds as late as it can.
float evenRamp(float low, float high, float at) {
    constexpr float kRound = 0.1f;
    const float t = std::clamp((at - low) / (high - low), 0.0f, 1.0f), top = 1 / (1 - kRound);
    if (t < kRound) return top * t * t / (2 * kRound);
    if (t > 1 - kRound) return 1 - top * (1 - t) * (1 - t) / (2 * kRound);
    return top * (t - kRound / 2);
}

/// Distance from an axis for the angle round it: near the axis all angles are alike.
float spread(float away) {
    constexpr float kNear = 12; // mm
    return std::sqrt(away * away + kNear * kNear);
}

/// Soft tissue turns about the axis of the knee by a share that follows its own angle round that axis:
/// behind, from the back of the femur (+65 degrees) to that of the tibia (-65), so that it neither leaves nor
/// enters the round condyles; in front it stretches from the kneecap's upper end to the tuberosity, and the
/// kneecap takes along what covers it.
KneeShares kneeShares(const glm::vec3& axis, const glm::vec3& p) {
    const float forward = p.y - axis.y, up = p.z - axis.z;
    const float angle = glm::degrees(std::atan2(up, spread(forward)));
    const float behind = evenRamp(-65, 65, -angle);
    const float below = 1 - smoothRamp(kLimbTop - 120, kLimbTop, p.z); // the cut keeps its place
    const float front = angle > -12.7f ? 0.85f * below * evenRamp(-78, 12.7f, -angle)
                                       : 0.85f + 0.15f * smoothRamp(12.7f, 52.0f, -angle);
    const float inFront = smoothRamp(-14, 14, forward);
    const float shank = glm::mix(behind, front, inFront);
    const float distance = std::sqrt(forward * forward + up * up);
    const float cap = inFront * smoothRamp(-60, -42, angle) * (1 - smoothRamp(14, 36, angle)) *
                      (1 - smoothRamp(18, 34, std::abs(p.x - axis.x - 9))) * smoothRamp(24, 32, distance);
    return {(1 - cap) * (1 - shank), (1 - cap) * shank, cap};
}

/// How far before the axis of the toes the joints at the heads of the metatarsals lie beside a point: 0 at
/// the sides of the foot, 1 for the 10 mm of its middle. Measured between metatarsals and phalanges of the
/// leg as built: 0, 9, 10, 7 and 0 mm, from the inner to the outer side.
float headsBeforeAxis(const anatomy::Joint& toes, const glm::vec3& p) {
    constexpr float kMiddle = 4, kWidth = 29.5f; // mm along the axis
    const float along = (glm::dot(p - toes.pivot, toes.axis) - kMiddle) / kWidth;
    return std::max(0.0f, 1 - along * along);
}

/// Parts of the foot at a point: all of it, what lies before the tarsus, and the toes.
struct FootShares {
    float whole = 0, beforeTarsus = 0, toes = 0;
    float hind() const { return whole - beforeTarsus; }
    float fore() const { return beforeTarsus - toes; }
};

FootShares footShares(const std::vector<anatomy::Joint>& joints, const glm::vec3& p) {
    // Height where half of the influence is the foot's: higher in front (the instep folds above the talus)
    // than at the sides, where the malleoli belong to the shank.
    const float front = smoothRamp(10.0f, 40.0f, p.y), behind = smoothRamp(-15.0f, -35.0f, p.y);
    const float middle = -8.0f + 22.0f * front;
    // Above the heel, where a stretched foot folds the skin, the share follows the angle round the ankle.
    const float aroundAnkle = glm::degrees(std::atan2(p.z, spread(p.y)));
    const auto place = [&](std::string_view id) {
        const anatomy::Joint& joint = joints[static_cast<std::size_t>(jointIndex(joints, id))];
        const glm::vec3 arm = p - joint.pivot;
        return glm::vec2(glm::dot(arm, glm::normalize(glm::cross(glm::vec3(0, 0, 1), joint.axis))), arm.z);
    };
    // So does that of the toes, which push-off bends up by 65 degrees; later where the heads of the
    // metatarsals are further before the one axis of all.
    const glm::vec2 toes = place("toes");
    const float later = headsBeforeAxis(joints[static_cast<std::size_t>(jointIndex(joints, "toes"))], p);
    const float aroundToes = glm::degrees(std::atan2(toes.x, spread(std::max(toes.y, 0.0f))));
    FootShares result;
    result.whole = glm::mix(1.0f - evenRamp(middle - 19.0f, middle + 19.0f, p.z),
                            1.0f - evenRamp(-15.0f, 55.0f, aroundAnkle), behind);
    result.beforeTarsus = result.whole * smoothRamp(-16.0f, 16.0f, place("forefoot").x);
    result.toes = result.beforeTarsus *
                  evenRamp(glm::mix(-44.0f, -27.0f, later), glm::mix(46.0f, 57.0f, later), aroundToes);
    return result;
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

/// The same of a muscle made of strands, one after the other.
void centreLine(const std::vector<Strand>& strands, std::vector<glm::vec3>& line, std::vector<float>& area) {
    for (const Strand& strand : strands)
        for (std::size_t i = 0; i < strand.course.size(); ++i) {
            if (!line.empty() && strand.course[i].z >= line.back().z) continue; // where the next one joins
            line.push_back(strand.course[i]);
            area.push_back(std::numbers::pi_v<float> * strand.radius[i] * strand.radius[i] / strand.flatness);
        }
}

void centreLine(const Solid& solid, std::vector<glm::vec3>& line, std::vector<float>& area) {
    if (solid.sections)
        centreLine(*solid.sections, line, area);
    else
        centreLine(solid.row->strands, line, area);
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
void appendTendon(const Solid& tendon, std::vector<glm::vec3>& line, std::vector<float>& area) {
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
    centreLine(*solid, line, area);
    for (const std::string& tendon : row.tendons) appendTendon(*findSolid(solids, tendon), line, area);
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
    const KneeShares knee =
        kneeShares(joints[static_cast<std::size_t>(jointIndex(joints, "shank"))].pivot, p);
    const FootShares foot = footShares(joints, p);
    const float below = knee.shank; // what is below the knee is divided among shank and foot
    std::array<std::pair<float, int>, 6> shares = {{{knee.thigh, jointIndex(joints, "thigh")},
                                                    {below * (1 - foot.whole), jointIndex(joints, "shank")},
                                                    {knee.patella, jointIndex(joints, "patella")},
                                                    {below * foot.hind(), jointIndex(joints, "foot")},
                                                    {below * foot.fore(), jointIndex(joints, "forefoot")},
                                                    {below * foot.toes, jointIndex(joints, "toes")}}};
    // The largest influence first; joints without weight are named 0.
    std::stable_sort(shares.begin(), shares.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    JointWeights result;
    int rest = 255;
    for (std::size_t k = 3; k > 0; --k) {
        const int part = static_cast<int>(std::lround(shares[k].first * 255.0f));
        result.weights[k] = static_cast<std::uint8_t>(part);
        result.joints[k] = static_cast<std::uint8_t>(part > 0 ? shares[k].second : 0);
        rest -= part;
    }
    result.weights[0] = static_cast<std::uint8_t>(rest);
    result.joints[0] = static_cast<std::uint8_t>(shares[0].second);
    return result;
}

std::vector<MuscleRig> buildMuscles(const LegTables& tables, const std::vector<Solid>& solids) {
    std::vector<MuscleRig> muscles;
    for (const MuscleRow& row : tables.muscles) muscles.push_back(buildMuscle(row, tables, solids));
    for (std::size_t i = 0; i < muscles.size(); ++i)
        for (std::size_t k = 0; k < muscles.size(); ++k) {
            if (muscles[k].id == tables.muscles[i].ridesOn) muscles[i].ridesOn = static_cast<int>(k);
            if (muscles[k].id != tables.muscles[i].along) continue;
            const std::string id = muscles[i].id;
            muscles[i] = muscles[k];
            muscles[i].id = id;
            muscles[i].along = static_cast<int>(k);
        }
    return muscles;
}

} // namespace pump::builder
