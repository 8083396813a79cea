#include "physiology/Experiment.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace pump::physiology {
namespace {

using core::JsonField;
using Quantity = ExperimentProbe::Quantity;

struct QuantityName {
    std::string_view name, unit;
    Quantity quantity;
    enum class Of { Segment, Region, Link, SegmentOrLink, Compartment, Muscle, Tissue } of;
};

constexpr std::array kQuantities{
    QuantityName{"pressure", "mmHg", Quantity::Pressure, QuantityName::Of::Segment},
    QuantityName{"transmural", "mmHg", Quantity::Transmural, QuantityName::Of::Segment},
    QuantityName{"flow", "mL/s", Quantity::Flow, QuantityName::Of::SegmentOrLink},
    QuantityName{"velocity", "cm/s", Quantity::Velocity, QuantityName::Of::SegmentOrLink},
    QuantityName{"peak-velocity", "cm/s", Quantity::PeakVelocity, QuantityName::Of::SegmentOrLink},
    QuantityName{"area", "mm2", Quantity::Area, QuantityName::Of::Segment},
    QuantityName{"volume", "mL", Quantity::Volume, QuantityName::Of::Region},
    QuantityName{"opening", "1", Quantity::Opening, QuantityName::Of::Link},
    QuantityName{"inflow", "mL/s", Quantity::Inflow, QuantityName::Of::Region},
    QuantityName{"swelling", "mL", Quantity::Swelling, QuantityName::Of::Tissue},
    QuantityName{"compartment", "mmHg", Quantity::Compartment, QuantityName::Of::Compartment},
    QuantityName{"activation", "1", Quantity::Activation, QuantityName::Of::Muscle},
};

void requireOnly(const JsonField& field, std::initializer_list<std::string_view> allowed) {
    for (const auto& key : field.keys())
        if (std::find(allowed.begin(), allowed.end(), key) == allowed.end())
            field.at(key).fail(fmt::format("is no known field; known: {}", fmt::join(allowed, " ")));
}

int segmentOf(const JsonField& field, const Network& network) {
    const int index = network.segmentIndex(field.text());
    if (index < 0) field.fail(fmt::format("is '{}', which is no segment of the network", field.text()));
    return index;
}

int linkOf(const JsonField& field, const Network& network) {
    const std::string text = field.text();
    const auto arrow = text.find("->");
    const int index =
        arrow == std::string::npos ? -1 : network.linkIndex(text.substr(0, arrow), text.substr(arrow + 2));
    if (index < 0) field.fail(fmt::format("is '{}', expected a link such as 'POP1->POP2'", text));
    return index;
}

/// "calf" or a list of segments.
std::vector<int> regionOf(const JsonField& field, const Network& network) {
    std::vector<int> segments;
    if (field.json().is_string()) {
        if (field.text() != "calf") return {segmentOf(field, network)};
        for (std::size_t i = 0; i < network.segments.size(); ++i)
            if (network.segments[i].calf) segments.push_back(static_cast<int>(i));
        return segments;
    }
    for (std::size_t i = 0; i < field.size(); ++i) segments.push_back(segmentOf(field.at(i), network));
    if (segments.empty()) field.fail("is empty, expected at least one segment");
    return segments;
}

TimeCourse courseOf(const JsonField& field, double low, double high) {
    TimeCourse course;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const auto point = field.at(i);
        if (point.size() != 2) point.fail("expected [seconds, value]");
        course.points.emplace_back(point.at(std::size_t{0}).number(0, 1e7),
                                   point.at(std::size_t{1}).number(low, high));
        if (i > 0 && course.points[i].first < course.points[i - 1].first) point.fail("times must not fall");
    }
    if (course.points.empty()) field.fail("is empty, expected at least one [seconds, value]");
    return course;
}

PressureDepth depthOf(const JsonField& field) {
    const std::string text = field.text();
    if (text == "both") return PressureDepth::Both;
    if (text == "superficial") return PressureDepth::Superficial;
    if (text == "deep") return PressureDepth::Deep;
    field.fail(fmt::format("is '{}', expected both, superficial or deep", text));
}

Breathing breathingOf(const JsonField& field) {
    constexpr std::array<std::string_view, 4> names{"none", "quiet", "deep", "valsalva"};
    const auto found = std::find(names.begin(), names.end(), field.text());
    if (found == names.end())
        field.fail(fmt::format("is '{}', expected one of {}", field.text(), fmt::join(names, " ")));
    return static_cast<Breathing>(found - names.begin());
}

std::vector<ConditionChoice> conditionsOf(const JsonField& field) {
    std::vector<ConditionChoice> choices;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const auto item = field.at(i);
        requireOnly(item, {"id", "severity"});
        choices.push_back(
            {item.at("id").text(), item.has("severity") ? item.at("severity").number(0, 1) : 1.0});
    }
    return choices;
}

ExperimentEvent readEvent(const JsonField& field) {
    requireOnly(field, {"atS", "movement", "cadencePerMinute", "strength", "posture", "tiltDeg",
                        "transitionS", "skinTemperatureC", "inflowFactor", "breathing", "stocking",
                        "conditions", "fastForwardS", "note"});
    ExperimentEvent event;
    auto number = [&](const char* key, double low, double high) {
        return field.has(key) ? std::optional(field.at(key).number(low, high)) : std::nullopt;
    };
    auto text = [&](const char* key) {
        return field.has(key) ? std::optional(field.at(key).text()) : std::nullopt;
    };
    event.atS = number("atS", 0, 1e7).value_or(0);
    event.movement = text("movement");
    event.posture = text("posture");
    event.stocking = text("stocking");
    event.cadencePerMinute = number("cadencePerMinute", 0, 400).value_or(0);
    event.strength = number("strength", 0, 1.5).value_or(1);
    event.tiltDeg = number("tiltDeg", -30, 90);
    event.transitionS = number("transitionS", 0, 60);
    event.skinTemperatureC = number("skinTemperatureC", 20, 42);
    event.inflowFactor = number("inflowFactor", 0, 10);
    event.fastForwardS = number("fastForwardS", 1, 1e6).value_or(0);
    if (field.has("breathing")) event.breathing = breathingOf(field.at("breathing"));
    if (field.has("conditions")) event.conditions = conditionsOf(field.at("conditions"));
    return event;
}

ExperimentBand readBand(const JsonField& field) {
    requireOnly(field, {"name", "lowMm", "highMm", "depth", "pressureMmHg", "hand"});
    ExperimentBand band;
    band.name = field.at("name").text();
    band.lowMm = field.at("lowMm").number(0, 1400);
    band.highMm = field.at("highMm").number(band.lowMm, 1400);
    if (field.has("depth")) band.depth = depthOf(field.at("depth"));
    band.pressureMmHg = courseOf(field.at("pressureMmHg"), 0, 400);
    if (field.has("hand")) {
        const auto hand = field.at("hand");
        requireOnly(hand, {"widthMm", "startS", "strokeS", "everyS", "strokes"});
        band.travels = true;
        band.widthMm = hand.at("widthMm").number(5, 400);
        band.startS = hand.at("startS").number(0, 1e7);
        band.strokeS = hand.at("strokeS").number(0.2, 120);
        band.everyS = hand.at("everyS").number(band.strokeS, 600);
        band.strokes = hand.at("strokes").integer(1, 10000);
    }
    return band;
}

ExperimentProbe readProbe(const JsonField& field, const Network& network,
                          const std::vector<std::string>& regions) {
    requireOnly(field, {"name", "quantity", "segment", "link", "region", "compartment", "muscle"});
    const std::string wanted = field.at("quantity").text();
    const auto known = std::find_if(kQuantities.begin(), kQuantities.end(),
                                    [&](const QuantityName& q) { return q.name == wanted; });
    if (known == kQuantities.end()) {
        std::vector<std::string_view> names;
        for (const auto& q : kQuantities) names.push_back(q.name);
        field.at("quantity").fail(fmt::format("is '{}', expected one of {}", wanted, fmt::join(names, " ")));
    }
    ExperimentProbe probe{.unit = std::string(known->unit), .quantity = known->quantity};
    using Of = QuantityName::Of;
    const bool link = known->of == Of::Link || (known->of == Of::SegmentOrLink && field.has("link"));
    std::string place;
    if (link) {
        probe.link = linkOf(field.at("link"), network);
        place = field.at("link").text();
    } else if (known->of == Of::Segment || known->of == Of::SegmentOrLink) {
        probe.segments = {segmentOf(field.at("segment"), network)};
        place = field.at("segment").text();
    } else if (known->of == Of::Region) {
        probe.segments = regionOf(field.at("region"), network);
        place = field.at("region").json().is_string() ? field.at("region").text() : "region";
    } else if (known->of == Of::Compartment) {
        place = field.at("compartment").text();
        probe.index = compartmentIndex(place);
        if (probe.index < 0)
            field.at("compartment").fail(fmt::format("is '{}', which is no compartment", place));
    } else if (known->of == Of::Muscle) {
        place = field.at("muscle").text();
        probe.index = muscleIndex(place);
        if (probe.index < 0) field.at("muscle").fail(fmt::format("is '{}', which is no muscle group", place));
    } else if (field.has("region")) {
        place = field.at("region").text();
        const auto region = std::find(regions.begin(), regions.end(), place);
        if (region == regions.end())
            field.at("region").fail(
                fmt::format("is '{}', expected one of {}", place, fmt::join(regions, " ")));
        probe.index = static_cast<int>(region - regions.begin());
    }
    probe.name = field.has("name") ? field.at("name").text() : place.empty() ? wanted : place + "." + wanted;
    if (probe.name.find_first_of(",\n\"") != std::string::npos)
        field.at("name").fail("must not hold commas, quotes or line breaks: it heads a column");
    return probe;
}

} // namespace

Experiment readExperiment(const JsonField& root, const Network& network) {
    requireOnly(root, {"id", "name", "description", "durationS", "stepS", "everyS", "start", "events",
                       "bands", "excitation", "probes"});
    Experiment experiment;
    experiment.id = root.at("id").text();
    experiment.name = root.at("name").text();
    experiment.description = root.at("description").text();
    experiment.durationS = root.at("durationS").number(0.01, 1e7);
    if (root.has("stepS")) experiment.stepS = root.at("stepS").number(1e-4, 0.02);
    if (root.has("everyS")) experiment.everyS = root.at("everyS").number(experiment.stepS, 1e5);
    const ExperimentEvent first = readEvent(root.at("start"));
    experiment.start.stepS = experiment.stepS;
    experiment.start.movement = {.movement = first.movement.value_or("standing-still"),
                                 .cadencePerMinute = first.cadencePerMinute,
                                 .strength = first.strength};
    BodySettings& body = experiment.start.body;
    body.posture = first.posture.value_or("");
    body.tiltDeg = first.tiltDeg;
    body.transitionS = first.transitionS.value_or(body.transitionS);
    body.breathing = first.breathing.value_or(Breathing::None);
    body.skinTemperatureC = first.skinTemperatureC.value_or(body.skinTemperatureC);
    body.inflowFactor = first.inflowFactor.value_or(1);
    body.stocking = first.stocking.value_or("");
    body.conditions = first.conditions.value_or(std::vector<ConditionChoice>{});
    if (root.has("events")) {
        const auto events = root.at("events");
        for (std::size_t i = 0; i < events.size(); ++i) {
            experiment.events.push_back(readEvent(events.at(i)));
            if (i > 0 && experiment.events[i].atS < experiment.events[i - 1].atS)
                events.at(i).fail("comes before the event above it; sort events by atS");
        }
    }
    if (root.has("bands")) {
        const auto bands = root.at("bands");
        for (std::size_t i = 0; i < bands.size(); ++i) experiment.bands.push_back(readBand(bands.at(i)));
    }
    if (root.has("excitation")) {
        const auto muscles = root.at("excitation");
        for (const auto& key : muscles.keys()) {
            const int muscle = muscleIndex(key);
            if (muscle < 0)
                muscles.at(key).fail("is no muscle group; known: SOLEUS GASTROC DEEP ANT PLANTAR THIGH");
            experiment.excitation.emplace_back(static_cast<MuscleGroup>(muscle),
                                               courseOf(muscles.at(key), 0, 1));
        }
    }
    const std::vector<std::string> regions{"foot", "ankle", "calf"};
    const auto probes = root.at("probes");
    for (std::size_t i = 0; i < probes.size(); ++i)
        experiment.probes.push_back(readProbe(probes.at(i), network, regions));
    if (experiment.probes.empty()) probes.fail("is empty, expected at least one probe");
    return experiment;
}

Experiment loadExperiment(const std::filesystem::path& file, const std::filesystem::path& assets) {
    const core::JsonFile json(file);
    return readExperiment(json.root(), loadNetwork(assets / "network"));
}

} // namespace pump::physiology
