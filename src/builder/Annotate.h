#pragma once

#include "anatomy/LegModel.h"
#include "builder/GlbWriter.h"
#include "builder/Mesh.h"
#include "builder/Solids.h"
#include "builder/Wraps.h"

#include <vector>

namespace pump::builder {

/// Part of a bone, muscle or tendon: normals, joint weights and the values of Vertex::tissue.
LegPart solidPart(const Solid& solid, const Mesh& mesh, const anatomy::Rig& rig);

/// Part of the skin, bound to the muscles under it.
LegPart skinPart(const Mesh& mesh, const anatomy::Rig& rig, const std::vector<Solid>& solids);

/// Part of a fascia or the fat, bound like the skin, or of cartilage, which moves with its bone.
LegPart wrapPart(const Wrap& wrap, const Mesh& mesh, const anatomy::Rig& rig,
                 const std::vector<Solid>& solids);

/// Reorders triangles and vertices for the vertex cache; the shape stays.
void orderForDrawing(LegPart& part);

} // namespace pump::builder
