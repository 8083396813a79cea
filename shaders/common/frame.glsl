#ifndef COMMON_FRAME
#define COMMON_FRAME
#include "shared/leg.h"

layout(std140, binding = 0) uniform FrameBlock { FrameConstants frame; };
#endif
