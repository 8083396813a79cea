#ifndef COMMON_CELLS
#define COMMON_CELLS
// Where a cell is in the posed leg, how large and in which colour it is drawn.
#include "common/blood_texels.glsl"
#include "common/random.glsl"
#include "shared/blood.h"
#include "shared/section.h"

layout(binding = 6) uniform utextureBuffer vesselFrames_;
layout(std430, binding = 13) readonly buffer CellBlock { Cell cells_[]; };
layout(binding = 14) uniform utextureBuffer vessels_;

struct PlacedCell {
    vec3 centre;  // leg frame, mm
    float radius; // mm; 0: not drawn
    float oxygen;
};

PlacedCell placed(uint id, uint seed, float cellRadius) {
    PlacedCell result = PlacedCell(vec3(0.0), 0.0, 0.0);
    Cell cell = cells_[id];
    if (cell.vessel == kNoIndex) return result;
    BloodVessel vessel = bloodVesselFrom(vessels_, cell.vessel);
    if (vessel.visible == 0u) return result;

    // Cells thin out toward a stub; each has its own place to go.
    float own = hashUniform(seed, id, 0xffffff01u);
    float there = abs(cell.fade);
    if ((vessel.stubs & kStubStart) != 0u) there = min(there, cell.arc / kStubFadeMm);
    if ((vessel.stubs & kStubEnd) != 0u) there = min(there, (vessel.arcLength - cell.arc) / kStubFadeMm);
    float size = clamp((there - own) * 4.0 + 0.25, 0.0, 1.0);
    if (size <= 0.0) return result;

    float place = clamp(cell.arc / vessel.spacing, 0.0, float(vessel.pointCount - 1u) - 0.001);
    float t = fract(place);
    VesselFrame a = vesselFrameFrom(vesselFrames_, vessel.firstPoint + uint(place));
    VesselFrame b = vesselFrameFrom(vesselFrames_, vessel.firstPoint + uint(place) + 1u);
    vec3 normal = normalize(mix(a.normal, b.normal, t));
    vec3 binormal = cross(normalize(mix(a.tangent, b.tangent, t)), normal);
    float lumen = mix(a.radius, b.radius, t);
    result.radius = min(cellRadius, 0.45 * lumen);
    // Capillaries are far thinner than the path that stands for them: their cells are a fine dust, not a stream.
    if (vessel.kind == kKindBed) result.radius *= 0.45;

    // Streams wander a little on their way, inside the wall.
    float angle = cell.angle + 0.35 * sin(0.045 * cell.arc + 6.28 * own);
    float room = 1.0 - 0.8 * result.radius / lumen;
    float out_ = min(cell.radius * (1.0 + 0.10 * sin(0.09 * cell.arc + 12.6 * own)), 1.0) * room;
    vec2 section =
        sectionPoint(out_ * vec2(cos(angle), sin(angle)), mix(a.flatness, b.flatness, t), mix(a.flatTurn, b.flatTurn, t)) *
        lumen;
    result.centre = mix(a.position, b.position, t) + normal * section.x + binormal * section.y;
    // Above the drawn limb vessels and their blood fade out.
    float above = 1.0 - (dot(frame.cap.xyz, result.centre) - frame.cap.w) / kStubFade;
    result.radius *= min(size, clamp((above - own) * 4.0 + 0.25, 0.0, 1.0));
    result.oxygen = clamp(cell.oxygen, 0.0, 1.0);
    return result;
}
#endif
