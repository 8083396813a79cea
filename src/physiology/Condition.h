#pragma once

#include "physiology/Network.h"

#include "core/JsonFile.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pump::physiology {

/// One thing that a condition changes. Values are those at severity 1; between 0 and 1 factors go with
/// factor^severity and amounts with severity.
struct ConditionChange {
    std::vector<std::string> segments; ///< names, * stands for any text
    std::vector<std::string> links;    ///< "FROM->TO", * stands for any text
    std::string parameter;             ///< of parameters.csv
    double areaFactor = 1;             ///< of the unstressed lumen
    double stiffnessFactor = 1;        ///< of the tube law's K
    double lengthFactor = 1;
    double resistanceFactor = 1; ///< of the segments' own tube
    double leakAreaMm2 = 0;      ///< that shut valves leave open
    double factor = 1, add = 0;  ///< of the parameter, in the table's unit
};

/// A state of a leg or a body: a set of changes with their sources. Source: assets/conditions.
struct Condition {
    std::string id, name, summary, source, expectation;
    bool changesPump = true; ///< false: a risk factor that leaves the pump as it is; `summary` says so
    std::vector<ConditionChange> changes;
};

struct ConditionChoice {
    std::string id;
    double severity = 1; ///< 0-1
};

/// Throws Error(Asset): file, field, value, what was expected.
Condition readCondition(const core::JsonField& root, const Network& network);
std::vector<Condition> loadConditions(const std::filesystem::path& directory, const Network& network);

/// The network with all chosen conditions in it: factors multiply, leaks take the largest, amounts add up.
/// Throws Error(Usage) on an unknown id or a severity outside 0-1.
Network withConditions(const Network& healthy, const std::vector<Condition>& known,
                       const std::vector<ConditionChoice>& chosen);

} // namespace pump::physiology
