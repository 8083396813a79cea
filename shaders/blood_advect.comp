#version 460
#extension GL_GOOGLE_include_directive : require
// Moves the cells by one step: along their vessel with the simulated velocity, up to shut valves and never
// past them, on through junctions; in at stubs and out at stubs. tests/support/BloodReference.h is its twin.
#include "common/blood_texels.glsl"
#include "common/random.glsl"

layout(local_size_x = kBloodGroup) in;
layout(push_constant) uniform Push { BloodParams params; };
layout(std430, binding = 0) buffer CellBlock { Cell cells[]; };
layout(binding = 1) uniform utextureBuffer vessels;
layout(binding = 2) uniform utextureBuffer intervals;
layout(binding = 3) uniform utextureBuffer flows;
layout(binding = 4) uniform utextureBuffer passages;
layout(std430, binding = 5) readonly buffer SiteBlock { SpawnSite sites[]; };
layout(std430, binding = 6) buffer CountBlock { uint counts[]; };
layout(std430, binding = 7) readonly buffer BalanceBlock {
    BloodBalance balance;
    float chances[];
};
layout(binding = 8) uniform utextureBuffer valves;

uint id;
uint draws = 0u;
bool atTent = false; // the last interval has a shut valve: the cell keeps its place in the section

float draw() { return hashUniform(params.seed, id, params.step * 256u + draws++); }
// The same for a cell all its life.
float trait() { return hashUniform(params.seed, id, 0xffffff00u); }

float profile(float radius) { return kWallSpeed + 2.0 * (1.0 - kWallSpeed) * (1.0 - radius * radius); }

// Radius of a cell that comes in with the stream: more pass where it is fast.
float radiusInStream(float u) {
    const float a = 2.0 - kWallSpeed;
    const float b = 1.0 - kWallSpeed;
    return sqrt(clamp((a - sqrt(max(a * a - 4.0 * b * u, 0.0))) / (2.0 * b), 0.0, 1.0));
}

uint intervalOf(BloodVessel vessel, float arc) {
    return min(uint(max(arc, 0.0) / vessel.spacing), vessel.pointCount - 2u);
}

void leave(inout Cell cell) {
    cell.vessel = kNoIndex;
    cell.stretch = kNoIndex;
    cell.fade = 0.0;
}

// A waiting cell comes in, or goes on waiting.
bool enter(inout Cell cell) {
    if (!(draw() < balance.spawnChance)) return false;
    uint low = 0u;
    uint high = params.portCount + params.stretchCount - 1u;
    float wanted = draw() * balance.expected;
    while (low < high) {
        uint middle = (low + high) / 2u;
        if (chances[middle] > wanted) high = middle;
        else low = middle + 1u;
    }
    SpawnSite site = sites[low];
    BloodVessel vessel = bloodVesselFrom(vessels, site.vessel);
    bool atStub = low < params.portCount;
    cell.vessel = site.vessel;
    // In a stretch anywhere, but more where it is wide.
    for (int attempt = 0; attempt < 6; ++attempt) {
        cell.arc = clamp(mix(site.from, site.to, draw()), kNudgeMm, vessel.arcLength - kNudgeMm);
        if (atStub) break;
        float share = flowFrom(flows, vessel.firstPoint + intervalOf(vessel, cell.arc)).radius / site.widest;
        if (draw() < share * share) break;
    }
    float u = draw();
    cell.radius = atStub ? radiusInStream(u) : sqrt(u);
    cell.angle = draw() * 6.2831853;
    float along = cell.arc / vessel.arcLength;
    cell.oxygen = mix(vessel.oxygenFrom, vessel.oxygenTo, along) + 0.06 * (draw() - 0.5);
    cell.age = 0.0;
    cell.fade = atStub ? 1.0 : 0.0;
    cell.stretch = intervalFrom(intervals, vessel.firstPoint + intervalOf(vessel, cell.arc)).stretch;
    return true;
}

// Where the tent of a shut valve crosses the path of a cell.
float tentAt(BloodValve valve, Cell cell) {
    float across = cell.radius * abs(sin(cell.angle) * valve.cosAngle - cos(cell.angle) * valve.sinAngle);
    return valve.arc + valve.height * (1.0 - across);
}

// Through the end that was reached. False: nothing takes blood there, or it is a stub and the cell has gone.
bool goOn(inout Cell cell, bool atEnd) {
    BloodVessel vessel = bloodVesselFrom(vessels, cell.vessel);
    uint first = atEnd ? vessel.endFirst : vessel.startFirst;
    uint count = atEnd ? vessel.endCount : vessel.startCount;
    if (count == 0u) {
        leave(cell);
        return false;
    }
    float u = draw();
    for (uint k = first; k < first + count; ++k) {
        Passage passage = passageFrom(passages, k);
        if (u < passage.chance) {
            cell.vessel = passage.vessel;
            cell.arc = passage.arc;
            cell.angle = draw() * 6.2831853;
            return true;
        }
    }
    cell.arc = atEnd ? vessel.arcLength - kNudgeMm : kNudgeMm;
    return false;
}

void advance(inout Cell cell) {
    float time = params.dt;
    float factor = profile(cell.radius);
    float queue = 2.0 * kNudgeMm + kQueueMm * trait();
    for (int hop = 0; hop < kMaxHops && time > 0.0; ++hop) {
        BloodVessel vessel = roadFrom(vessels, cell.vessel);
        uint i = intervalOf(vessel, cell.arc);
        IntervalFlow flow = flowFrom(flows, vessel.firstPoint + i);
        float low = float(i) * vessel.spacing;
        float high = low + vessel.spacing;
        // Velocity at the middle of the way.
        float t = (cell.arc - low) / vessel.spacing;
        float v = mix(flow.velocityLow, flow.velocityHigh, t) * factor;
        t = (clamp(cell.arc + 0.5 * v * time, low, high) - low) / vessel.spacing;
        v = mix(flow.velocityLow, flow.velocityHigh, t) * factor;
        if (abs(v) * time < 1e-5) return;
        bool rising = v > 0.0;
        float to = cell.arc + v * time;
        float border = rising ? high : low;
        bool crosses = rising ? to > border : to < border;
        float used = time;
        if (crosses) {
            used = clamp((border - cell.arc) / v, 0.0, time);
            to = rising ? border + kNudgeMm : border - kNudgeMm;
        }
        // A shut valve: stop at a place in the queue before it, or where the cell is if that is nearer.
        bool held = false;
        atTent = flow.barrier != kNoIndex;
        if (atTent) {
            float barrier = tentAt(bloodValveFrom(valves, flow.barrier), cell);
            float stop = rising ? barrier - queue : barrier + queue;
            held = rising == (cell.arc < barrier) && (rising ? to > stop : to < stop);
            if (held) to = rising ? max(cell.arc, stop) : min(cell.arc, stop);
        }
        // Branches on the way.
        IntervalInfo info = intervalFrom(intervals, vessel.firstPoint + i);
        bool branched = false;
        for (uint k = 0u; k < info.passageCount; ++k) {
            Passage side = passageFrom(passages, info.passageFirst + (rising ? k : info.passageCount - 1u - k));
            bool passed = rising ? side.at > cell.arc && side.at <= to : side.at < cell.arc && side.at >= to;
            if (!passed || !(draw() < side.chance)) continue;
            time -= used * (side.at - cell.arc) / (to - cell.arc);
            cell.vessel = side.vessel;
            cell.arc = side.arc;
            cell.angle = draw() * 6.2831853;
            branched = true;
            break;
        }
        if (branched) continue;
        cell.arc = to;
        if (held || !crosses) return;
        time -= used;
        if (rising ? i + 2u == vessel.pointCount : i == 0u)
            if (!goOn(cell, rising)) return;
    }
}

// Colour and look: oxygen falls along arteries' beds, cells turn slowly, fade in and out.
void grow(inout Cell cell) {
    BloodVessel vessel = bloodVesselFrom(vessels, cell.vessel);
    cell.age += params.dt;
    if (!atTent) cell.angle += params.dt * 1.2 * (trait() - 0.5);
    if (vessel.kind == kKindArtery || vessel.kind == kKindBed) {
        float share = clamp(cell.arc / vessel.arcLength, 0.0, 1.0);
        cell.oxygen = mix(vessel.oxygenFrom, vessel.oxygenTo, share) + 0.06 * (trait() - 0.5);
    }
    float change = params.dt / kCellFadeS;
    if (cell.fade < 0.0) {
        cell.fade += change;
        if (cell.fade >= 0.0) leave(cell);
        return;
    }
    cell.fade = min(1.0, cell.fade + change);
    cell.stretch = intervalFrom(intervals, vessel.firstPoint + intervalOf(vessel, cell.arc)).stretch;
    float goes = chances[params.portCount + params.stretchCount + cell.stretch];
    if (goes > 0.0 && draw() < goes) {
        cell.fade = -max(cell.fade, 0.01);
        cell.stretch = kNoIndex;
    }
}

uint slotOf(Cell cell) { return cell.vessel == kNoIndex ? params.waitingSlot : cell.stretch; }

void main() {
    id = gl_GlobalInvocationID.x;
    if (id >= params.cellCount) return;
    Cell cell = cells[id];
    uint before = slotOf(cell);
    if (cell.vessel == kNoIndex) {
        if (!enter(cell)) return;
    } else {
        advance(cell);
        if (cell.vessel != kNoIndex) grow(cell);
    }
    cells[id] = cell;
    uint after = slotOf(cell);
    if (before == after) return;
    if (before != kNoIndex) atomicAdd(counts[before], 0xffffffffu);
    if (after != kNoIndex) atomicAdd(counts[after], 1u);
}
