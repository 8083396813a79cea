#include "builder/Report.h"

#include "builder/Intersect.h"
#include "builder/Mesh.h"
#include "builder/Slices.h"
#include "builder/Solids.h"
#include "builder/VeinReport.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace pump::builder {
namespace {

using anatomy::LegModel;
using anatomy::Structure;
using anatomy::Tissue;

constexpr double kShank = 373.8;  ///< mm, ankle centre to tibial plateau of this leg
constexpr double kShank3 = 341.1; ///< mm, of the leg whose skin was measured
constexpr std::array<int, 3> kLevelsPercent = {25, 50, 75};

bool near(double value, double wanted, double share) {
    return std::abs(value - wanted) <= share * std::abs(wanted);
}

class Reporter {
  public:
    Reporter(const LegTables& tables, const LegModel& leg) : m_tables(tables), m_leg(leg) {}

    Report run() {
        for (const SolidRow& row : m_tables.solids) {
            const Structure* structure = m_leg.find(row.id);
            if (structure && row.volume) compareVolume(row.id, *structure, static_cast<double>(*row.volume));
            if (!structure || row.sections.empty()) continue;
            const Sections& sections = m_tables.sections.at(row.sections);
            compareSections(row, *structure, sections);
            compareVolume(row, *structure, sections);
            if (row.tissue == Tissue::Bone) compareLength(row, *structure, sections);
        }
        compartments();
        girths();
        overlaps();
        closed();
        vesselsInTissue();
        checkVeins(m_leg, m_report);
        return std::move(m_report);
    }

  private:
    void add(std::string group, std::string subject, double value, double wanted, std::string unit, bool ok) {
        m_report.checks.push_back({std::move(group), std::move(subject), value, wanted, std::move(unit), ok});
    }

    /// Only what is cut across its length and thick enough for a share of its area to mean something.
    void compareSections(const SolidRow& row, const Structure& structure, const Sections& sections) {
        static const std::array<std::string_view, 13> kCompared = {"tibia",
                                                                   "fibula",
                                                                   "soleus",
                                                                   "gastrocnemius-medial-head",
                                                                   "gastrocnemius-lateral-head",
                                                                   "tibialis-anterior",
                                                                   "tibialis-posterior",
                                                                   "fibularis-longus",
                                                                   "flexor-hallucis-longus",
                                                                   "flexor-digitorum-longus",
                                                                   "extensor-digitorum-longus",
                                                                   "popliteus",
                                                                   "plantaris"};
        if (std::find(kCompared.begin(), kCompared.end(), row.id) == kCompared.end()) return;
        for (const int percent : kLevelsPercent) {
            const double z = kShank * percent / 100.0;
            const auto wanted = sectionAt(sections, z);
            const double area = wanted.area * static_cast<double>(row.volumeRatio);
            if (area < 60) continue;
            const SliceMeasure built = measure(slice(m_leg, structure, static_cast<float>(z)));
            const std::string subject = fmt::format("{} at {} %", row.id, percent);
            add("area", subject, built.area, area, "mm2", near(built.area, area, 0.08));
            const double shift = glm::distance(built.centre, wanted.centre);
            add("centre", subject, shift, 3.0, "mm at most", shift <= 3.0);
        }
    }

    SliceMeasure sectionAt(const Sections& sections, double z) const {
        const auto& stations = sections.stations();
        SliceMeasure result;
        for (std::size_t i = 0; i + 1 < stations.size(); ++i) {
            if (static_cast<double>(stations[i].t) > z || static_cast<double>(stations[i + 1].t) < z)
                continue;
            const double t = (z - static_cast<double>(stations[i].t)) /
                             static_cast<double>(stations[i + 1].t - stations[i].t);
            for (const auto& [station, weight] :
                 {std::pair(&stations[i], 1 - t), std::pair(&stations[i + 1], t)}) {
                double area = 0;
                glm::dvec2 centre(0);
                for (const Outline& outline : station->outlines) {
                    area += static_cast<double>(outline.area);
                    centre += static_cast<double>(outline.area) * glm::dvec2(outline.centre);
                }
                result.area += weight * area;
                result.centre += weight * centre / area;
            }
        }
        return result;
    }

    void compareVolume(const std::string& id, const Structure& structure, double wanted) {
        const double built = structureVolume(m_leg, structure) / 1000.0;
        add("volume", id, built, wanted, "cm3", near(built, wanted, 0.10));
    }

    /// Volume of the measured sections below the cut, by the trapezium rule, with the ends as half
    /// ellipsoids.
    void compareVolume(const SolidRow& row, const Structure& structure, const Sections& sections) {
        if (row.sectionsFrom || row.sectionsTo) return; // part of it is made of cords
        const auto& stations = sections.stations();
        const bool cut = row.tissue != Tissue::Bone, upright = std::abs(sections.axis().z) > 0.99f;
        const double top = upright && cut ? static_cast<double>(kLimbTop) : 1e9;
        double volume = 0;
        const auto area = [&](std::size_t i) {
            double sum = 0;
            for (const Outline& outline : stations[i].outlines)
                sum += cut && !upright ? areaBelowCut(sections, outline, stations[i].t)
                                       : static_cast<double>(outline.area);
            return sum;
        };
        for (std::size_t i = 0; i + 1 < stations.size(); ++i) {
            const double a = static_cast<double>(stations[i].t), b = static_cast<double>(stations[i + 1].t);
            const double share = std::clamp((top - a) / (b - a), 0.0, 1.0);
            volume += share * (b - a) * (area(i) + 0.5 * share * (area(i + 1) - area(i)));
        }
        volume += 2.0 / 3.0 * area(0) * static_cast<double>(stations.front().t - sections.low());
        if (static_cast<double>(stations.back().t) < top)
            volume += 2.0 / 3.0 * area(stations.size() - 1) *
                      static_cast<double>(sections.high() - stations.back().t);
        const double wanted = volume * static_cast<double>(row.volumeRatio) / 1000.0;
        if (wanted < 5)
            return; // small foot muscles: a quarter of a voxel all round is more than the tolerance
        compareVolume(row.id, structure, wanted);
    }

    /// Area of the part of an oblique section that lies below the cut of the limb, mm^2.
    static double areaBelowCut(const Sections& sections, const Outline& outline, float t) {
        std::vector<glm::vec2> kept;
        const auto above = [&](const glm::vec2& p) { return sections.toLeg(p, t).z - kLimbTop; };
        for (std::size_t i = 0; i < outline.points.size(); ++i) {
            const glm::vec2 &a = outline.points[i], &b = outline.points[(i + 1) % outline.points.size()];
            const float ha = above(a), hb = above(b);
            if (ha <= 0) kept.push_back(a);
            if ((ha <= 0) != (hb <= 0)) kept.push_back(a + (b - a) * (ha / (ha - hb)));
        }
        double area = 0;
        for (std::size_t i = 0; i < kept.size(); ++i) {
            const glm::dvec2 a = kept[i], b = kept[(i + 1) % kept.size()];
            area += 0.5 * (a.x * b.y - b.x * a.y);
        }
        return area;
    }

    void compareLength(const SolidRow& row, const Structure& structure, const Sections& sections) {
        float low = 1e9f, high = -1e9f;
        for (std::uint32_t v = 0; v < structure.vertexCount; ++v) {
            const float t = sections.along(m_leg.vertices[structure.firstVertex + v].position);
            low = std::min(low, t);
            high = std::max(high, t);
        }
        const double wanted = static_cast<double>(sections.high() - sections.low());
        const double built = static_cast<double>(high - low);
        // A percent, but not less than what a grid of 0.7-1.3 mm can hold.
        add("length", row.id, built, wanted, "mm",
            near(built, wanted, 0.01) || std::abs(built - wanted) < 1.0);
    }

    /// Volumes of the compartments' muscles together against those of life (ANATOMY C1), within 10 %.
    void compartments() {
        struct Compartment {
            const char* name;
            double wanted; ///< cm^3
            std::vector<const char*> muscles;
        };
        const std::array<Compartment, 4> kAll = {
            {{"anterior",
              237,
              {"tibialis-anterior", "extensor-digitorum-longus", "extensor-hallucis-longus",
               "fibularis-tertius"}},
             {"lateral", 131, {"fibularis-longus", "fibularis-brevis"}},
             {"superficial posterior",
              853,
              {"soleus", "gastrocnemius-medial-head", "gastrocnemius-lateral-head", "plantaris"}},
             {"deep posterior",
              237,
              {"popliteus", "tibialis-posterior", "flexor-hallucis-longus", "flexor-digitorum-longus"}}}};
        for (const Compartment& compartment : kAll) {
            double built = 0;
            for (const char* id : compartment.muscles) {
                const Structure* structure = m_leg.find(id);
                if (!structure) return;
                built += structureVolume(m_leg, *structure) / 1000.0;
            }
            add("volume", fmt::format("compartment: {}", compartment.name), built, compartment.wanted, "cm3",
                near(built, compartment.wanted, 0.10));
        }
    }

    void girths() {
        const Structure* skin = m_leg.find("skin-leg");
        const auto found = m_tables.sections.find("leg");
        if (!skin || found == m_tables.sections.end()) return;
        struct Place {
            const char* name;
            double percent;
        };
        for (const Place& place : {Place{"ankle (18 %)", 18}, Place{"mid-calf (50 %)", 50},
                                   Place{"maximum (74 %)", 74}, Place{"knee (100 %)", 100}}) {
            const double wanted = girthAt(found->second, kShank3 * place.percent / 100) / kShank3;
            const double z = kShank * place.percent / 100;
            const double built = measure(slice(m_leg, *skin, static_cast<float>(z))).perimeter / kShank;
            add("girth", place.name, 100 * built, 100 * wanted, "% of shank", near(built, wanted, 0.04));
        }
    }

    static double girthAt(const Sections& leg, double z) {
        const auto& stations = leg.stations();
        double before = 0, beforeZ = 0;
        for (const Sections::Station& station : stations) {
            double girth = 0;
            const auto& points = station.outlines.front().points;
            for (std::size_t i = 0; i < points.size(); ++i)
                girth += static_cast<double>(glm::distance(points[i], points[(i + 1) % points.size()]));
            const double t = static_cast<double>(station.t);
            if (t >= z) return before == 0 ? girth : std::lerp(before, girth, (z - beforeZ) / (t - beforeZ));
            before = girth;
            beforeZ = t;
        }
        return before;
    }

    /// Bones, muscles and tendons against each other: rows of horizontal sections, swept from left to right.
    void overlaps() {
        constexpr float kLayer = 2.5f, kRow = 1.0f;
        std::vector<const Structure*> solids;
        for (const Structure& structure : m_leg.structures)
            if (structure.tissue == Tissue::Bone || structure.tissue == Tissue::Muscle ||
                structure.tissue == Tissue::Tendon)
                solids.push_back(&structure);
        std::map<std::pair<std::size_t, std::size_t>, double> shared;
        for (float z = -60.3f; z < kLimbTop; z += kLayer) {
            std::vector<std::pair<std::size_t, std::vector<Segment>>> outlines;
            for (std::size_t s = 0; s < solids.size(); ++s)
                if (solids[s]->boundsLow.z < z && solids[s]->boundsHigh.z > z)
                    outlines.emplace_back(s, slice(m_leg, *solids[s], z));
            for (float y = -110.3f; y < 250; y += kRow)
                sweepRow(outlines, y, shared, static_cast<double>(kLayer * kRow));
        }
        double worst = 0;
        std::string worstPair = "none";
        for (const auto& [pair, volume] : shared) {
            const double smaller = std::min(structureVolume(m_leg, *solids[pair.first]),
                                            structureVolume(m_leg, *solids[pair.second]));
            const double share = 100.0 * volume / smaller;
            const std::string subject = solids[pair.first]->id + " / " + solids[pair.second]->id;
            if (share > worst) worst = share, worstPair = subject;
            if (share > 0.5) add("overlap", subject, share, 0.5, "% of the smaller", false);
        }
        add("overlap", "largest: " + worstPair, worst, 0.5, "% of the smaller", worst <= 0.5);
    }

    static void sweepRow(const std::vector<std::pair<std::size_t, std::vector<Segment>>>& outlines, float y,
                         std::map<std::pair<std::size_t, std::size_t>, double>& shared, double unit) {
        struct Span {
            std::size_t solid;
            float from, to;
        };
        std::vector<Span> spans;
        for (const auto& [solid, outline] : outlines) {
            const std::vector<float> x = crossings(outline, y);
            for (std::size_t i = 0; i + 1 < x.size(); i += 2) spans.push_back({solid, x[i], x[i + 1]});
        }
        for (std::size_t a = 0; a < spans.size(); ++a)
            for (std::size_t b = a + 1; b < spans.size(); ++b) {
                const float both =
                    std::min(spans[a].to, spans[b].to) - std::max(spans[a].from, spans[b].from);
                if (both > 0 && spans[a].solid != spans[b].solid)
                    shared[std::minmax(spans[a].solid, spans[b].solid)] += static_cast<double>(both) * unit;
            }
    }

    /// Each surface by itself: closed, outward, and nowhere through itself.
    void closed() {
        std::size_t crossings = 0;
        for (const Structure& structure : m_leg.structures) {
            const Mesh mesh = weldedMesh(m_leg, structure);
            const std::string fault = manifoldFault(mesh);
            const double volume = structureVolume(m_leg, structure);
            if (!fault.empty()) add("closed", structure.id + ": " + fault, 1, 0, "faults", false);
            if (volume <= 0) add("closed", structure.id + ": turned inside out", volume, 0, "mm3", false);
            const std::size_t crossed = selfIntersections(mesh).size();
            crossings += crossed;
            if (crossed > 0)
                add("crossing", structure.id, static_cast<double>(crossed), 0, "pairs of triangles", false);
        }
        add("crossing", "all surfaces", static_cast<double>(crossings), 0, "pairs of triangles",
            crossings == 0);
        add("closed", "structures looked at", static_cast<double>(m_leg.structures.size()),
            static_cast<double>(m_leg.structures.size()), "", true);
    }

    /// Axes of vessels: never in bone; in a muscle only the veins that belong there, and perforators on their
    /// way.
    void vesselsInTissue() {
        using anatomy::VesselKind;
        std::size_t points = 0, inBone = 0, inMuscle = 0;
        for (const anatomy::Vessel& vessel : m_leg.rig.vessels) {
            if (vessel.kind == VesselKind::Bed) continue;
            const bool feeds = vessel.id.find("-branch-") != std::string::npos ||
                               vessel.id.starts_with("sural-arteries") ||
                               vessel.id.starts_with("perforating-femoral-arteries");
            const bool mayPierce = vessel.kind == VesselKind::Perforator || feeds,
                       onSkin = vessel.kind == VesselKind::SuperficialVein;
            std::size_t bone = 0, muscle = 0;
            for (const anatomy::VesselPoint& point : vessel.points) {
                ++points;
                for (const Structure& structure : m_leg.structures) {
                    if (structure.tissue != Tissue::Bone && structure.tissue != Tissue::Muscle) continue;
                    if (!inside(m_leg, structure, point.position)) continue;
                    if (structure.tissue == Tissue::Bone)
                        ++bone;
                    else if (!mayPierce &&
                             (onSkin || structure.muscle < 0 || structure.muscle != point.binding.muscle))
                        ++muscle;
                }
            }
            if (bone > 0)
                add("vessel", vessel.id + " in bone", static_cast<double>(bone), 0, "points", false);
            if (muscle > 0)
                add("vessel", vessel.id + " in a muscle", static_cast<double>(muscle), 0, "points", false);
            inBone += bone;
            inMuscle += muscle;
        }
        add("vessel", fmt::format("all {} points in bone", points), static_cast<double>(inBone), 0, "points",
            inBone == 0);
        add("vessel", fmt::format("all {} points in a muscle that is not theirs", points),
            static_cast<double>(inMuscle), 0, "points", inMuscle == 0);
    }

    const LegTables& m_tables;
    const LegModel& m_leg;
    Report m_report;
};

} // namespace

std::vector<Check> Report::failures(std::string_view group) const {
    std::vector<Check> result;
    for (const Check& check : checks)
        if (!check.ok && (group.empty() || check.group == group)) result.push_back(check);
    return result;
}

std::string Report::text() const {
    std::string result;
    const auto line = [](const Check& check) {
        return fmt::format("  {:<62} {:>9.2f}  wanted {:>9.2f} {}{}\n", check.subject, check.value,
                           check.wanted, check.unit, check.ok ? "" : "   <--");
    };
    std::string group;
    for (const char* name : {"area", "centre", "volume", "length", "girth", "overlap", "closed", "crossing",
                             "vessel", "compartment", "pair", "load"}) {
        result += fmt::format("{}\n", name);
        for (const Check& check : checks)
            if (check.group == name) result += line(check);
    }
    const std::vector<Check> failed = failures();
    result += fmt::format("{} of {} checks fail\n", failed.size(), checks.size());
    return result;
}

Mesh weldedMesh(const anatomy::LegModel& leg, const anatomy::Structure& structure) {
    std::map<std::array<float, 3>, std::uint32_t> places;
    std::vector<std::uint32_t> renamed;
    Mesh mesh;
    for (std::uint32_t v = 0; v < structure.vertexCount; ++v) {
        const glm::vec3& p = leg.vertices[structure.firstVertex + v].position;
        const auto [place, fresh] =
            places.emplace(std::array{p.x, p.y, p.z}, static_cast<std::uint32_t>(mesh.positions.size()));
        if (fresh) mesh.positions.push_back(p);
        renamed.push_back(place->second);
    }
    for (std::uint32_t i = 0; i < structure.indexCount; ++i)
        mesh.indices.push_back(renamed[leg.indices[structure.firstIndex + i] - structure.firstVertex]);
    return mesh;
}

Report reportLeg(const LegTables& tables, const anatomy::LegModel& leg) {
    return Reporter(tables, leg).run();
}

} // namespace pump::builder
