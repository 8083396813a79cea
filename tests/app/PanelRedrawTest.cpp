#include "app/PanelRedraw.h"

#include <catch2/catch_test_macros.hpp>
#include <imgui.h>

#include <array>
#include <memory>
#include <vector>

using namespace pump;

namespace {

/// Lists as windows would make them.
class Interface {
  public:
    explicit Interface(std::size_t windows) : m_context(ImGui::CreateContext()) {
        for (std::size_t i = 0; i < windows; ++i)
            m_lists.push_back(std::make_unique<ImDrawList>(ImGui::GetDrawListSharedData()));
    }
    Interface(const Interface&) = delete;
    Interface& operator=(const Interface&) = delete;
    ~Interface() {
        m_lists.clear();
        ImGui::DestroyContext(m_context);
    }
    ImDrawList* list(std::size_t i) const { return m_lists[i].get(); }
    /// Window `i` shows one square of a colour in an area.
    void show(std::size_t i, const ui::Rect& area, ImU32 colour) {
        ImDrawList& list = *m_lists[i];
        list._ResetForNewFrame();
        list.PushClipRect({area.x, area.y}, {area.right(), area.bottom()});
        list.PrimReserve(6, 4);
        list.PrimRect({area.x, area.y}, {area.right(), area.bottom()}, colour);
    }
    app::PanelRedraw::Plan planOf(app::PanelRedraw& redraw, std::span<const ui::Rect> docked,
                                  std::uint64_t picture = 1) {
        ImDrawData data;
        m_order.clear();
        for (const auto& list : m_lists) m_order.push_back(list.get());
#if IMGUI_VERSION_NUM >= 18980
        for (ImDrawList* list : m_order) data.CmdLists.push_back(list);
#else
        data.CmdLists = m_order.data();
#endif
        data.CmdListsCount = static_cast<int>(m_order.size());
        return redraw.plan(data, docked, picture);
    }

  private:
    ImGuiContext* m_context;
    std::vector<std::unique_ptr<ImDrawList>> m_lists;
    std::vector<ImDrawList*> m_order;
};

constexpr ui::Rect kLeft{0, 0, 100, 400}, kRight{500, 0, 100, 400}, kMiddle{200, 100, 50, 50};
constexpr std::array kDocked{kLeft, kRight};
using Lists = std::vector<ImDrawList*>;

} // namespace

TEST_CASE("a docked surface that shows the same is left alone; what lies over the leg never is") {
    Interface ui(3);
    app::PanelRedraw redraw;
    ui.show(0, kLeft, 1);
    ui.show(1, kRight, 2);
    ui.show(2, kMiddle, 3);
    const auto first = ui.planOf(redraw, kDocked);
    CHECK(first.lists == Lists{ui.list(0), ui.list(1), ui.list(2)});
    CHECK(first.fill.size() == 2);

    const auto same = ui.planOf(redraw, kDocked);
    CHECK(same.lists == Lists{ui.list(2)});
    CHECK(same.fill.empty());

    ui.show(0, kLeft, 7); // another colour, as text that changed
    const auto changed = ui.planOf(redraw, kDocked);
    CHECK(changed.lists == Lists{ui.list(0), ui.list(2)});
    REQUIRE(changed.fill.size() == 1);
    CHECK(changed.fill[0].x == kLeft.x);
}

TEST_CASE("surfaces are drawn again on another picture, at another place, and under what reaches over them") {
    Interface ui(3);
    app::PanelRedraw redraw;
    ui.show(0, kLeft, 1);
    ui.show(1, kRight, 2);
    ui.show(2, kMiddle, 3);
    (void)ui.planOf(redraw, kDocked);
    CHECK(ui.planOf(redraw, kDocked, 2).fill.size() == 2);

    constexpr std::array kMoved{kLeft, ui::Rect{480, 0, 120, 400}};
    CHECK(ui.planOf(redraw, kMoved, 2).fill.size() == 1);

    ui.show(2, {50, 100, 100, 50}, 3); // half over the left surface
    for (int frame = 0; frame < 2; ++frame) {
        const auto over = ui.planOf(redraw, kMoved, 2);
        REQUIRE(over.fill.size() == 1);
        CHECK(over.fill[0].x == kLeft.x);
        CHECK(over.lists == Lists{ui.list(0), ui.list(2)});
    }
    ui.show(2, kMiddle, 3); // and gone: what it covered comes back
    CHECK(ui.planOf(redraw, kMoved, 2).fill.size() == 1);
    CHECK(ui.planOf(redraw, kMoved, 2).fill.empty());
}
