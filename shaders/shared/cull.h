#ifndef PUMP_SHARED_CULL_H
#define PUMP_SHARED_CULL_H
// Triangles that show nothing are left out before they are drawn.
#include "shared/common.h"

#ifdef __cplusplus
namespace pump::shared {
#endif

const uint kCullBlock = 32u; // triangles that one invocation looks at: a bit each

struct CullBlock {
    uint firstIndex; // into the leg's indices
    uint triangles;  // 1 - kCullBlock
};

// What one draw draws; its blocks follow each other.
struct CullRange {
    uint firstBlock;
    uint blockCount;
    uint firstIndex; // what is left of it begins at the same place of the other buffer
    uint spare;
};

struct CullParams {
    uint count;   // of blocks or ranges
    float margin; // pixels: how far outside its corners a triangle may still touch a sample
    vec2 low;     // pixels: the part of the picture that is drawn
    vec2 high;
};

#ifdef __cplusplus
static_assert(sizeof(CullBlock) == 8 && sizeof(CullRange) == 16 && sizeof(CullParams) == 24);
} // namespace pump::shared
#endif
#endif
