#ifndef COMMON_FRAME
#define COMMON_FRAME
#include "shared/leg.h"

layout(std430, binding = 0) readonly buffer FrameBlock { FrameConstants frame; };
#endif
