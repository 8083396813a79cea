// Legs with constants drawn from their whole permitted ranges, far from any living leg: the solver must
// neither break nor lose blood. 1000 always; `unit-physiology "[random]"` draws 10 000.

#include "physiology/Leg.h"
#include "physiology/Movement.h"
#include "physiology/Units.h"

#include "core/CsvTable.h"
#include "core/HashRandom.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

using namespace pump::physiology;

namespace {

class Draw {
  public:
    explicit Draw(std::uint32_t set) : m_set(set) {}
    double between(double low, double high) {
        return low + (high - low) * static_cast<double>(pump::core::hashUniform(11, m_set, m_next++));
    }
    double factor(double most) { return std::pow(most, between(-1, 1)); }

  private:
    std::uint32_t m_set, m_next = 0;
};

struct Range {
    const ParameterName* parameter;
    double low, high; ///< in the table's unit
};

std::vector<Range> parameterRanges() {
    const pump::core::CsvTable table("assets/network/parameters.csv",
                                     {"name", "value", "unit", "low", "high", "tuned", "source"});
    std::vector<Range> ranges;
    for (std::size_t row = 0; row < table.rows(); ++row)
        ranges.push_back({parameterNamed(table.text(row, "name")), table.number(row, "low", -1e9, 1e9),
                          table.number(row, "high", -1e9, 1e9)});
    return ranges;
}

Network drawn(const Network& base, const std::vector<Range>& ranges, Draw& draw) {
    Network network = base;
    for (const Range& range : ranges)
        network.parameters.*(range.parameter->member) =
            draw.between(range.low, range.high) * range.parameter->unit;
    for (Segment& segment : network.segments) {
        segment.unstressedRadius *= draw.factor(1.8);
        segment.length *= draw.factor(1.3);
        segment.stiffnessFactor = draw.factor(10);
        segment.resistanceFactor = draw.factor(100);
    }
    for (Link& link : network.links)
        if (link.kind == LinkKind::Valve) link.leakArea = draw.between(-1, 1) * 20 * kSquareMillimetre;
    for (Link& link : network.links) link.leakArea = std::max(0.0, link.leakArea);
    return network;
}

void runSets(std::uint32_t first, std::uint32_t count) {
    const Network base = loadNetwork("assets/network");
    const auto ranges = parameterRanges();
    const auto movements = loadMovements("assets/movements");
    int held = 0;
    for (std::uint32_t set = first; set < first + count; ++set) {
        Draw draw(set);
        const Network network = drawn(base, ranges, draw);
        Leg leg(base, "assets/network");
        leg.setNetwork(network);
        LegEnvironment environment;
        environment.trunkTilt = draw.between(0, 1.8);
        environment.pose.hipFlexion = draw.between(0, 1.5);
        environment.pose.kneeFlexion = draw.between(0, 1.5);
        environment.seat = draw.between(0, 1);
        environment.breathing = static_cast<Breathing>(static_cast<int>(draw.between(0, 3.99)));
        environment.skinTemperatureC = draw.between(20, 42);
        environment.inflowFactor = draw.between(0, 10);
        const double low = draw.between(0, 900);
        environment.bands = {
            {.profile = {{low, draw.between(0, 200)}, {low + draw.between(1, 300), draw.between(0, 200)}}}};
        const Movement& movement = movements[static_cast<std::size_t>(draw.between(0, 0.999) *
                                                                      static_cast<double>(movements.size()))];
        const double dt = draw.between(0, 1) < 0.5 ? 0.002 : 0.005, cycle = 60 / movement.cadencePerMinute;
        const double volume = leg.solver().totalVolume(), exchanged = leg.solver().exchangedVolume();
        INFO("set " << set << " " << movement.id << " dt " << dt);
        double largest = volume;
        for (int n = 0; n < 200; ++n) {
            const double time = n * dt, phase = time / cycle - std::floor(time / cycle);
            held += !leg.step(dt, time, environment, movement.at(phase, 1));
            largest = std::max(largest, leg.solver().totalVolume());
        }
        REQUIRE(std::abs(leg.solver().totalVolume() - volume - leg.solver().exchangedVolume() + exchanged) <
                1e-9 * largest);
        for (std::size_t i = 0; i < network.segments.size(); ++i) {
            const int segment = static_cast<int>(i);
            INFO(network.segments[i].id);
            REQUIRE(std::isfinite(leg.pressure(segment)));
            REQUIRE(leg.solver().volume(segment) > 0);
        }
        for (std::size_t k = 0; k < network.links.size(); ++k)
            REQUIRE(std::isfinite(leg.solver().flow(static_cast<int>(k))));
    }
    INFO(held << " of " << count * 200 << " steps held the last state");
    CHECK(held < static_cast<int>(count)); // holding is allowed, and rare
}

} // namespace

TEST_CASE("1000 random sets of constants: no NaN, no negative volume, blood conserved") {
    runSets(0, 1000);
}

TEST_CASE("10 000 random sets of constants: no NaN, no negative volume, blood conserved", "[.][random]") {
    runSets(0, 10000);
}
