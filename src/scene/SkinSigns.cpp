#include "scene/SkinSigns.h"

#include "core/CsvTable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pump::scene {
namespace {

using Signs = shared::SkinSigns;

constexpr std::array<std::pair<std::string_view, float Signs::*>, 6> kSigns{{
    {"varicose", &Signs::varicose},
    {"spider", &Signs::spider},
    {"dusky", &Signs::dusky},
    {"pale", &Signs::pale},
    {"brown", &Signs::brown},
    {"warm", &Signs::warm},
}};

} // namespace

SkinSigns::SkinSigns(const std::filesystem::path& file,
                     const std::vector<physiology::Condition>& conditions) {
    const core::CsvTable table(file, {"condition", "sign", "amount", "top_mm", "why"});
    for (std::size_t row = 0; row < table.rows(); ++row) {
        Row entry;
        entry.condition = table.text(row, "condition");
        if (std::none_of(conditions.begin(), conditions.end(),
                         [&](const auto& known) { return known.id == entry.condition; }))
            table.fail(
                row, "condition",
                fmt::format("is '{}', expected the name of a table in assets/conditions", entry.condition));
        const std::string sign = table.text(row, "sign");
        const auto found = std::find_if(kSigns.begin(), kSigns.end(),
                                        [&](const auto& known) { return known.first == sign; });
        if (found == kSigns.end())
            table.fail(row, "sign",
                       fmt::format("is '{}', expected varicose, spider, dusky, pale, brown or warm", sign));
        entry.sign = found->second;
        entry.amount = static_cast<float>(table.number(row, "amount", 0, 1));
        entry.topMm = static_cast<float>(table.number(row, "top_mm", 0, 1400));
        m_rows.push_back(std::move(entry));
    }
}

Signs SkinSigns::of(const std::vector<physiology::ConditionChoice>& chosen) const {
    Signs signs{};
    for (const Row& row : m_rows)
        for (const physiology::ConditionChoice& choice : chosen) {
            if (choice.id != row.condition || choice.severity <= 0) continue;
            float& sign = signs.*row.sign;
            sign = 1 - (1 - sign) * (1 - row.amount * static_cast<float>(choice.severity));
            signs.duskyTop = std::max(signs.duskyTop, row.topMm);
        }
    return signs;
}

bool anySign(const Signs& signs) {
    return std::any_of(kSigns.begin(), kSigns.end(),
                       [&](const auto& known) { return signs.*known.second > 0.01f; });
}

} // namespace pump::scene
