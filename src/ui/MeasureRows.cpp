// The rows of the settings table about what is measured.

#include "ui/SettingRows.h"

#include "physiology/VirtualTest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pump::ui {
namespace {

constexpr std::array<std::string_view, 3> kQuantities{"pressure", "flow", "volume"};

std::vector<std::string> testNames() {
    std::vector<std::string> names{"none"};
    for (const auto& test : physiology::virtualTests()) names.emplace_back(test.id);
    return names;
}

} // namespace

void addMeasureRows(std::vector<SettingInfo>& table) {
    using S = Settings;
    using I = SettingInfo;
    using V = std::string_view;
    table.push_back({.id = "test",
                     .kind = SettingKind::Choice,
                     .valueName = "NAME",
                     .choices = testNames(),
                     .help = "Virtual clinical test to run on a leg with the present conditions",
                     .read = [](const S& s) { return s.test.empty() ? std::string("none") : s.test; },
                     .write =
                         [](S& s, const I& i, V v) {
                             const auto& name = checkedChoice(i, v);
                             s.test = name == "none" ? "" : name;
                             ++s.testRevision;
                         },
                     .scope = SettingScope::Measure});
    table.push_back({.id = "plot-vein",
                     .kind = SettingKind::Text,
                     .valueName = "SEGMENT",
                     .help = "Vein of the plot: a segment of assets/network/segments.csv",
                     .read = [](const S& s) { return s.plotSegment; },
                     .write =
                         [](S& s, const I& i, V v) {
                             if (v.empty()) reject(i, v, "a segment such as POP1");
                             s.plotSegment = std::string(v);
                         },
                     .scope = SettingScope::Measure});
    table.push_back(
        {.id = "plot",
         .kind = SettingKind::Choice,
         .valueName = "NAME",
         .choices = {kQuantities.begin(), kQuantities.end()},
         .help = "What the plot shows of that vein",
         .read =
             [](const S& s) { return std::string(kQuantities[static_cast<std::size_t>(s.plotQuantity)]); },
         .write =
             [](S& s, const I& i, V v) {
                 const auto at = std::find(kQuantities.begin(), kQuantities.end(), checkedChoice(i, v));
                 s.plotQuantity = static_cast<PlotQuantity>(at - kQuantities.begin());
             },
         .scope = SettingScope::Measure});
    table.push_back({.id = "plot-span",
                     .kind = SettingKind::Number,
                     .low = 5,
                     .high = 86400,
                     .unit = "s",
                     .valueName = "NUMBER",
                     .help = "Length of the plot's time axis",
                     .read = [](const S& s) { return fmt::format("{}", s.plotSpanS); },
                     .write = [](S& s, const I& i, V v) { s.plotSpanS = checkedNumber(i, v); },
                     .scope = SettingScope::Measure});
}

} // namespace pump::ui
