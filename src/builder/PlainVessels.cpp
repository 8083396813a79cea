#include "builder/PlainVessels.h"

#include "builder/Curve.h"
#include "builder/Rigging.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

using anatomy::Vessel;
using core::Error;
using core::ErrorKind;

constexpr float kStep = 4.0f; ///< mm between the points of a vessel

/// One vessel on its way from row to rig.
struct Course {
    const VesselRow* row = nullptr;
    std::vector<glm::vec3> points;
    std::vector<float> radius;
};

class Router {
  public:
    Router(const std::vector<VesselRow>& rows, const std::vector<Solid>& solids) {
        for (const Solid& solid : solids)
            if (solid.row->tissue == anatomy::Tissue::Bone) m_bones.push_back(&solid.field);
        m_courses.resize(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            m_courses[i].row = &rows[i];
            if (rows[i].beside.empty()) setPoints(m_courses[i], resample(rows[i].course, kStep));
        }
        for (Course& course : m_courses)
            if (!course.row->beside.empty()) layBeside(course);
        for (Course& course : m_courses) {
            joinEnd(course, course.row->start, true);
            joinEnd(course, course.row->end, false);
        }
        for (Course& course : m_courses) keepOutOfBone(course);
    }

    std::vector<Course> take() { return std::move(m_courses); }

  private:
    const Course& find(const std::string& id) const {
        return *std::find_if(m_courses.begin(), m_courses.end(),
                             [&](const Course& course) { return course.row->id == id; });
    }

    static void setPoints(Course& course, std::vector<glm::vec3> points) {
        course.points = std::move(points);
        const std::vector<float> arcs = arcLengths(course.points);
        const auto& d = course.row->diameter;
        course.radius.clear();
        for (const float arc : arcs)
            course.radius.push_back(0.5f * glm::mix(d.front(), d.back(), arc / std::max(arcs.back(), 1e-3f)));
    }

    /// A companion vein: at one side of its artery, in the plane of the gap between the muscles, wrapped with
    /// it.
    void layBeside(Course& course) {
        const Course& base = find(course.row->beside);
        const std::vector<glm::vec3> along = tangents(base.points);
        std::vector<glm::vec3> points;
        for (std::size_t i = 0; i < base.points.size(); ++i) {
            const glm::vec3 plane(0, std::abs(along[i].z), 0.4f + std::abs(along[i].y));
            const glm::vec3 across = glm::normalize(glm::cross(along[i], plane));
            const float sideways = across.x < 0 ? -1.0f : 1.0f;
            const float radius = 0.5f * course.row->diameter.front();
            points.push_back(base.points[i] +
                             across * (sideways * course.row->side * (base.radius[i] + radius + 0.3f)));
        }
        std::reverse(points.begin(), points.end()); // veins run against their artery
        setPoints(course, resample(points, kStep));
    }

    /// Brings an end onto the middle line of the first vessel that it continues, bending its last part.
    void joinEnd(Course& course, const std::vector<std::string>& others, bool atStart) {
        if (others.empty()) return;
        const Course& other = find(others.front());
        std::vector<glm::vec3> points = course.points;
        if (atStart) std::reverse(points.begin(), points.end());
        const CurvePlace place = nearestOnCurve(other.points, points.back());
        const glm::vec3 shift = place.position - points.back();
        const float reach = std::max(3.0f * glm::length(shift), 3.0f * kStep);
        const std::vector<float> arcs = arcLengths(points);
        for (std::size_t i = 0; i < points.size(); ++i) {
            const float t = std::clamp(1.0f - (arcs.back() - arcs[i]) / reach, 0.0f, 1.0f);
            points[i] += shift * (t * t * (3.0f - 2.0f * t));
        }
        if (atStart) std::reverse(points.begin(), points.end());
        setPoints(course, resample(points, kStep));
    }

    void keepOutOfBone(Course& course) {
        for (int pass = 0; pass < 6; ++pass) {
            bool moved = false;
            for (std::size_t i = 1; i + 1 < course.points.size(); ++i)
                for (const Field* bone : m_bones) {
                    glm::vec3& p = course.points[i];
                    const float clearance = course.radius[i] + 0.4f;
                    const float d = bone->sample(p);
                    if (d >= clearance) continue;
                    p += bone->gradient(p) * (clearance - d);
                    moved = true;
                }
            if (!moved) return;
            std::vector<glm::vec3> next = course.points;
            for (std::size_t i = 1; i + 1 < next.size(); ++i)
                next[i] =
                    0.25f * course.points[i - 1] + 0.5f * course.points[i] + 0.25f * course.points[i + 1];
            if (pass < 5) course.points = next;
        }
    }

    std::vector<Course> m_courses;
    std::vector<const Field*> m_bones;
};

/// Arc length where the course first reaches a height; ends when it never does.
float arcAtHeight(const std::vector<glm::vec3>& points, const std::vector<float>& arcs, float z) {
    for (std::size_t i = 1; i < points.size(); ++i) {
        const float a = points[i - 1].z - z, b = points[i].z - z;
        if ((a <= 0) != (b <= 0)) return arcs[i - 1] + (arcs[i] - arcs[i - 1]) * a / (a - b);
    }
    return std::abs(points.front().z - z) < std::abs(points.back().z - z) ? arcs.front() : arcs.back();
}

void addStretches(Vessel& vessel, const VesselRow& row, const std::vector<glm::vec3>& points,
                  const std::vector<float>& arcs) {
    float from = 0;
    for (std::size_t k = 0; k < row.stretches.size(); ++k) {
        const StretchRow& stretch = row.stretches[k];
        float to = arcs.back();
        if (k + 1 < row.stretches.size())
            to = stretch.toZ ? arcAtHeight(points, arcs, *stretch.toZ) : *stretch.toFraction * arcs.back();
        if (to <= from + 0.5f)
            throw Error(
                ErrorKind::Asset,
                "vessels.json: {}: stretch '{}' ends at {:.1f} mm of its course, not after {:.1f} where it "
                "begins; correct 'toZ' or 'to'",
                row.id, stretch.segment, to, from);
        vessel.stretches.push_back({stretch.segment, from, to, true});
        from = to;
    }
}

std::vector<Vessel> finish(const std::vector<Course>& courses, const std::vector<anatomy::Joint>& joints,
                           const std::vector<anatomy::MuscleRig>& muscles) {
    std::vector<Vessel> vessels;
    for (const Course& course : courses) {
        Vessel vessel;
        vessel.id = course.row->id;
        vessel.kind = course.row->kind;
        const std::vector<float> arcs = arcLengths(course.points);
        const auto muscle = std::find_if(muscles.begin(), muscles.end(), [&](const anatomy::MuscleRig& m) {
            return m.id == course.row->muscle;
        });
        if (!course.row->muscle.empty() && muscle == muscles.end())
            throw Error(ErrorKind::Asset, "vessels.json: {}: muscle '{}' has no row in muscles.json",
                        vessel.id, course.row->muscle);
        for (std::size_t i = 0; i < course.points.size(); ++i) {
            anatomy::VesselPoint point;
            point.position = course.points[i];
            point.radius = course.radius[i];
            point.arc = arcs[i];
            const JointWeights weights = softWeights(joints, point.position);
            point.binding.joints = weights.joints;
            point.binding.weights = weights.weights;
            if (muscle != muscles.end()) {
                // Carried fully inside the muscle, let go toward the ends where it joins vessels outside.
                const float fromEnd = std::min(arcs[i], arcs.back() - arcs[i]);
                point.binding.muscle = static_cast<int>(muscle - muscles.begin());
                point.binding.muscleArc = nearestOnCurve(muscle->line, point.position).arc;
                point.binding.muscleWeight = std::clamp(fromEnd / 25.0f, 0.0f, 1.0f);
            }
            vessel.points.push_back(point);
        }
        if (!course.row->stretches.empty()) addStretches(vessel, *course.row, course.points, arcs);
        vessels.push_back(std::move(vessel));
    }
    return vessels;
}

void addJunctions(std::vector<Vessel>& vessels, const std::vector<VesselRow>& rows,
                  const std::vector<Course>& courses) {
    const auto junctions = [&](const std::vector<std::string>& names, const glm::vec3& at) {
        std::vector<anatomy::Junction> result;
        for (const std::string& name : names)
            for (std::size_t k = 0; k < rows.size(); ++k)
                if (rows[k].id == name)
                    result.push_back({static_cast<int>(k), nearestOnCurve(courses[k].points, at).arc});
        return result;
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        vessels[i].atStart = junctions(rows[i].start, courses[i].points.front());
        vessels[i].atEnd = junctions(rows[i].end, courses[i].points.back());
    }
}

} // namespace

std::vector<Vessel> plainVessels(const LegTables& tables, const std::vector<Solid>& solids,
                                 const std::vector<anatomy::MuscleRig>& muscles) {
    const std::vector<Course> courses = Router(tables.vessels, solids).take();
    std::vector<Vessel> vessels = finish(courses, tables.joints, muscles);
    addJunctions(vessels, tables.vessels, courses);
    return vessels;
}

std::vector<anatomy::ValveSite> plainValves(const LegTables& tables, const std::vector<Vessel>& vessels) {
    std::vector<anatomy::ValveSite> sites;
    for (const ValveRow& row : tables.valves) {
        const auto vessel =
            std::find_if(vessels.begin(), vessels.end(), [&](const Vessel& v) { return v.id == row.vessel; });
        std::vector<glm::vec3> points;
        for (const anatomy::VesselPoint& point : vessel->points) points.push_back(point.position);
        const std::vector<float> arcs = arcLengths(points);
        anatomy::ValveSite site;
        site.from = row.from;
        site.to = row.to;
        site.vessel = static_cast<int>(vessel - vessels.begin());
        if (row.z) {
            site.arc = arcAtHeight(points, arcs, *row.z);
        } else {
            // Where the stretch of `from` ends; a mouth valve sits just before the end of its vessel.
            const auto stretch =
                std::find_if(vessel->stretches.begin(), vessel->stretches.end(),
                             [&](const anatomy::Stretch& s) { return s.segment == row.from; });
            if (stretch == vessel->stretches.end())
                throw Error(ErrorKind::Asset,
                            "valves.json: {}-{}: vessel '{}' has no stretch '{}' and no 'z' is given",
                            row.from, row.to, row.vessel, row.from);
            site.arc = stretch->to;
        }
        const float room = 2.5f * vessel->points.front().radius;
        site.arc = std::clamp(site.arc, std::min(room, 0.3f * arcs.back()),
                              arcs.back() - std::min(2.0f * room + 2.0f, 0.5f * arcs.back()));
        std::string name = fmt::format("valve-{}-{}", row.from, row.to);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return c == '_' ? '-' : static_cast<char>(std::tolower(c)); });
        if (row.extra) // named by its height above the sole, as the network's heights are
            name += fmt::format("-{}",
                                static_cast<int>(std::lround(pointAtArc(points, arcs, site.arc).z + 62.0f)));
        const auto taken = [&](const std::string& id) {
            return std::any_of(sites.begin(), sites.end(), [&](const auto& other) { return other.id == id; });
        };
        site.id = name;
        for (char letter = 'b'; taken(site.id); ++letter) site.id = fmt::format("{}-{}", name, letter);
        // The cusps meet along a line parallel to the skin: across the direction from the limb's middle.
        site.angle = 0;
        sites.push_back(site);
    }
    return sites;
}

} // namespace pump::builder
