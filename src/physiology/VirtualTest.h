#pragma once

#include "physiology/Simulation.h"

#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pump::physiology {

/// A curve that a test shows.
struct TestTrace {
    std::string name, unit;
    std::vector<double> timeS, value;
};

/// A number that a test returns, with the range of healthy legs (NaN: open on that side).
struct TestNumber {
    std::string name, unit;
    double value = 0;
    double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();

    bool normal() const { return !(value < low) && !(value > high); }
};

struct TestResult {
    std::string id, name;
    std::vector<TestNumber> numbers;
    std::vector<TestTrace> traces;

    double number(std::string_view name) const; ///< NaN: none
};

/// Whose leg is tested.
struct TestSubject {
    std::filesystem::path assets;
    std::vector<ConditionChoice> conditions;
    double stepS = 0.002;
    bool tissueFluid = true;
    int cells = 1; ///< SimulationSettings::cells
};

/// Called with the share done; false stops the test early.
using TestProgress = std::function<bool(double)>;

/// One clinical test as it is run on a patient.
struct VirtualTest {
    std::string_view id, name, how;
    TestResult (*run)(const TestSubject& subject, const TestProgress& progress);
};

/// avp, plethysmography, outflow, refill, reflux, tourniquet.
std::span<const VirtualTest> virtualTests();
const VirtualTest* virtualTestNamed(std::string_view id); ///< nullptr: none

// The same tests, to call by name. Published ranges and protocols: foot vein pressure and tourniquet after
// Nicolaides & Zukowski 1986; plethysmography after Christopoulos; reflux by cuff release after van Bemmelen
// 1989; all recalled and to be checked before they are quoted to clinicians.
TestResult footVeinPressureTest(const TestSubject& subject, const TestProgress& progress = {});
TestResult plethysmographyTest(const TestSubject& subject, const TestProgress& progress = {});
TestResult outflowTest(const TestSubject& subject, const TestProgress& progress = {});
TestResult refillTest(const TestSubject& subject, const TestProgress& progress = {});
TestResult refluxTest(const TestSubject& subject, const TestProgress& progress = {});
TestResult tourniquetTest(const TestSubject& subject, const TestProgress& progress = {});

} // namespace pump::physiology
