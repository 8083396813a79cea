#include "ui/Theme.h"

#include "core/Log.h"

#include <imgui_freetype.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string>
#include <system_error>

namespace pump::ui {
namespace {

double linear(ImU32 channel) {
    const double value = static_cast<double>(channel & 0xFFu) / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(ImU32 colour) {
    return 0.2126 * linear(colour >> IM_COL32_R_SHIFT) + 0.7152 * linear(colour >> IM_COL32_G_SHIFT) +
           0.0722 * linear(colour >> IM_COL32_B_SHIFT);
}

std::string firstExisting(std::initializer_list<const char*> files) {
    constexpr std::array kFolders{"/usr/share/fonts/opentype/inter/",
                                  "/usr/share/fonts/truetype/inter/",
                                  "/usr/share/fonts/truetype/dejavu/",
                                  "/usr/share/fonts/inter/",
                                  "/usr/share/fonts/TTF/",
                                  "/usr/share/fonts/dejavu/"};
    for (const char* file : files) {
        for (const char* folder : kFolders) {
            std::error_code error;
            const auto path = std::string(folder) + file;
            if (std::filesystem::is_regular_file(path, error)) return path;
        }
    }
    return {};
}

// Basic Latin and Latin-1, general punctuation, arrows, superscripts: all that the text tables use.
const ImWchar* glyphRanges() {
    static constexpr std::array<ImWchar, 9> kRanges{0x20,   0x17F,  0x2010, 0x2044, 0x2070,
                                                    0x2099, 0x2190, 0x21FF, 0};
    return kRanges.data();
}

ImVec4 asVec(ImU32 colour) {
    return ImGui::ColorConvertU32ToFloat4(colour);
}

} // namespace

double contrastRatio(ImU32 a, ImU32 b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

Metrics metricsFor(float contentScale) {
    const float s = std::clamp(contentScale, 0.75f, 4.0f);
    Metrics metrics;
    metrics.scale = s;
    for (float* size : {&metrics.target, &metrics.gap, &metrics.padding, &metrics.rounding, &metrics.small,
                        &metrics.body, &metrics.title, &metrics.figure})
        *size = std::round(*size * s * 2.0f) / 2.0f;
    return metrics;
}

Fonts addFonts(ImFontAtlas& atlas, const Metrics& metrics) {
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
    const auto regular = firstExisting({"Inter-Regular.otf", "Inter-Regular.ttf", "DejaVuSans.ttf"});
    const auto strong = firstExisting(
        {"Inter-SemiBold.otf", "Inter-SemiBold.ttf", "Inter-Medium.otf", "DejaVuSans-Bold.ttf"});
    if (regular.empty() || strong.empty()) {
        core::logWarning("neither the Inter nor the DejaVu typeface is installed (packages fonts-inter, "
                         "fonts-dejavu-core); using a plain built-in one");
        ImFontConfig config;
        config.SizePixels = std::round(13.0f * metrics.scale);
        ImFont* font = atlas.AddFontDefault(&config);
        return {font, font, font, font};
    }
    ImFontConfig config;
    config.OversampleH = 1;
    config.OversampleV = 1;
    config.PixelSnapH = true;
    auto add = [&](const std::string& file, float size) {
        return atlas.AddFontFromFileTTF(file.c_str(), size, &config, glyphRanges());
    };
    // The first font is the default.
    Fonts fonts;
    fonts.body = add(regular, metrics.body);
    fonts.small = add(regular, metrics.small);
    fonts.title = add(strong, metrics.title);
    fonts.figure = add(strong, metrics.figure);
    return fonts;
}

void applyTheme(ImGuiStyle& style, const Metrics& metrics) {
    style = ImGuiStyle();
    ImGui::StyleColorsDark(&style);
    style.WindowPadding = {metrics.padding, metrics.padding};
    style.FramePadding = {metrics.gap * 1.5f, std::max(2.0f, (metrics.target - metrics.body) * 0.5f)};
    style.ItemSpacing = {metrics.gap, metrics.gap};
    style.ItemInnerSpacing = {metrics.gap, metrics.gap};
    style.ScrollbarSize = std::round(12.0f * metrics.scale);
    style.ScrollbarRounding = metrics.rounding;
    style.WindowRounding = 0;
    style.ChildRounding = metrics.rounding;
    style.FrameRounding = metrics.rounding;
    style.PopupRounding = metrics.rounding;
    style.WindowBorderSize = 0;
    style.ChildBorderSize = 0;
    style.PopupBorderSize = 1;
    style.FrameBorderSize = 0;
    style.WindowMinSize = {1, 1};
    style.AntiAliasedLinesUseTex = true;
    auto* colours = style.Colors;
    colours[ImGuiCol_Text] = asVec(theme::kText);
    colours[ImGuiCol_TextDisabled] = asVec(theme::kTextQuiet);
    colours[ImGuiCol_WindowBg] = asVec(theme::kPanel);
    colours[ImGuiCol_ChildBg] = {0, 0, 0, 0};
    colours[ImGuiCol_PopupBg] = asVec(theme::kCard);
    colours[ImGuiCol_Border] = asVec(theme::kLine);
    colours[ImGuiCol_FrameBg] = colours[ImGuiCol_Button] = colours[ImGuiCol_Header] = asVec(theme::kControl);
    colours[ImGuiCol_FrameBgHovered] = colours[ImGuiCol_ButtonHovered] = colours[ImGuiCol_HeaderHovered] =
        asVec(theme::kControlOver);
    colours[ImGuiCol_FrameBgActive] = colours[ImGuiCol_ButtonActive] = colours[ImGuiCol_HeaderActive] =
        asVec(theme::kControlDown);
    colours[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
    colours[ImGuiCol_ScrollbarGrab] = asVec(theme::kControlOver);
    colours[ImGuiCol_ScrollbarGrabHovered] = colours[ImGuiCol_ScrollbarGrabActive] =
        asVec(theme::kControlDown);
    colours[ImGuiCol_Separator] = asVec(theme::kLine);
}

} // namespace pump::ui
