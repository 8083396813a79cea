#include "builder/SkinShape.h"

#include "builder/Curve.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

// Measured: rigid fit of 27 foot bones, 3.0 leg -> 4.0 leg, residual about 0.5 mm.
constexpr float kFootTurn = -0.237966f; // rad about +Z
constexpr glm::vec3 kFootShift(-1.126f, -0.435f, -1.644f);
constexpr float kShank3 = 341.1f, kShank4 = 373.8f; ///< shank lengths of the two releases, mm

/// By height of this leg (mm): size of the section against the 3.0 leg, and shift of its middle.
struct SkinFit {
    std::vector<float> z = {0, 37, 60, 90, 131, 187, 224, 280, 336, 374, 411, 449, 486, 561, 640};
    std::vector<float> scale = {1.0f,  1.03f,  1.06f,  1.07f, 1.07f,  1.075f, 1.085f, 1.09f,
                                1.09f, 1.085f, 1.075f, 1.06f, 1.065f, 1.065f, 1.06f};
    std::vector<float> x = {2,     0,    -0.3f, -0.6f, -0.8f, -2.3f, -3.5f, -3.5f,
                            -0.6f, 0.2f, 2,     5,     6.7f,  7.2f,  7.8f};
    std::vector<float> y = {-0.6f, -1,   -3, -2,    -0.5f, -1.9f,  -0.5f, 0.9f,
                            2.8f,  3.2f, 2,  -1.7f, -5.3f, -10.5f, -13.7f};
};

float smoothRamp(float low, float high, float at) {
    const float t = std::clamp((at - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3.0f - 2.0f * t);
}

class SkinModel {
  public:
    explicit SkinModel(const LegTables& tables)
        : m_leg(tables.sections.at("leg")), m_foot(tables.sections.at("foot")) {
        for (const auto& station : m_leg.stations()) {
            m_stationZ.push_back(station.t);
            m_centreX.push_back(station.outlines.front().centre.x);
            m_centreY.push_back(station.outlines.front().centre.y);
        }
    }

    float distance(const glm::vec3& p) const {
        const float up = smoothRamp(8.0f, 62.0f, p.z);
        float result = 0;
        if (up < 1) result += (1 - up) * footDistance(p);
        if (up > 0) result += up * legDistance(p);
        return result;
    }

  private:
    float footDistance(const glm::vec3& p) const {
        const glm::vec3 moved = p - kFootShift;
        const float c = std::cos(-kFootTurn), s = std::sin(-kFootTurn);
        const glm::vec3 q(c * moved.x - s * moved.y, s * moved.x + c * moved.y, moved.z);
        const float leg = q.z > -22.0f ? m_leg.distance(q) : 20.0f;
        const float foot = q.z < 30.0f ? m_foot.distance(q) : 20.0f;
        return smoothUnion(leg, foot, 4.0f);
    }

    float legDistance(const glm::vec3& p) const {
        const float scale = interpolate(m_fit.z, m_fit.scale, p.z);
        const float z = p.z * kShank3 / kShank4;
        const glm::vec2 middle(interpolate(m_stationZ, m_centreX, z), interpolate(m_stationZ, m_centreY, z));
        const glm::vec2 shift(interpolate(m_fit.z, m_fit.x, p.z), interpolate(m_fit.z, m_fit.y, p.z));
        const glm::vec2 q = middle + (glm::vec2(p) - middle - shift) / scale;
        return scale * m_leg.distance(glm::vec3(q, z));
    }

    const Sections& m_leg;
    const Sections& m_foot;
    SkinFit m_fit;
    std::vector<float> m_stationZ, m_centreX, m_centreY;
};

bool nearBox(const Field& field, const glm::vec3& p, float reach) {
    const glm::vec3 high = field.position(field.size.x - 1, field.size.y - 1, field.size.z - 1);
    return glm::all(glm::greaterThan(p, field.origin - reach)) && glm::all(glm::lessThan(p, high + reach));
}

/// Least thickness of skin and fat over a solid, mm.
float coverOver(const Solid& solid) {
    if (solid.row->tissue == anatomy::Tissue::Bone) return 2.5f;
    return 3.2f;
}

/// The mitten of the measured outlines, parted into toes.
class Toes {
  public:
    explicit Toes(const LegTables& tables) {
        for (const Strand& toe : tables.toes) m_toes.emplace_back(toe, std::vector<const Field*>{});
        const anatomy::Joint& joint =
            tables.joints[static_cast<std::size_t>(std::max(tables.joint("toes"), 0))];
        m_pivot = joint.pivot;
        m_forward = glm::normalize(glm::cross(glm::vec3(0, 0, 1), joint.axis));
    }

    /// Lower bound for the skin's distance; far below zero behind the toes.
    float distance(const glm::vec3& p) const {
        const float ahead = glm::dot(p - m_pivot, m_forward);
        if (ahead < -4.0f || m_toes.empty()) return -1e3f;
        float nearest = 1e3f;
        for (const StrandShape& toe : m_toes) nearest = std::min(nearest, toe.distance(p));
        // The webs: the parting deepens over 30 mm from the toe bases on.
        return nearest - 30.0f * (1.0f - smoothRamp(-4.0f, 26.0f, ahead));
    }

  private:
    std::vector<StrandShape> m_toes;
    glm::vec3 m_pivot{}, m_forward{0, 1, 0};
};

} // namespace

Field buildSkin(const LegTables& tables, const std::vector<Solid>& solids, float spacing, unsigned threads) {
    const SkinModel model(tables);
    Field skin;
    skin.spacing = spacing;
    const glm::vec3 low(-95, -105, -75), high(130, 250, kLimbTop + 3 * spacing);
    skin.origin = glm::floor(low / spacing) * spacing;
    skin.size = glm::ivec3(glm::ceil((high - skin.origin) / spacing)) + 1;
    skin.values.resize(static_cast<std::size_t>(skin.size.x) * static_cast<std::size_t>(skin.size.y) *
                       static_cast<std::size_t>(skin.size.z));
    parallelFor(static_cast<std::size_t>(skin.size.z), threads, [&](std::size_t slice) {
        const int z = static_cast<int>(slice);
        for (int y = 0; y < skin.size.y; ++y)
            for (int x = 0; x < skin.size.x; ++x) {
                const glm::vec3 p = skin.position(x, y, z);
                float d = model.distance(p);
                for (const Solid& solid : solids) {
                    if (std::abs(d) > 30.0f) break; // nothing that the skin covers reaches so far
                    if (!nearBox(solid.field, p, 12.0f)) continue;
                    const float inside = solid.field.sample(p);
                    if (inside > 12.0f) continue;
                    d = smoothUnion(d, inside - coverOver(solid), 6.0f);
                }
                skin.values[skin.index(x, y, z)] = d;
            }
    });
    smoothField(skin, 2);
    const Toes toes(tables);
    mapField(skin, [&](const glm::vec3& p, float d) {
        if (p.z < -20.0f && d < 12.0f) d = std::max(d, toes.distance(p));
        return d;
    });
    smoothField(skin, 1); // the clefts between the toes are as narrow as the grid
    // Fat hides most of the relief of tendons and bones: only their last cover is kept hard.
    std::vector<float> deepest; // of each solid: no place in it is further inside
    for (const Solid& solid : solids)
        deepest.push_back(*std::min_element(solid.field.values.begin(), solid.field.values.end()));
    parallelFor(static_cast<std::size_t>(skin.size.z), threads, [&](std::size_t slice) {
        const int z = static_cast<int>(slice);
        for (int y = 0; y < skin.size.y; ++y)
            for (int x = 0; x < skin.size.x; ++x) {
                const glm::vec3 p = skin.position(x, y, z);
                float& d = skin.values[skin.index(x, y, z)];
                for (std::size_t i = 0; i < solids.size(); ++i) {
                    const Field& field = solids[i].field;
                    const float cover = 0.6f * coverOver(solids[i]);
                    const glm::vec3 far =
                        field.position(field.size.x - 1, field.size.y - 1, field.size.z - 1);
                    const float outside = glm::distance(glm::clamp(p, field.origin, far), p);
                    if ((outside > 0 ? outside : deepest[i]) - cover < d)
                        d = std::min(d, field.sample(p) - cover);
                }
                // A little lower than what it covers, so that the cut shows muscles and bone in their fat.
                constexpr float kLower = 1.0f, kRounded = 2.0f; // mm
                d = -smoothUnion(-d, kLimbTop - kLower - p.z, kRounded);
            }
    });
    return skin;
}

Field growingRoom(const LegTables& tables, const std::vector<InFat>& inFat) {
    constexpr float kSpacing = 3;
    constexpr float kFat = 2.0f; ///< mm of skin and fat over a muscle that grows
    constexpr float kUnder =
        -1.2f; ///< mm between a vessel in the fat and flesh: it rides up a little where flesh grows
    constexpr float kSlope = 0.4f;  ///< how the floor of the fat rises to both sides of a vessel
    constexpr float kReach = 18.0f; ///< mm
    const SkinModel model(tables);
    const glm::vec3 low(-95, -105, 0), high(95, 100, kLimbTop + 2 * kSpacing);
    const Field skin = makeField(low, high, kSpacing, [&](const glm::vec3& p) { return model.distance(p); });
    Field outside = skin;
    for (float& value : outside.values) value += kFat;
    for (const InFat& piece : inFat) {
        const glm::vec3 middle = 0.5f * (piece.a + piece.b);
        if (!skin.contains(middle)) continue;
        const float level = skin.sample(middle);
        const glm::ivec3 from =
            glm::max(glm::ivec3(glm::floor((middle - kReach - skin.origin) / kSpacing)), glm::ivec3(0));
        const glm::ivec3 to =
            glm::min(glm::ivec3(glm::ceil((middle + kReach - skin.origin) / kSpacing)), skin.size - 1);
        for (int z = from.z; z <= to.z; ++z)
            for (int y = from.y; y <= to.y; ++y)
                for (int x = from.x; x <= to.x; ++x) {
                    const std::size_t at = skin.index(x, y, z);
                    const float above = skin.values[at] - level; // toward the skin
                    const float apart = glm::distance(skin.position(x, y, z), middle);
                    const float beside = std::sqrt(std::max(apart * apart - above * above, 0.0f));
                    if (beside < kReach)
                        outside.values[at] =
                            std::max(outside.values[at], above + piece.radius + kUnder - kSlope * beside);
                }
    }
    return outside;
}

} // namespace pump::builder
