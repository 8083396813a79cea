#include "builder/Wraps.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr float kSpacing = 2.2f;
constexpr float kKneeHeight = 374;    ///< mm: crural fascia below, fascia lata above
constexpr float kFasciaBottom = 22;   ///< mm: lower it thickens into the retinacula of the ankle
constexpr float kFasciaThickness = 1; ///< mm
constexpr float kPopliteal = 1.3f;    ///< mm: of the fascia behind the knee, on the stocking
constexpr float kSkinThickness = 1.6f;
constexpr float kThinnestFat = 4.0f; ///< mm: what the grid holds without holes

/// Distance to everything deep to the fat: all solids together, with the grooves between them filled.
Field deepSurface(const std::vector<Solid>& solids, const Field& skin, unsigned threads) {
    Field deep;
    deep.spacing = kSpacing;
    deep.origin = glm::floor(skin.origin / kSpacing) * kSpacing;
    const glm::vec3 high = skin.position(skin.size.x - 1, skin.size.y - 1, skin.size.z - 1);
    deep.size = glm::ivec3(glm::ceil((high - deep.origin) / kSpacing)) + 1;
    deep.values.assign(static_cast<std::size_t>(deep.size.x) * static_cast<std::size_t>(deep.size.y) *
                           static_cast<std::size_t>(deep.size.z),
                       30.0f);
    parallelFor(static_cast<std::size_t>(deep.size.z), threads, [&](std::size_t slice) {
        const int z = static_cast<int>(slice);
        for (int y = 0; y < deep.size.y; ++y)
            for (int x = 0; x < deep.size.x; ++x) {
                const glm::vec3 p = deep.position(x, y, z);
                const float skinDistance = skin.sample(p);
                if (skinDistance > 4.0f || skinDistance < -60.0f) {
                    deep.values[deep.index(x, y, z)] = skinDistance > 0 ? 30.0f : -30.0f;
                    continue;
                }
                // Where the muscles leave a hollow (behind the knee) the fascia spans it under a layer of
                // fat.
                float d = p.z > kFasciaBottom ? skinDistance + 15.0f : 30.0f;
                for (const Solid& solid : solids) {
                    const Field& field = solid.field;
                    const glm::vec3 far =
                        field.position(field.size.x - 1, field.size.y - 1, field.size.z - 1);
                    if (glm::any(glm::lessThan(p, field.origin - 14.0f)) ||
                        glm::any(glm::greaterThan(p, far + 14.0f)))
                        continue;
                    d = smoothUnion(d, field.sample(p), 9.0f);
                }
                deep.values[deep.index(x, y, z)] = d;
            }
    });
    smoothField(deep, 2);
    return deep;
}

/// Sinks the surface under what lies in the fat, down to the flesh at most.
void sinkUnder(Field& deep, const std::vector<InFat>& inFat, const std::vector<Solid>& solids) {
    constexpr float kClear = 0.3f; ///< mm between a vessel and the fascia
    constexpr float kReach = 5.0f; ///< mm round it within which anything is changed
    std::vector<float> sunk(deep.values.size(), -30.0f);
    for (const InFat& piece : inFat) {
        const float out = piece.radius + kFasciaThickness + kClear;
        const glm::ivec3 from = glm::max(
            glm::ivec3(glm::floor((glm::min(piece.a, piece.b) - out - kReach - deep.origin) / deep.spacing)),
            glm::ivec3(0));
        const glm::ivec3 to = glm::min(
            glm::ivec3(glm::ceil((glm::max(piece.a, piece.b) + out + kReach - deep.origin) / deep.spacing)),
            deep.size - 1);
        const glm::vec3 edge = piece.b - piece.a;
        const float length2 = std::max(glm::dot(edge, edge), 1e-6f);
        for (int z = from.z; z <= to.z; ++z)
            for (int y = from.y; y <= to.y; ++y)
                for (int x = from.x; x <= to.x; ++x) {
                    const glm::vec3 p = deep.position(x, y, z);
                    const float t = std::clamp(glm::dot(p - piece.a, edge) / length2, 0.0f, 1.0f);
                    float& value = sunk[deep.index(x, y, z)];
                    value = std::max(value, out - glm::distance(p, piece.a + t * edge));
                }
    }
    std::size_t at = 0;
    mapField(deep, [&](const glm::vec3& p, float d) {
        const float wanted = sunk[at++];
        if (wanted <= d) return d;
        float flesh = 30;
        for (const Solid& solid : solids)
            if (solid.field.contains(p)) flesh = std::min(flesh, solid.field.sample(p));
        return std::max(d, std::min(wanted, flesh));
    });
}

Wrap fascia(const Field& deep, const Field& skin, const std::string& id, float low, float high) {
    Wrap wrap;
    wrap.id = id;
    wrap.field = deep;
    mapField(wrap.field, [&](const glm::vec3& p, float d) {
        const float skinDistance = skin.sample(p);
        return std::max({d - kFasciaThickness, skinDistance + kSkinThickness + 0.8f, low - p.z, p.z - high});
    });
    return wrap;
}

/// The diamond behind the knee between the hamstrings and the heads of gastrocnemius, negative inside, mm.
float poplitealRegion(const glm::vec3& p) {
    constexpr glm::vec3 kMiddle(2, 0, 398);
    constexpr float kWide = 34, kHigh = 52, kFront = -12; // mm
    const float u = (p.x - kMiddle.x) / kWide, v = (p.z - kMiddle.z) / kHigh;
    return std::max((std::pow(std::pow(std::abs(u), 1.5f) + std::pow(std::abs(v), 1.5f), 1 / 1.5f) - 1) *
                        kWide,
                    p.y - kFront);
}

/// The thicker roof of that hollow, a sheet on the stocking.
Wrap poplitealFascia(const Field& deep, const Field& skin) {
    Wrap wrap;
    wrap.id = "popliteal-fascia";
    wrap.field = makeField({-36, -90, 342}, {40, -10, 454}, 0.8f, [&](const glm::vec3& p) {
        const float region = poplitealRegion(p);
        if (region > 3.0f) return region;
        const float d = deep.sample(p);
        return std::max({region, kFasciaThickness + 0.1f - d, d - kFasciaThickness - kPopliteal,
                         skin.sample(p) + kSkinThickness + 0.4f});
    });
    return wrap;
}

Wrap fat(const Field& deep, const Field& skin) {
    Wrap wrap;
    wrap.id = "subcutaneous-tissue";
    wrap.tissue = anatomy::Tissue::Fat;
    wrap.layer = anatomy::Layer::Fat;
    wrap.field = deep;
    mapField(wrap.field, [&](const glm::vec3& p, float d) {
        const float roof = kPopliteal * std::clamp(1.0f - poplitealRegion(p), 0.0f, 1.0f);
        // Where the skin lies almost on bone the layer goes on, as thick as this grid can hold.
        const float under = skin.sample(p) + kSkinThickness;
        const float inner = std::min(kFasciaThickness + 0.5f + roof - d, -under - kThinnestFat);
        return std::max({under, inner, p.z - kLimbTop});
    });
    wrap.smallestPiece = 2000;
    return wrap;
}

/// The thin sheet of the skin fat over the great saphenous vein, from the deep fascia on one side of it to
/// the deep fascia on the other: between both lies the vein, in section like a pupil in an eye.
Wrap saphenousSheet(const Field& deep, const Field& skin, const std::vector<InFat>& vein) {
    constexpr float kHalfWidth = 10, kSheet = 1.2f, kOver = 0.6f, kDrape = 7, kLeastCover = 0.8f,
                    kFrom = 28; // mm
    constexpr float kStep = 10; // mm: pieces are sorted by height
    Wrap wrap;
    wrap.id = "saphenous-compartment";
    wrap.smallestPiece = 400;
    glm::vec3 low(1e9f), high(-1e9f);
    std::vector<std::vector<const InFat*>> at(static_cast<std::size_t>(kLimbTop / kStep) + 2);
    for (const InFat& piece : vein) {
        if (piece.a.z < kFrom - kHalfWidth || piece.a.z > kLimbTop + kHalfWidth) continue;
        low = glm::min(low, piece.a - kHalfWidth - 3.0f);
        high = glm::max(high, piece.a + kHalfWidth + 3.0f);
        const auto slot = static_cast<std::size_t>(std::clamp(piece.a.z, 0.0f, kLimbTop) / kStep);
        for (std::size_t s = slot > 0 ? slot - 1 : 0; s <= slot + 1 && s < at.size(); ++s)
            at[s].push_back(&piece);
    }
    low.z = std::max(low.z, kFrom - 3);
    high.z = std::min(high.z, kLimbTop + 2);
    wrap.field = makeField(low, high, 0.9f, [&](const glm::vec3& p) {
        float axis = kHalfWidth + 4, wall = axis; // distances to the vein
        for (const InFat* piece : at[static_cast<std::size_t>(std::clamp(p.z, 0.0f, kLimbTop) / kStep)]) {
            const glm::vec3 edge = piece->b - piece->a;
            const float t =
                std::clamp(glm::dot(p - piece->a, edge) / std::max(glm::dot(edge, edge), 1e-6f), 0.0f, 1.0f);
            const float d = glm::distance(p, piece->a + t * edge);
            axis = std::min(axis, d);
            wall = std::min(wall, d - piece->radius);
        }
        if (axis > kHalfWidth + 3) return 4.0f;
        // Draped over the vein and the fascia beside it; where the vein lies shallow it keeps under the skin.
        const float draped = smoothUnion(deep.sample(p) - kFasciaThickness, wall - kOver, kDrape);
        const float middle =
            std::max(draped - 0.05f - 0.5f * kSheet, skin.sample(p) + kLeastCover + 0.5f * kSheet);
        return std::max({std::abs(middle) - 0.5f * kSheet, axis - kHalfWidth, kFrom - p.z, p.z - kLimbTop});
    });
    return wrap;
}

struct Cap {
    std::string id;
    const char* bone;
    const char* against; ///< the bone that it glides on
    const char* joint;
    float thickness, reach; ///< mm; only where the other bone is nearer than reach
};

/// Cartilage: a layer on one bone where another bone faces it.
Wrap cartilage(const std::vector<Solid>& solids, const Cap& cap) {
    const Field& bone = findSolid(solids, cap.bone)->field;
    const Field& other = findSolid(solids, cap.against)->field;
    Wrap wrap;
    wrap.id = cap.id;
    wrap.tissue = anatomy::Tissue::Cartilage;
    wrap.layer = anatomy::Layer::Bones;
    wrap.rigid = true;
    wrap.joint = cap.joint;
    wrap.smallestPiece = 60;
    const glm::vec3 low = glm::max(bone.origin, other.origin - cap.reach);
    const glm::vec3 high =
        glm::min(bone.position(bone.size.x - 1, bone.size.y - 1, bone.size.z - 1),
                 other.position(other.size.x - 1, other.size.y - 1, other.size.z - 1) + cap.reach);
    wrap.field = makeField(low - 3.0f, high + 3.0f, 0.9f, [&](const glm::vec3& p) {
        const float d = bone.sample(p), facing = other.sample(p);
        // A blunt rim: what thinned out slowly would end in shreds where the bone's mesh crosses it. Reaches
        // below the bone's surface so that no gap shows, nor a hole where both bones touch.
        const float thickness = cap.thickness * std::clamp((cap.reach - facing) / 2.0f, 0.0f, 1.0f);
        return std::max({d - thickness, -1.4f - d, facing - cap.reach, 0.25f - facing});
    });
    return wrap;
}

} // namespace

std::vector<Wrap> buildWraps(const std::vector<Solid>& solids, const Field& skin,
                             const std::vector<InFat>& inFat, const std::vector<InFat>& saphenous,
                             unsigned threads) {
    std::vector<Wrap> wraps;
    Field deep = deepSurface(solids, skin, threads);
    const Field even = deep; // before it sinks under vessels
    sinkUnder(deep, inFat, solids);
    wraps.push_back(fascia(deep, skin, "crural-fascia", kFasciaBottom, kKneeHeight));
    // A little of both, so that the bevels of their ends do not show as a groove.
    wraps.push_back(fascia(deep, skin, "fascia-lata", kKneeHeight - 1.5f, kLimbTop));
    wraps.push_back(poplitealFascia(deep, skin));
    wraps.push_back(fat(deep, skin));
    wraps.push_back(saphenousSheet(even, skin, saphenous));
    const std::vector<Cap> caps = {{"articular-cartilage-femur", "femur", "tibia", "thigh", 3.0f, 15.0f},
                                   {"articular-cartilage-patella", "patella", "femur", "patella", 2.6f, 7.0f},
                                   {"articular-cartilage-tibia", "tibia", "femur", "shank", 2.6f, 14.0f},
                                   {"articular-cartilage-talus", "talus", "tibia", "talus", 1.4f, 6.0f}};
    for (const Cap& cap : caps) wraps.push_back(cartilage(solids, cap));
    return wraps;
}

} // namespace pump::builder
