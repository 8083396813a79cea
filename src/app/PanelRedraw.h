#pragma once

#include "ui/Layout.h"

#include <cstdint>
#include <span>
#include <vector>

struct ImDrawData;
struct ImDrawList;

namespace pump::app {

/// Decides which docked surfaces must be drawn again. The picture keeps what was drawn on them, and most
/// frames change none of their text.
class PanelRedraw {
  public:
    struct Plan {
        std::vector<ui::Rect> fill;     ///< surfaces to fill and draw again
        std::vector<ImDrawList*> lists; ///< to draw, in their order
    };

    /// `docked`: surfaces in whole pixels that nothing else draws on. `picture`: another number, another
    /// image (or one whose content was lost). The lists are those of the data, which must outlive the plan.
    Plan plan(const ImDrawData& data, std::span<const ui::Rect> docked, std::uint64_t picture);

  private:
    struct Kept {
        ui::Rect area;
        std::vector<std::uint64_t> lists; ///< what was drawn on it: hashes, in order
    };
    std::vector<Kept> m_kept;
    std::uint64_t m_picture = 0;
};

} // namespace pump::app
