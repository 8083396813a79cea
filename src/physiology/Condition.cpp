#include "physiology/Condition.h"

#include "physiology/Units.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>

namespace pump::physiology {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == text;
    if (text.size() < star || text.substr(0, star) != pattern.substr(0, star)) return false;
    const auto rest = pattern.substr(star + 1);
    for (std::size_t i = star; i <= text.size(); ++i)
        if (matches(rest, text.substr(i))) return true;
    return false;
}

/// Without the number of the cell that splitNetwork adds.
std::string_view nameOf(const Segment& segment) {
    return std::string_view(segment.id).substr(0, segment.id.find('/'));
}

std::string linkName(const Network& network, const Link& link) {
    std::string name(nameOf(network.segments[static_cast<std::size_t>(link.from)]));
    name += "->";
    return name += link.to < 0 ? "RA" : nameOf(network.segments[static_cast<std::size_t>(link.to)]);
}

std::vector<std::string> readPatterns(const core::JsonField& field, const std::vector<std::string>& names) {
    std::vector<std::string> patterns;
    for (std::size_t i = 0; i < field.size(); ++i) {
        patterns.push_back(field.at(i).text());
        if (std::none_of(names.begin(), names.end(),
                         [&](const std::string& name) { return matches(patterns.back(), name); }))
            field.at(i).fail(fmt::format("is '{}', which fits nothing in the network", patterns.back()));
    }
    return patterns;
}

void requireOnly(const core::JsonField& field, std::initializer_list<std::string_view> allowed) {
    for (const auto& key : field.keys())
        if (std::find(allowed.begin(), allowed.end(), key) == allowed.end())
            field.at(key).fail(fmt::format("is no known field; known: {}", fmt::join(allowed, " ")));
}

double optional(const core::JsonField& field, const char* key, double otherwise, double low, double high) {
    return field.has(key) ? field.at(key).number(low, high) : otherwise;
}

ConditionChange readChange(const core::JsonField& field, const Network& network) {
    ConditionChange change;
    if (field.has("segments")) {
        requireOnly(field,
                    {"segments", "areaFactor", "stiffnessFactor", "lengthFactor", "resistanceFactor", "why"});
        std::vector<std::string> names;
        for (const Segment& segment : network.segments) names.emplace_back(nameOf(segment));
        change.segments = readPatterns(field.at("segments"), names);
        change.areaFactor = optional(field, "areaFactor", 1, 0.01, 10);
        change.stiffnessFactor = optional(field, "stiffnessFactor", 1, 0.1, 20);
        change.lengthFactor = optional(field, "lengthFactor", 1, 0.5, 3);
        change.resistanceFactor = optional(field, "resistanceFactor", 1, 0.1, 1e6);
    } else if (field.has("links")) {
        requireOnly(field, {"links", "leakMm2", "why"});
        std::vector<std::string> names;
        for (const Link& link : network.links)
            if (link.kind == LinkKind::Valve) names.push_back(linkName(network, link));
        change.links = readPatterns(field.at("links"), names);
        change.leakAreaMm2 = field.at("leakMm2").number(0, 200);
    } else {
        requireOnly(field, {"parameter", "factor", "add", "why"});
        change.parameter = field.at("parameter").text();
        if (parameterNamed(change.parameter) == nullptr)
            field.at("parameter")
                .fail(fmt::format("is '{}', which is no parameter of parameters.csv", change.parameter));
        change.factor = optional(field, "factor", 1, 0, 20);
        change.add = optional(field, "add", 0, -1000, 1000);
    }
    return change;
}

void apply(const ConditionChange& change, double severity, Network& network) {
    auto scaled = [&](double factor) { return factor > 0 ? std::pow(factor, severity) : 1 - severity; };
    for (Segment& segment : network.segments) {
        if (std::none_of(change.segments.begin(), change.segments.end(),
                         [&](const std::string& pattern) { return matches(pattern, nameOf(segment)); }))
            continue;
        segment.unstressedRadius *= std::sqrt(scaled(change.areaFactor));
        segment.stiffnessFactor *= scaled(change.stiffnessFactor);
        segment.length *= scaled(change.lengthFactor);
        segment.resistanceFactor *= scaled(change.resistanceFactor);
    }
    for (Link& link : network.links) {
        const std::string name = change.links.empty() ? std::string() : linkName(network, link);
        if (std::none_of(change.links.begin(), change.links.end(),
                         [&](const std::string& pattern) { return matches(pattern, name); }))
            continue;
        link.leakArea = std::max(link.leakArea, severity * change.leakAreaMm2 * kSquareMillimetre);
    }
    if (const ParameterName* known = parameterNamed(change.parameter)) {
        double& value = network.parameters.*(known->member);
        value = value * scaled(change.factor) + severity * change.add * known->unit;
    }
}

} // namespace

Condition readCondition(const core::JsonField& root, const Network& network) {
    requireOnly(root, {"id", "name", "summary", "source", "expectation", "changesPump", "changes"});
    Condition condition;
    condition.id = root.at("id").text();
    condition.name = root.at("name").text();
    condition.summary = root.at("summary").text();
    condition.source = root.at("source").text();
    condition.expectation = root.at("expectation").text();
    condition.changesPump = root.at("changesPump").boolean();
    const auto changes = root.at("changes");
    for (std::size_t i = 0; i < changes.size(); ++i)
        condition.changes.push_back(readChange(changes.at(i), network));
    return condition;
}

std::vector<Condition> loadConditions(const std::filesystem::path& directory, const Network& network) {
    std::vector<Condition> conditions;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failure)) {
        if (entry.path().extension() != ".json") continue;
        const core::JsonFile file(entry.path());
        conditions.push_back(readCondition(file.root(), network));
        if (conditions.back().id != entry.path().stem())
            file.root().at("id").fail(
                fmt::format("is '{}', must equal the file's name", conditions.back().id));
    }
    if (failure || conditions.empty())
        throw core::Error(core::ErrorKind::Asset, "{}: holds no condition; check the asset folder",
                          directory.string());
    std::sort(conditions.begin(), conditions.end(),
              [](const Condition& a, const Condition& b) { return a.id < b.id; });
    return conditions;
}

Network withConditions(const Network& healthy, const std::vector<Condition>& known,
                       const std::vector<ConditionChoice>& chosen) {
    Network network = healthy;
    for (const ConditionChoice& choice : chosen) {
        const auto found = std::find_if(known.begin(), known.end(), [&](const Condition& condition) {
            return condition.id == choice.id;
        });
        if (found == known.end()) {
            std::vector<std::string> ids;
            for (const Condition& condition : known) ids.push_back(condition.id);
            throw core::Error(core::ErrorKind::Usage, "condition: is '{}', expected one of {}", choice.id,
                              fmt::join(ids, ", "));
        }
        if (!(choice.severity >= 0 && choice.severity <= 1))
            throw core::Error(core::ErrorKind::Usage, "severity of {}: is {}, expected 0 to 1", choice.id,
                              choice.severity);
        for (const ConditionChange& change : found->changes) apply(change, choice.severity, network);
    }
    return network;
}

} // namespace pump::physiology
