#include "app/PanelRedraw.h"

#include <imgui.h>

#include <algorithm>
#include <functional>
#include <string_view>

namespace pump::app {
namespace {

struct Drawn {
    ImDrawList* list = nullptr;
    ui::Rect bounds; ///< of all that it draws
    std::uint64_t hash = 0;
};

template <typename T>
std::uint64_t hashOf(const ImVector<T>& values) {
    const std::string_view bytes(reinterpret_cast<const char*>(values.Data),
                                 static_cast<std::size_t>(values.Size) * sizeof(T));
    return std::hash<std::string_view>{}(bytes);
}

Drawn describe(ImDrawList* list) {
    Drawn drawn{.list = list};
    drawn.hash = hashOf(list->VtxBuffer) * 31 + hashOf(list->IdxBuffer);
    float left = 1e9f, top = 1e9f, right = -1e9f, bottom = -1e9f;
    for (const ImDrawCmd& command : list->CmdBuffer) {
        const ImVec4& clip = command.ClipRect;
        for (unsigned i = 0; i < command.ElemCount; ++i) {
            const auto index = list->IdxBuffer[static_cast<int>(command.IdxOffset + i)];
            const ImVec2 at = list->VtxBuffer[static_cast<int>(command.VtxOffset + index)].pos;
            left = std::min(left, std::max(at.x, clip.x));
            top = std::min(top, std::max(at.y, clip.y));
            right = std::max(right, std::min(at.x, clip.z));
            bottom = std::max(bottom, std::min(at.y, clip.w));
        }
        for (const float value : {clip.x, clip.y, clip.z, clip.w, static_cast<float>(command.ElemCount)})
            drawn.hash = drawn.hash * 1099511628211u + std::hash<float>{}(value);
    }
    if (left < right && top < bottom) drawn.bounds = {left, top, right - left, bottom - top};
    return drawn;
}

bool overlap(const ui::Rect& a, const ui::Rect& b) {
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

bool inside(const ui::Rect& inner, const ui::Rect& outer) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() &&
           inner.bottom() <= outer.bottom();
}

bool same(const ui::Rect& a, const ui::Rect& b) {
    return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

} // namespace

PanelRedraw::Plan PanelRedraw::plan(const ImDrawData& data, std::span<const ui::Rect> docked,
                                    std::uint64_t picture) {
    std::vector<Drawn> all;
    for (int i = 0; i < data.CmdListsCount; ++i) all.push_back(describe(data.CmdLists[i]));
    if (picture != m_picture) m_kept.clear();
    m_picture = picture;

    Plan plan;
    std::vector<Kept> kept;
    std::vector<ui::Rect> clean;
    for (const ui::Rect& area : docked) {
        Kept now{.area = area};
        bool alone = true; // a list that reaches beyond is drawn in any case, so what it lies on is too
        for (const Drawn& drawn : all) {
            if (!overlap(drawn.bounds, area)) continue;
            now.lists.push_back(drawn.hash);
            alone = alone && inside(drawn.bounds, area);
        }
        const auto before =
            std::find_if(m_kept.begin(), m_kept.end(), [&](const Kept& k) { return same(k.area, area); });
        if (alone && before != m_kept.end() && before->lists == now.lists)
            clean.push_back(area);
        else
            plan.fill.push_back(area);
        kept.push_back(std::move(now));
    }
    m_kept = std::move(kept);
    for (const Drawn& drawn : all) {
        const bool stands = std::any_of(clean.begin(), clean.end(),
                                        [&](const ui::Rect& area) { return inside(drawn.bounds, area); });
        if (!stands) plan.lists.push_back(drawn.list);
    }
    return plan;
}

} // namespace pump::app
