#pragma once

#include "anatomy/LegModel.h"
#include "builder/GlbWriter.h"

namespace pump::builder {

/// Normal from which the angle round a vessel counts, at each of its points (no twist along it). Angle 0
/// points away from the middle of the limb, so that it means the same on every vessel.
std::vector<glm::vec3> vesselFrame(const anatomy::Vessel& vessel);

/// Tube of a vessel: a ring of `sides` at every `skip`-th point, closed by round caps; Vertex::tissue holds
/// arc length and angle.
LegPart tubePart(const anatomy::Vessel& vessel, anatomy::Tissue tissue, anatomy::Layer layer, int sides,
                 int skip);

} // namespace pump::builder
