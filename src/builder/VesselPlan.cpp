#include "builder/VesselPlan.h"

#include "core/Error.h"
#include "core/JsonFile.h"

#include <fmt/format.h>

#include <set>

namespace pump::builder {
namespace {

using core::JsonField;

/// [[x, y, z], ...] or [[x, y, z, diameter], ...], mm in the leg frame.
Course readCourse(const JsonField& field, std::size_t least = 2) {
    Course course;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const JsonField point = field.at(i);
        const std::size_t count = point.size() == 4 ? 4 : 3;
        const std::vector<double> values = point.numbers(count);
        for (const double value : values)
            if (value < -400 || value > 1500) point.fail(fmt::format("{} lies outside the leg", value));
        course.emplace_back(values[0], values[1], values[2], count == 4 ? values[3] : 0.0);
    }
    if (course.size() < least)
        field.fail(fmt::format("has {} points, expected at least {}", course.size(), least));
    return course;
}

glm::vec3 readPoint(const JsonField& field) {
    const std::vector<double> values = field.numbers(3);
    return {values[0], values[1], values[2]};
}

std::vector<std::string> readTexts(const JsonField& field) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < field.size(); ++i) texts.push_back(field.at(i).text());
    return texts;
}

anatomy::VesselKind readKind(const JsonField& field) {
    static const std::map<std::string, anatomy::VesselKind> kinds = {
        {"deep-vein", anatomy::VesselKind::DeepVein},
        {"superficial-vein", anatomy::VesselKind::SuperficialVein},
        {"perforator", anatomy::VesselKind::Perforator},
        {"artery", anatomy::VesselKind::Artery},
        {"lymph", anatomy::VesselKind::Lymph},
    };
    const auto found = kinds.find(field.text());
    if (found == kinds.end())
        field.fail("'" + field.text() +
                   "' is no kind; use deep-vein, superficial-vein, perforator, artery or lymph");
    return found->second;
}

std::string placeOf(const JsonField& row) {
    return row.file() + ": " + row.path();
}

/// What rows of all kinds may carry.
void readCommon(const JsonField& row, VesselPlan& plan) {
    plan.where = placeOf(row);
    if (row.has("from")) plan.from = row.at("from").text();
    if (row.has("into")) plan.into = row.at("into").text();
    if (row.has("stub")) plan.stub = row.at("stub").text();
    if (row.has("segments")) plan.segments = readTexts(row.at("segments"));
    if (row.has("topZ"))
        for (const std::string& segment : row.at("topZ").keys())
            plan.topZ[segment] = static_cast<float>(row.at("topZ").at(segment).number(-70, 1000));
    if (row.has("muscle")) plan.muscle = row.at("muscle").text();
    if (row.has("insideMuscle")) plan.insideMuscle = static_cast<float>(row.at("insideMuscle").number(0, 20));
    if (row.has("ownGap")) plan.ownGap = row.at("ownGap").boolean();
    if (row.has("subdermal")) plan.subdermal = row.at("subdermal").boolean();
    if (row.has("outsideFlesh")) plan.outsideFlesh = row.at("outsideFlesh").boolean();
    if (row.has("beneathFascia")) {
        const std::vector<double> z = row.at("beneathFascia").numbers(2);
        if (z[0] >= z[1])
            row.at("beneathFascia").fail(fmt::format("[{}, {}] must rise: [low, high]", z[0], z[1]));
        plan.beneathFascia = {static_cast<float>(z[0]), static_cast<float>(z[1])};
    }
    if (row.has("clearance")) plan.clearance = static_cast<float>(row.at("clearance").number(1, 30));
    if (row.has("diameter")) plan.diameter = static_cast<float>(row.at("diameter").number(0.2, 60));
    if (row.has("valveZ")) plan.valveZ = static_cast<float>(row.at("valveZ").number(-70, 1000));
    if (row.has("spindle")) {
        const std::vector<double> widths = row.at("spindle").numbers(3);
        plan.spindle = std::array{static_cast<float>(widths[0]), static_cast<float>(widths[1]),
                                  static_cast<float>(widths[2])};
    }
}

void readVessels(const JsonField& rows, std::vector<VesselPlan>& plans) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const JsonField row = rows.at(i);
        VesselPlan plan;
        readCommon(row, plan);
        plan.id = row.at("id").text();
        plan.kind = readKind(row.at("kind"));
        plan.course = readCourse(row.at("course"));
        plans.push_back(std::move(plan));
    }
}

/// [z, x, y, z] rows: a direction that holds at a height.
Course readSides(const JsonField& field) {
    Course sides;
    for (std::size_t k = 0; k < field.size(); ++k) {
        const std::vector<double> values = field.at(k).numbers(4);
        const glm::vec3 direction(values[1], values[2], values[3]);
        if (glm::length(direction) < 0.1f) field.at(k).fail("has no direction");
        sides.emplace_back(glm::normalize(direction), values[0]);
    }
    if (sides.empty()) field.fail("is empty, expected [z, x, y, z direction] rows");
    return sides;
}

void readPairs(const JsonField& rows, std::vector<VesselPlan>& plans) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const JsonField row = rows.at(i);
        CompanionPlan companion;
        companion.arteries = readTexts(row.at("arteries"));
        companion.lowest = readPoint(row.at("lowest"));
        companion.highest = readPoint(row.at("highest"));
        companion.side = readSides(row.at("side"));
        for (const char* member : {"a", "b"}) {
            const JsonField own = row.at(member);
            VesselPlan plan;
            readCommon(row, plan);
            const std::vector<std::string> shared = plan.segments;
            readCommon(own, plan);
            plan.segments = shared;
            plan.id = row.at("id").text() + "-" + member;
            plan.kind = anatomy::VesselKind::DeepVein;
            if (own.has("before")) plan.before = readCourse(own.at("before"), 1);
            if (own.has("after")) plan.course = readCourse(own.at("after"), 1);
            companion.sign = member[0] == 'a' ? -1.0f : 1.0f;
            companion.ladderSpacing = member[0] == 'b' && row.has("ladder")
                                          ? static_cast<float>(row.at("ladder").number(8, 200))
                                          : 0.0f;
            plan.companion = companion;
            plans.push_back(std::move(plan));
        }
    }
}

/// Lymph vessels beside a vein.
void readLymph(const JsonField& rows, std::vector<VesselPlan>& plans) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const JsonField row = rows.at(i);
        VesselPlan plan;
        readCommon(row, plan);
        plan.id = row.at("id").text();
        plan.kind = anatomy::VesselKind::Lymph;
        plan.segments = {"LYMPH"};
        CompanionPlan companion;
        companion.arteries = {row.at("beside").text()};
        companion.lowest = readPoint(row.at("lowest"));
        companion.highest = readPoint(row.at("highest"));
        companion.side = readSides(row.at("side"));
        companion.upstream = false;
        companion.distance = static_cast<float>(row.at("distance").number(1, 40));
        plan.companion = companion;
        plans.push_back(std::move(plan));
    }
}

void readBundles(const JsonField& rows, std::vector<VesselPlan>& plans) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const JsonField row = rows.at(i);
        const Course centre = readCourse(row.at("centre"));
        const JsonField members = row.at("members");
        for (std::size_t k = 0; k < members.size(); ++k) {
            const JsonField own = members.at(k);
            VesselPlan plan;
            readCommon(row, plan);
            readCommon(own, plan);
            plan.id = own.has("id") ? own.at("id").text() : fmt::format("{}-{}", row.at("id").text(), k + 1);
            plan.kind = anatomy::VesselKind::DeepVein;
            const glm::vec3 low = readPoint(own.at("offset"));
            const glm::vec3 high = own.has("offsetTop") ? readPoint(own.at("offsetTop")) : low;
            for (std::size_t p = 0; p < centre.size(); ++p) {
                const float t = static_cast<float>(p) / static_cast<float>(centre.size() - 1);
                plan.course.push_back(centre[p] + glm::vec4(glm::mix(low, high, t), 0));
            }
            if (own.has("after"))
                for (const glm::vec4& point : readCourse(own.at("after"), 1)) plan.course.push_back(point);
            plans.push_back(std::move(plan));
        }
    }
}

void readPerforators(const JsonField& rows, std::vector<VesselPlan>& plans) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const JsonField row = rows.at(i);
        VesselPlan plan;
        readCommon(row, plan);
        plan.id = row.at("id").text();
        plan.kind = anatomy::VesselKind::Perforator;
        plan.from = row.at("from").text();
        plan.into = row.at("into").text();
        plan.course.emplace_back(readPoint(row.at("start")), 0);
        if (row.has("via"))
            for (const glm::vec4& point : readCourse(row.at("via"), 1)) plan.course.push_back(point);
        plan.course.emplace_back(readPoint(row.at("end")), 0);
        const double share = row.has("share") ? row.at("share").number(0.01, 1) : 1.0;
        const std::string link = row.at("link").text();
        plan.segments = {share < 1 ? fmt::format("LINK:{}*{}", share, link) : "LINK:" + link};
        plans.push_back(std::move(plan));
    }
}

void readBeds(const JsonField& rows, std::vector<BedPlan>& beds) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const JsonField row = rows.at(i);
        BedPlan bed;
        bed.where = placeOf(row);
        bed.id = row.at("id").text();
        bed.bed = row.at("bed").text();
        bed.target = row.at("drains").text();
        bed.arteries = readTexts(row.at("arteries"));
        bed.veins = readTexts(row.at("veins"));
        if (bed.arteries.empty()) row.at("arteries").fail("is empty, expected at least one artery");
        if (bed.veins.empty()) row.at("veins").fail("is empty, expected at least one vein");
        if (row.has("muscle")) bed.muscle = row.at("muscle").text();
        const std::vector<double> z = row.at("z").numbers(2);
        bed.zLow = static_cast<float>(z[0]);
        bed.zHigh = static_cast<float>(z[1]);
        if (bed.zLow >= bed.zHigh) row.at("z").fail("must rise: [low, high]");
        if (row.has("angle")) {
            const std::vector<double> angle = row.at("angle").numbers(2);
            bed.angleLow = static_cast<float>(angle[0]);
            bed.angleHigh = static_cast<float>(angle[1]);
        } else if (bed.muscle.empty()) {
            row.fail("needs 'muscle', or 'angle' [low, high] when it crosses the skin");
        }
        bed.paths = row.at("paths").integer(1, 200);
        beds.push_back(std::move(bed));
    }
}

} // namespace

VesselTable readVesselTable(const std::filesystem::path& file) {
    const core::JsonFile json(file);
    const JsonField root = json.root();
    VesselTable table;
    table.file = file.string();
    readVessels(root.at("vessels"), table.vessels);
    readPairs(root.at("pairs"), table.vessels);
    readBundles(root.at("bundles"), table.vessels);
    readPerforators(root.at("perforators"), table.vessels);
    readLymph(root.at("lymph"), table.vessels);
    std::set<std::string> seen;
    for (const VesselPlan& plan : table.vessels)
        if (!seen.insert(plan.id).second)
            throw core::Error(core::ErrorKind::Asset, "{}: id '{}' stands twice; ids are unique", plan.where,
                              plan.id);
    const JsonField valves = root.at("extraValves");
    for (std::size_t i = 0; i < valves.size(); ++i) {
        const JsonField row = valves.at(i);
        ExtraValvePlan plan{placeOf(row), readTexts(row.at("vessels")), {}};
        const JsonField heights = row.at("heights");
        for (std::size_t k = 0; k < heights.size(); ++k)
            plan.heights.push_back(static_cast<float>(heights.at(k).number(0, 1300)));
        table.extraValves.push_back(std::move(plan));
    }
    readBeds(root.at("beds"), table.beds);
    const JsonField nerves = root.at("nerves");
    for (std::size_t i = 0; i < nerves.size(); ++i) {
        const JsonField row = nerves.at(i);
        table.nerves.push_back({placeOf(row), row.at("id").text(), readCourse(row.at("course")),
                                row.has("from") ? row.at("from").text() : ""});
        if (row.has("inFatBelow"))
            table.nerves.back().inFatBelow = static_cast<float>(row.at("inFatBelow").number(-60, 900));
    }
    const JsonField notDrawn = root.at("notDrawn");
    for (const std::string& segment : notDrawn.keys()) table.notDrawn[segment] = notDrawn.at(segment).text();
    return table;
}

} // namespace pump::builder
