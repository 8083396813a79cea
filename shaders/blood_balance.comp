#version 460
#extension GL_GOOGLE_include_directive : require
// Keeps the blood even: how many cells come in at which stub or stretch in this step, and which stretches let
// cells go. One work group.
#include "shared/blood.h"

layout(local_size_x = 64) in;
layout(push_constant) uniform Push { BloodParams params; };
layout(std430, binding = 0) readonly buffer SiteBlock { SpawnSite sites[]; };
layout(std430, binding = 1) readonly buffer CountBlock { uint counts[]; };
layout(std430, binding = 2) buffer BalanceBlock {
    BloodBalance balance;
    float chances[]; // cumulated by site, then by stretch
};

shared float sums[64];

// Small differences are chance, not a lack or an excess: leave them alone.
float lackOf(float count, float wanted) { return max(0.0, wanted * 0.92 - 1.0 - count); }
float excessOf(float count, float wanted) { return max(0.0, count - wanted * 1.12 - 2.0); }

void main() {
    uint self = gl_LocalInvocationID.x;
    uint siteCount = params.portCount + params.stretchCount;
    uint each = (siteCount + 63u) / 64u;
    uint begin = min(self * each, siteCount);
    uint end = min(begin + each, siteCount);
    float sum = 0.0;
    for (uint i = begin; i < end; ++i) {
        float expected = sites[i].expect;
        if (i >= params.portCount) {
            uint stretch = i - params.portCount;
            float count = float(counts[stretch]);
            float wanted = expected;
            float supply = sites[i].supply;
            expected = max(supply, 0.0) + lackOf(count, wanted) * params.balance;
            float goes = max(-supply, 0.0) + excessOf(count, wanted) * params.balance;
            chances[siteCount + stretch] = goes / max(count, 1.0);
        }
        sum += expected;
        chances[i] = sum;
    }
    sums[self] = sum;
    barrier();
    float before = 0.0;
    for (uint k = 0u; k < self; ++k) before += sums[k];
    for (uint i = begin; i < end; ++i) chances[i] += before;
    if (self == 63u) {
        float waiting = float(counts[params.waitingSlot]);
        balance.expected = before + sum;
        balance.spawnChance = waiting > 0.0 ? min(1.0, (before + sum) / waiting) : 0.0;
    }
}
