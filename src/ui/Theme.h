#pragma once

#include <imgui.h>

#include <filesystem>
#include <vector>

namespace pump::ui {

/// The one look of everything drawn over the picture: quiet neutral greys, one accent, one warning colour.
/// Text on every surface that carries it reaches a contrast of 4.5:1 (WCAG 2.2 AA); a unit test computes it.
namespace theme {
constexpr ImU32 kScene = IM_COL32(14, 16, 19, 255);   ///< behind the leg, for contrast only
constexpr ImU32 kPanel = IM_COL32(24, 27, 31, 255);   ///< docked surfaces
constexpr ImU32 kCard = IM_COL32(33, 37, 42, 255);    ///< raised surfaces
constexpr ImU32 kControl = IM_COL32(45, 50, 57, 255); ///< buttons at rest
constexpr ImU32 kControlOver = IM_COL32(57, 64, 72, 255);
constexpr ImU32 kControlDown = IM_COL32(70, 78, 88, 255);
constexpr ImU32 kLine = IM_COL32(62, 69, 78, 255);
constexpr ImU32 kText = IM_COL32(240, 242, 244, 255);
constexpr ImU32 kTextQuiet = IM_COL32(181, 189, 198, 255);
constexpr ImU32 kAccent = IM_COL32(122, 190, 235, 255); ///< chosen, filled part of a slider
constexpr ImU32 kOnAccent = IM_COL32(12, 20, 28, 255);  ///< text on accent
constexpr ImU32 kNotice = IM_COL32(245, 190, 92, 255);
constexpr ImU32 kOnNotice = IM_COL32(30, 22, 6, 255);
constexpr ImU32 kPressure = IM_COL32(122, 190, 235, 255); ///< the four read-outs
constexpr ImU32 kFlow = IM_COL32(168, 164, 245, 255);
constexpr ImU32 kVolume = IM_COL32(238, 160, 150, 255);
constexpr ImU32 kValves = IM_COL32(150, 214, 176, 255);
} // namespace theme

/// WCAG contrast ratio of two opaque colours, 1-21.
double contrastRatio(ImU32 a, ImU32 b);

/// Sizes in pixels for one content scale. The floor for anything to press is 44 px at scale 1.
struct Metrics {
    float scale = 1;
    float target = 44;  ///< height of anything that can be pressed
    float gap = 8;      ///< between neighbours
    float padding = 16; ///< inside a surface
    float rounding = 6;
    float small = 15, body = 18, title = 23, figure = 30; ///< text heights
};
Metrics metricsFor(float contentScale);

struct Fonts {
    ImFont* small = nullptr;
    ImFont* body = nullptr;
    ImFont* title = nullptr;
    ImFont* figure = nullptr;
};

/// Adds the four sizes of the interface's typeface to `atlas`: Inter where the system has it, then DejaVu
/// Sans, then Dear ImGui's own (with a warning: it has no sizes of its own).
Fonts addFonts(ImFontAtlas& atlas, const Metrics& metrics);

void applyTheme(ImGuiStyle& style, const Metrics& metrics);

} // namespace pump::ui
