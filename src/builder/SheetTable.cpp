#include "builder/SheetTable.h"

#include "core/JsonFile.h"

#include <fmt/format.h>

#include <glm/gtc/constants.hpp>

namespace pump::builder {
namespace {

using core::JsonField;

void readName(const JsonField& row, const anatomy::Catalogue& catalogue, SheetName& name) {
    name.id = row.at("id").text();
    name.where = row.file() + ": " + row.path();
    const anatomy::CatalogueRow* found = catalogue.find(name.id);
    if (!found)
        row.at("id").fail(fmt::format("'{}' is not in catalogue.json; add a row for it there", name.id));
    name.tissue = found->tissue;
    name.layer = found->layer;
}

float readFloat(const JsonField& row, const char* key, double low, double high) {
    return static_cast<float>(row.at(key).number(low, high));
}

std::vector<std::string> readTexts(const JsonField& field) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < field.size(); ++i) result.push_back(field.at(i).text());
    return result;
}

StrapRow readStrap(const JsonField& row, const anatomy::Catalogue& catalogue) {
    StrapRow strap;
    readName(row, catalogue, strap);
    const JsonField courses = row.at("courses");
    for (std::size_t i = 0; i < courses.size(); ++i) {
        Strand band;
        for (std::size_t k = 0; k < courses.at(i).size(); ++k) {
            const std::vector<double> v = courses.at(i).at(k).numbers(4);
            band.course.emplace_back(v[0], v[1], v[2]);
            if (v[3] < 0.5) courses.at(i).at(k).at(3).fail("half width must be at least 0.5 mm");
            band.radius.push_back(static_cast<float>(v[3]));
        }
        if (band.course.size() < 2) courses.at(i).fail("expected at least two points");
        strap.courses.push_back(std::move(band));
    }
    if (strap.courses.empty()) courses.fail("expected at least one course");
    strap.thickness = readFloat(row, "thickness", 0.8, 6);
    if (row.has("covers")) strap.covers = readTexts(row.at("covers"));
    return strap;
}

MeniscusRow readMeniscus(const JsonField& row, const anatomy::Catalogue& catalogue) {
    MeniscusRow meniscus;
    readName(row, catalogue, meniscus);
    const std::vector<double> centre = row.at("centre").numbers(3), radius = row.at("radius").numbers(2),
                              opening = row.at("opening").numbers(2);
    meniscus.centre = {centre[0], centre[1], centre[2]};
    if (radius[0] < 2 || radius[1] < 2) row.at("radius").fail("must be at least 2 mm");
    meniscus.radius = {radius[0], radius[1]};
    meniscus.opening = glm::vec2(opening[0], 0.5 * opening[1]) * (glm::pi<float>() / 180.0f);
    meniscus.inner = readFloat(row, "inner", 0.1, 0.95);
    meniscus.floor = readFloat(row, "floor", 0, 5);
    meniscus.roof = readFloat(row, "roof", 0, 5);
    meniscus.height = readFloat(row, "height", 2, 20);
    return meniscus;
}

} // namespace

SheetTable readSheetTable(const std::filesystem::path& file, const anatomy::Catalogue& catalogue) {
    const core::JsonFile json(file);
    const JsonField root = json.root();
    SheetTable table;
    for (std::size_t i = 0; i < root.at("straps").size(); ++i)
        table.straps.push_back(readStrap(root.at("straps").at(i), catalogue));
    for (std::size_t i = 0; i < root.at("septa").size(); ++i) {
        const JsonField row = root.at("septa").at(i);
        SeptumRow septum;
        readName(row, catalogue, septum);
        septum.front = readTexts(row.at("front"));
        septum.back = readTexts(row.at("back"));
        if (row.has("frontVessels")) septum.frontVessels = readTexts(row.at("frontVessels"));
        if (row.has("backVessels")) septum.backVessels = readTexts(row.at("backVessels"));
        const std::vector<double> z = row.at("z").numbers(2);
        septum.low = static_cast<float>(z[0]);
        septum.high = static_cast<float>(z[1]);
        if (septum.low >= septum.high) row.at("z").fail("must rise: [low, high]");
        table.septa.push_back(std::move(septum));
    }
    for (std::size_t i = 0; i < root.at("menisci").size(); ++i)
        table.menisci.push_back(readMeniscus(root.at("menisci").at(i), catalogue));
    for (std::size_t i = 0; i < root.at("nails").size(); ++i) {
        const JsonField row = root.at("nails").at(i);
        NailRow nail;
        readName(row, catalogue, nail);
        nail.length = readFloat(row, "length", 1, 30);
        nail.width = readFloat(row, "width", 1, 30);
        nail.ahead = readFloat(row, "ahead", -30, 30);
        table.nails.push_back(std::move(nail));
    }
    return table;
}

} // namespace pump::builder
