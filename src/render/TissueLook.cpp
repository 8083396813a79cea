#include "render/TissueLook.h"

#include <array>

namespace pump::render {

namespace {

/// Colours linear. `body` and `edge`: see shared::StructureState.
struct Look {
    glm::vec3 colour;
    float wrap, gloss, shine, sheen, body, edge;
};

constexpr std::size_t kTissues = 12;
// In the order of anatomy::Tissue.
const std::array<Look, kTissues> kLooks{{
    {{0.60f, 0.505f, 0.36f}, 0.20f, 26, 0.09f, 0.08f, 0.75f, 0.9f},   // bone: ivory
    {{0.55f, 0.64f, 0.68f}, 0.30f, 30, 0.30f, 0.10f, 0.75f, 0.9f},    // cartilage: glassy
    {{0.345f, 0.052f, 0.040f}, 0.30f, 20, 0.13f, 0.10f, 0.86f, 1.1f}, // muscle: deep red
    {{0.345f, 0.052f, 0.040f}, 0.30f, 20, 0.13f, 0.10f, 0.86f, 1.1f}, // tendon: its share of sinew is a
                                                                      // vertex's
    {{0.060f, 0.085f, 0.46f}, 0.25f, 48, 0.42f, 0.34f, 0.72f, 1.3f},  // vein: blue-violet
    {{0.60f, 0.026f, 0.024f}, 0.25f, 48, 0.38f, 0.24f, 0.50f, 1.3f},  // artery: red
    {{0.82f, 0.71f, 0.56f}, 0.50f, 30, 0.35f, 0.10f, 0.85f, 0.8f},    // valve: pale membrane
    {{0.76f, 0.58f, 0.14f}, 0.30f, 30, 0.20f, 0.08f, 0.75f, 0.9f},    // nerve: yellow
    {{0.60f, 0.64f, 0.68f}, 0.30f, 30, 0.30f, 0.40f, 0.45f, 2.2f},    // fascia: bluish white
    {{0.74f, 0.54f, 0.18f}, 0.50f, 20, 0.12f, 0.10f, 0.45f, 2.2f},    // fat
    {{0.70f, 0.385f, 0.255f}, 0.50f, 16, 0.10f, 0.10f, 0.50f, 2.9f},  // skin: warm
    {{0.20f, 0.50f, 0.22f}, 0.25f, 40, 0.30f, 0.20f, 0.42f, 1.5f},    // lymph: green, as drawn in atlases
}};

} // namespace

shared::StructureState tissueLook(const anatomy::Structure& structure) {
    const Look& look = kLooks[static_cast<std::size_t>(structure.tissue)];
    shared::StructureState state{};
    state.tissue = static_cast<std::uint32_t>(structure.tissue);
    state.colour = look.colour;
    state.wrap = look.wrap;
    state.gloss = look.gloss;
    state.shine = look.shine;
    state.sheen = look.sheen;
    state.body = look.body;
    state.edge = look.edge;
    // Horn on the skin (nails) shows the bed under it.
    if (structure.tissue == anatomy::Tissue::Cartilage && structure.layer == anatomy::Layer::Skin)
        state.colour = {0.72f, 0.44f, 0.34f};
    return state;
}

} // namespace pump::render
