#pragma once

#include "physiology/Condition.h"
#include "shared/skin.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pump::scene {

/// Which signs of the skin go with which condition: assets/signs/skin.csv. An illustration beside the
/// simulation, and to be marked so on the screen.
class SkinSigns {
  public:
    /// Throws Error(Asset): file, line, column, value, what was expected.
    SkinSigns(const std::filesystem::path& file, const std::vector<physiology::Condition>& conditions);

    /// In proportion to severity; several together as 1 - (1 - a)(1 - b).
    shared::SkinSigns of(const std::vector<physiology::ConditionChoice>& chosen) const;

  private:
    struct Row {
        std::string condition;
        float shared::SkinSigns::*sign = nullptr;
        float amount = 0, topMm = 0;
    };
    std::vector<Row> m_rows;
};

/// There is something to see that no computation produced.
bool anySign(const shared::SkinSigns& signs);

} // namespace pump::scene
