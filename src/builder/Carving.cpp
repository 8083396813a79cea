#include "builder/Carving.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace pump::builder {
namespace {

constexpr float kSleeve = 0.6f; ///< mm of fat and sheath round a small vessel
constexpr float kTight = 0.4f;  ///< mm of it round a stout one
constexpr float kReach = 3.0f;  ///< mm from the sleeve within which a field is touched

float sleeveOf(float radius) {
    return std::lerp(kSleeve, kTight, std::clamp(radius - 1.0f, 0.0f, 1.0f));
}

/// Lowers `clear` (distance to the nearest sleeve at each node) along one vessel, where it is not at home in
/// `muscle`.
void addSleeve(const Field& field, std::vector<float>& clear, std::span<const anatomy::VesselPoint> points,
               int muscle) {
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const anatomy::VesselPoint &a = points[i], &b = points[i + 1];
        if (muscle >= 0 && (a.binding.muscle == muscle || b.binding.muscle == muscle)) continue;
        const float reach = std::max(a.radius, b.radius) + kSleeve + kReach;
        const glm::vec3 low = (glm::min(a.position, b.position) - reach - field.origin) / field.spacing;
        const glm::vec3 high = (glm::max(a.position, b.position) + reach - field.origin) / field.spacing;
        const glm::ivec3 from = glm::max(glm::ivec3(glm::floor(low)), glm::ivec3(0));
        const glm::ivec3 to = glm::min(glm::ivec3(glm::ceil(high)), field.size - 1);
        const glm::vec3 edge = b.position - a.position;
        const float length2 = std::max(glm::dot(edge, edge), 1e-6f);
        for (int z = from.z; z <= to.z; ++z)
            for (int y = from.y; y <= to.y; ++y)
                for (int x = from.x; x <= to.x; ++x) {
                    const glm::vec3 p = field.position(x, y, z);
                    const float t = std::clamp(glm::dot(p - a.position, edge) / length2, 0.0f, 1.0f);
                    const float radius = std::lerp(a.radius, b.radius, t);
                    const float d = glm::distance(p, a.position + t * edge) - radius - sleeveOf(radius);
                    float& value = clear[field.index(x, y, z)];
                    value = std::min(value, d);
                }
    }
}

bool carves(const anatomy::Vessel& vessel) {
    using anatomy::VesselKind;
    return vessel.kind == VesselKind::DeepVein || vessel.kind == VesselKind::SuperficialVein ||
           vessel.kind == VesselKind::Artery || vessel.kind == VesselKind::Perforator;
}

/// Distance to the nearest sleeve at each node of a solid's grid, 1000 far from all.
std::vector<float> sleeves(const Solid& solid, const VesselSet& vessels,
                           const std::vector<anatomy::MuscleRig>& muscles) {
    const auto rig = std::find_if(muscles.begin(), muscles.end(),
                                  [&](const anatomy::MuscleRig& m) { return m.id == solid.row->id; });
    const int muscle = rig == muscles.end() ? -1 : static_cast<int>(rig - muscles.begin());
    std::vector<float> clear(solid.field.values.size(), 1e3f);
    for (const anatomy::Vessel& vessel : vessels.vessels) {
        if (!carves(vessel)) continue;
        // A vein of the skin is at home in no muscle: it only moves with one.
        const bool skin = vessel.kind == anatomy::VesselKind::SuperficialVein;
        addSleeve(solid.field, clear, vessel.points, skin ? -1 : muscle);
    }
    for (const Nerve& nerve : vessels.nerves) addSleeve(solid.field, clear, nerve.points, muscle);
    return clear;
}

/// Membranes are thinner than the sleeves; vessels lie on them.
bool givesWay(const Solid& solid) {
    return solid.row->tissue != anatomy::Tissue::Bone && solid.row->tissue != anatomy::Tissue::Fascia;
}

} // namespace

void reserveRoom(std::vector<Solid>& solids, const VesselSet& vessels,
                 const std::vector<anatomy::MuscleRig>& muscles, unsigned threads) {
    parallelFor(solids.size(), threads, [&](std::size_t s) {
        Solid& solid = solids[s];
        if (!givesWay(solid)) return;
        std::vector<float> clear = sleeves(solid, vessels, muscles);
        if (std::none_of(clear.begin(), clear.end(), [](float d) { return d < kReach; })) return;
        solid.reserved = {solid.field.origin, solid.field.spacing, solid.field.size, std::move(clear)};
    });
}

void carveVessels(std::vector<Solid>& solids, const VesselSet& vessels,
                  const std::vector<anatomy::MuscleRig>& muscles, unsigned threads) {
    parallelFor(solids.size(), threads, [&](std::size_t s) {
        Solid& solid = solids[s];
        if (!givesWay(solid)) return;
        const std::vector<float> clear = sleeves(solid, vessels, muscles);
        for (std::size_t i = 0; i < clear.size(); ++i)
            if (clear[i] < kReach) solid.field.values[i] = std::max(solid.field.values[i], -clear[i]);
    });
}

void tidySurfaces(std::vector<Solid>& solids, unsigned threads) {
    constexpr float kBand = 6.0f;    ///< mm from the surface within which anything is changed
    constexpr float kBoneGap = 0.1f; ///< mm
    std::vector<const Field*> bones;
    for (const Solid& solid : solids)
        if (solid.row->tissue == anatomy::Tissue::Bone) bones.push_back(&solid.field);
    parallelFor(solids.size(), threads, [&](std::size_t s) {
        Solid& solid = solids[s];
        if (!givesWay(solid)) return;
        std::vector<const Field*> nearBones;
        const Field& own = solid.field;
        const glm::vec3 far = own.position(own.size.x - 1, own.size.y - 1, own.size.z - 1);
        for (const Field* bone : bones) {
            const glm::vec3 end = bone->position(bone->size.x - 1, bone->size.y - 1, bone->size.z - 1);
            if (glm::all(glm::lessThan(own.origin, end)) && glm::all(glm::lessThan(bone->origin, far)))
                nearBones.push_back(bone);
        }
        Field clipped = own; // beyond the band the values of different makers need not fit each other
        for (float& value : clipped.values) value = std::clamp(value, -kBand, kBand);
        const int passes = own.spacing < 1.0f ? 2 : 1;
        for (int pass = 0; pass < passes; ++pass) {
            smoothField(clipped, 1);
            Field twice = clipped;
            smoothField(twice, 1);
            for (std::size_t i = 0; i < clipped.values.size(); ++i)
                clipped.values[i] = 2.0f * clipped.values[i] - twice.values[i];
        }
        std::size_t at = 0;
        mapField(solid.field, [&](const glm::vec3& p, float value) {
            const float smooth = clipped.values[at++];
            if (std::abs(value) > 0.6f * kBand) return value;
            float result = std::max(smooth, p.z - solid.top());
            if (std::abs(result) < 2.0f)
                for (const Field* bone : nearBones) result = std::max(result, kBoneGap - bone->sample(p));
            return result;
        });
    });
}

} // namespace pump::builder
