#include "physiology/VirtualTest.h"

#include "physiology/Protocol.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::physiology {
namespace {

constexpr double kOpen = std::numeric_limits<double>::quiet_NaN();

double footVein(const SimSnapshot& s) {
    return s.footVeinPressureMmHg;
}

double calfVolume(const SimSnapshot& s) {
    return s.calfVolumeMl;
}

/// Ten heel raises at one a second, standing; needle in the dorsal venous arch.
TestResult tenHeelRaises(const TestSubject& subject, const TestProgress& progress, const BodySettings& body,
                         TestResult result) {
    constexpr double kRest = 30, kExercise = 10, kRecovery = 120;
    Protocol protocol(subject, "standing-still", body);
    protocol.setProgress(progress, kRest + kExercise + kRecovery);
    const auto pressure = protocol.record("foot vein pressure", "mmHg", footVein);
    protocol.run(kRest);
    const double standing = meanBetween(protocol.trace(pressure), kRest - 10, kRest);
    protocol.cycles("heel-raise", 10, "standing-still");
    const double end = kRest + kExercise;
    protocol.run(kRecovery);
    const double ambulatory = meanBetween(protocol.trace(pressure), end + 0.2, end + 0.4);
    const double regained = ambulatory + 0.9 * (standing - ambulatory);
    result.numbers = {{"standing pressure", "mmHg", standing, 80, 100},
                      {"ambulatory pressure", "mmHg", ambulatory, 15, 30},
                      {"fall", "%", 100 * (standing - ambulatory) / standing, 60, 80},
                      {"RT90", "s", timeToReach(protocol.trace(pressure), end, regained) - end, 18, 40}};
    result.traces = protocol.traces();
    return result;
}

constexpr std::array kTests{
    VirtualTest{"avp", "Foot vein pressure with ten heel raises",
                "Needle in the dorsal foot vein; stand, ten heel raises at one a second, stand still. The "
                "healthy leg of this model falls by 64 %, but only to 35 mmHg.",
                footVeinPressureTest},
    VirtualTest{"plethysmography", "Air plethysmography",
                "Sleeve round the calf; leg raised, stand up passively, one held tiptoe, ten tiptoes. The "
                "healthy leg of this model fills in 44 s (VFT90), faster than most real ones.",
                plethysmographyTest},
    VirtualTest{"outflow", "Outflow fraction",
                "Lying, leg raised a little; thigh cuff at 80 mmHg for two minutes, then released.",
                outflowTest},
    VirtualTest{
        "refill", "Refill time, seated",
        "Ten ankle pumps sitting, as strong as they get, then still: time until the foot veins are full "
        "again. The healthy leg of this model takes 17 s: exercise lets in four times its blood.",
        refillTest},
    VirtualTest{"reflux", "Reflux time by cuff release",
                "Standing; calf cuff inflated to 100 mmHg and let go at once; how long blood runs backward.",
                refluxTest},
    VirtualTest{"tourniquet", "Tourniquet test",
                "Foot vein pressure with ten heel raises, with a narrow cuff below the knee that closes the "
                "superficial veins. The healthy leg of this model keeps 35 mmHg, as without the cuff.",
                tourniquetTest},
};

} // namespace

std::span<const VirtualTest> virtualTests() {
    return kTests;
}

const VirtualTest* virtualTestNamed(std::string_view id) {
    const auto found =
        std::find_if(kTests.begin(), kTests.end(), [&](const VirtualTest& test) { return test.id == id; });
    return found == kTests.end() ? nullptr : &*found;
}

double TestResult::number(std::string_view wanted) const {
    for (const TestNumber& known : numbers)
        if (known.name == wanted) return known.value;
    return kOpen;
}

TestResult footVeinPressureTest(const TestSubject& subject, const TestProgress& progress) {
    return tenHeelRaises(subject, progress, {},
                         {.id = "avp", .name = "Foot vein pressure with ten heel raises"});
}

TestResult tourniquetTest(const TestSubject& subject, const TestProgress& progress) {
    // Narrow band just below the knee; presses on the superficial veins, hardly on those under the fascia.
    const BodySettings body{
        .bands = {{.profile = {{330, 90}, {390, 90}}, .depth = PressureDepth::Superficial}}};
    return tenHeelRaises(subject, progress, body, {.id = "tourniquet", .name = "Tourniquet test"});
}

TestResult plethysmographyTest(const TestSubject& subject, const TestProgress& progress) {
    constexpr double kElevated = 60, kStanding = 150, kHeld = 10, kPause = 70, kTen = 10, kAfter = 10;
    Protocol protocol(subject, "legs-up-still");
    protocol.setProgress(progress, kElevated + kStanding + kHeld + kPause + kTen + kAfter);
    const auto volume = protocol.record("calf volume", "mL", calfVolume);
    protocol.run(kElevated);
    const TestTrace& trace = protocol.trace(volume);
    const double elevated = meanBetween(trace, kElevated - 5, kElevated);
    protocol.simulation().setMovement({.movement = "tilt-table-still"});
    protocol.run(kStanding);
    const double upright = kElevated + kStanding, standing = meanBetween(trace, upright - 5, upright);
    const double venous = standing - elevated;
    const double filled = timeToReach(trace, kElevated, elevated + 0.9 * venous, 1) - kElevated;
    // On both feet before the manoeuvre, so that the tone is the exercise's own.
    protocol.simulation().setMovement({.movement = "standing-still"});
    protocol.run(20);
    const double before = meanBetween(trace, upright + 15, upright + 20);
    double least = HUGE_VAL;
    protocol.simulation().setMovement({.movement = "heel-raise-hold"});
    protocol.run(2.6, [&](const SimSnapshot& s) {
        least = std::min(least, s.calfVolumeMl);
        return true;
    });
    protocol.simulation().setMovement({.movement = "standing-still"});
    protocol.run(kPause);
    protocol.cycles("heel-raise", 10, "standing-still");
    const double end = protocol.time();
    protocol.run(kAfter);
    const double residual = meanBetween(trace, end + 0.2, end + 0.6) - elevated;
    TestResult result{.id = "plethysmography", .name = "Air plethysmography"};
    result.numbers = {{"VV", "mL", venous, 80, 150},
                      {"VFT90", "s", filled, 70, 170},
                      {"VFI", "mL/s", 0.9 * venous / filled, kOpen, 2},
                      {"EV", "mL", before - least, 50, 100},
                      {"EF", "%", 100 * (before - least) / venous, 60, kOpen},
                      {"RVF", "%", 100 * residual / venous, kOpen, 35}};
    result.traces = protocol.traces();
    return result;
}

TestResult outflowTest(const TestSubject& subject, const TestProgress& progress) {
    constexpr double kBefore = 20, kCuff = 120, kAfter = 20;
    Protocol protocol(subject, "legs-up-low-still");
    protocol.setProgress(progress, kBefore + kCuff + kAfter);
    protocol.record("calf volume", "mL", calfVolume);
    protocol.run(kBefore);
    BodySettings body = protocol.simulation().settings().body;
    const double resting = protocol.simulation().snapshot().calfVolumeMl;
    body.bands = {{.profile = {{560, 80}, {760, 80}}}};
    protocol.simulation().setBody(body);
    protocol.run(kCuff);
    const double full = protocol.simulation().snapshot().calfVolumeMl;
    body.bands.clear();
    protocol.simulation().setBody(body);
    protocol.run(1);
    const double afterOne = protocol.simulation().snapshot().calfVolumeMl;
    protocol.run(kAfter - 1);
    TestResult result{.id = "outflow", .name = "Outflow fraction"};
    result.numbers = {{"venous filling", "mL", full - resting, kOpen, kOpen},
                      {"outflow fraction", "%", 100 * (full - afterOne) / (full - resting), 38, kOpen}};
    result.traces = protocol.traces();
    return result;
}

TestResult refillTest(const TestSubject& subject, const TestProgress& progress) {
    constexpr double kRest = 20, kRecovery = 180;
    Protocol protocol(subject, "sitting-still");
    protocol.setProgress(progress, kRest + 20 + kRecovery);
    const auto pressure = protocol.record("foot vein pressure", "mmHg", footVein);
    protocol.run(kRest);
    const double sitting = meanBetween(protocol.trace(pressure), kRest - 10, kRest);
    constexpr double kStrength = 1.5; // the strongest there is
    protocol.cycles("seated-ankle-pump", 10, "sitting-still", 0, kStrength);
    const double end = protocol.time();
    protocol.run(kRecovery);
    const double lowest = meanBetween(protocol.trace(pressure), end + 0.3, end + 0.8);
    TestResult result{.id = "refill", .name = "Refill time, seated"};
    result.numbers = {{"sitting pressure", "mmHg", sitting, 55, 75},
                      {"pressure after the exercise", "mmHg", lowest, kOpen, kOpen},
                      {"refill time", "s",
                       timeToReach(protocol.trace(pressure), end, lowest + 0.95 * (sitting - lowest)) - end,
                       18, kOpen}};
    result.traces = protocol.traces();
    return result;
}

TestResult refluxTest(const TestSubject& subject, const TestProgress& progress) {
    constexpr double kBefore = 10, kSqueeze = 3, kAfter = 12;
    Protocol protocol(subject, "tilt-table-still");
    protocol.setProgress(progress, kBefore + kSqueeze + kAfter);
    struct Site {
        const char *name, *from, *to;
        double high;
    };
    constexpr std::array sites{Site{"popliteal", "POP1", "POP2", 1.0}, Site{"femoral", "FV2", "FV3", 1.0},
                               Site{"great saphenous", "GSV4", "GSV5", 0.5},
                               Site{"small saphenous", "SSV2", "SSV3", 0.5}};
    for (const Site& site : sites) {
        const auto k = static_cast<std::size_t>(protocol.link(site.from, site.to));
        protocol.record(std::string(site.name) + " flow", "mL/s",
                        [k](const SimSnapshot& s) { return s.links[k].flowMlS; });
    }
    protocol.run(kBefore);
    // The cuff's pressure follows a straight line to another, a step at a time: jumps would ring in the
    // veins.
    const double step = subject.stepS;
    const auto cuff = [&](double from, double to, double seconds, const auto& watch) {
        BodySettings body = protocol.simulation().settings().body;
        const int parts = static_cast<int>(std::lround(seconds / step));
        for (int i = 1; i <= parts; ++i) {
            const double pressure = from + (to - from) * i / parts;
            body.bands.clear();
            if (pressure > 0) body.bands = {{.profile = {{150, pressure}, {380, pressure}}}};
            protocol.simulation().setBody(body);
            protocol.run(step, watch);
        }
    };
    constexpr double kInflation = 0.5, kDeflation = 0.3, kPressure = 100; // s, s, mmHg; a rapid cuff
    cuff(0, kPressure, kInflation, std::function<bool(const SimSnapshot&)>{});
    protocol.run(kSqueeze - kInflation);
    std::array<double, sites.size()> reverse{};
    std::array<double, sites.size()> last{}; // cm/s, of the step before
    std::array<bool, sites.size()> over{};
    const auto watch = [&](const SimSnapshot& s) {
        for (std::size_t i = 0; i < sites.size(); ++i) {
            const LinkState& link =
                s.links[static_cast<std::size_t>(protocol.link(sites[i].from, sites[i].to))];
            constexpr double kSlowest = 1; // cm/s: what duplex still shows
            // Share of the step spent below it, on the straight line between its ends.
            const double before = last[i] + kSlowest, now = link.velocityCmS + kSlowest;
            const double share = now < 0 ? (before < 0 ? 1 : now / (now - before))
                                         : (before < 0 ? before / (before - now) : 0);
            if (!over[i]) reverse[i] += share * step;
            over[i] = over[i] || (reverse[i] > 0 && now >= 0);
            last[i] = link.velocityCmS;
        }
        return true;
    };
    cuff(kPressure, 0, kDeflation, watch);
    protocol.run(kAfter - kDeflation, watch);
    TestResult result{.id = "reflux", .name = "Reflux time by cuff release"};
    for (std::size_t i = 0; i < sites.size(); ++i)
        result.numbers.push_back(
            {std::string(sites[i].name) + " reflux", "s", reverse[i], kOpen, sites[i].high});
    result.traces = protocol.traces();
    return result;
}

} // namespace pump::physiology
