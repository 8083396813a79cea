// How tissue follows joints, muscles and veins: one text for the compute shaders and for the C++ reference
// (render/DeformReference.h), which includes it inside a class. Whoever includes it provides
//   JointPose jointPose(uint), MuscleHeader muscleHeader(uint), MuscleSample muscleSample(uint),
//   MusclePose musclePose(uint), VesselHeader vesselHeader(uint), VesselFrame vesselFrame(uint),
//   FlowInput flowInput(uint), ValveInput valveInput(uint), uvec4 correctionInput(uint),
//   uint contactCount(), Contact contactInput(uint), vec3 swellingInput(), float windingInput()
// All lengths mm, leg frame. Pure functions of their arguments and of those tables.

#include "shared/joint_blend.h"

struct Placed {
    vec3 position;
    vec3 normal;
    float strain; // of the muscle there: widening - 1
};

// A muscle at one arc length, interpolated between samples.
struct MuscleAt {
    vec3 centre;
    vec3 anchor;
    vec3 tangent;
    MusclePose pose;
};

// A vessel at one arc length.
struct VesselAt {
    vec3 position;
    vec3 tangent;
    vec3 normal;
    vec3 binormal;
    float radius;
    float flatness;
    float flatTurn;
};

vec3 unitOr(vec3 v, vec3 fallback) {
    float size = length(v);
    return size > 1e-6f ? v / size : fallback;
}

#include "shared/section.h"

#include "shared/skin_deform.h"

// --- joints ----------------------------------------------------------------------------------------------

// A point that follows the first `influences` (1-4) joints. The normal turns with the same motion.
Placed skinned(Placed rest, uint joints, uint weights, uint influences) {
    Placed result = rest;
    if (influences == 1u) {
        mat4 joint = jointPose(joints & 255u).matrix;
        result.position = vec3(joint * vec4(rest.position, 1.0f));
        result.normal = vec3(joint * vec4(rest.normal, 0.0f));
        return result;
    }
    JointPose blend = blendedJoint(joints, weights, influences);
    result.position = movedBy(blend, rest.position);
    result.normal = turnedBy(blend.real, rest.normal);
    return result;
}

// --- muscles ---------------------------------------------------------------------------------------------

MuscleAt muscleAt(uint muscle, float arc) {
    MuscleHeader header = muscleHeader(muscle);
    float place = clamp(arc * header.toSample, 0.0f, float(kMuscleSamples - 1u) - 0.001f);
    float whole = floor(place);
    float t = place - whole;
    uint i = header.first + uint(whole);
    MuscleSample a = muscleSample(i);
    MuscleSample b = muscleSample(i + 1u);
    MusclePose p = musclePose(i);
    MusclePose q = musclePose(i + 1u);
    MuscleAt at;
    at.centre = mix(a.centre, b.centre, t);
    at.anchor = mix(a.anchor, b.anchor, t);
    at.tangent = unitOr(mix(a.tangent, b.tangent, t), a.tangent);
    at.pose.slide = mix(p.slide, q.slide, t);
    at.pose.widen = mix(p.widen, q.widen, t);
    at.pose.widenSlope = mix(p.widenSlope, q.widenSlope, t);
    at.pose.bulge = mix(p.bulge, q.bulge, t);
    at.pose.lift = mix(p.lift, q.lift, t);
    at.pose.bulgeSlope = mix(p.bulgeSlope, q.bulgeSlope, t);
    return at;
}

// The smallest turn that takes unit vector `from` to `to`, applied to v.
vec3 turned(vec3 v, vec3 from, vec3 to) {
    vec3 both = from + to;
    float c = 1.0f + dot(from, to);
    if (c < 1e-3f) return v;
    return v - both * (dot(both, v) / c) + to * (2.0f * dot(from, v));
}

// Contraction: the material at `arc` slides along the line toward the origin by the pose's slide and widens
// across it by 1 / sqrt(stretch) about the anchor, so that its volume stays; the muscle underneath lifts it.
Placed contracted(Placed rest, uint muscle, float arc) {
    MuscleAt here = muscleAt(muscle, arc);
    float newArc = arc - here.pose.slide;
    MuscleAt there = muscleAt(muscle, newArc);
    // Beyond the ends of the line the slide goes on straight.
    float beyond = min(newArc, 0.0f) - min(arc, 0.0f);
    vec3 offset = turned(rest.position - here.centre, here.tangent, there.tangent);
    vec3 normal = turned(rest.normal, here.tangent, there.tangent);
    vec3 t = there.tangent;
    vec3 arm = there.centre + offset - there.anchor;
    vec3 across = arm - t * dot(arm, t);
    float k = here.pose.widen;
    Placed result;
    result.strain = k - 1.0f;
    result.position = there.centre + t * beyond + offset + across * (k - 1.0f) + there.pose.lift;
    // Inverse transpose of the map's derivative: k across, 1 / k^2 along, and the slope of k.
    float stretch = 1.0f / (k * k);
    float along = dot(normal, t);
    vec3 flat_ = (normal - t * along) / k;
    float tilted = (along - here.pose.widenSlope * dot(flat_, across)) / stretch;
    result.normal = unitOr(flat_ + t * tilted, normal);
    return result;
}

// Three signed numbers of 10 bits, x lowest.
vec3 unpacked(uint word) {
    return vec3(float(int(word << 22u) >> 22), float(int(word << 12u) >> 22), float(int(word << 2u) >> 22));
}

vec3 weighed(uvec4 words, vec4 shape) {
    return unpacked(words.x) * shape.x + unpacked(words.y) * shape.y + unpacked(words.z) * shape.z +
           unpacked(words.w) * shape.w;
}

// Where flesh gives way to bones and to other flesh in this pose, solved when the leg was built.
vec3 correction(uint muscle, float index) {
    if (index < 0.0f) return vec3(0.0f, 0.0f, 0.0f);
    uint at = 2u * uint(index + 0.5f);
    MuscleHeader header = muscleHeader(muscle);
    return weighed(correctionInput(at), header.shape) + weighed(correctionInput(at + 1u), header.shapeMore);
}

// What covers a muscle (skin, fat, fascia) moves by a share of the rise of its surface at that place.
Placed covering(Placed rest, uint muscle, float arc, float share) {
    MuscleAt at = muscleAt(muscle, arc);
    vec3 arm = rest.position - at.anchor;
    vec3 outward = unitOr(arm - at.tangent * dot(arm, at.tangent), rest.normal);
    Placed result = rest;
    result.position = rest.position + (outward * at.pose.bulge + at.pose.lift) * share;
    vec3 tilt = at.tangent * (at.pose.bulgeSlope * share * dot(rest.normal, outward));
    result.normal = unitOr(rest.normal - tilt, rest.normal);
    return result;
}

// --- vessels ---------------------------------------------------------------------------------------------

// Calibre as the drawing shows it: `exaggeration` 1 is what the simulation says.
float shownScale(float radiusScale, float exaggeration) {
    return clamp(1.0f + (radiusScale - 1.0f) * exaggeration, 0.18f, 3.2f);
}

// A varicose tributary winds from side to side in the plane of the skin and rises until its upper half stands
// out of it. Two waves whose lengths have no common measure: no two bends are alike. Any other vein of the fat that
// has grown stays below the skin. `radius`: present, mm.
vec3 wound(VesselPointRest rest, float severity, float radius) {
    float depth = length(rest.skinward);
    if (depth < 1e-3f) return vec3(0.0f, 0.0f, 0.0f);
    vec3 outward = rest.skinward / depth;
    const float kBulge = 1.5f; // of the sinus above a shut valve, in radii
    float grown = min(depth - kBulge * radius - 0.8f, 0.0f) - min(depth - kBulge * rest.radius - 0.8f, 0.0f);
    vec3 deeper = outward * min(grown, 0.0f);
    if (severity * (rest.rise + rest.winding) <= 0.0f) return deeper;
    vec3 aside = unitOr(cross(rest.tangent, outward), rest.normal);
    float bend = 5.2f * sin(rest.arc * 0.127f + 0.6f) + 1.9f * sin(rest.arc * 0.203f + 1.9f);
    float rises = clamp(severity * 2.5f, 0.0f, 1.0f);
    float raised = mix(min(grown, 0.0f), depth - radius * (1.0f - severity), rises);
    return mix(deeper, outward * raised, rest.rise) + aside * (bend * rises * rest.winding);
}

// Half a turn leaves a direction of flattening what it is: the nearest of the two to `near`.
float nearestTurn(float turn, float near) {
    const float kHalf = 3.14159265f;
    return turn - kHalf * floor((turn - near) / kHalf + 0.5f);
}

// What presses on the skin narrows and flattens the veins below it, along its own direction.
VesselFrame pressedFrame(VesselFrame frame, VesselPointRest rest, vec3 place, float radiusScale,
                         float exaggeration) {
    VesselFrame result = frame;
    float share = 0.0f;
    vec3 inward = vec3(0.0f, 0.0f, 0.0f);
    uint count = contactCount();
    for (uint i = 0u; i < count; ++i) {
        Contact c = contactInput(i);
        if (c.kind == kContactPit) continue;
        float here = pressureShare(c, place);
        if (here > share && c.kind == kContactPad) inward = c.inward;
        share = max(share, here);
    }
    if (share <= 0.0f || rest.flowA < 0) return result;
    FlowInput a = flowInput(uint(rest.flowA));
    FlowInput b = flowInput(uint(rest.flowB));
    float scale = mix(a.pressedScale, b.pressedScale, rest.flowBlend);
    float flatness = mix(a.pressedFlatness, b.pressedFlatness, rest.flowBlend);
    // Below the pad the vein is as narrow as computed; beside it the narrowing fades with the pressure.
    float by = clamp(share * 4.0f, 0.0f, 1.0f);
    result.radius = rest.radius * shownScale(mix(radiusScale, min(scale, radiusScale), by), exaggeration);
    result.flatness = max(frame.flatness, flatness * by);
    vec3 flat_ = inward - rest.tangent * dot(inward, rest.tangent);
    if (dot(flat_, flat_) > 0.04f) {
        vec3 binormal = cross(rest.tangent, rest.normal);
        float turn = nearestTurn(atan(dot(flat_, binormal), dot(flat_, rest.normal)), rest.flatTurn);
        result.flatTurn = mix(rest.flatTurn, turn, by);
    }
    return result;
}

// First half of a vessel point: where its line goes, with the state of the stretches that drive it.
VesselFrame posedPoint(VesselPointRest rest, float exaggeration) {
    Placed place;
    place.position = rest.position;
    place.normal = rest.normal;
    place.strain = 0.0f;
    if (rest.muscle >= 0 && rest.muscleWeight > 0.0f) {
        Placed moved = contracted(place, uint(rest.muscle), rest.muscleArc);
        Placed lifted = covering(place, uint(rest.muscle), rest.muscleArc, 1.0f);
        moved.position = mix(lifted.position, moved.position, rest.slide);
        moved.normal = mix(lifted.normal, moved.normal, rest.slide);
        place.position = mix(place.position, moved.position, rest.muscleWeight);
        place.normal = unitOr(mix(place.normal, moved.normal, rest.muscleWeight), place.normal);
    }
    VesselFrame frame;
    frame.tangent = rest.tangent;
    frame.radius = rest.radius;
    frame.flatness = 0.0f;
    frame.flatTurn = rest.flatTurn;
    frame.position = place.position;
    frame.normal = place.normal;
    float scale = 1.0f;
    if (rest.flowA >= 0) {
        FlowInput a = flowInput(uint(rest.flowA));
        FlowInput b = flowInput(uint(rest.flowB));
        scale = mix(a.radiusScale, b.radiusScale, rest.flowBlend);
        frame.radius = rest.radius * shownScale(scale, exaggeration);
        frame.flatness = mix(a.flatness, b.flatness, rest.flowBlend);
    }
    place.position = place.position + wound(rest, windingInput(), frame.radius);
    frame.position = place.position;
    if (contactCount() > 0u) {
        frame = pressedFrame(frame, rest, place.position, scale, exaggeration);
        place = pressed(place);
    }
    place = skinned(place, rest.joints, rest.weights, 4u);
    frame.position = place.position;
    frame.normal = place.normal;
    return frame;
}

// Second half: directions from the neighbours' places.
VesselFrame alignedFrame(VesselFrame frame, vec3 before, vec3 after) {
    VesselFrame result = frame;
    result.tangent = unitOr(after - before, frame.tangent);
    vec3 normal = frame.normal - result.tangent * dot(frame.normal, result.tangent);
    vec3 other = abs(result.tangent.x) < 0.7f ? vec3(1.0f, 0.0f, 0.0f) : vec3(0.0f, 1.0f, 0.0f);
    result.normal = unitOr(normal, normalize(cross(result.tangent, other)));
    return result;
}

VesselAt vesselAt(uint vessel, float arc) {
    VesselHeader header = vesselHeader(vessel);
    float place = clamp(arc / header.spacing, 0.0f, float(header.pointCount - 1u) - 0.001f);
    float whole = floor(place);
    float t = place - whole;
    uint i = header.firstPoint + uint(whole);
    VesselFrame a = vesselFrame(i);
    VesselFrame b = vesselFrame(i + 1u);
    VesselAt at;
    // Cubic Hermite with the tangents of the frames: round where a polygon would show its corners.
    float span = length(b.position - a.position);
    float t2 = t * t;
    float t3 = t2 * t;
    at.position = a.position * (2.0f * t3 - 3.0f * t2 + 1.0f) + b.position * (3.0f * t2 - 2.0f * t3) +
                  (a.tangent * (t3 - 2.0f * t2 + t) + b.tangent * (t3 - t2)) * span;
    at.tangent = unitOr(mix(a.tangent, b.tangent, t), a.tangent);
    vec3 normal = mix(a.normal, b.normal, t);
    at.normal = unitOr(normal - at.tangent * dot(normal, at.tangent), a.normal);
    at.binormal = cross(at.tangent, at.normal);
    at.radius = mix(a.radius, b.radius, t);
    at.flatness = mix(a.flatness, b.flatness, t);
    at.flatTurn = mix(a.flatTurn, b.flatTurn, t);
    return at;
}

// A place inside or on a vessel: `across` in units of its radius (normal, binormal), `along` mm.
vec3 inVessel(VesselAt at, vec2 across, float along) {
    vec2 section = sectionPoint(across, at.flatness, at.flatTurn) * at.radius;
    return at.position + at.normal * section.x + at.binormal * section.y + at.tangent * along;
}

// `valve`: whose sinus it belongs to; the pressure of the blood that stands on shut cusps widens it further.
Placed vesselWall(uint vessel, float arc, vec2 across, float along, vec3 localNormal, float valve) {
    VesselAt at = vesselAt(vessel, arc);
    vec2 n = sectionNormal(across, vec2(localNormal.x, localNormal.y), at.flatness, at.flatTurn);
    vec2 out_ = across;
    if (valve >= 0.0f) {
        float size = length(across);
        float bulge = max(size - 1.0f, 0.0f);
        out_ = across * (1.0f + bulge * valveInput(uint(valve + 0.5f)).balloon / max(size, 0.5f));
    }
    Placed result;
    result.strain = 0.0f;
    result.position = inVessel(at, out_, along);
    result.normal = unitOr(at.normal * n.x + at.binormal * n.y + at.tangent * localNormal.z, at.normal);
    return result;
}

// --- valves ----------------------------------------------------------------------------------------------

// A cusp is a pocket: its attached edge runs as a parabola on the wall from one commissure down to the bottom
// and up to the other, its free margin from commissure to commissure. Open, the margin lies near the wall;
// shut, both margins meet in the plane through the commissures and the pockets are blown full from above.
// In units of the radius: x along the line where the cusps meet, y across it (cusp's side), z along the flow.
vec3 cuspPoint(float u, float v, float opening) {
    const float kHeight = 1.9f;   // of the commissures above the bottom
    const float kOpenGap = 0.72f; // of the margin from the axis when open
    float angle = u * 1.5707963f;
    float s = sin(angle);
    float c = cos(angle);
    vec3 attached = vec3(s, c, kHeight * u * u);
    float open = clamp(opening, 0.0f, 1.0f);
    // Shut, the spare length of the margin hangs into the middle and a little down.
    vec3 shut = vec3(u * 0.98f, 0.02f + 0.05f * (1.0f - u * u), kHeight - 0.22f * (1.0f - u * u));
    vec3 wide = vec3(s * mix(1.0f, 0.96f, c), c * kOpenGap, kHeight + 0.05f * (1.0f - u * u));
    vec3 margin = mix(shut, wide, open);
    vec3 p = mix(attached, margin, v);
    float belly = 4.0f * v * (1.0f - v) * (1.0f - u * u);
    // Blown toward the axis and down when shut; toward the wall when open.
    p.y += belly * mix(-0.16f, 0.10f, open);
    p.z += belly * mix(-0.30f, 0.02f, open);
    return p;
}

Placed valveCusp(uint valve, float cusp, float u, float v, float side) {
    ValveInput site = valveInput(valve);
    VesselAt at = vesselAt(site.vessel, site.arc);
    vec3 p = cuspPoint(u, v, site.opening);
    const float kStep = 0.02f;
    vec3 du = cuspPoint(u + kStep, v, site.opening) - cuspPoint(u - kStep, v, site.opening);
    vec3 dv = cuspPoint(u, v + kStep, site.opening) - cuspPoint(u, v - kStep, site.opening);
    vec3 n = unitOr(cross(du, dv), vec3(0.0f, -1.0f, 0.0f)); // toward the axis
    // Thickness of the membrane, thinner toward the margin.
    p = p + n * (side * mix(0.035f, 0.02f, v));
    float facing = cusp < 0.5f ? 1.0f : -1.0f;
    float c = cos(site.angle);
    float s = sin(site.angle);
    vec2 lineDirection = vec2(c, s);
    vec2 acrossDirection = vec2(-s, c) * facing;
    // Turning the second cusp by half a turn keeps it a mirror image only with x turned as well.
    vec2 flat_ = lineDirection * (p.x * facing) + acrossDirection * p.y;
    VesselAt above = vesselAt(site.vessel, site.arc + p.z * at.radius);
    Placed result;
    result.strain = 0.0f;
    result.position = inVessel(above, flat_, 0.0f);
    vec2 n2 = lineDirection * (n.x * facing) + acrossDirection * n.y;
    vec3 normal = above.normal * n2.x + above.binormal * n2.y + above.tangent * n.z;
    result.normal = unitOr(normal * side, above.normal);
    return result;
}

// --- all vertices ----------------------------------------------------------------------------------------

Placed covered(Placed start, RestVertex rest) {
    // detail: muscle, arc, share; more: the same of a second muscle. -1: none.
    uint first = uint(max(rest.detail.x, 0.0f) + 0.5f);
    uint second = uint(max(rest.more.x, 0.0f) + 0.5f);
    float shareOne = rest.detail.x < 0.0f ? 0.0f : rest.detail.z;
    float shareTwo = rest.more.x < 0.0f ? 0.0f : rest.more.z;
    Placed one = covering(start, first, rest.detail.y, shareOne);
    Placed two = covering(start, second, rest.more.y, shareTwo);
    Placed result = start;
    result.position = one.position + two.position - start.position;
    result.normal = unitOr(one.normal + two.normal - start.normal, start.normal);
    return result;
}

// `kind`: kDeform...; `influences`: the most joints that any vertex of the structure follows.
DeformedVertex deformed(RestVertex rest, StructureState structure, uint kind, uint influences) {
    Placed place;
    place.position = rest.position;
    place.normal = rest.normal;
    place.strain = 0.0f;
    DeformedVertex result;
    result.structure = rest.structure;
    result.tone = 0.0f;
    if (kind == kDeformTube) {
        place = vesselWall(uint(structure.vessel), rest.detail.x, vec2(rest.detail.y, rest.detail.z),
                           rest.detail.w, rest.normal, rest.more.x);
    } else if (kind == kDeformCusp) {
        place =
            valveCusp(uint(rest.detail.x + 0.5f), rest.detail.y, rest.detail.z, rest.detail.w, rest.more.x);
    } else if (kind == kDeformMuscle) {
        place = contracted(place, uint(structure.muscle), rest.detail.x);
        place.position = place.position + correction(uint(structure.muscle), rest.detail.w);
        result.tone = clamp(place.strain * 4.0f, 0.0f, 1.0f);
        place = pressed(place);
        place = skinned(place, rest.joints, rest.weights, influences);
    } else if (kind == kDeformCover) {
        place = swollen(place, rest.detail.w);
        place = covered(place, rest);
        place = pressed(place);
        place = skinned(place, rest.joints, rest.weights, influences);
    } else {
        result.tone = rest.detail.y;
        place = skinned(place, rest.joints, rest.weights, influences);
    }
    result.position = place.position;
    result.normal = place.normal;
    return result;
}
