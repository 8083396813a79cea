#include "builder/ContactSheet.h"

#include "builder/Slices.h"
#include "core/JsonFile.h"

#include <stb/stb_easy_font.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr int kColumns = 6;       ///< views side by side
constexpr int kPictureWide = 300; ///< pixels that a picture may take at most
constexpr int kPictureHigh = 420;
constexpr int kTitle = 26; ///< height of the title's line
constexpr int kGap = 8;
constexpr std::uint8_t kPaper = 245;

core::Image blank(int width, int height) {
    core::Image image;
    image.width = width;
    image.height = height;
    image.rgba.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4, kPaper);
    for (std::size_t i = 3; i < image.rgba.size(); i += 4) image.rgba[i] = 255;
    return image;
}

/// Mean of the pixels that fall into each new one; never larger than the picture was.
core::Image shrunk(const core::Image& image, int widest, int highest) {
    const double factor = std::max(
        {1.0, static_cast<double>(image.width) / widest, static_cast<double>(image.height) / highest});
    core::Image result = blank(std::max(1, static_cast<int>(image.width / factor)),
                               std::max(1, static_cast<int>(image.height / factor)));
    for (int y = 0; y < result.height; ++y)
        for (int x = 0; x < result.width; ++x) {
            const int x0 = static_cast<int>(x * factor), y0 = static_cast<int>(y * factor);
            const int x1 = std::min(image.width, std::max(x0 + 1, static_cast<int>((x + 1) * factor)));
            const int y1 = std::min(image.height, std::max(y0 + 1, static_cast<int>((y + 1) * factor)));
            for (int c = 0; c < 3; ++c) {
                int sum = 0;
                for (int v = y0; v < y1; ++v)
                    for (int u = x0; u < x1; ++u) sum += image.pixel(u, v)[c];
                result.pixel(x, y)[c] = static_cast<std::uint8_t>(sum / ((x1 - x0) * (y1 - y0)));
            }
        }
    return result;
}

void paste(core::Image& onto, const core::Image& image, int left, int top) {
    for (int y = 0; y < std::min(image.height, onto.height - top); ++y)
        for (int x = 0; x < std::min(image.width, onto.width - left); ++x)
            std::copy_n(image.pixel(x, y), 4, onto.pixel(left + x, top + y));
}

/// Plain letters, seven pixels high and `size` times that.
void write(core::Image& onto, const std::string& text, int left, int top, int size) {
    struct Corner {
        float x, y, z;
        std::uint8_t colour[4];
    };
    std::vector<Corner> corners(text.size() * 100 + 400);
    std::string copy = text; // the library wants it writable
    const int quads = stb_easy_font_print(0, 0, copy.data(), nullptr, corners.data(),
                                          static_cast<int>(corners.size() * sizeof(Corner)));
    for (int q = 0; q < quads; ++q) {
        const Corner &a = corners[static_cast<std::size_t>(q) * 4],
                     &c = corners[static_cast<std::size_t>(q) * 4 + 2];
        for (int y = static_cast<int>(a.y) * size; y < static_cast<int>(c.y) * size; ++y)
            for (int x = static_cast<int>(a.x) * size; x < static_cast<int>(c.x) * size; ++x) {
                if (left + x >= onto.width || top + y >= onto.height) continue;
                std::uint8_t* pixel = onto.pixel(left + x, top + y);
                pixel[0] = pixel[1] = pixel[2] = 30;
            }
    }
}

/// Names and areas of the muscles and bones that a section cuts, the largest first.
core::Image areasAt(const anatomy::LegModel& leg, float z) {
    std::vector<std::pair<double, std::string>> rows;
    for (const anatomy::Structure& structure : leg.structures) {
        if (structure.tissue != anatomy::Tissue::Muscle && structure.tissue != anatomy::Tissue::Bone)
            continue;
        if (structure.boundsLow.z > z || structure.boundsHigh.z < z) continue;
        rows.emplace_back(measure(slice(leg, structure, z)).area, structure.id);
    }
    std::sort(rows.rbegin(), rows.rend());
    core::Image image = blank(kPictureWide, static_cast<int>(rows.size()) * 11 + 6);
    for (std::size_t i = 0; i < rows.size(); ++i)
        write(image, fmt::format("{:5.0f} mm2  {}", rows[i].first, rows[i].second), 4,
              static_cast<int>(i) * 11 + 4, 1);
    return image;
}

glm::vec3 readColour(const core::JsonField& field) {
    const std::string text = field.text();
    if (text.size() != 7 || text[0] != '#' ||
        text.find_first_not_of("0123456789abcdefABCDEF", 1) != std::string::npos)
        field.fail(fmt::format("'{}' is no colour; write it as #rrggbb", text));
    const unsigned long value = std::stoul(text.substr(1), nullptr, 16);
    return glm::vec3(value >> 16 & 0xff, value >> 8 & 0xff, value & 0xff) / 255.0f;
}

std::vector<std::string> readList(const core::JsonField& row, const char* key) {
    std::vector<std::string> result;
    if (row.has(key))
        for (std::size_t i = 0; i < row.at(key).size(); ++i) result.push_back(row.at(key).at(i).text());
    return result;
}

/// Ours, under it the areas of a section, and beside it the picture to compare with.
core::Image cell(const anatomy::LegModel& leg, const SheetView& view, const std::filesystem::path& beside) {
    const core::Image own = shrunk(view.section ? previewSection(leg, view.picture, *view.section)
                                                : previewLeg(leg, view.picture),
                                   kPictureWide, kPictureHigh);
    core::Image result =
        blank((beside.empty() ? 1 : 2) * (kPictureWide + kGap) + kGap, kTitle + kPictureHigh + kGap);
    write(result, view.title, kGap, 6, 2);
    paste(result, own, kGap, kTitle);
    if (view.section) paste(result, areasAt(leg, *view.section), kGap, kTitle + own.height + kGap);
    const std::filesystem::path other = beside / (view.name + ".png");
    if (!beside.empty() && std::filesystem::exists(other))
        paste(result, shrunk(core::readPng(other), kPictureWide, kPictureHigh), 2 * kGap + kPictureWide,
              kTitle);
    return result;
}

} // namespace

std::vector<SheetView> readSheetViews(const std::filesystem::path& file) {
    const core::JsonFile json(file);
    std::map<std::string, glm::vec3> colours;
    for (const std::string& id : json.root().at("colours").keys())
        colours[id] = readColour(json.root().at("colours").at(id));
    const core::JsonField rows = json.root().at("views");
    std::vector<SheetView> views;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const core::JsonField row = rows.at(i);
        SheetView view;
        view.name = row.at("name").text();
        view.title = row.at("title").text();
        if (row.has("view")) view.picture.view = row.at("view").text();
        view.picture.only = readList(row, "only");
        view.picture.hide = readList(row, "hide");
        view.picture.colours = colours;
        if (row.has("low")) view.picture.low = static_cast<float>(row.at("low").number(-80, 1300));
        if (row.has("high")) view.picture.high = static_cast<float>(row.at("high").number(-80, 1300));
        view.picture.pixelsPerMm =
            row.has("scale") ? static_cast<float>(row.at("scale").number(0.1, 20)) : 1.2f;
        if (row.has("section")) view.section = static_cast<float>(row.at("section").number(-80, 1300));
        views.push_back(std::move(view));
    }
    if (views.empty()) rows.fail("is empty, expected at least one view");
    return views;
}

core::Image contactSheet(const anatomy::LegModel& leg, const std::vector<SheetView>& views,
                         const std::filesystem::path& beside) {
    std::vector<core::Image> cells;
    for (const SheetView& view : views) cells.push_back(cell(leg, view, beside));
    const int columns = beside.empty() ? kColumns : kColumns / 2;
    const int rows = (static_cast<int>(cells.size()) + columns - 1) / columns;
    core::Image sheet = blank(columns * cells.front().width, rows * cells.front().height);
    for (std::size_t i = 0; i < cells.size(); ++i)
        paste(sheet, cells[i], static_cast<int>(i) % columns * cells[i].width,
              static_cast<int>(i) / columns * cells[i].height);
    return sheet;
}

} // namespace pump::builder
