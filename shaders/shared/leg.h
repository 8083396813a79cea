#ifndef PUMP_SHARED_LEG_H
#define PUMP_SHARED_LEG_H
// The leg's meshes, muscles, vessel lines and the constants of a frame as shaders see them. Offsets are equal
// in std430 and in C++. Leg frame, mm, unless said otherwise.
#include "shared/common.h"
#include "shared/skin.h"

#ifdef __cplusplus
namespace pump::shared {
using glm::abs;
using glm::atan;
using glm::clamp;
using glm::cos;
using glm::cross;
using glm::dot;
using glm::floor;
using glm::inversesqrt;
using glm::length;
using glm::max;
using glm::min;
using glm::mix;
using glm::normalize;
using glm::sin;
#endif

const uint kGroupSize = 64u;     // local size of one-dimensional kernels
const uint kMuscleSamples = 48u; // along each muscle's line

// Values of anatomy::Tissue.
const uint kBone = 0u;
const uint kCartilage = 1u;
const uint kMuscle = 2u;
const uint kTendon = 3u;
const uint kVein = 4u;
const uint kArtery = 5u;
const uint kValve = 6u;
const uint kNerve = 7u;
const uint kFascia = 8u;
const uint kFat = 9u;
const uint kSkin = 10u;
const uint kLymph = 11u;

// One vertex at rest. detail and more hold anatomy::Vertex::tissue as loaded, except:
//   vessels  position: as loaded; normal: in the vessel's frame (normal, binormal, tangent);
//            detail: arc length; place across in units of the radius (normal, binormal); mm along the tangent
//            more: index of the valve whose sinus it belongs to, or -1
//   covers   detail.w: share of the swelling that it takes, 0-2
//   muscles  detail.w: index of its corrections, or -1
//            more: fibre coordinates for the striation, mm
//   bones    detail.y: cavity, -1 groove ... 1 ridge
struct RestVertex {
    vec3 position;
    uint joints; // 4 x 8 bits
    vec3 normal;
    uint weights; // 4 x 8 bits, sum 255
    vec4 detail;
    vec3 more;
    uint structure;
};

struct DeformedVertex {
    vec3 position;
    uint structure;
    vec3 normal;
    float tone; // muscles: local contraction, 0-1; bones: cavity, -1 groove ... 1 ridge
};

// A rigid motion from rest to pose: as a matrix, and as a unit dual quaternion (x, y, z, w) for blends.
struct JointPose {
    mat4 matrix;
    vec4 real;
    vec4 dual; // half of translation times real
};

// A plain body beside the leg (seat, bed, band): the cube from -1 to 1, its upper end scaled.
struct Prop {
    mat4 place; // cube -> leg frame, mm
    vec3 colour;
    float opacity;
    vec4 shape; // x: scale of the upper end
};

// What deforms and how it is drawn, one for each structure; renewed every frame.
struct StructureState {
    uint tissue;
    int muscle; // -1: none
    int vessel; // -1: none
    uint flags; // kStructure...
    float opacity;
    float activation; // of its muscle, 0-1
    float body;       // of a ghost: opacity where seen face on, of `opacity`
    float edge;       // and what its rim adds
    vec3 colour;      // linear
    float wrap;       // how far light reaches round the edge, 0 dry - 0.6 flesh
    float gloss;      // exponent of the highlight
    float shine;      // its strength
    float sheen;      // light along the rim
    float spare;
};
const uint kStructureHighlighted = 1u;
const uint kStructureHidden = 2u;
const uint kStructureHeat = 8u;  // coloured by activation
const uint kStructureGhost = 4u; // not picked: what lies behind it is meant

const float kStubFade = 85.0f; // over which a vessel above the cap fades out

// How the vertices of a structure follow; one pipeline each, since CPU drivers run every branch of a shader.
const uint kDeformRigid = 0u; // joints only
const uint kDeformTube = 1u;
const uint kDeformCusp = 2u;
const uint kDeformMuscle = 3u;
const uint kDeformCover = 4u; // skin, fat, fascia over muscles
const uint kDeformKinds = 5u;

// Shape of a muscle at rest, kMuscleSamples for each.
struct MuscleSample {
    vec3 centre; // on the line
    float arc;
    vec3 anchor; // stays when the belly thickens
    float reach; // from the anchor to the far surface
    vec3 tangent;
    float radius; // of a circle with the section's area
};

// The same muscle contracted; renewed every frame.
struct MusclePose {
    float slide;      // of the material here toward the origin, beyond what the joints carry it
    float widen;      // scale across the line, 1 / sqrt(stretch)
    float widenSlope; // change per mm of line
    float bulge;      // how far the surface rises at this place (not material)
    vec3 lift;        // by the muscle underneath, at this place
    float bulgeSlope; // per mm
};

struct MuscleHeader {
    uint first;     // sample
    float toSample; // samples per mm
    float length;   // mm
    float activation;
    vec4 shape; // weights of its corrections in this pose, mm per unit,
    vec4 shapeMore; // of the fifth to the eighth
};

// A point of a vessel's line at rest. Points of a vessel are evenly spaced.
struct VesselPointRest {
    vec3 position;
    uint joints;
    vec3 normal;
    uint weights;
    vec3 tangent;
    int muscle; // that carries it along; -1: none
    float muscleArc;
    float muscleWeight;
    float radius;
    float arc;
    int flowA; // stretches that drive it, blended; -1: none
    int flowB;
    float flowBlend; // 0: A ... 0.5: half and half
    float flatTurn;  // direction in which what lies round it presses it flat, rad from the normal
    vec3 skinward;   // to the skin above it, mm; superficial veins only, else zero
    float winding;   // how far it may wind when varicose, 0-1; 0 where others join it
    float rise;      // how far it rises with a varicose tributary, 0-1: its own line, and what joins it there
    float slide;     // 1: goes along with the muscle's flesh; 0: lies on it, as veins of the fat do, and is lifted only
    float spare1;
    float spare2;
};

// The same point posed.
struct VesselFrame {
    vec3 position;
    float radius;
    vec3 tangent;
    float flatness;
    vec3 normal;
    float flatTurn; // see VesselPointRest
};

struct FlowInput {
    float radiusScale; // as simulated
    float flatness;
    float pressedScale; // the same where something presses on it
    float pressedFlatness;
};

// Points of a vessel lie at even arc lengths: point i at i * spacing.
struct VesselHeader {
    uint firstPoint;
    uint pointCount; // >= 2
    float lengthMm;
    float spacing;
};

struct ValveInput {
    uint vessel;
    float arc;     // attached edge of the cusps; they open toward rising arc
    float angle;   // of the line where they meet, from the normal
    float opening; // 0 shut - 1 open
    float balloon; // of the sinus round it: further widening by the pressure above it, share of its own bulge
    float spare1;
    float spare2;
    float spare3;
};

// One frame.
struct FrameConstants {
    mat4 viewProjection;
    mat4 view;
    vec3 eye;
    float pixelsPerUnit; // of the picture's height at distance 1
    vec3 rayOrigin;      // through the pointer
    float time;          // simulated, s
    vec3 rayDirection;
    float exaggeration;
    vec2 viewport; // pixels
    float nearPlane;
    float farPlane;
    float floorZ;
    uint frame;
    vec2 spare1;
    vec3 keyLight; // directions toward the lights, unit
    float spare2;
    vec3 fillLight;
    float spare3;
    vec3 backLight;
    float spare4;
    vec4 contacts[6]; // of the foot with the floor: place (x, y), height above it, half width
    vec3 right;       // of the camera
    float aspect;
    vec3 up;
    float tanHalfFov;
    vec2 lensShift; // add to clip coordinates to get those of a centred picture
    vec2 spare5;
    vec4 cap; // plane where the drawn limb ends, in this pose: vessels fade out by their height above it, mm
};

#ifdef __cplusplus
static_assert(sizeof(JointPose) == 96);
static_assert(sizeof(Prop) == 96);
static_assert(sizeof(RestVertex) == 64 && offsetof(RestVertex, structure) == 60);
static_assert(sizeof(DeformedVertex) == 32 && offsetof(DeformedVertex, tone) == 28);
static_assert(sizeof(StructureState) == 64 && offsetof(StructureState, colour) == 32);
static_assert(sizeof(MuscleSample) == 48);
static_assert(sizeof(MusclePose) == 32 && offsetof(MusclePose, lift) == 16);
static_assert(sizeof(MuscleHeader) == 48 && offsetof(MuscleHeader, shapeMore) == 32);
static_assert(sizeof(VesselPointRest) == 112 && offsetof(VesselPointRest, muscleArc) == 48);
static_assert(sizeof(VesselFrame) == 48);
static_assert(sizeof(VesselHeader) == 16);
static_assert(sizeof(ValveInput) == 32);
static_assert(sizeof(FlowInput) == 16);
static_assert(offsetof(FrameConstants, eye) == 128 && offsetof(FrameConstants, viewport) == 176);
static_assert(offsetof(FrameConstants, contacts) == 256 && offsetof(FrameConstants, right) == 352);
static_assert(offsetof(FrameConstants, lensShift) == 384 && sizeof(FrameConstants) == 416);
} // namespace pump::shared
#endif
#endif
