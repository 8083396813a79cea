#pragma once

#include "render/LegTables.h"

namespace pump::render {

/// What swelling, touch and varicose winding need of the leg at rest: the share of swelling that each vertex
/// of the covers takes (RestVertex::detail.w), the volume that it holds, and per vessel point the direction
/// in which its surroundings press it flat, the way to the skin and how far it may wind and rise.
void addSkinTables(const anatomy::LegModel& leg, LegTables& tables);

/// A vessel of which a part stands out of the skin when it is varicose.
bool standsOut(const anatomy::Vessel& vessel);
/// How far such vessels are drawn as skin in a frame, 0-1: where the skin is solid and they are varicose.
float skinOver(const scene::RenderInput& input);

/// What acts on the skin in one frame. Throws Error(Usage) on more contacts than the shaders take.
shared::SkinInput skinInput(const LegTables& tables, const scene::RenderInput& input);

} // namespace pump::render
