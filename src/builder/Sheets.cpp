#include "builder/Sheets.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr float kStrapSpacing = 0.65f; ///< mm: thinner sheets would break into pieces on a coarser grid
constexpr float kSeptumSpacing = 1.0f;
constexpr float kSeptum = 1.5f;    ///< mm: thickness of a wall; a little of it lies in the muscles beside it
constexpr float kSeptumReach = 5;  ///< mm: how far from the nearer of its muscles a wall goes on
constexpr float kGrooves = 5;      ///< mm: straps span the grooves between tendons that are narrower
constexpr float kUnderSkin = 1.2f; ///< mm: sheets stay below the skin
constexpr float kFarOff = 30;

/// Intersection with rounded edges.
float smoothOverlap(float a, float b, float width) {
    return -smoothUnion(-a, -b, width);
}

struct Box {
    glm::vec3 low{1e9f}, high{-1e9f};
    void add(const glm::vec3& p, float reach) {
        low = glm::min(low, p - reach);
        high = glm::max(high, p + reach);
    }
    bool meets(const Field& field) const {
        const glm::vec3 far = field.position(field.size.x - 1, field.size.y - 1, field.size.z - 1);
        return glm::all(glm::lessThan(low, far)) && glm::all(glm::lessThan(field.origin, high));
    }
};

/// Vessels and nerves in a box, as tubes.
class Tubes {
  public:
    /// All that `ids` name; an id that ends with * stands for all that begin so. Throws Error(Asset) for an
    /// id that names nothing.
    /// `room`: mm kept round their walls.
    Tubes(const std::vector<std::string>& ids, const SheetName& row, const Box& box, const VesselSet& vessels,
          float room)
        : m_room(room) {
        for (const std::string& id : ids) {
            bool found = false;
            const auto add = [&](const std::string& other, const std::vector<anatomy::VesselPoint>& points) {
                if (id.ends_with('*') ? !other.starts_with(id.substr(0, id.size() - 1)) : other != id) return;
                found = true;
                addTube(points, box);
            };
            for (const anatomy::Vessel& vessel : vessels.vessels) add(vessel.id, vessel.points);
            for (const Nerve& nerve : vessels.nerves) add(nerve.id, nerve.points);
            if (!found)
                throw core::Error(core::ErrorKind::Asset, "{}: '{}' covers '{}', which is no vessel or nerve",
                                  row.where, row.id, id);
        }
    }

    /// Distance to their walls, kFarOff when farther; the tubes' edges blend over `width` mm.
    float distance(const glm::vec3& p, float d, float width) const {
        for (const Tube& tube : m_tubes) {
            const glm::vec3 edge = tube.b - tube.a;
            const float t =
                std::clamp(glm::dot(p - tube.a, edge) / std::max(glm::dot(edge, edge), 1e-6f), 0.0f, 1.0f);
            const float own = glm::distance(p, tube.a + t * edge) - tube.radius;
            d = width > 0 ? smoothUnion(d, own, width) : std::min(d, own);
        }
        return d;
    }

  private:
    struct Tube {
        glm::vec3 a{}, b{};
        float radius = 1;
    };
    void addTube(const std::vector<anatomy::VesselPoint>& points, const Box& box) {
        for (std::size_t i = 0; i + 1 < points.size(); ++i) {
            const glm::vec3 middle = 0.5f * (points[i].position + points[i + 1].position);
            if (glm::all(glm::greaterThan(middle, box.low)) && glm::all(glm::lessThan(middle, box.high)))
                m_tubes.push_back({points[i].position, points[i + 1].position, points[i].radius + m_room});
        }
    }
    float m_room;
    std::vector<Tube> m_tubes;
};

/// What a strap lies on: bones, tendons and muscles near it, and the vessels that it roofs.
class Ground {
  public:
    Ground(const StrapRow& row, const Box& box, const std::vector<Solid>& solids, const VesselSet& vessels)
        : m_tubes(row.covers, row, box, vessels, 0.5f) {
        for (const Solid& solid : solids)
            if (solid.row->tissue != anatomy::Tissue::Fascia && box.meets(solid.field))
                m_solids.push_back(&solid);
    }

    float distance(const glm::vec3& p) const {
        float d = kFarOff;
        for (const Solid* solid : m_solids) d = smoothUnion(d, solid->field.sample(p), kGrooves);
        return m_tubes.distance(p, d, kGrooves);
    }

    glm::vec3 onto(glm::vec3 p) const {
        for (int round = 0; round < 6; ++round) {
            constexpr float h = 0.6f;
            const glm::vec3 slope(distance(p + glm::vec3(h, 0, 0)) - distance(p - glm::vec3(h, 0, 0)),
                                  distance(p + glm::vec3(0, h, 0)) - distance(p - glm::vec3(0, h, 0)),
                                  distance(p + glm::vec3(0, 0, h)) - distance(p - glm::vec3(0, 0, h)));
            if (glm::length(slope) < 1e-4f) break;
            p -= glm::normalize(slope) * std::clamp(distance(p), -3.0f, 3.0f);
        }
        return p;
    }

  private:
    std::vector<const Solid*> m_solids;
    Tubes m_tubes;
};

Wrap namedWrap(const SheetName& name) {
    Wrap wrap;
    wrap.id = name.id;
    wrap.tissue = name.tissue;
    wrap.layer = name.layer;
    return wrap;
}

Wrap strap(const StrapRow& row, const std::vector<Solid>& solids, const Field& skin,
           const VesselSet& vessels) {
    Box box;
    for (const Strand& course : row.courses)
        for (std::size_t i = 0; i < course.course.size(); ++i)
            box.add(course.course[i], course.radius[i] + 14);
    const Ground ground(row, box, solids, vessels);
    std::vector<StrandShape> bands;
    Box tight;
    for (Strand course : row.courses) {
        for (std::size_t i = 0; i < course.course.size(); ++i) {
            course.course[i] = ground.onto(course.course[i]);
            tight.add(course.course[i], course.radius[i] + 6);
        }
        course.flatness = 1;
        bands.emplace_back(course, std::vector<const Field*>{});
    }
    Wrap wrap = namedWrap(row);
    wrap.smallestPiece = 40;
    wrap.field = makeField(tight.low, tight.high, kStrapSpacing, [&](const glm::vec3& p) {
        float beside = kFarOff;
        for (const StrandShape& band : bands) beside = std::min(beside, band.distance(p));
        if (beside > 2.0f) return beside;
        // A shell as thick everywhere, on what it covers or under the skin, whichever lies deeper.
        const float half = 0.5f * row.thickness;
        const float middle = std::max(ground.distance(p) - 0.2f - half, skin.sample(p) + kUnderSkin + half);
        return std::max(beside, std::abs(middle) - half);
    });
    return wrap;
}

float nearestOf(const std::vector<const Field*>& fields, const glm::vec3& p) {
    float nearest = kFarOff;
    for (const Field* field : fields) nearest = std::min(nearest, field->sample(p));
    return nearest;
}

Wrap septum(const SeptumRow& row, const std::vector<Solid>& solids, const Field& skin,
            const VesselSet& vessels) {
    Box box;
    const auto fieldsOf = [&](const std::vector<std::string>& ids) {
        std::vector<const Field*> fields;
        for (const std::string& id : ids) {
            const Field& field = findSolid(solids, id)->field;
            box.low = glm::min(box.low, field.origin);
            box.high =
                glm::max(box.high, field.position(field.size.x - 1, field.size.y - 1, field.size.z - 1));
            fields.push_back(&field);
        }
        return fields;
    };
    const std::vector<const Field*> front = fieldsOf(row.front), back = fieldsOf(row.back);
    box.low.z = row.low - 2;
    box.high.z = row.high + 2;
    constexpr float kRoom =
        1.1f; // the wall's face keeps off the vessels; it rather lies in the muscle behind
    const Tubes frontTubes(row.frontVessels, row, box, vessels, kRoom),
        backTubes(row.backVessels, row, box, vessels, kRoom);
    std::vector<const Field*> bones;
    for (const Solid& solid : solids)
        if (solid.row->tissue == anatomy::Tissue::Bone && box.meets(solid.field))
            bones.push_back(&solid.field);
    Wrap wrap = namedWrap(row);
    wrap.smallestPiece = 60;
    wrap.field = makeField(box.low, box.high, kSeptumSpacing, [&](const glm::vec3& p) {
        const float a = frontTubes.distance(p, nearestOf(front, p), 0);
        if (a > kSeptumReach + 2) return a - kSeptumReach;
        const float b = backTubes.distance(p, nearestOf(back, p), 0);
        const float off = std::max({0.5f * std::abs(a - b) - 0.5f * kSeptum, std::max(a, b) - kSeptumReach,
                                    row.low - p.z, p.z - row.high});
        if (off > 1.5f) return off;
        return std::max({off, 0.1f - nearestOf(bones, p), skin.sample(p) + kUnderSkin});
    });
    return wrap;
}

} // namespace

std::vector<Wrap> buildSheets(const LegTables& tables, const std::vector<Solid>& solids, const Field& skin,
                              const VesselSet& vessels, unsigned threads) {
    const std::size_t straps = tables.sheets.straps.size();
    std::vector<Wrap> wraps(straps + tables.sheets.septa.size());
    parallelFor(wraps.size(), threads, [&](std::size_t i) {
        wraps[i] = i < straps ? strap(tables.sheets.straps[i], solids, skin, vessels)
                              : septum(tables.sheets.septa[i - straps], solids, skin, vessels);
    });
    return wraps;
}

std::vector<Wrap> buildMenisci(const LegTables& tables, const std::vector<Solid>& solids) {
    const Solid *femur = findSolid(solids, "femur"), *tibia = findSolid(solids, "tibia");
    std::vector<Wrap> wraps;
    for (const MeniscusRow& row : tables.sheets.menisci) {
        Wrap wrap = namedWrap(row);
        wrap.rigid = true;
        wrap.joint = tibia->row->joint;
        wrap.smallestPiece = 60;
        const glm::vec3 reach(row.radius.x + 2, row.radius.y + 2, 12);
        wrap.field = makeField(row.centre - reach, row.centre + reach, 0.8f, [&](const glm::vec3& p) {
            const glm::vec2 q = (glm::vec2(p) - glm::vec2(row.centre)) / row.radius;
            const float size = std::min(row.radius.x, row.radius.y);
            const float rho = glm::length(q);
            const float above = tibia->field.sample(p), below = femur->field.sample(p);
            // Thins out to nothing toward the middle of the condyle, where both cartilages meet.
            const float ring = std::max(rho - 1.0f, row.inner - rho) * size;
            const glm::vec2 toward(std::cos(row.opening.x), std::sin(row.opening.x));
            const float angle =
                std::acos(std::clamp(glm::dot(q / std::max(rho, 1e-3f), toward), -1.0f, 1.0f));
            const float gap = (row.opening.y - angle) * std::max(rho, 0.3f) * size;
            // The rim is round; the under side follows the tibia, the upper one the femur.
            const float up = p.z - row.centre.z;
            const float top = std::max(up - 0.5f * row.height, -0.5f * row.height - 2.5f - up);
            const float wedge = smoothOverlap(std::max(row.floor - above, row.roof - below), ring, 2.0f);
            return smoothOverlap(smoothOverlap(wedge, top, 4.0f), gap, 2.0f);
        });
        wraps.push_back(std::move(wrap));
    }
    return wraps;
}

std::vector<Wrap> buildNails(const LegTables& tables, const Field& skin) {
    std::vector<Wrap> wraps;
    for (std::size_t toe = 0; toe < tables.sheets.nails.size(); ++toe) {
        const NailRow& row = tables.sheets.nails[toe];
        const std::vector<glm::vec3>& course = tables.toes[toe].course;
        const glm::vec3 tip = course.back();
        const glm::vec3 forward = glm::normalize(tip - course[course.size() - 2]);
        const glm::vec3 right = glm::normalize(glm::cross(forward, glm::vec3(0, 0, 1)));
        const glm::vec3 up = glm::cross(right, forward);
        const glm::vec3 middle = tip + forward * row.ahead;
        Wrap wrap = namedWrap(row);
        wrap.smallestPiece = 1;
        const float reach = std::max(row.length, row.width) + 10;
        wrap.field = makeField(middle - reach, middle + reach, 0.6f, [&](const glm::vec3& p) {
            const glm::vec3 off = p - middle;
            const float u = 2 * glm::dot(off, forward) / row.length, v = 2 * glm::dot(off, right) / row.width;
            // A rectangle with round corners.
            const float outline =
                0.5f * std::min(row.length, row.width) * (std::pow(u * u * u * u + v * v * v * v, 0.25f) - 1);
            const float d = skin.sample(p);
            return std::max({outline, d - 0.5f, -0.7f - d, 1.0f - glm::dot(off, up)});
        });
        wraps.push_back(std::move(wrap));
    }
    return wraps;
}

} // namespace pump::builder
