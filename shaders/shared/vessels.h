#ifndef PUMP_SHARED_VESSELS_H
#define PUMP_SHARED_VESSELS_H
// The vessel tree as shaders see it. Leg frame, mm. Points of a vessel lie at even arc lengths: point i of a
// vessel at i * spacing. Interval i goes from point i to i + 1; arrays by interval have one (unused) entry
// for the last point too, so that all arrays by point share one index.
#include "shared/common.h"

#ifdef __cplusplus
namespace pump::shared {
#endif

const uint kNoIndex = 0xffffffffu;

// Values of VesselInfo.kind: anatomy::VesselKind.
const uint kKindDeepVein = 0u;
const uint kKindSuperficialVein = 1u;
const uint kKindPerforator = 2u;
const uint kKindArtery = 3u;
const uint kKindLymph = 4u;
const uint kKindBed = 5u;

// Bits of VesselInfo.stubs: this end leads nowhere; blood fades in and out there.
const uint kStubStart = 1u;
const uint kStubEnd = 2u;

const float kStubFadeMm = 25.0f; // length over which blood fades at a stub

struct VesselInfo {
    uint firstPoint; // into arrays by point
    uint pointCount; // >= 2
    float length;    // mm
    float spacing;   // mm between points
    uint kind;
    uint stubs;
    uint startFirst; // into Passage[]: where blood goes that leaves through the start
    uint startCount;
    uint endFirst; // the same for the end
    uint endCount;
    float oxygenFrom; // saturation 0-1 at the start; veins: of blood that enters from vessels not drawn
    float oxygenTo;   // at the end
    uint firstStretch;
    uint stretchCount;
    uint structure; // kNoIndex: none
    uint visible;   // 0: its blood is not drawn in this frame
};

struct VesselPointRest {
    vec3 position;
    float radius; // mm, as drawn at quiet standing
    vec3 normal;  // unit, perpendicular to the vessel
    float arc;    // mm
    uint joints;  // four bytes
    uint weights; // four bytes, sum 255
    uint muscle;  // kNoIndex: none
    float muscleArc;
    float muscleWeight; // 0-1
    uint stretch;       // the stretch that the point belongs to
    uint neighbour;     // the stretch to blend with near a border, else the same
    float blend;        // share of the neighbour, 0-0.5
    float along;        // 0-1 from the stretch's `from` to its `to`
    uint vessel;
    uint isFirst; // of its vessel: 0 or 1
    uint isLast;
};

struct PosedFrame {
    vec3 position;
    float radius; // mm, present
    vec3 tangent; // unit, toward rising arc
    float flatness;
    vec3 normal; // unit; binormal = cross(tangent, normal)
    float pressureMmHg;
};

// What moves the blood in one interval, in this frame.
struct IntervalFlow {
    float velocityLow;  // mm/s toward rising arc at the interval's start, mean over the section
    float velocityHigh; // at its end
    float barrier;      // arc length of a shut valve in the interval, mm; negative: none
    float area;         // mm^2, lumen at the interval's middle
};

// What lies in one interval, always.
struct IntervalInfo {
    uint passageFirst; // into Passage[]: vessels that leave here sideways, by rising arc
    uint passageCount;
    uint stretch;
    uint valve; // into ValveInfo[]; kNoIndex: none
};

struct StretchInfo {
    uint vessel;
    float from;       // mm
    float to;         // mm
    float restVolume; // mm^3, sum over its intervals at the drawn radius
};

// FlowState of scene/RenderInput.h with velocities turned into the direction of rising arc.
struct StretchFlow {
    float radiusScale;
    float flatness;
    float velocityFrom; // mm/s at the stretch's `from`
    float velocityTo;   // mm/s at its `to`
    float pressureMmHg;
    float padding0;
    float padding1;
    float padding2;
};

// A way out of a vessel: at an end, or sideways into a branch.
struct Passage {
    uint vessel;  // where it leads
    float arc;    // mm along that vessel
    float at;     // mm along the vessel that is left
    float chance; // at an end: cumulated over its passages, 1 or, when none takes blood now, 0 at the last;
                  // sideways: of each cell that comes by
};

struct ValveInfo {
    uint vessel;
    float arc; // mm: attached edge of the cusps
    float angle;
    float opening; // 0 shut ... 1 open, in this frame
};

// Below this opening a valve holds back every cell.
const float kValveHolds = 0.05f;

#ifdef __cplusplus
static_assert(sizeof(VesselInfo) == 64 && offsetof(VesselInfo, oxygenFrom) == 40);
static_assert(sizeof(VesselPointRest) == 80 && offsetof(VesselPointRest, muscleWeight) == 48);
static_assert(sizeof(PosedFrame) == 48 && offsetof(PosedFrame, normal) == 32);
static_assert(sizeof(IntervalFlow) == 16 && sizeof(IntervalInfo) == 16 && sizeof(StretchInfo) == 16);
static_assert(sizeof(StretchFlow) == 32 && sizeof(Passage) == 16 && sizeof(ValveInfo) == 16);
} // namespace pump::shared
#endif
#endif
