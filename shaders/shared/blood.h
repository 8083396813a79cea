#ifndef PUMP_SHARED_BLOOD_H
#define PUMP_SHARED_BLOOD_H
#include "shared/vessels.h"

#ifdef __cplusplus
namespace pump::shared {
#endif

const uint kBloodGroup = 128u;  // local size of the shaders over cells
const uint kBalanceGroup = 64u; // and of the one over spawn sites
const int kMaxHops = 24;        // intervals that a cell may cross in one step; the rest of a step is dropped
const float kNudgeMm = 0.01f;   // how far past a border a cell is put when it crosses it
const float kCellFadeS = 0.25f; // s in which a cell appears or goes where it does not do so at a stub
// Velocity over the section, relative to its mean: kWallSpeed at the wall, 2 - kWallSpeed on the axis, and 1
// on average. Whole blood has a blunter profile than Poiseuille's, and a cell does not stick to the wall.
const float kWallSpeed = 0.3f;

// One red cell (or rather one that stands for very many).
struct Cell {
    uint vessel;  // kNoIndex: waits outside the leg
    float arc;    // mm
    float radius; // 0-1 of the lumen's
    float angle;  // rad, round the tangent, from the normal
    float oxygen; // saturation 0-1
    float age;    // s since it entered the leg
    float fade;   // 0 just appeared ... 1; -1 ... 0 going
    uint stretch; // where it is counted
};

// Blood that comes in at a stub in this step.
struct BloodPort {
    uint vessel;
    uint atEnd;  // 1: the vessel's end, 0: its start
    float cells; // expected number in this step
    float reach; // mm that blood moves in this step
};

struct BloodParams {
    uint cellCount;
    uint seed;
    uint step;
    float dt; // s
    uint portCount;
    uint stretchCount;
    float balance; // share of a lack or excess in a stretch that is made up in this step
    float padding;
};

#ifdef __cplusplus
static_assert(sizeof(Cell) == 32 && sizeof(BloodPort) == 16 && sizeof(BloodParams) == 32);
} // namespace pump::shared
#endif
#endif
