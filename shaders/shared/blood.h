#ifndef PUMP_SHARED_BLOOD_H
#define PUMP_SHARED_BLOOD_H
// Blood cells and the roads they move on. Leg frame, mm, s. Cells live in vessel coordinates: vessel, arc
// length, share of the radius, angle. A vessel has points at even arc lengths, point i at i * spacing;
// interval i goes from point i to i + 1. Arrays by interval have one unused entry for each last point, so
// that all arrays by point or interval share one index.
#include "shared/common.h"

#ifdef __cplusplus
namespace pump::shared {
#endif

const uint kNoIndex = 0xffffffffu;

const uint kBloodGroup = 128u; // local size of the shaders over cells
const int kMaxHops = 96;       // intervals that a cell may cross in one step; the rest of the step is dropped
const float kNudgeMm = 0.01f;  // how far past a border a cell is put when it crosses it
const float kCellFadeS = 0.3f; // s in which a cell appears or goes where it does not do so at a stub
const float kStubFadeMm = 25.0f; // length over which blood fades at a stub
const float kValveHolds = 0.05f; // below this opening a valve holds back every cell
const float kQueueMm = 2.5f;     // cells that are held stop within this distance of the valve
// A shut bicuspid valve is a tent: its cusps rise from the wall at both sides (at the valve's arc length) to
// the line where they meet, this many radii further along the flow.
const float kTentHeight = 1.7f;

// Velocity over the section, relative to its mean: kWallSpeed at the wall, 2 - kWallSpeed on the axis, and 1
// on average. Whole blood has a blunter profile than Poiseuille's, and a cell does not stick to the wall.
const float kWallSpeed = 0.3f;

// Bits of BloodVessel.stubs: this end leads nowhere; blood fades in and out there.
const uint kStubStart = 1u;
const uint kStubEnd = 2u;

// Values of BloodVessel.kind that matter here: anatomy::VesselKind.
const uint kKindArtery = 3u;
const uint kKindLymph = 4u;
const uint kKindBed = 5u;

struct BloodVessel {
    uint firstPoint; // into arrays by point or interval
    uint pointCount; // >= 2
    float arcLength; // mm
    float spacing;   // mm between points
    uint kind;
    uint stubs;
    uint startFirst; // into Passage[]: where blood goes that leaves through the start
    uint startCount;
    uint endFirst; // the same for the end
    uint endCount;
    float oxygenFrom; // saturation 0-1 at the start; veins: of blood that enters from vessels not drawn
    float oxygenTo;   // at the end
    uint visible;     // 0: its blood is not drawn in this frame
    uint padding0;
    uint padding1;
    uint padding2;
};

// What moves the blood in one interval, in this frame.
struct IntervalFlow {
    float velocityLow;  // mm/s toward rising arc at the interval's start, mean over the section
    float velocityHigh; // at its end
    uint barrier;       // the shut valve whose tent reaches into the interval; kNoIndex: none
    float radius;       // mm, of the lumen
};

// A valve in this frame.
struct BloodValve {
    float arc;      // mm: attached edge of the cusps
    float height;   // mm to the top of the tent: negative when it passes flow toward falling arc
    float cosAngle; // of the line where the cusps meet, from the vessel's normal
    float sinAngle;
};

// What lies in one interval, always.
struct IntervalInfo {
    uint passageFirst; // into Passage[]: vessels that leave here sideways, by rising arc
    uint passageCount;
    uint stretch;
    uint padding;
};

// A way out of a vessel: at an end, or sideways into a branch.
struct Passage {
    uint vessel;  // where it leads
    float arc;    // mm along that vessel
    float at;     // mm along the vessel that is left
    float chance; // at an end: cumulated over its passages, 1 at the last, or 0 when none takes blood now;
                  // sideways: of each cell that comes by
};

// One red cell, or rather one that stands for very many.
struct Cell {
    uint vessel;  // kNoIndex: waits outside the leg
    float arc;    // mm
    float radius; // share of the lumen's, 0-1
    float angle;  // rad, round the tangent, from the normal
    float oxygen; // saturation 0-1
    float age;    // s since it entered the leg
    float fade;   // 0 just appeared ... 1 all there; below 0: going, gone at 0
    uint stretch; // where it is counted; kNoIndex while it goes
};

// Where waiting cells may come in: a stub with flow into the leg, or a stretch that lacks blood, since small
// vessels that are not drawn drain into it.
struct SpawnSite {
    uint vessel;
    float from;   // mm: between these arc lengths
    float to;     //
    float expect; // stubs: cells that come in during this step; stretches: cells that it should hold
    float supply; // stretches: cells that small vessels bring in this step; negative: that they take away
    float widest; // mm: largest radius between them
    float padding0;
    float padding1;
};

struct BloodParams {
    uint cellCount;
    uint seed;
    uint step;
    float dt;       // s
    uint portCount; // spawn sites [0, portCount) are stubs, those after are the stretches in order
    uint stretchCount;
    float balance;    // share of a lack or excess in a stretch that is made up in this step
    uint waitingSlot; // of the counts: cells that wait outside; counts before it are by stretch
};

// What the balance shader decides for the cells of this step; after it, one float for each spawn site (their
// chances, cumulated, in expected cells) and one for each stretch (chance of each of its cells to go).
struct BloodBalance {
    float spawnChance; // of each waiting cell
    float expected;    // cells that should come in: the last of the cumulated chances
    float padding0;
    float padding1;
};

// Drawing of the cells by compute: one 32-bit word a pixel, depth in the high bits, so that the smallest word
// is the nearest cell; and the tiles of the picture that have any.
const uint kSplatTile = 32u; // pixels
const uint kSplatEmpty = 0xffffffffu;
const uint kSplatDepthBits = 20u; // then 6 bits of shade and 6 of oxygen
const float kSplatMinPixels = 0.85f;
const float kSplatMaxPixels = 14.0f;

// Followed by one mark and then one list entry for each tile.
struct SplatTiles {
    uint vertexCount; // VkDrawIndirectCommand: one instance for each tile with cells
    uint instanceCount;
    uint firstVertex;
    uint firstInstance;
};

struct CellLook {
    uint cellCount;
    uint seed;
    float radius; // mm, of a drawn cell in a wide vessel
    uint width;   // of the picture, pixels
    uint height;
    uint tilesAcross;
};

#ifdef __cplusplus
static_assert(sizeof(SplatTiles) == 16 && sizeof(CellLook) == 24);
static_assert(sizeof(BloodBalance) == 16);
static_assert(sizeof(BloodVessel) == 64 && offsetof(BloodVessel, oxygenFrom) == 40);
static_assert(sizeof(IntervalFlow) == 16 && sizeof(BloodValve) == 16 && sizeof(IntervalInfo) == 16 &&
              sizeof(Passage) == 16);
static_assert(sizeof(Cell) == 32 && sizeof(SpawnSite) == 32 && sizeof(BloodParams) == 32);
} // namespace pump::shared
#endif
#endif
