#pragma once

#include "render/LegTables.h"

namespace pump::render {

/// What swelling, touch and varicose winding need of the leg at rest: the share of swelling that each vertex
/// of the covers takes (RestVertex::detail.w), the volume that it holds, and per vessel point the direction
/// in which its surroundings press it flat, the way to the skin and how far it may wind.
void addSkinTables(const anatomy::LegModel& leg, LegTables& tables);

/// What acts on the skin in one frame. Throws Error(Usage) on more contacts than the shaders take.
shared::SkinInput skinInput(const LegTables& tables, const scene::RenderInput& input);

} // namespace pump::render
