#include "anatomy/RigFile.h"

#include "core/Error.h"
#include "core/JsonFile.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace pump::anatomy {
namespace {

constexpr std::array<std::string_view, 6> kVesselKinds = {
    "deep-vein", "superficial-vein", "perforator", "artery", "lymph", "bed"};

using Out = std::back_insert_iterator<std::string>;

/// Shortest decimal text that is exact to 0.001: small files, equal bytes everywhere.
std::string shortNumber(float value) {
    std::string text = fmt::format("{:.3f}", static_cast<double>(value));
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string vectorText(const glm::vec3& v) {
    return fmt::format("[{},{},{}]", shortNumber(v.x), shortNumber(v.y), shortNumber(v.z));
}

/// Unit vectors need more digits than millimetres.
std::string directionText(const glm::vec3& v) {
    return fmt::format("[{:.6f},{:.6f},{:.6f}]", static_cast<double>(v.x), static_cast<double>(v.y),
                       static_cast<double>(v.z));
}

template <typename Values, typename Print>
std::string listText(const Values& values, Print print) {
    std::string text = "[";
    for (const auto& value : values) {
        if (text.size() > 1) text += ',';
        text += print(value);
    }
    return text + "]";
}

std::string jointsText(const std::array<std::uint8_t, 4>& joints,
                       const std::array<std::uint8_t, 4>& weights) {
    std::string text = "[";
    for (std::size_t i = 0; i < 4; ++i)
        if (weights[i] > 0)
            text += fmt::format("{}{},{}", text.size() > 1 ? "," : "", int(joints[i]), int(weights[i]));
    return text + "]";
}

std::string pathText(const std::vector<JointStep>& path) {
    if (path.empty()) return {};
    return ",\"path\":" + listText(path, [](const JointStep& step) {
               return fmt::format("[{:.5f},{:.5f},{},{}]", static_cast<double>(step.flexion),
                                  static_cast<double>(step.turn), shortNumber(step.forward),
                                  shortNumber(step.up));
           });
}

void writeMuscles(Out out, const Rig& rig) {
    fmt::format_to(out, "\"muscles\":[\n");
    for (std::size_t i = 0; i < rig.muscles.size(); ++i) {
        const MuscleRig& muscle = rig.muscles[i];
        fmt::format_to(out,
                       "{{\"id\":\"{}\",\"compartment\":\"{}\",\"belly\":[{},{}],\"ridesOn\":{},\"along\":{},"
                       "\"insertion\":{},"
                       "\"line\":{},\"area\":{},\"anchor\":{}}}{}\n",
                       muscle.id, muscle.compartment, shortNumber(muscle.bellyStart),
                       shortNumber(muscle.bellyEnd), muscle.ridesOn, muscle.along,
                       jointsText(muscle.insertionJoints, muscle.insertionWeights),
                       listText(muscle.line, vectorText), listText(muscle.area, shortNumber),
                       listText(muscle.anchor, vectorText), i + 1 < rig.muscles.size() ? "," : "");
    }
    fmt::format_to(out, "],\n");
}

std::string pointText(const VesselPoint& point) {
    std::string text =
        fmt::format("[{},{},{},{},{}", shortNumber(point.position.x), shortNumber(point.position.y),
                    shortNumber(point.position.z), shortNumber(point.radius),
                    jointsText(point.binding.joints, point.binding.weights));
    if (point.binding.muscle >= 0)
        text += fmt::format(",{},{},{}", point.binding.muscle, shortNumber(point.binding.muscleArc),
                            shortNumber(point.binding.muscleWeight));
    return text + "]";
}

void writeVessels(Out out, const Rig& rig) {
    const auto stretchText = [](const Stretch& stretch) {
        return fmt::format("[\"{}\",{},{},{}]", stretch.segment, shortNumber(stretch.from),
                           shortNumber(stretch.to), stretch.forward);
    };
    const auto junctionText = [](const Junction& junction) {
        return fmt::format("[{},{}]", junction.vessel, shortNumber(junction.arc));
    };
    fmt::format_to(out, "\"vessels\":[\n");
    for (std::size_t i = 0; i < rig.vessels.size(); ++i) {
        const Vessel& vessel = rig.vessels[i];
        fmt::format_to(
            out,
            "{{\"id\":\"{}\",\"kind\":\"{}\",\"stretches\":{},\"start\":{},\"end\":{},\"points\":{}}}{}\n",
            vessel.id, kVesselKinds[static_cast<std::size_t>(vessel.kind)],
            listText(vessel.stretches, stretchText), listText(vessel.atStart, junctionText),
            listText(vessel.atEnd, junctionText), listText(vessel.points, pointText),
            i + 1 < rig.vessels.size() ? "," : "");
    }
    fmt::format_to(out, "],\n");
}

glm::vec3 vectorOf(const core::JsonField& field) {
    const std::vector<double> v = field.numbers(3);
    return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

float numberOf(const core::JsonField& field) {
    return static_cast<float>(field.number(-1e5, 1e5));
}

void readInfluences(const core::JsonField& field, int jointCount, std::array<std::uint8_t, 4>& joints,
                    std::array<std::uint8_t, 4>& weights) {
    joints = {};
    weights = {};
    if (field.size() == 0 || field.size() > 8 || field.size() % 2 != 0)
        field.fail("expected one to four pairs joint, weight");
    int sum = 0;
    for (std::size_t i = 0; i < field.size() / 2; ++i) {
        joints[i] = static_cast<std::uint8_t>(field.at(2 * i).integer(0, jointCount - 1));
        weights[i] = static_cast<std::uint8_t>(field.at(2 * i + 1).integer(0, 255));
        sum += weights[i];
    }
    if (sum != 255) field.fail(fmt::format("weights add up to {}, expected 255", sum));
}

Joint readJoint(const core::JsonField& field, int index) {
    Joint joint;
    joint.id = field.at("id").text();
    joint.parent = field.at("parent").integer(-1, index - 1);
    joint.pivot = vectorOf(field.at("pivot"));
    joint.axis = vectorOf(field.at("axis"));
    if (std::abs(glm::length(joint.axis) - 1.0f) > 1e-3f) field.at("axis").fail("is not a unit vector");
    if (field.has("path"))
        for (std::size_t i = 0; i < field.at("path").size(); ++i) {
            const std::vector<double> row = field.at("path").at(i).numbers(4);
            joint.path.push_back({static_cast<float>(row[0]), static_cast<float>(row[1]),
                                  static_cast<float>(row[2]), static_cast<float>(row[3])});
        }
    return joint;
}

MuscleRig readMuscle(const core::JsonField& field, int jointCount, int muscleCount) {
    MuscleRig muscle;
    muscle.id = field.at("id").text();
    muscle.compartment = field.at("compartment").text();
    muscle.bellyStart = numberOf(field.at("belly").at(0));
    muscle.bellyEnd = numberOf(field.at("belly").at(1));
    muscle.ridesOn = field.at("ridesOn").integer(-1, muscleCount - 1);
    muscle.along = field.at("along").integer(-1, muscleCount - 1);
    readInfluences(field.at("insertion"), jointCount, muscle.insertionJoints, muscle.insertionWeights);
    const core::JsonField line = field.at("line"), area = field.at("area"), anchor = field.at("anchor");
    if (line.size() < 2) line.fail("expected at least two points");
    if (area.size() != line.size()) area.fail("expected one value for each point of the line");
    if (anchor.size() != line.size()) anchor.fail("expected one point for each point of the line");
    for (std::size_t i = 0; i < line.size(); ++i) {
        muscle.line.push_back(vectorOf(line.at(i)));
        muscle.area.push_back(numberOf(area.at(i)));
        muscle.anchor.push_back(vectorOf(anchor.at(i)));
        muscle.arc.push_back(i == 0 ? 0.0f
                                    : muscle.arc.back() + glm::distance(muscle.line[i - 1], muscle.line[i]));
    }
    return muscle;
}

VesselPoint readPoint(const core::JsonField& field, int jointCount, int muscleCount) {
    VesselPoint point;
    point.position = {numberOf(field.at(0)), numberOf(field.at(1)), numberOf(field.at(2))};
    point.radius = static_cast<float>(field.at(3).number(0.01, 50));
    readInfluences(field.at(4), jointCount, point.binding.joints, point.binding.weights);
    if (field.size() > 5) {
        point.binding.muscle = field.at(5).integer(0, muscleCount - 1);
        point.binding.muscleArc = numberOf(field.at(6));
        point.binding.muscleWeight = static_cast<float>(field.at(7).number(0, 1));
    }
    return point;
}

void readStretches(const core::JsonField& list, Vessel& vessel) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        const core::JsonField field = list.at(i);
        vessel.stretches.push_back(
            {field.at(0).text(), numberOf(field.at(1)), numberOf(field.at(2)), field.at(3).boolean()});
        const Stretch& stretch = vessel.stretches.back();
        if (!(stretch.from < stretch.to)) field.fail("must end after it begins");
        if (i > 0 && std::abs(vessel.stretches[i - 1].to - stretch.from) > 0.01f)
            field.fail("must begin where the stretch before it ends");
    }
}

Vessel readVessel(const core::JsonField& field, int vesselCount, int jointCount, int muscleCount) {
    Vessel vessel;
    vessel.id = field.at("id").text();
    const std::string kind = field.at("kind").text();
    const auto found = std::find(kVesselKinds.begin(), kVesselKinds.end(), kind);
    if (found == kVesselKinds.end()) field.at("kind").fail(fmt::format("'{}' is no kind of vessel", kind));
    vessel.kind = static_cast<VesselKind>(found - kVesselKinds.begin());
    const core::JsonField points = field.at("points");
    if (points.size() < 2) points.fail("expected at least two points");
    for (std::size_t i = 0; i < points.size(); ++i) {
        vessel.points.push_back(readPoint(points.at(i), jointCount, muscleCount));
        if (i > 0)
            vessel.points[i].arc = vessel.points[i - 1].arc +
                                   glm::distance(vessel.points[i - 1].position, vessel.points[i].position);
    }
    readStretches(field.at("stretches"), vessel);
    const auto junctions = [&](const core::JsonField& list) {
        std::vector<Junction> result;
        for (std::size_t i = 0; i < list.size(); ++i)
            result.push_back({list.at(i).at(0).integer(0, vesselCount - 1), numberOf(list.at(i).at(1))});
        return result;
    };
    vessel.atStart = junctions(field.at("start"));
    vessel.atEnd = junctions(field.at("end"));
    return vessel;
}

} // namespace

std::string writeRig(const Rig& rig, const std::string& credit) {
    std::string text;
    Out out(text);
    fmt::format_to(out, "{{\"credit\":\"{}\",\n\"joints\":[\n", credit);
    for (std::size_t i = 0; i < rig.joints.size(); ++i)
        fmt::format_to(out, "{{\"id\":\"{}\",\"parent\":{},\"pivot\":{},\"axis\":{}{}}}{}\n",
                       rig.joints[i].id, rig.joints[i].parent, vectorText(rig.joints[i].pivot),
                       directionText(rig.joints[i].axis), pathText(rig.joints[i].path),
                       i + 1 < rig.joints.size() ? "," : "");
    fmt::format_to(out, "],\n");
    writeMuscles(out, rig);
    writeVessels(out, rig);
    fmt::format_to(out, "\"valves\":[\n");
    for (std::size_t i = 0; i < rig.valves.size(); ++i) {
        const ValveSite& valve = rig.valves[i];
        fmt::format_to(
            out, "{{\"id\":\"{}\",\"from\":\"{}\",\"to\":\"{}\",\"vessel\":{},\"arc\":{},\"angle\":{}}}{}\n",
            valve.id, valve.from, valve.to, valve.vessel, shortNumber(valve.arc), shortNumber(valve.angle),
            i + 1 < rig.valves.size() ? "," : "");
    }
    fmt::format_to(out, "]}}\n");
    return text;
}

RigFile readRig(const std::filesystem::path& file) {
    const core::JsonFile json(file);
    const core::JsonField root = json.root();
    RigFile result;
    result.credit = root.at("credit").text();
    const core::JsonField joints = root.at("joints"), muscles = root.at("muscles"),
                          vessels = root.at("vessels"), valves = root.at("valves");
    const int jointCount = static_cast<int>(joints.size()), muscleCount = static_cast<int>(muscles.size()),
              vesselCount = static_cast<int>(vessels.size());
    if (jointCount < 1 || jointCount > 255) joints.fail("expected 1 to 255 joints");
    for (int i = 0; i < jointCount; ++i)
        result.rig.joints.push_back(readJoint(joints.at(static_cast<std::size_t>(i)), i));
    for (std::size_t i = 0; i < muscles.size(); ++i)
        result.rig.muscles.push_back(readMuscle(muscles.at(i), jointCount, muscleCount));
    for (std::size_t i = 0; i < vessels.size(); ++i)
        result.rig.vessels.push_back(readVessel(vessels.at(i), vesselCount, jointCount, muscleCount));
    for (std::size_t i = 0; i < valves.size(); ++i) {
        const core::JsonField field = valves.at(i);
        result.rig.valves.push_back({field.at("id").text(), field.at("from").text(), field.at("to").text(),
                                     field.at("vessel").integer(0, vesselCount - 1),
                                     numberOf(field.at("arc")), numberOf(field.at("angle"))});
    }
    return result;
}

} // namespace pump::anatomy
