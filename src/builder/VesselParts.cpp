#include "builder/VesselParts.h"

#include "builder/Curve.h"
#include "builder/Rigging.h"
#include "builder/VesselMesh.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace pump::builder {
namespace {

constexpr float kFar = 25; // mm: distances beyond this need not be exact

/// Solids with their boxes, so that far ones cost one comparison.
struct Boxed {
    const Solid* solid = nullptr;
    glm::vec3 low{}, high{};
};

std::vector<Boxed> boxed(const std::vector<Solid>& solids, bool bones) {
    std::vector<Boxed> result;
    for (const Solid& solid : solids) {
        const bool bone = solid.row->tissue == anatomy::Tissue::Bone;
        if (bone != bones) continue;
        const glm::vec3 last =
            solid.field.position(solid.field.size.x - 1, solid.field.size.y - 1, solid.field.size.z - 1);
        result.push_back({&solid, solid.field.origin - kFar, last + kFar});
    }
    return result;
}

bool within(const Boxed& box, glm::vec3 p) {
    return glm::all(glm::greaterThanEqual(p, box.low)) && glm::all(glm::lessThanEqual(p, box.high));
}

float leastDistance(const std::vector<Boxed>& boxes, glm::vec3 p) {
    float least = kFar;
    for (const Boxed& box : boxes)
        if (within(box, p)) least = std::min(least, box.solid->field.sample(p));
    return least;
}

anatomy::Binding bound(const LegTables& tables, const std::vector<Boxed>& flesh,
                       const std::vector<anatomy::MuscleRig>& muscles, glm::vec3 p, std::string_view muscle) {
    anatomy::Binding binding;
    const JointWeights weights = softWeights(tables.joints, p);
    binding.joints = weights.joints;
    binding.weights = weights.weights;
    if (muscle.empty()) return binding;
    float share = 1;
    std::string_view carrier = muscle;
    if (muscle == kRidesOnSkin) { // like the skin: with the nearest muscle, less through thicker fat
        float nearest = kFar;
        carrier = {};
        for (const Boxed& box : flesh) {
            if (!within(box, p)) continue;
            const bool rigged =
                std::any_of(muscles.begin(), muscles.end(),
                            [&](const anatomy::MuscleRig& rig) { return rig.id == box.solid->row->id; });
            const float d = box.solid->field.sample(p);
            if (!rigged || d >= nearest) continue;
            nearest = d;
            carrier = box.solid->row->id;
        }
        share = std::exp(-std::max(nearest, 0.0f) / 18.0f);
    }
    for (std::size_t i = 0; i < muscles.size(); ++i)
        if (muscles[i].id == carrier) {
            binding.muscle = static_cast<int>(i);
            binding.muscleArc = nearestOnCurve(muscles[i].line, p).arc;
            binding.muscleWeight = share;
        }
    return binding;
}

anatomy::Layer layerOf(anatomy::VesselKind kind) {
    switch (kind) {
    case anatomy::VesselKind::Artery:
        return anatomy::Layer::Arteries;
    case anatomy::VesselKind::SuperficialVein:
        return anatomy::Layer::SuperficialVeins;
    case anatomy::VesselKind::Perforator:
        return anatomy::Layer::Perforators;
    case anatomy::VesselKind::Lymph:
        return anatomy::Layer::Lymph;
    default:
        return anatomy::Layer::DeepVeins;
    }
}

anatomy::Tissue tissueOf(anatomy::VesselKind kind) {
    if (kind == anatomy::VesselKind::Artery) return anatomy::Tissue::Artery;
    return kind == anatomy::VesselKind::Lymph ? anatomy::Tissue::Lymph : anatomy::Tissue::Vein;
}

LegPart partOf(const std::string& id, anatomy::Tissue tissue, anatomy::Layer layer, VesselMesh mesh) {
    LegPart part;
    part.id = id;
    part.tissue = tissue;
    part.layer = layer;
    part.vertices = std::move(mesh.vertices);
    part.indices = std::move(mesh.indices);
    return part;
}

} // namespace

TissueProbe tissueProbe(const LegTables& tables, const std::vector<Solid>& solids,
                        const std::vector<anatomy::MuscleRig>& muscles, const Field* skin) {
    const auto bones = std::make_shared<const std::vector<Boxed>>(boxed(solids, true));
    const auto flesh = std::make_shared<const std::vector<Boxed>>(boxed(solids, false));
    TissueProbe probe;
    probe.boneDistance = [bones](glm::vec3 p) { return leastDistance(*bones, p); };
    probe.fleshDistance = [flesh](glm::vec3 p) { return leastDistance(*flesh, p); };
    auto walls = std::make_shared<std::vector<Boxed>>();
    for (const Boxed& box : *flesh)
        if (box.solid->row->fixed && box.solid->row->tissue == anatomy::Tissue::Fascia && box.solid->sections)
            walls->push_back(box);
    probe.wallDistance = [walls](glm::vec3 p) { return leastDistance(*walls, p); };
    probe.muscleDistance = [flesh](std::string_view muscle, glm::vec3 p) {
        for (const Boxed& box : *flesh)
            if (box.solid->row->id == muscle) return box.solid->field.sample(p);
        return kFar;
    };
    if (skin)
        probe.skinDistance = [skin](glm::vec3 p) { // above the cap no skin holds vessels in
            return p.z > kLimbTop - 12 ? -kFar : skin->sample(p);
        };
    probe.bind = [&tables, &muscles, flesh](glm::vec3 p, std::string_view muscle) {
        return bound(tables, *flesh, muscles, p, muscle);
    };
    return probe;
}

void makeRoom(Field& skin, std::span<const SkinClearance> clearances) {
    constexpr float kBlend = 12; // mm: width of the soft swelling
    Field room = skin;           // distance to the union of all that needs room
    std::fill(room.values.begin(), room.values.end(), 1000.0f);
    for (const SkinClearance& clearance : clearances) {
        if (skin.sample(clearance.point) < -clearance.distance - kBlend) continue;
        const float reach = clearance.distance + kBlend;
        const glm::ivec3 low = glm::max(
            glm::ivec3(glm::floor((clearance.point - reach - skin.origin) / skin.spacing)), glm::ivec3(0));
        const glm::ivec3 high = glm::min(
            glm::ivec3(glm::ceil((clearance.point + reach - skin.origin) / skin.spacing)), skin.size - 1);
        for (int z = low.z; z <= high.z; ++z)
            for (int y = low.y; y <= high.y; ++y)
                for (int x = low.x; x <= high.x; ++x) {
                    float& value = room.values[room.index(x, y, z)];
                    value = std::min(value, glm::distance(skin.position(x, y, z), clearance.point) -
                                                clearance.distance);
                }
    }
    mapField(skin, [&](const glm::vec3& p, float d) {
        const glm::ivec3 node = glm::ivec3(glm::round((p - skin.origin) / skin.spacing));
        const float other = room.values[room.index(node.x, node.y, node.z)];
        const float h = std::max(kBlend - std::abs(d - other), 0.0f) / kBlend;
        return std::max(std::min(d, other) - 0.25f * h * h * kBlend, p.z - kLimbTop);
    });
}

std::vector<LegPart> vesselParts(const VesselSet& set, const VesselDetail& detail) {
    std::vector<LegPart> parts;
    const TubeDetail tube{detail.sides, detail.ringSpacing, true};
    for (std::size_t i = 0; i < set.vessels.size(); ++i) {
        const anatomy::Vessel& vessel = set.vessels[i];
        if (vessel.kind == anatomy::VesselKind::Bed) continue;
        // Thin vessels need fewer corners.
        TubeDetail own = tube;
        if (vessel.points[vessel.points.size() / 2].radius < 1.2f)
            own.sides = std::max(4, detail.sides * 2 / 3);
        parts.push_back(partOf(vessel.id, tissueOf(vessel.kind), layerOf(vessel.kind),
                               tubeMesh(set, static_cast<int>(i), own)));
    }
    for (std::size_t i = 0; i < set.valves.size(); ++i)
        parts.push_back(partOf(set.valves[i].id, anatomy::Tissue::Valve, anatomy::Layer::Valves,
                               valveMesh(set, static_cast<int>(i), detail.valveColumns, detail.valveRows)));
    for (const Nerve& nerve : set.nerves)
        parts.push_back(
            partOf(nerve.id, anatomy::Tissue::Nerve, anatomy::Layer::Nerves, nerveMesh(nerve, tube)));
    return parts;
}

} // namespace pump::builder
