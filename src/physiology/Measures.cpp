#include "physiology/Measures.h"

#include "physiology/Units.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace pump::physiology {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
std::string keyOf(std::string_view id, const std::vector<ConditionChoice>& conditions) {
    std::string key(id);
    for (const ConditionChoice& choice : conditions)
        key += "/" + choice.id + "=" + std::to_string(choice.severity);
    return key;
}

double lowerLegPercent(const SimSnapshot& s, const Leg& leg) {
    double gained = 0, volume = 0;
    for (std::size_t r = 0; r < s.tissue.size(); ++r) {
        if (leg.tissueBeds()[r].id == "foot") continue;
        gained += s.tissue[r].gainedMl;
        volume += leg.tissue()[r].volume / kMillilitre;
    }
    return 100 * gained / volume;
}

} // namespace

TestSubject Measures::with(const Conditions& conditions) const {
    TestSubject subject = m_healthy;
    subject.conditions = conditions;
    return subject;
}

const TestResult& Measures::test(std::string_view id, const Conditions& conditions) {
    const std::string key = keyOf(id, conditions);
    const auto found = m_tests.find(key);
    return found != m_tests.end()
               ? found->second
               : m_tests.emplace(key, virtualTestNamed(id)->run(with(conditions), {})).first->second;
}

/// A minute of slow walking (1.7 mph = 0.76 m/s: 45 strides of 1 m a minute), then
/// still.
const Measures::Walk& Measures::walk(const Conditions& conditions) {
    const std::string key = keyOf("walk", conditions);
    if (const auto found = m_walks.find(key); found != m_walks.end()) return found->second;
    constexpr double kRest = 30, kWalk = 60, kAfter = 90, kStrides = 45, kStrength = 1;
    Protocol protocol(with(conditions), "standing-still");
    const auto ankle = static_cast<std::size_t>(protocol.segment("GSV1"));
    const auto pressure = protocol.record(
        "ankle", "mmHg", [=](const SimSnapshot& s) { return s.segments[ankle].pressureMmHg; });
    const auto volume = protocol.record("calf", "mL", [](const SimSnapshot& s) { return s.calfVolumeMl; });
    const auto flow =
        protocol.record("popliteal", "mL/s", [](const SimSnapshot& s) { return s.poplitealFlowMlS; });
    protocol.run(kRest);
    Walk walk;
    walk.standing = meanBetween(protocol.trace(pressure), kRest - 10, kRest);
    protocol.simulation().setMovement(
        {.movement = "walking", .cadencePerMinute = kStrides, .strength = kStrength});
    protocol.run(kWalk);
    const double end = kRest + kWalk, stride = 60 / kStrides;
    walk.walking = meanBetween(protocol.trace(pressure), end - 20, end);
    walk.popliteal = meanBetween(protocol.trace(flow), end - 20, end);
    for (int i = 0; i < 12; ++i)
        walk.stepVolumes.push_back(
            meanBetween(protocol.trace(volume), kRest + i * stride, kRest + (i + 1) * stride));
    protocol.simulation().setMovement({.movement = "standing-still"});
    protocol.run(kAfter);
    walk.recovery = timeToReach(protocol.trace(pressure), end, 0.95 * walk.standing) - end;
    return m_walks.emplace(key, walk).first->second;
}

const Measures::Rest& Measures::rest(const std::string& movement, double seconds) {
    if (const auto found = m_rests.find(movement); found != m_rests.end()) return found->second;
    Protocol protocol(m_healthy, movement);
    const auto ankle = static_cast<std::size_t>(protocol.segment("GSV1")),
               popliteal = static_cast<std::size_t>(protocol.segment("POP1"));
    const auto foot =
        protocol.record("foot", "mmHg", [](const SimSnapshot& s) { return s.footVeinPressureMmHg; });
    protocol.run(seconds);
    const SimSnapshot& s = protocol.simulation().snapshot();
    Rest rest;
    rest.footVein = meanBetween(protocol.trace(foot), seconds - 10, seconds);
    rest.ankleVein = s.segments[ankle].pressureMmHg;
    rest.poplitealDiameter = 2 * std::sqrt(s.segments[popliteal].areaMm2 / std::numbers::pi);
    rest.poplitealVelocity = s.segments[popliteal].velocityCmS * kPeakOverMean;
    rest.inflow = s.arterialInflowMlS * 60;
    return m_rests.emplace(movement, rest).first->second;
}

double Measures::value(int row, std::string_view part) {
    if (row <= 11 || (row >= 19 && row <= 25) || row == 29) return healthyRow(row, part);
    if (row >= 26 && row <= 28) return tissueRow(row, part);
    return conditionRow(row, part);
}

double Measures::healthyRow(int row, std::string_view part) {
    switch (row) {
    case 1:
        return rest("standing-still", 130).footVein;
    case 2:
        return rest("lying-still", 60).ankleVein;
    case 3:
        return rest("sitting-still", 130).footVein;
    case 4:
        return test("avp", {}).number("fall");
    case 5:
        return test("avp", {}).number("RT90");
    case 6:
        return test("plethysmography", {}).number("VV");
    case 7:
        return test("plethysmography", {}).number("VFI");
    case 8:
        return test("plethysmography", {}).number("EF");
    case 9:
        return test("plethysmography", {}).number("RVF");
    case 10:
        return walk({}).standing - walk({}).walking;
    case 11:
        return walk({}).recovery;
    case 19:
        return part == "standing" ? rest("standing-still", 130).poplitealDiameter
                                  : rest("lying-still", 60).poplitealDiameter;
    case 20:
        return rest(part == "lying" ? "lying-still" : "sitting-still", 130).poplitealVelocity;
    case 21:
        return ankleExerciseVelocity();
    case 22:
        return tiptoePeak(part == "tenth");
    case 23:
        return test("reflux", {}).number("popliteal reflux");
    case 24:
        return rest(part == "lying" ? "lying-still" : "sitting-still", 130).inflow;
    case 25:
        return exerciseFlowRise(part == "light" ? 0.7 : 1.3);
    case 29:
        return emptyingConstant();
    default:
        return kNone;
    }
}

double Measures::conditionRow(int row, std::string_view part) {
    const Conditions varices{{"gsv-reflux", 1}}, scarred{{"post-thrombotic", 1}}, deep{{"deep-reflux", 1}};
    switch (row) {
    case 12:
        return part == "fall" ? walk(varices).standing - walk(varices).walking : walk(varices).recovery;
    case 13:
        return part == "fall" ? walk(scarred).standing - walk(scarred).walking : walk(scarred).recovery;
    case 14:
        return test("plethysmography", {{"deep-reflux", 1}, {"gsv-reflux", 1}}).number("VFI");
    case 15:
        return test("plethysmography", varices).number(part);
    case 16:
        return test("avp", deep).number(part == "RT90" ? "RT90" : "ambulatory pressure");
    case 17:
        return test("tourniquet", varices).number("RT90");
    case 18:
        return test("outflow", part == "healthy" ? Conditions{} : Conditions{{"clot-popliteal", 1}})
            .number("outflow fraction");
    case 30: {
        if (part == "valves")
            return 100 * (returnOfOneRaise({}) / returnOfOneRaise({{"no-proximal-valves", 1}}) - 1);
        return 100 * (1 - deepRefillTime({}) / deepRefillTime({{"no-superficial", 1}}));
    }
    default:
        return kNone;
    }
}

double Measures::tissueRow(int row, std::string_view part) {
    if (row == 26) return swellingRate(part == "standing" ? "quiet-standing" : "sitting-still");
    if (row == 27) return seatedSwelling(part == "4 h" ? 4 : 10);
    return walkingDrainage();
}

double Measures::ankleExerciseVelocity() {
    Protocol protocol(m_healthy, "sitting-still");
    const auto popliteal = static_cast<std::size_t>(protocol.segment("POP1"));
    const auto forward = protocol.record("forward", "cm/s", [=](const SimSnapshot& s) {
        return std::max(0.0, s.segments[popliteal].velocityCmS);
    });
    protocol.run(20);
    protocol.simulation().setMovement({.movement = "seated-ankle-pump", .cadencePerMinute = 30});
    protocol.run(20);
    return meanBetween(protocol.trace(forward), 20, 40) * kPeakOverMean;
}

double Measures::tiptoePeak(bool tenth) {
    if (m_tiptoePeaks.empty()) {
        Protocol protocol(m_healthy, "standing-still");
        const auto popliteal = static_cast<std::size_t>(protocol.segment("POP1"));
        const auto link = static_cast<std::size_t>(protocol.link("POP1", "POP2"));
        protocol.run(20);
        protocol.simulation().setMovement({.movement = "heel-raise"});
        // A line of a Doppler spectrum looks at about 20 ms.
        std::vector<double> window(static_cast<std::size_t>(std::lround(0.02 / m_healthy.stepS)), 0.0);
        std::size_t next = 0;
        for (int i = 0; i < 10; ++i) {
            double peak = 0;
            protocol.run(1, [&](const SimSnapshot& s) {
                window[next++ % window.size()] = s.links[link].flowMlS / s.segments[popliteal].areaMm2 * 100;
                const double sum = std::accumulate(window.begin(), window.end(), 0.0);
                peak = std::max(peak, sum / static_cast<double>(window.size()));
                return true;
            });
            m_tiptoePeaks.push_back(peak);
        }
    }
    return m_tiptoePeaks[tenth ? 9 : 0];
}

double Measures::exerciseFlowRise(double strength) {
    Protocol protocol(m_healthy, "sitting-still");
    const auto inflow =
        protocol.record("inflow", "mL/s", [](const SimSnapshot& s) { return s.arterialInflowMlS; });
    protocol.run(20);
    const double before = meanBetween(protocol.trace(inflow), 10, 20);
    protocol.simulation().setMovement(
        {.movement = "seated-ankle-pump", .cadencePerMinute = 60, .strength = strength});
    protocol.run(12);
    return meanBetween(protocol.trace(inflow), 28, 32) / before;
}

double Measures::swellingRate(const std::string& movement) {
    Protocol protocol(m_healthy, movement);
    Simulation& simulation = protocol.simulation();
    simulation.fastForward(120);
    const double start = lowerLegPercent(simulation.snapshot(), simulation.leg());
    simulation.fastForward(15 * 60);
    return (lowerLegPercent(simulation.snapshot(), simulation.leg()) - start) / 15;
}

double Measures::seatedSwelling(double hours) {
    if (m_seatedFour < 0) {
        Protocol protocol(m_healthy, "sitting-still");
        protocol.simulation().fastForward(4 * 3600);
        m_seatedFour = protocol.simulation().snapshot().swellingMl;
        protocol.simulation().fastForward(6 * 3600);
        m_seatedTen = protocol.simulation().snapshot().swellingMl;
    }
    return hours < 5 ? m_seatedFour : m_seatedTen;
}

double Measures::walkingDrainage() {
    Protocol protocol(m_healthy, "quiet-standing");
    Simulation& simulation = protocol.simulation();
    simulation.fastForward(15 * 60);
    simulation.setMovement({.movement = "walking", .cadencePerMinute = 45});
    simulation.fastForward(2 * 60);
    const double start = lowerLegPercent(simulation.snapshot(), simulation.leg());
    simulation.fastForward(18 * 60);
    return (lowerLegPercent(simulation.snapshot(), simulation.leg()) - start) / 18;
}

/// Steps (of this leg: one a stride) tau of V(k) = V_end + (V_0 - V_end) exp(-k / tau): least squares on the
/// logarithm over the first nine.
double Measures::emptyingConstant() {
    const std::vector<double>& volumes = walk({}).stepVolumes;
    const double end = 0.5 * (volumes[10] + volumes[11]);
    double n = 0, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
    for (std::size_t k = 0; k < 9; ++k) {
        const double above = volumes[k] - end;
        if (above < 0.03 * (volumes[0] - end)) break; // the tail says nothing about the slope
        const double x = static_cast<double>(k), y = std::log(above);
        n += 1, sumX += x, sumY += y, sumXX += x * x, sumXY += x * y;
    }
    return -(n * sumXX - sumX * sumX) / (n * sumXY - sumX * sumY);
}

/// Blood that one heel raise and the second after it bring past the knee, mL.
double Measures::returnOfOneRaise(const Conditions& conditions) {
    Protocol protocol(with(conditions), "standing-still");
    protocol.run(20);
    double volume = 0;
    auto count = [&](const SimSnapshot& s) {
        volume += s.poplitealFlowMlS * m_healthy.stepS;
        return true;
    };
    protocol.simulation().setMovement({.movement = "heel-raise"});
    protocol.run(1, count);
    protocol.simulation().setMovement({.movement = "standing-still"});
    protocol.run(1, count);
    return volume;
}

/// Time for the deep veins of the calf to regain 90 % of their volume after ten heel raises.
double Measures::deepRefillTime(const Conditions& conditions) {
    Protocol protocol(with(conditions), "standing-still");
    std::vector<std::size_t> deep;
    const Network& network = protocol.simulation().network();
    for (std::size_t i = 0; i < network.segments.size(); ++i) {
        const TubeClass tube = network.segments[i].tubeClass;
        if (network.segments[i].calf && (tube == TubeClass::Deep || tube == TubeClass::Intramuscular))
            deep.push_back(i);
    }
    const auto volume = protocol.record("deep", "mL", [deep](const SimSnapshot& s) {
        double sum = 0;
        for (const std::size_t i : deep) sum += s.segments[i].volumeMl;
        return sum;
    });
    protocol.run(30);
    const double full = meanBetween(protocol.trace(volume), 20, 30);
    protocol.cycles("heel-raise", 10, "standing-still");
    const double end = protocol.time();
    protocol.run(150);
    const double empty = meanBetween(protocol.trace(volume), end + 0.2, end + 0.6);
    return timeToReach(protocol.trace(volume), end, empty + 0.9 * (full - empty)) - end;
}

} // namespace pump::physiology
