#pragma once

#include "physiology/Protocol.h"
#include "physiology/VirtualTest.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pump::physiology {

/// Peak of the velocity over the lumen, which duplex quotes, over its mean. 1.5-2; a parabola, 2, since at
/// these velocities (Reynolds number 50-300) the profile is developed within one or two segments.
inline constexpr double kPeakOverMean = 2;

/// The protocols behind the scoreboard. Each runs once and is kept, so rows that share one cost nothing more.
class Measures {
  public:
    explicit Measures(const TestSubject& healthy) : m_healthy(healthy) {}

    /// Value of a scoreboard row's part; NaN when there is none.
    double value(int row, std::string_view part);

  private:
    using Conditions = std::vector<ConditionChoice>;
    struct Walk {
        double standing = 0, walking = 0, recovery = 0, popliteal = 0;
        std::vector<double> stepVolumes;
    };
    struct Rest {
        double footVein = 0, ankleVein = 0, poplitealDiameter = 0, poplitealVelocity = 0, inflow = 0;
    };

    TestSubject with(const Conditions& conditions) const;
    const TestResult& test(std::string_view id, const Conditions& conditions);
    const Walk& walk(const Conditions& conditions);
    const Rest& rest(const std::string& movement, double seconds);
    double healthyRow(int row, std::string_view part);
    double conditionRow(int row, std::string_view part);
    double tissueRow(int row, std::string_view part);
    double ankleExerciseVelocity();
    double tiptoePeak(bool tenth);
    double exerciseFlowRise(double strength);
    double swellingRate(const std::string& movement);
    double seatedSwelling(double hours);
    double walkingDrainage();
    double emptyingConstant();
    double returnOfOneRaise(const Conditions& conditions);
    double deepRefillTime(const Conditions& conditions);

    TestSubject m_healthy;
    std::map<std::string, TestResult> m_tests;
    std::map<std::string, Walk> m_walks;
    std::map<std::string, Rest> m_rests;
    std::vector<double> m_tiptoePeaks;
    double m_seatedFour = -1, m_seatedTen = -1;
};

} // namespace pump::physiology
