#include "builder/LegTables.h"

#include "anatomy/Catalogue.h"
#include "core/Error.h"
#include "core/JsonFile.h"

#include <fmt/format.h>

#include <algorithm>

namespace pump::builder {
namespace {

using core::JsonField;

glm::vec3 readVector(const JsonField& field) {
    const std::vector<double> v = field.numbers(3);
    return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

std::vector<std::string> readTexts(const JsonField& field) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < field.size(); ++i) result.push_back(field.at(i).text());
    return result;
}

void readSections(const std::filesystem::path& file, std::map<std::string, Sections>& sections) {
    const core::JsonFile json(file);
    const JsonField list = json.root().at("structures");
    for (const std::string& key : list.keys()) sections.emplace(key, Sections(list.at(key)));
}

Strand readStrand(const JsonField& field) {
    Strand strand;
    const JsonField course = field.at("course");
    for (std::size_t i = 0; i < course.size(); ++i) {
        const std::vector<double> v = course.at(i).numbers(4); // x, y, z, half width
        strand.course.emplace_back(static_cast<float>(v[0]), static_cast<float>(v[1]),
                                   static_cast<float>(v[2]));
        if (v[3] < 0.2) course.at(i).at(3).fail("half width must be at least 0.2 mm");
        strand.radius.push_back(static_cast<float>(v[3]));
    }
    if (strand.course.size() < 2) course.fail("expected at least two points");
    if (field.has("flatness")) strand.flatness = static_cast<float>(field.at("flatness").number(1, 20));
    if (field.has("across")) strand.flatAcross = readVector(field.at("across"));
    if (field.has("onBone")) strand.onBone = field.at("onBone").boolean();
    return strand;
}

Aponeurosis readAponeurosis(const JsonField& field) {
    Aponeurosis sheet;
    sheet.of = field.at("of").text();
    sheet.facing = readVector(field.at("facing"));
    if (glm::length(sheet.facing) < 1e-3f) field.at("facing").fail("has no length");
    sheet.facing = glm::normalize(sheet.facing);
    const std::vector<double> thickness = field.at("thickness").numbers(2);
    for (std::size_t i = 0; i < 2; ++i) {
        if (thickness[i] < 0.5 || thickness[i] > 10)
            field.at("thickness").at(i).fail("must lie between 0.5 and 10 mm");
        sheet.thickness[static_cast<int>(i)] = static_cast<float>(thickness[i]);
    }
    const JsonField outline = field.at("outline");
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const std::vector<double> corner = outline.at(i).numbers(2);
        sheet.outline.emplace_back(static_cast<float>(corner[0]), static_cast<float>(corner[1]));
    }
    if (sheet.outline.size() < 3) outline.fail("expected at least three corners");
    if (field.has("joinedBy")) sheet.joinedBy = readTexts(field.at("joinedBy"));
    return sheet;
}

void readSolids(const std::filesystem::path& folder, const anatomy::Catalogue& catalogue, LegTables& tables) {
    const core::JsonFile json(folder / "solids.json");
    const JsonField list = json.root().at("solids");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const JsonField field = list.at(i);
        SolidRow row;
        row.id = field.at("id").text();
        const anatomy::CatalogueRow* name = catalogue.find(row.id);
        if (!name)
            field.at("id").fail(fmt::format("'{}' is not in catalogue.json; add a row for it there", row.id));
        row.layer = name->layer;
        row.tissue = name->tissue;
        if (field.has("sections")) row.sections = field.at("sections").text();
        if (field.has("strands"))
            for (std::size_t k = 0; k < field.at("strands").size(); ++k)
                row.strands.push_back(readStrand(field.at("strands").at(k)));
        if (field.has("aponeurosis")) row.aponeurosis = readAponeurosis(field.at("aponeurosis"));
        if (row.sections.empty() && row.strands.empty()) field.fail("needs 'sections', 'strands' or both");
        if (field.has("sectionsFrom"))
            row.sectionsFrom = static_cast<float>(field.at("sectionsFrom").number());
        if (field.has("sectionsTo")) row.sectionsTo = static_cast<float>(field.at("sectionsTo").number());
        if (field.has("thicken")) row.thicken = static_cast<float>(field.at("thicken").number(-3, 3));
        if (field.has("yieldsTo")) row.yieldsTo = readTexts(field.at("yieldsTo"));
        if (!row.sections.empty() && !tables.sections.contains(row.sections))
            field.at("sections")
                .fail(fmt::format("'{}' is in none of the sections-*.json files", row.sections));
        row.spacing = static_cast<float>(field.at("spacing").number(0.3, 5));
        row.joint = field.at("joint").text();
        if (row.joint != "blend" && tables.joint(row.joint) < 0)
            field.at("joint").fail(
                fmt::format("'{}' is neither 'blend' nor a joint of joints.json", row.joint));
        if (field.has("volumeRatio"))
            row.volumeRatio = static_cast<float>(field.at("volumeRatio").number(0.05, 4));
        if (field.has("volume")) row.volume = static_cast<float>(field.at("volume").number(0.1, 5000));
        if (field.has("fixed")) row.fixed = field.at("fixed").boolean();
        tables.solids.push_back(std::move(row));
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto& sheet = tables.solids[i].aponeurosis;
        if (!sheet) continue;
        const JsonField field = list.at(i).at("aponeurosis");
        const auto check = [&](const std::string& id, const JsonField& named) {
            if (std::none_of(tables.solids.begin(), tables.solids.end(), [&](const SolidRow& row) {
                    return row.id == id && row.id != tables.solids[i].id;
                }))
                named.fail(fmt::format("'{}' is no other row of this file", id));
        };
        check(sheet->of, field.at("of"));
        for (std::size_t k = 0; k < sheet->joinedBy.size(); ++k)
            check(sheet->joinedBy[k], field.at("joinedBy").at(k));
    }
}

std::vector<anatomy::JointStep> readPath(const JsonField& field) {
    std::vector<anatomy::JointStep> path;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const std::vector<double> row = field.at(i).numbers(4);
        path.push_back({glm::radians(static_cast<float>(row[0])), glm::radians(static_cast<float>(row[1])),
                        static_cast<float>(row[2]), static_cast<float>(row[3])});
        if (i > 0 && path[i].flexion <= path[i - 1].flexion) field.at(i).fail("flexion must rise");
    }
    if (path.size() < 2) field.fail("expected at least two rows");
    return path;
}

void readJoints(const std::filesystem::path& folder, LegTables& tables) {
    const core::JsonFile json(folder / "joints.json");
    const JsonField list = json.root().at("joints");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const JsonField field = list.at(i);
        anatomy::Joint joint;
        joint.id = field.at("id").text();
        if (const std::string parent = field.at("parent").text(); !parent.empty()) {
            joint.parent = tables.joint(parent);
            if (joint.parent < 0)
                field.at("parent").fail(fmt::format("'{}' does not stand above this row", parent));
        }
        joint.pivot = readVector(field.at("pivot"));
        const glm::vec3 axis = readVector(field.at("axis"));
        if (glm::length(axis) < 1e-3f) field.at("axis").fail("has no length");
        joint.axis = glm::normalize(axis);
        if (field.has("path")) joint.path = readPath(field.at("path"));
        tables.joints.push_back(joint);
    }
    if (tables.joints.empty()) list.fail("expected at least one joint");
}

void readSkin(const std::filesystem::path& folder, LegTables& tables) {
    const core::JsonFile json(folder / "skin.json");
    const JsonField toes = json.root().at("toes");
    for (std::size_t i = 0; i < toes.size(); ++i) tables.toes.push_back(readStrand(toes.at(i)));
}

bool hasSolid(const LegTables& tables, const std::string& id) {
    return std::any_of(tables.solids.begin(), tables.solids.end(),
                       [&](const SolidRow& s) { return s.id == id; });
}

void readMuscles(const std::filesystem::path& folder, LegTables& tables) {
    const core::JsonFile json(folder / "muscles.json");
    const JsonField list = json.root().at("muscles");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const JsonField field = list.at(i);
        MuscleRow row;
        row.id = field.at("id").text();
        if (!hasSolid(tables, row.id))
            field.at("id").fail(fmt::format("'{}' has no row in solids.json", row.id));
        row.compartment = field.at("compartment").text();
        if (field.has("tendons")) row.tendons = readTexts(field.at("tendons"));
        for (const std::string& tendon : row.tendons)
            if (!hasSolid(tables, tendon))
                field.at("tendons").fail(fmt::format("'{}' has no row in solids.json", tendon));
        if (field.has("ridesOn")) row.ridesOn = field.at("ridesOn").text();
        if (field.has("along")) {
            row.along = field.at("along").text();
            if (std::none_of(tables.muscles.begin(), tables.muscles.end(),
                             [&](const MuscleRow& other) { return other.id == row.along; }))
                field.at("along").fail(fmt::format("no row above this one is of '{}'", row.along));
        }
        row.deepTo = field.at("deepTo").text();
        if (!hasSolid(tables, row.deepTo))
            field.at("deepTo").fail(fmt::format("'{}' has no row in solids.json", row.deepTo));
        if (field.has("belly")) {
            const std::vector<double> heights = field.at("belly").numbers(2);
            if (heights[0] <= heights[1]) field.at("belly").fail("expected the upper height first");
            row.belly = glm::vec2(static_cast<float>(heights[0]), static_cast<float>(heights[1]));
        }
        tables.muscles.push_back(std::move(row));
    }
}

void readSheets(const std::filesystem::path& folder, const anatomy::Catalogue& catalogue, LegTables& tables) {
    tables.sheets = readSheetTable(folder / "sheets.json", catalogue);
    for (const SeptumRow& septum : tables.sheets.septa)
        for (const auto& side : {septum.front, septum.back})
            for (const std::string& id : side)
                if (!hasSolid(tables, id))
                    throw core::Error(core::ErrorKind::Asset, "{}: '{}' has no row in solids.json",
                                      septum.where, id);
    if (tables.sheets.nails.size() > tables.toes.size())
        throw core::Error(core::ErrorKind::Asset, "{}: skin.json has only {} toes",
                          tables.sheets.nails.back().where, tables.toes.size());
}

} // namespace

int LegTables::joint(std::string_view id) const {
    for (std::size_t i = 0; i < joints.size(); ++i)
        if (joints[i].id == id) return static_cast<int>(i);
    return -1;
}

std::vector<anatomy::Joint> readJoints(const std::filesystem::path& folder) {
    LegTables tables;
    readJoints(folder, tables);
    return tables.joints;
}

LegTables readLegTables(const std::filesystem::path& folder) {
    LegTables tables;
    tables.folder = folder;
    const anatomy::Catalogue catalogue(folder / "catalogue.json");
    tables.credit = catalogue.credit();
    for (const char* file : {"sections-bones.json", "sections-muscles.json", "sections-skin.json"})
        readSections(folder / file, tables.sections);
    readJoints(folder, tables);
    readSolids(folder, catalogue, tables);
    readMuscles(folder, tables);
    readSkin(folder, tables);
    readSheets(folder, catalogue, tables);
    return tables;
}

} // namespace pump::builder
