// Where veins lie is told from the built meshes alone. A place belongs to a compartment when no wall (septum,
// interosseous membrane, bone) stands between it and the nearest flesh of that compartment, and no flesh of
// another one is both nearer and as open to it.
#include "builder/VeinReport.h"

#include "builder/Slices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace pump::builder {
namespace {

using anatomy::LegModel;
using anatomy::Structure;
using anatomy::Vessel;
using anatomy::VesselKind;
using anatomy::VesselPoint;

constexpr float kFasciaFrom = 24, kFasciaTo = 598; ///< mm: the heights between which a deep fascia is drawn

struct Room {
    const char* name;
    std::vector<const char*> muscles;
};

const std::array<Room, 4>& rooms() {
    static const std::array<Room, 4> kRooms = {
        {{"anterior",
          {"tibialis-anterior", "extensor-digitorum-longus", "extensor-hallucis-longus",
           "fibularis-tertius"}},
         {"lateral", {"fibularis-longus", "fibularis-brevis"}},
         {"superficial posterior",
          {"soleus", "gastrocnemius-medial-head", "gastrocnemius-lateral-head", "plantaris"}},
         {"deep posterior",
          {"popliteus", "tibialis-posterior", "flexor-hallucis-longus", "flexor-digitorum-longus"}}}};
    return kRooms;
}

/// Deep veins that keep to one compartment between two heights, mm (where its walls stand).
struct Resident {
    const char* veins; ///< their ids begin with this
    std::size_t room;
    float low, high;
};
const std::vector<Resident> kResidents = {
    {"anterior-tibial-veins-", 0, 55, 300},  {"venae-comitantes-anterior-tibial-", 0, 55, 300},
    {"posterior-tibial-veins-", 3, 64, 292}, {"venae-comitantes-posterior-tibial-", 3, 64, 292},
    {"fibular-veins-", 3, 64, 280},          {"venae-comitantes-fibular-", 3, 64, 280}};

/// Height at which a perforator goes through the deep fascia, mm in the leg frame.
const std::map<std::string, std::array<float, 2>> kPerforators = {
    {"perforator-posterior-tibial-middle", {56, 70}},
    {"perforator-posterior-tibial-upper-1", {98, 112}},
    {"perforator-posterior-tibial-upper-2", {109, 169}},
    {"perforator-paratibial-1", {146, 162}},
    {"perforator-paratibial-2", {195, 246}},
    {"perforator-boyd", {280, 297}},
    {"perforator-medial-gastrocnemius-1", {203, 237}},
    {"perforator-medial-gastrocnemius-2", {203, 237}},
    {"perforator-fibular-1", {50, 58}},
    {"perforator-fibular-2", {130, 145}},
    {"perforator-anterior-leg", {109, 195}},
    {"perforator-dodd", {492, 586}},
};

struct Triangle {
    glm::vec3 a, b, c;
};

class VeinReporter {
  public:
    VeinReporter(const LegModel& leg, Report& report) : m_leg(leg), m_report(report) {
        m_crural = leg.find("crural-fascia");
        m_lata = leg.find("fascia-lata");
        for (const char* id : {"septum-anterior-leg", "septum-posterior-leg", "septum-transverse-leg",
                               "interosseous-membrane-leg", "tibia", "fibula"})
            if (const Structure* wall = leg.find(id)) m_walls.push_back(wall);
        for (std::size_t r = 0; r < rooms().size(); ++r)
            for (const char* id : rooms()[r].muscles)
                if (const Structure* muscle = leg.find(id)) m_flesh[r].push_back(muscle);
    }

    void run() {
        if (!m_crural || !m_lata) return;
        std::size_t points = 0, astray = 0;
        for (const Vessel& vessel : m_leg.rig.vessels) {
            if (vessel.kind == VesselKind::Perforator) perforator(vessel);
            const std::size_t wrong = vessel.kind == VesselKind::DeepVein          ? deep(vessel, points)
                                      : vessel.kind == VesselKind::SuperficialVein ? onFascia(vessel, points)
                                                                                   : 0;
            if (wrong > 0)
                add("compartment", vessel.id + " out of its compartment", static_cast<double>(wrong), 0,
                    "points", false);
            astray += wrong;
        }
        add("compartment", fmt::format("all {} points of veins out of their compartment", points),
            static_cast<double>(astray), 0, "points", astray == 0);
        saphenousEye();
        for (const auto& [pair, artery, low, high] :
             {Pair{"posterior-tibial", "posterior-tibial-artery", 0, 280},
              Pair{"fibular", "fibular-artery", 50, 270},
              Pair{"anterior-tibial", "anterior-tibial-artery", 35, 300}})
            flanks(pair, artery, low, high);
    }

  private:
    struct Pair {
        const char *veins, *artery;
        float low, high;
    };

    void add(std::string group, std::string subject, double value, double wanted, std::string unit, bool ok) {
        m_report.checks.push_back({std::move(group), std::move(subject), value, wanted, std::move(unit), ok});
    }

    static bool fasciaStandsAt(float z) { return z > kFasciaFrom && z < kFasciaTo; }
    bool beneathFascia(const glm::vec3& p) const {
        return inside(m_leg, *m_crural, p) || inside(m_leg, *m_lata, p);
    }

    std::size_t deep(const Vessel& vessel, std::size_t& points) const {
        std::size_t wrong = 0;
        for (const VesselPoint& point : vessel.points) {
            const glm::vec3& p = point.position;
            if (!fasciaStandsAt(p.z)) continue;
            ++points;
            bool home = beneathFascia(p);
            for (const Resident& resident : kResidents)
                if (vessel.id.starts_with(resident.veins) && p.z > resident.low && p.z < resident.high)
                    home = home && liesIn(resident.room, p);
            if (!home) ++wrong;
        }
        return wrong;
    }

    /// Veins of the skin; one that begins or ends on a deep vein goes through the fascia once.
    std::size_t onFascia(const Vessel& vessel, std::size_t& points) {
        std::size_t wrong = 0;
        // Heights of the gap in the fascia, none: stays outside. The small saphenous vein goes through it in
        // the middle to upper third of the calf or behind the knee, its extension up the thigh comes out
        // again.
        constexpr float kGapFrom = 125, kGapTo = 400, kThighTo = 560;
        const bool small = vessel.id == "small-saphenous-vein", extension = vessel.id == "thigh-extension";
        std::size_t passes = 0;
        for (std::size_t i = 0; i < vessel.points.size(); ++i) {
            const glm::vec3& p = vessel.points[i].position;
            if (!fasciaStandsAt(p.z)) continue;
            ++points;
            const bool beneath = beneathFascia(p);
            if (i > 0 && fasciaStandsAt(vessel.points[i - 1].position.z) &&
                beneath != beneathFascia(vessel.points[i - 1].position))
                ++passes;
            const bool may = (small && p.z > kGapFrom) || (extension && p.z < kThighTo);
            const bool must = small && p.z > kGapTo;
            if ((beneath && !may) || (!beneath && must)) ++wrong;
        }
        if (small)
            add("compartment", "small-saphenous-vein through the fascia", static_cast<double>(passes), 1,
                "time", passes == 1);
        return wrong;
    }

    void perforator(const Vessel& vessel) {
        const auto row = kPerforators.find(vessel.id);
        if (row == kPerforators.end()) return;
        std::size_t passes = 0;
        float height = 0;
        for (std::size_t i = 1; i < vessel.points.size(); ++i) {
            const glm::vec3 &a = vessel.points[i - 1].position, &b = vessel.points[i].position;
            if (beneathFascia(a) == beneathFascia(b)) continue;
            ++passes;
            height = 0.5f * (a.z + b.z);
        }
        add("compartment", vessel.id + " through the fascia", static_cast<double>(passes), 1, "time",
            passes == 1);
        const auto [low, high] = row->second;
        const float off = std::max({low - height, height - high, 0.0f});
        if (passes == 1)
            add("compartment", vessel.id + " off its height", static_cast<double>(off), 2, "mm at most",
                off <= 2);
    }

    /// The great saphenous vein between the deep fascia and the thin sheet over it.
    void saphenousEye() {
        const Structure *sheet = m_leg.find("saphenous-compartment"), *skin = m_leg.find("skin-leg");
        const Vessel* vein = vessel("great-saphenous-vein");
        if (!sheet || !skin || !vein) return;
        constexpr float kFrom = 40, kTo = 580; // mm
        std::size_t bare = 0;
        for (const VesselPoint& point : vein->points) {
            const glm::vec3& p = point.position;
            if (p.z < kFrom || p.z > kTo) continue;
            glm::vec3 nearest(1e9f);
            for (std::uint32_t v = 0; v < skin->vertexCount; ++v) {
                const glm::vec3& q = m_leg.vertices[skin->firstVertex + v].position;
                if (glm::distance(p, q) < glm::distance(p, nearest)) nearest = q;
            }
            if (inside(m_leg, *sheet, p) || facesBetween(*sheet, p, nearest) < 2) ++bare;
        }
        add("compartment", "great-saphenous-vein not under its sheet", static_cast<double>(bare), 0, "points",
            bare == 0);
    }

    bool liesIn(std::size_t room, const glm::vec3& p) const {
        for (const Structure* wall : m_walls)
            if (inside(m_leg, *wall, p)) return false;
        const float own = openDistance(room, p, 1e9f, 2);
        if (own > 1e8f) return false;
        for (std::size_t other = 0; other < rooms().size(); ++other)
            if (other != room && openDistance(other, p, own, 1) < own) return false;
        return true;
    }

    /// Distance to the nearest flesh of a compartment, mm; 1e9 when a wall (so many faces of it) stands
    /// between or it is farther than `limit`.
    float openDistance(std::size_t room, const glm::vec3& p, float limit, std::size_t faces) const {
        glm::vec3 nearest(0);
        float best = 40;
        for (const Structure* muscle : m_flesh[room]) {
            if (glm::any(glm::lessThan(p, muscle->boundsLow - best)) ||
                glm::any(glm::greaterThan(p, muscle->boundsHigh + best)))
                continue;
            if (inside(m_leg, *muscle, p)) return 0;
            for (std::uint32_t v = 0; v < muscle->vertexCount; ++v) {
                const glm::vec3& q = m_leg.vertices[muscle->firstVertex + v].position;
                if (const float d = glm::distance(p, q); d < best) best = d, nearest = q;
            }
        }
        return best >= std::min(limit, 40.0f) || walled(p, nearest, faces) ? 1e9f : best;
    }

    /// Whether a wall stands between two places: the way goes through so many faces of it. Two: in and out
    /// again; one: flesh that the wall clings to counts as behind it.
    bool walled(const glm::vec3& p, const glm::vec3& q, std::size_t faces) const {
        return std::any_of(m_walls.begin(), m_walls.end(),
                           [&](const Structure* wall) { return facesBetween(*wall, p, q) >= faces; });
    }

    std::size_t facesBetween(const Structure& wall, const glm::vec3& p, const glm::vec3& q) const {
        const glm::vec3 low = glm::min(p, q), high = glm::max(p, q);
        if (glm::any(glm::lessThan(high, wall.boundsLow)) || glm::any(glm::greaterThan(low, wall.boundsHigh)))
            return 0;
        std::size_t crossed = 0;
        for (std::uint32_t i = 0; i < wall.indexCount; i += 3) {
            const auto at = [&](std::uint32_t k) {
                return m_leg.vertices[m_leg.indices[wall.firstIndex + i + k]].position;
            };
            const Triangle t{at(0), at(1), at(2)};
            if (std::max({t.a.z, t.b.z, t.c.z}) >= low.z && std::min({t.a.z, t.b.z, t.c.z}) <= high.z &&
                pierced(t, p, q))
                ++crossed;
        }
        return crossed;
    }

    static bool pierced(const Triangle& t, const glm::vec3& p, const glm::vec3& q) {
        const glm::vec3 normal = glm::cross(t.b - t.a, t.c - t.a);
        const float from = glm::dot(p - t.a, normal), to = glm::dot(q - t.a, normal);
        if ((from < 0) == (to < 0)) return false;
        const glm::vec3 x = p + (q - p) * (from / (from - to));
        return glm::dot(glm::cross(t.b - t.a, x - t.a), normal) >= 0 &&
               glm::dot(glm::cross(t.c - t.b, x - t.b), normal) >= 0 &&
               glm::dot(glm::cross(t.a - t.c, x - t.c), normal) >= 0;
    }

    const Vessel* vessel(const std::string& id) const {
        for (const Vessel& vessel : m_leg.rig.vessels)
            if (vessel.id == id) return &vessel;
        return nullptr;
    }

    /// Both veins wall to wall with the artery, on opposite sides of it.
    void flanks(const std::string& veins, const std::string& id, float low, float high) {
        const Vessel *a = vessel(veins + "-veins-a"), *b = vessel(veins + "-veins-b"), *artery = vessel(id);
        if (!a || !b || !artery) return;
        double widest = -1e9, closest = 1e9, angle = 180;
        for (const VesselPoint& point : artery->points) {
            if (point.position.z < low || point.position.z > high) continue;
            std::array<glm::vec3, 2> side{};
            for (std::size_t k = 0; k < 2; ++k) {
                const auto& line = (k == 0 ? a : b)->points;
                const auto nearest =
                    std::min_element(line.begin(), line.end(), [&](const auto& s, const auto& t) {
                        return glm::distance(s.position, point.position) <
                               glm::distance(t.position, point.position);
                    });
                side[k] = nearest->position - point.position;
                const float gap = glm::length(side[k]) - nearest->radius - point.radius;
                widest = std::max(widest, static_cast<double>(gap));
                closest = std::min(closest, static_cast<double>(gap));
            }
            const float cosine = glm::dot(glm::normalize(side[0]), glm::normalize(side[1]));
            angle = std::min(angle,
                             static_cast<double>(glm::degrees(std::acos(std::clamp(cosine, -1.0f, 1.0f)))));
        }
        constexpr double kSheath = 2.5, kTouch = -0.3, kOpposed = 127;
        add("pair", veins + "-veins: widest gap to the artery", widest, kSheath, "mm at most",
            widest <= kSheath);
        add("pair", veins + "-veins: least gap to the artery", closest, kTouch, "mm at least",
            closest >= kTouch);
        add("pair", veins + "-veins: angle between them round it", angle, kOpposed, "degrees at least",
            angle >= kOpposed);
    }

    const LegModel& m_leg;
    Report& m_report;
    const Structure *m_crural = nullptr, *m_lata = nullptr;
    std::vector<const Structure*> m_walls;
    std::array<std::vector<const Structure*>, 4> m_flesh;
};

} // namespace

void checkVeins(const LegModel& leg, Report& report) {
    VeinReporter(leg, report).run();
}

} // namespace pump::builder
