#include "render/SkinTables.h"

#include "scene/VesselFrames.h"

#include "core/Error.h"

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace pump::shared {
namespace {

/// shared/skin_deform.h for the swelling alone, with an amount of one region.
class SwellingFormula {
  public:
    struct Placed {
        vec3 position;
        vec3 normal;
        float strain;
    };
    static vec3 unitOr(vec3 v, vec3 fallback) { return length(v) > 1e-6f ? normalize(v) : fallback; }
#include "shared/skin_deform.h"

  private:
    static uint contactCount() {
        return 0;
    }
    static Contact contactInput(uint) {
        return {};
    }
    static vec3 swellingInput() {
        return vec3(1);
    }
};

} // namespace
} // namespace pump::shared

namespace pump::render {

namespace {

using anatomy::Tissue;

constexpr float kSole = -62; // mm, of the leg at rest

bool isCover(const anatomy::Structure& structure) {
    return structure.tissue == Tissue::Skin || structure.tissue == Tissue::Fat;
}

/// Mean of each vertex's neighbours, over and over.
class Smoothing {
  public:
    Smoothing(const anatomy::LegModel& leg, const anatomy::Structure& structure)
        : m_count(structure.vertexCount) {
        double edges = 0;
        std::size_t counted = 0;
        for (std::uint32_t i = 0; i + 2 < structure.indexCount; i += 3)
            for (std::uint32_t k = 0; k < 3; ++k) {
                const std::uint32_t a = leg.indices[structure.firstIndex + i + k] - structure.firstVertex;
                const std::uint32_t b =
                    leg.indices[structure.firstIndex + i + (k + 1) % 3] - structure.firstVertex;
                if (a >= m_count || b >= m_count) continue;
                m_edges.emplace_back(a, b);
                edges += static_cast<double>(glm::distance(leg.vertices[structure.firstVertex + a].position,
                                                           leg.vertices[structure.firstVertex + b].position));
                ++counted;
            }
        m_edgeMm = counted > 0 ? static_cast<float>(edges / static_cast<double>(counted)) : 1;
    }

    float edgeMm() const { return m_edgeMm; }

    template <typename T>
    void apply(std::vector<T>& values, int times) const {
        std::vector<T> sum(m_count);
        std::vector<float> weight(m_count);
        for (int n = 0; n < times; ++n) {
            std::fill(sum.begin(), sum.end(), T(0));
            std::fill(weight.begin(), weight.end(), 0.0f);
            for (const auto& [a, b] : m_edges) {
                sum[a] += values[b];
                sum[b] += values[a];
                weight[a] += 1;
                weight[b] += 1;
            }
            for (std::size_t i = 0; i < m_count; ++i)
                if (weight[i] > 0) values[i] = (values[i] + sum[i] / weight[i]) * 0.5f;
        }
    }

  private:
    std::size_t m_count;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_edges;
    float m_edgeMm = 1;
};

float smooth(float low, float high, float x) {
    const float t = std::clamp((x - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

/// How much of the swelling each vertex takes: hollows fill (beside the Achilles tendon, round the malleoli)
/// while skin that lies on bone hardly rises, so the ankle loses its shape; nothing under the sole, little at
/// the toes.
std::vector<float> swellingFactors(const anatomy::LegModel& leg, const anatomy::Structure& structure) {
    constexpr float kSmoothedMm = 10;     // size of the hollows that count
    constexpr float kRoundLimbMm = -0.8f; // by which a plain limb shrinks when smoothed so far
    constexpr float kFillMm = 2.2f;
    const Smoothing smoothing(leg, structure);
    std::vector<glm::vec3> places(structure.vertexCount);
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i)
        places[i] = leg.vertices[structure.firstVertex + i].position;
    // One pass spreads by a quarter of the squared edge in each direction.
    const float edge = std::max(smoothing.edgeMm(), 0.5f);
    smoothing.apply(places,
                    std::clamp(static_cast<int>(4 * kSmoothedMm * kSmoothedMm / (edge * edge)), 4, 200));
    std::vector<float> factors(structure.vertexCount);
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
        const anatomy::Vertex& vertex = leg.vertices[structure.firstVertex + i];
        const float hollow = glm::dot(places[i] - vertex.position, vertex.normal) - kRoundLimbMm;
        const float height = vertex.position.z - kSole;
        factors[i] = std::clamp(1 + hollow / kFillMm, 0.3f, 2.0f) *
                     (1 - smooth(-0.1f, -0.6f, vertex.normal.z) * (1 - smooth(20, 40, height))) *
                     smooth(3, 22, height) * (1 - 0.75f * smooth(95, 125, vertex.position.y));
    }
    smoothing.apply(factors, 4);
    return factors;
}

glm::dvec3 swellingCoefficients(const anatomy::LegModel& leg, const anatomy::Structure& skin,
                                const std::vector<float>& factors, int region) {
    shared::SwellingFormula formula;
    std::vector<glm::dvec3> moves(skin.vertexCount);
    for (std::uint32_t i = 0; i < skin.vertexCount; ++i) {
        const anatomy::Vertex& vertex = leg.vertices[skin.firstVertex + i];
        const glm::vec3 shares = formula.swellingShares(vertex.position.z - kSole);
        moves[i] = glm::dvec3(vertex.normal) * static_cast<double>(shares[region] * factors[i]);
    }
    glm::dvec3 sum(0);
    auto volume = [](glm::dvec3 a, glm::dvec3 b, glm::dvec3 c) { return glm::dot(a, glm::cross(b, c)) / 6; };
    for (std::uint32_t i = 0; i + 2 < skin.indexCount; i += 3) {
        std::array<glm::dvec3, 3> p, d;
        for (std::uint32_t k = 0; k < 3; ++k) {
            const std::uint32_t v = leg.indices[skin.firstIndex + i + k];
            p[k] = leg.vertices[v].position;
            d[k] = moves[v - skin.firstVertex];
        }
        sum.x += volume(d[0], p[1], p[2]) + volume(p[0], d[1], p[2]) + volume(p[0], p[1], d[2]);
        sum.y += volume(d[0], d[1], p[2]) + volume(d[0], p[1], d[2]) + volume(p[0], d[1], d[2]);
        sum.z += volume(d[0], d[1], d[2]);
    }
    return sum;
}

/// Vertices of the skin by height, to find the nearest one without looking at all.
class SkinByHeight {
  public:
    SkinByHeight(const anatomy::LegModel& leg, const anatomy::Structure& skin) : m_leg(leg) {
        m_low = skin.boundsLow.z;
        m_rows.resize(static_cast<std::size_t>((skin.boundsHigh.z - m_low) / kRow) + 1);
        for (std::uint32_t i = 0; i < skin.vertexCount; ++i)
            m_rows[row(leg.vertices[skin.firstVertex + i].position.z)].push_back(skin.firstVertex + i);
    }

    /// Way from a place to the skin above it.
    glm::vec3 wayOut(glm::vec3 from) const {
        float nearest = 1e9f;
        const anatomy::Vertex* best = nullptr;
        const std::size_t middle = row(from.z);
        for (std::size_t r = middle > 1 ? middle - 2 : 0; r < std::min(middle + 3, m_rows.size()); ++r)
            for (const std::uint32_t i : m_rows[r]) {
                const float far = glm::distance(m_leg.vertices[i].position, from);
                if (far >= nearest) continue;
                nearest = far;
                best = &m_leg.vertices[i];
            }
        if (!best) return glm::vec3(0);
        return best->normal * std::max(glm::dot(best->position - from, best->normal), 0.0f);
    }

  private:
    static constexpr float kRow = 8; // mm
    std::size_t row(float z) const {
        const float at = std::clamp((z - m_low) / kRow, 0.0f, static_cast<float>(m_rows.size() - 1));
        return static_cast<std::size_t>(at);
    }

    const anatomy::LegModel& m_leg;
    float m_low = 0;
    std::vector<std::vector<std::uint32_t>> m_rows;
};

/// How readily a stretch winds when varicose: tributaries lie free in the fat; the saphenous trunks are held
/// in their sheath of fascia and stay nearly straight (the trunk that winds is itself a tributary; Cavezzi
/// 2006).
float windingOf(std::string_view segment) {
    constexpr std::array<std::pair<std::string_view, float>, 4> kWinding{
        {{"PAV", 1.0f}, {"GIAC", 0.5f}, {"SSV", 0.25f}, {"GSV", 0.0f}}};
    for (const auto& [name, winding] : kWinding)
        if (segment.find(name) != std::string_view::npos) return winding;
    return 0;
}

constexpr float kNearSkinMm = 9;
constexpr float kFreeMm = 16;  ///< from a junction to where a vein winds in full
constexpr float kJoinedMm = 7; ///< from there to where a vein that joins it lies as deep as ever

/// 0 at the ends and where others join, so that they stay joined; 1 from kFreeMm on.
float freeOfJunctions(const anatomy::LegModel& leg, int index, float arc) {
    const anatomy::Vessel& vessel = leg.rig.vessels[static_cast<std::size_t>(index)];
    float nearest = std::min(arc, vessel.points.back().arc - arc);
    for (const anatomy::Vessel& other : leg.rig.vessels)
        for (const auto* ends : {&other.atStart, &other.atEnd})
            for (const anatomy::Junction& junction : *ends)
                if (junction.vessel == index) nearest = std::min(nearest, std::abs(junction.arc - arc));
    return smooth(0, kFreeMm, nearest);
}

/// Winding of a vessel's stretch at an arc length.
float windingAt(const anatomy::Vessel& vessel, float arc) {
    float winding = 0;
    for (const anatomy::Stretch& stretch : vessel.stretches)
        if (arc >= stretch.from - 0.1f && arc <= stretch.to + 0.1f) winding = windingOf(stretch.segment);
    return winding;
}

/// A tributary rises along its whole line but its ends; what joins it on the way rises with it and falls back
/// within kJoinedMm. Those that wind less are held below the skin.
float riseAt(const anatomy::LegModel& leg, const anatomy::Vessel& vessel, float arc) {
    const float toStart = arc, toEnd = vessel.points.back().arc - arc;
    const bool tributary = standsOut(vessel) && windingAt(vessel, arc) >= 1;
    const float own = tributary ? smooth(0, kFreeMm, std::min(toStart, toEnd)) : 0;
    float joined = 0;
    for (const auto& [junctions, away] :
         {std::pair{&vessel.atStart, toStart}, std::pair{&vessel.atEnd, toEnd}})
        for (const anatomy::Junction& junction : *junctions) {
            const anatomy::Vessel& host = leg.rig.vessels[static_cast<std::size_t>(junction.vessel)];
            const float there = std::min(junction.arc, host.points.back().arc - junction.arc);
            if (standsOut(host) && windingAt(host, junction.arc) >= 1)
                joined = std::max(joined, smooth(0, kFreeMm, there) * (1 - smooth(0, kJoinedMm, away)));
        }
    return std::max(own, joined);
}

/// Unit direction in which the surroundings press a vein flat, not yet perpendicular to it: between skin and
/// fascia; inside a muscle as that thickens; between the muscles from the leg's axis outward.
glm::vec3 pressDirection(const LegTables& tables, const shared::VesselPointRest& point) {
    if (glm::length(point.skinward) > 1e-3f) return glm::normalize(point.skinward);
    if (point.muscle >= 0 && point.muscleWeight > 0.5f) {
        const auto first = static_cast<std::size_t>(point.muscle) * shared::kMuscleSamples;
        const shared::MuscleSample* best = &tables.muscleSamples[first];
        for (std::size_t i = 1; i < shared::kMuscleSamples; ++i) {
            const shared::MuscleSample& sample = tables.muscleSamples[first + i];
            if (std::abs(sample.arc - point.muscleArc) < std::abs(best->arc - point.muscleArc))
                best = &sample;
        }
        if (const glm::vec3 d = best->centre - best->anchor; glm::length(d) > 1) return glm::normalize(d);
    }
    const glm::vec3 outward(point.position.x, point.position.y, 0);
    return glm::length(outward) > 2 ? glm::normalize(outward) : glm::vec3(0, -1, 0);
}

void addVesselTables(const anatomy::LegModel& leg, const anatomy::Structure* skin, LegTables& tables) {
    std::optional<SkinByHeight> surface;
    if (skin) surface.emplace(leg, *skin);
    for (std::size_t v = 0; v < leg.rig.vessels.size(); ++v) {
        const anatomy::Vessel& vessel = leg.rig.vessels[v];
        const bool superficial = surface && vessel.kind == anatomy::VesselKind::SuperficialVein;
        float turn = 0;
        for (std::uint32_t i = 0; i < tables.vessels[v].pointCount; ++i) {
            shared::VesselPointRest& point = tables.vesselPoints[tables.vessels[v].firstPoint + i];
            point.rise = surface ? riseAt(leg, vessel, point.arc) : 0;
            // Perforators too where they are near: none may grow out of the skin.
            if (superficial || point.rise > 0 || (surface && vessel.kind == anatomy::VesselKind::Perforator))
                point.skinward = surface->wayOut(point.position);
            if (!superficial && point.rise == 0 && glm::length(point.skinward) > kNearSkinMm)
                point.skinward = {};
            if (superficial) {
                point.winding =
                    windingAt(vessel, point.arc) * freeOfJunctions(leg, static_cast<int>(v), point.arc);
            }
            const glm::vec3 d = pressDirection(tables, point);
            const glm::vec3 binormal = glm::cross(point.tangent, point.normal);
            const float x = glm::dot(d, point.normal), y = glm::dot(d, binormal);
            // Half turns are the same direction: the one nearest to the point before. Along the press itself
            // any.
            if (x * x + y * y > 0.02f) {
                const float wanted = std::atan2(y, x);
                turn = wanted - glm::pi<float>() * std::round((wanted - turn) / glm::pi<float>());
            }
            point.flatTurn = turn;
        }
    }
}

} // namespace

bool standsOut(const anatomy::Vessel& vessel) {
    constexpr float kShortest = 60; // mm: a piece that rises and falls at once would look like a scratch
    return vessel.kind == anatomy::VesselKind::SuperficialVein && vessel.points.back().arc > kShortest &&
           std::any_of(vessel.stretches.begin(), vessel.stretches.end(),
                       [](const anatomy::Stretch& stretch) { return windingOf(stretch.segment) >= 1; });
}

float skinOver(const scene::RenderInput& input) {
    const float skin = input.layers[static_cast<std::size_t>(anatomy::Layer::Skin)].opacity;
    return smooth(0.5f, 0.9f, skin) * std::clamp(input.signs.varicose * 2.5f, 0.0f, 1.0f);
}

float SwellingVolume::thicknessFor(std::size_t region, double ml) const {
    const glm::dvec3& c = coefficients[region];
    if (c.x <= 0 || ml == 0) return 0;
    const double wanted = ml * 1000;
    double t = wanted / c.x;
    for (int i = 0; i < 8; ++i) {
        const double slope = c.x + t * (2 * c.y + 3 * c.z * t);
        if (slope < 0.2 * c.x) break;
        t -= (t * (c.x + t * (c.y + t * c.z)) - wanted) / slope;
    }
    return static_cast<float>(t);
}

void addSkinTables(const anatomy::LegModel& leg, LegTables& tables) {
    const anatomy::Structure* skin = nullptr;
    for (const anatomy::Structure& structure : leg.structures) {
        const auto index = static_cast<std::size_t>(&structure - leg.structures.data());
        if (tables.deformKinds[index] != shared::kDeformCover) continue;
        const std::vector<float> factors =
            isCover(structure) ? swellingFactors(leg, structure) : std::vector<float>(structure.vertexCount);
        for (std::uint32_t i = 0; i < structure.vertexCount; ++i)
            tables.vertices[tables.placeOf[structure.firstVertex + i]].detail.w = factors[i];
        if (structure.tissue != Tissue::Skin || skin) continue;
        skin = &structure;
        for (int region = 0; region < 3; ++region)
            tables.swelling.coefficients[static_cast<std::size_t>(region)] =
                swellingCoefficients(leg, structure, factors, region);
    }
    addVesselTables(leg, skin, tables);
}

shared::SkinInput skinInput(const LegTables& tables, const scene::RenderInput& input) {
    if (input.contacts.size() > shared::kMostContacts)
        throw core::Error(core::ErrorKind::Usage, "render input has {} contacts, at most {} can be drawn",
                          input.contacts.size(), shared::kMostContacts);
    shared::SkinInput skin{};
    std::copy(input.contacts.begin(), input.contacts.end(), std::begin(skin.contacts));
    skin.contactCount = static_cast<std::uint32_t>(input.contacts.size());
    skin.signs = input.signs;
    skin.signs.cut = tables.skinTop;
    for (std::size_t region = 0; region < 3; ++region)
        skin.swelling[static_cast<glm::length_t>(region)] =
            tables.swelling.thicknessFor(region, static_cast<double>(input.swellingMl[region]));
    return skin;
}

} // namespace pump::render
