#pragma once

#include "anatomy/LegModel.h"
#include "builder/Preview.h"
#include "core/Image.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pump::builder {

/// One picture of a contact sheet.
struct SheetView {
    std::string name;  ///< file name of the picture to compare with, without ".png"
    std::string title; ///< ASCII
    PreviewDesc picture;
    std::optional<float> section; ///< height of a horizontal section, mm; absent: a view from outside
};

/// Reads a table of views (tests/sheet/views.json says how). Throws Error(Asset): file, row, value.
std::vector<SheetView> readSheetViews(const std::filesystem::path& file);

/// All views in one picture, each with its title; where `beside` holds a picture of the view's name, that one
/// stands to the right of ours. Sections list the areas of what they cut. An empty `beside` compares nothing.
core::Image contactSheet(const anatomy::LegModel& leg, const std::vector<SheetView>& views,
                         const std::filesystem::path& beside);

} // namespace pump::builder
