#pragma once

#include "anatomy/LegModel.h"
#include "scene/RenderInput.h"

namespace pump::test {

/// A small circulation: an artery that feeds two beds and then fades, a deep vein in three parts with a valve
/// at each border, a superficial vein that ends in the middle of the deep vein's top part, and a perforator
/// with a valve between the two. Flows are conserved at every moment.
///
///   artery (0) --+-- bed 1 (1) --> deep vein (3), low part
///                +-- bed 2 (2) --> superficial vein (4)
///   deep vein (3): low 0-60 |valve 0| middle 60-180 |valve 1| top 180-300 -> stub
///   superficial vein (4): stub -> 0-160 -> deep vein at 240;  perforator (5): from it at 60 to deep at 120
inline anatomy::LegModel bloodRig() {
    using anatomy::VesselKind;
    anatomy::LegModel leg;
    leg.rig.joints.push_back({.id = "shank"});
    auto add = [&](std::string id, VesselKind kind, glm::vec3 from, glm::vec3 to, float radius,
                   std::vector<anatomy::Stretch> stretches) -> anatomy::Vessel& {
        anatomy::Vessel vessel{.id = std::move(id), .kind = kind};
        const float length = glm::distance(from, to);
        const auto count = static_cast<int>(length / 4) + 1;
        for (int i = 0; i < count; ++i) {
            const float share = static_cast<float>(i) / static_cast<float>(count - 1);
            vessel.points.push_back(
                {.position = glm::mix(from, to, share), .radius = radius, .arc = length * share});
        }
        vessel.stretches = std::move(stretches);
        leg.rig.vessels.push_back(std::move(vessel));
        return leg.rig.vessels.back();
    };
    add("artery", VesselKind::Artery, {-20, 0, 200}, {-20, 0, 0}, 2, {{"ART:A+B", 0, 200}});
    auto& bed1 = add("bed-1", VesselKind::Bed, {-20, 0, 100}, {0, 0, 100}, 1.5f, {{"BED:A", 0, 20}});
    bed1.atStart = {{0, 100}};
    bed1.atEnd = {{3, 20}};
    auto& bed2 = add("bed-2", VesselKind::Bed, {-20, 0, 40}, {40, 0, 40}, 1.5f, {{"BED:B", 0, 60}});
    bed2.atStart = {{0, 160}};
    bed2.atEnd = {{4, 30}};
    add("deep-vein", VesselKind::DeepVein, {0, 0, 0}, {0, 0, 300}, 4,
        {{"LOW", 0, 60}, {"MIDDLE", 60, 180}, {"TOP", 180, 300}});
    auto& side = add("superficial-vein", VesselKind::SuperficialVein, {40, 0, 80}, {0, 0, 234.919334f}, 2.5f,
                     {{"SIDE1", 0, 80}, {"SIDE2", 80, 160}});
    side.atEnd = {{3, 240}};
    auto& perforator =
        add("perforator", VesselKind::Perforator, {25, 0, 138}, {0, 0, 120}, 1.5f, {{"LINK:S>D", 0, 30.8f}});
    perforator.atStart = {{4, 60}};
    perforator.atEnd = {{3, 120}};
    leg.rig.valves = {{"valve-low", "LOW", "MIDDLE", 3, 60},
                      {"valve-high", "MIDDLE", "TOP", 3, 180},
                      {"valve-perforator", "S", "D", 5, 20}};
    return leg;
}

/// Flows in mm^3/s, and calibres, of that circulation.
struct BloodState {
    float arterial = 1200; ///< into the artery; 500 go to bed 1, 300 to bed 2, the rest through its stub
    float footDeep = 600;  ///< through the deep vein's lower stub
    float footSide = 250;  ///< through the superficial vein's stub
    float perforator = 150;
    float throughLow = 1100, throughHigh = 1250; ///< through the two valves of the deep vein
    float out = 1650;                            ///< at the deep vein's upper stub
    std::array<float, 3> scale{1, 1, 1};         ///< radius of low, middle, top
    std::array<float, 3> opening{1, 1, 1};
};

inline scene::RenderInput bloodInput(const BloodState& state, float seconds) {
    scene::RenderInput input;
    auto flow = [&](float radius, float scale, float in, float out) {
        const float area = 3.14159265f * radius * radius * scale * scale;
        input.flows.push_back({.radiusScale = scale, .velocityLow = in / area, .velocityHigh = out / area});
    };
    const float sideHigh = state.footSide + 300 - state.perforator;
    flow(2, 1, state.arterial, state.arterial);
    flow(1.5f, 1, 500, 500);
    flow(1.5f, 1, 300, 300);
    flow(4, state.scale[0], state.footDeep, state.throughLow);
    flow(4, state.scale[1], state.throughLow, state.throughHigh);
    flow(4, state.scale[2], state.throughHigh, state.out);
    flow(2.5f, 1, state.footSide, sideHigh);
    flow(2.5f, 1, sideHigh, sideHigh);
    flow(1.5f, 1, state.perforator, state.perforator);
    for (const float opening : state.opening) input.valves.push_back({opening});
    input.joints = {glm::mat4(1)};
    input.simulatedSeconds = seconds;
    return input;
}

/// Heel raises, one a second: for 0.35 s the middle part is squeezed and empties upward, then it fills from
/// below. Volumes follow from the flows, so blood is conserved; over one second everything comes back.
class BloodPump {
  public:
    scene::RenderInput step(float seconds) {
        const float phase = m_time - std::floor(m_time);
        const bool squeezed = phase < 0.35f;
        BloodState state;
        const float inflow = state.footDeep + 500;
        state.throughLow = squeezed ? 0 : inflow / 0.65f;
        state.opening = {squeezed ? 0.0f : 1.0f, squeezed ? 1.0f : 0.0f, 1};
        state.throughHigh = squeezed ? (inflow + state.perforator) / 0.35f : 0;
        state.out = state.throughHigh + state.footSide + 300 - state.perforator;
        m_low += (inflow - state.throughLow) * seconds;
        m_middle += (state.throughLow + state.perforator - state.throughHigh) * seconds;
        state.scale = {std::sqrt(m_low / kLow), std::sqrt(m_middle / kMiddle), 1};
        m_time += seconds;
        return bloodInput(state, seconds);
    }

  private:
    static constexpr float kLow = 3.14159265f * 16 * 60, kMiddle = 3.14159265f * 16 * 120;
    float m_time = 0;
    float m_low = kLow, m_middle = kMiddle;
};

} // namespace pump::test
