#include "support/SyntheticLeg.h"

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace pump::test {

namespace {

using anatomy::Layer;
using anatomy::LegModel;
using anatomy::Structure;
using anatomy::Tissue;
using anatomy::Vertex;

constexpr int kSides = 24;

/// A closed tube along a polyline: radius by share of its length, vertices finished by `finish`.
struct TubeDesc {
    std::string id;
    Tissue tissue = Tissue::Bone;
    Layer layer = Layer::Bones;
    std::vector<glm::vec3> line;
    std::function<float(float)> radius;
    std::function<void(Vertex&, float arc, float turn)> finish;
    int muscle = -1;
    int vessel = -1;
};

void closeStructure(LegModel& leg, Structure structure) {
    structure.vertexCount = static_cast<std::uint32_t>(leg.vertices.size()) - structure.firstVertex;
    structure.indexCount = static_cast<std::uint32_t>(leg.indices.size()) - structure.firstIndex;
    structure.boundsLow = glm::vec3(1e9f);
    structure.boundsHigh = glm::vec3(-1e9f);
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
        const glm::vec3 p = leg.vertices[structure.firstVertex + i].position;
        structure.boundsLow = glm::min(structure.boundsLow, p);
        structure.boundsHigh = glm::max(structure.boundsHigh, p);
    }
    leg.structures.push_back(std::move(structure));
}

Structure openStructure(const LegModel& leg, const std::string& id, Tissue tissue, Layer layer) {
    Structure structure;
    structure.id = id;
    structure.english = id;
    structure.tissue = tissue;
    structure.layer = layer;
    structure.firstVertex = static_cast<std::uint32_t>(leg.vertices.size());
    structure.firstIndex = static_cast<std::uint32_t>(leg.indices.size());
    return structure;
}

void addTube(LegModel& leg, const TubeDesc& desc) {
    Structure structure = openStructure(leg, desc.id, desc.tissue, desc.layer);
    structure.muscle = desc.muscle;
    structure.vessel = desc.vessel;
    const std::size_t rings = desc.line.size();
    float length = 0;
    std::vector<float> arcs{0};
    for (std::size_t i = 1; i < rings; ++i) {
        length += glm::distance(desc.line[i - 1], desc.line[i]);
        arcs.push_back(length);
    }
    auto ringVertex = [&](std::size_t ring, int side) {
        const glm::vec3 tangent =
            glm::normalize(desc.line[std::min(ring + 1, rings - 1)] - desc.line[ring > 0 ? ring - 1 : 0]);
        const glm::vec3 aside = std::abs(tangent.x) < 0.8f ? glm::vec3(1, 0, 0) : glm::vec3(0, 1, 0);
        const glm::vec3 u = glm::normalize(aside - tangent * glm::dot(aside, tangent));
        const glm::vec3 v = glm::cross(tangent, u);
        const float turn = static_cast<float>(side) / kSides;
        const float angle = turn * glm::two_pi<float>();
        Vertex vertex;
        vertex.normal = u * std::cos(angle) + v * std::sin(angle);
        vertex.position = desc.line[ring] + vertex.normal * desc.radius(arcs[ring] / length);
        if (desc.finish) desc.finish(vertex, arcs[ring], turn);
        return vertex;
    };
    const auto base = structure.firstVertex;
    for (std::size_t ring = 0; ring < rings; ++ring)
        for (int side = 0; side < kSides; ++side) leg.vertices.push_back(ringVertex(ring, side));
    auto at = [&](std::size_t ring, int side) {
        return base + static_cast<std::uint32_t>(ring) * kSides + static_cast<std::uint32_t>(side % kSides);
    };
    auto triangle = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        leg.indices.insert(leg.indices.end(), {a, b, c});
    };
    for (std::size_t ring = 0; ring + 1 < rings; ++ring)
        for (int side = 0; side < kSides; ++side) {
            triangle(at(ring, side), at(ring, side + 1), at(ring + 1, side + 1));
            triangle(at(ring, side), at(ring + 1, side + 1), at(ring + 1, side));
        }
    for (const bool end : {false, true}) {
        const std::size_t ring = end ? rings - 1 : 0;
        Vertex centre = leg.vertices[at(ring, 0)];
        centre.position = desc.line[ring];
        const auto index = static_cast<std::uint32_t>(leg.vertices.size());
        leg.vertices.push_back(centre);
        for (int side = 0; side < kSides; ++side)
            end ? triangle(index, at(ring, side), at(ring, side + 1))
                : triangle(index, at(ring, side + 1), at(ring, side));
    }
    closeStructure(leg, std::move(structure));
}

std::vector<glm::vec3> straight(glm::vec3 from, glm::vec3 to, int pieces) {
    std::vector<glm::vec3> line;
    for (int i = 0; i <= pieces; ++i)
        line.push_back(glm::mix(from, to, static_cast<float>(i) / static_cast<float>(pieces)));
    return line;
}

/// Foot below the ankle, blended over 20 mm above it; toes in front of the ball.
void follow(Vertex& vertex) {
    const float foot = std::clamp((20.0f - vertex.position.z) / 40.0f, 0.0f, 1.0f);
    if (vertex.position.y > 115 && vertex.position.z < -20) {
        vertex.joints = {2, 0, 0, 0};
        vertex.weights = {255, 0, 0, 0};
        return;
    }
    const auto weight = static_cast<std::uint8_t>(std::lround(foot * 255));
    vertex.joints = {0, 1, 0, 0};
    vertex.weights = {static_cast<std::uint8_t>(255 - weight), weight, 0, 0};
}

float belly(float share) {
    const float t = std::clamp(share / 0.62f, 0.0f, 1.0f);
    return 5 + 20 * std::pow(std::max(std::sin(t * glm::pi<float>()), 0.0f), 1.5f);
}

void addMuscle(LegModel& leg, const std::string& id, glm::vec3 from, glm::vec3 to, int ridesOn,
               std::string compartment) {
    const int index = static_cast<int>(leg.rig.muscles.size());
    anatomy::MuscleRig rig;
    rig.id = id;
    rig.compartment = std::move(compartment);
    rig.line = straight(from, to, 64);
    const float length = glm::distance(from, to);
    for (std::size_t i = 0; i < rig.line.size(); ++i) {
        const float share = static_cast<float>(i) / 64.0f;
        rig.arc.push_back(share * length);
        const float r = belly(share);
        rig.area.push_back(glm::pi<float>() * r * r);
        rig.anchor.push_back(rig.line[i] + glm::vec3(0, r, 0)); // its front face lies on bone
    }
    rig.bellyStart = 0;
    rig.bellyEnd = length * 0.62f;
    rig.insertionJoints = {1, 0, 0, 0};
    rig.ridesOn = ridesOn;
    leg.rig.muscles.push_back(rig);
    addTube(leg, {.id = id,
                  .tissue = Tissue::Muscle,
                  .layer = Layer::Muscles,
                  .line = rig.line,
                  .radius = belly,
                  .finish =
                      [length](Vertex& vertex, float arc, float) {
                          vertex.tissue[0] = arc;
                          vertex.tissue[1] = std::clamp((arc / length - 0.55f) / 0.15f, 0.0f, 1.0f);
                          vertex.tissue[3] = 0;
                          follow(vertex);
                      },
                  .muscle = index});
}

int addVessel(LegModel& leg, const std::string& id, anatomy::VesselKind kind, glm::vec3 from, glm::vec3 to,
              float radius, std::vector<std::string> segments, int muscle) {
    const int index = static_cast<int>(leg.rig.vessels.size());
    anatomy::Vessel vessel;
    vessel.id = id;
    vessel.kind = kind;
    const float length = glm::distance(from, to);
    const int pieces = static_cast<int>(std::lround(length / 4));
    const std::vector<glm::vec3> line = straight(from, to, pieces);
    for (std::size_t i = 0; i < line.size(); ++i) {
        anatomy::VesselPoint point;
        point.position = line[i];
        point.radius = radius;
        point.arc = length * static_cast<float>(i) / static_cast<float>(pieces);
        if (muscle >= 0) {
            const anatomy::MuscleRig& rig = leg.rig.muscles[static_cast<std::size_t>(muscle)];
            point.binding.muscle = muscle;
            point.binding.muscleArc = std::clamp(rig.line.front().z - line[i].z, 0.0f, rig.arc.back());
            point.binding.muscleWeight = 1;
        }
        vessel.points.push_back(point);
    }
    const float step = length / static_cast<float>(segments.size());
    for (std::size_t i = 0; i < segments.size(); ++i)
        vessel.stretches.push_back(
            {segments[i], step * static_cast<float>(i), step * static_cast<float>(i + 1), true});
    leg.rig.vessels.push_back(vessel);
    if (kind == anatomy::VesselKind::Bed) return index;
    const bool artery = kind == anatomy::VesselKind::Artery;
    leg.rig.vessels.back().structure = static_cast<int>(leg.structures.size());
    addTube(leg, {.id = id,
                  .tissue = artery ? Tissue::Artery : Tissue::Vein,
                  .layer = artery ? Layer::Arteries : Layer::DeepVeins,
                  .line = line,
                  .radius = [radius](float) { return radius; },
                  .finish =
                      [](Vertex& vertex, float arc, float turn) {
                          vertex.tissue[0] = arc;
                          vertex.tissue[1] = turn;
                      },
                  .vessel = index});
    return index;
}

void addValve(LegModel& leg, int vessel, float arc, std::string from, std::string to) {
    leg.rig.valves.push_back({"valve-" + from + "-" + to, from, to, vessel, arc, 0.3f});
    Structure structure = openStructure(leg, leg.rig.valves.back().id, Tissue::Valve, Layer::Valves);
    structure.vessel = vessel;
    const glm::vec3 place = leg.rig.vessels[static_cast<std::size_t>(vessel)].points.front().position;
    constexpr int kColumns = 8, kRows = 5;
    for (const float cusp : {0.0f, 1.0f})
        for (const float side : {1.0f, -1.0f}) {
            const auto base = static_cast<std::uint32_t>(leg.vertices.size());
            for (int row = 0; row <= kRows; ++row)
                for (int column = 0; column <= kColumns; ++column) {
                    Vertex vertex;
                    vertex.position = place + glm::vec3(0, 0, arc);
                    const float across = 2 * static_cast<float>(column) / kColumns - 1;
                    vertex.tissue = {static_cast<float>(leg.rig.valves.size() - 1), cusp, across,
                                     static_cast<float>(row) / kRows, side};
                    leg.vertices.push_back(vertex);
                }
            for (std::uint32_t row = 0; row < kRows; ++row)
                for (std::uint32_t column = 0; column < kColumns; ++column) {
                    const std::uint32_t a = base + row * (kColumns + 1) + column;
                    const std::uint32_t b = a + 1, c = a + kColumns + 1, d = c + 1;
                    if (side > 0)
                        leg.indices.insert(leg.indices.end(), {a, b, d, a, d, c});
                    else
                        leg.indices.insert(leg.indices.end(), {a, d, b, a, c, d});
                }
        }
    closeStructure(leg, std::move(structure));
}

void addSkin(LegModel& leg) {
    addTube(leg, {.id = "skin",
                  .tissue = Tissue::Skin,
                  .layer = Layer::Skin,
                  .line = straight({0, -20, 400}, {0, -20, -20}, 60),
                  .radius = [](float share) { return 45 + 17 * std::sin(share * glm::pi<float>()); },
                  .finish =
                      [](Vertex& vertex, float, float) {
                          const bool behind = vertex.position.y < -20;
                          const float arc = std::clamp(380 - vertex.position.z, 0.0f, 420.0f);
                          vertex.tissue = {1, arc, behind ? 0.7f : 0.1f, 4, 0, arc, behind ? 0.3f : 0.05f};
                          follow(vertex);
                      }});
}

} // namespace

anatomy::LegModel syntheticLeg() {
    LegModel leg;
    leg.credit = "shapes from formulas";
    leg.source = "synthetic";
    leg.rig.joints = {{"shank", -1, {0, 0, 0}, {1, 0, 0}},
                      {"foot", 0, {0, 0, 0}, glm::normalize(glm::vec3(0.74f, -0.58f, -0.35f))},
                      {"toes", 1, {0, 110, -45}, glm::normalize(glm::vec3(0.81f, -0.58f, 0))}};
    auto rigid = [](std::uint8_t joint) {
        return [joint](Vertex& vertex, float, float) { vertex.joints = {joint, 0, 0, 0}; };
    };
    auto thick = [](float radius) { return [radius](float) { return radius; }; };
    addTube(leg, {.id = "tibia",
                  .line = straight({0, 6, 380}, {0, 6, 5}, 20),
                  .radius = thick(13),
                  .finish = rigid(0)});
    addTube(leg, {.id = "calcaneus",
                  .line = straight({0, -55, -40}, {0, 105, -45}, 16),
                  .radius = thick(18),
                  .finish = rigid(1)});
    addTube(leg, {.id = "phalanges",
                  .line = straight({0, 116, -48}, {0, 160, -52}, 6),
                  .radius = thick(10),
                  .finish = rigid(2)});
    addMuscle(leg, "soleus", {0, -32, 380}, {0, -48, -30}, -1, "SOLEUS");
    addMuscle(leg, "gastrocnemius", {0, -50, 380}, {0, -52, -30}, 0, "GASTROC");
    const int vein = addVessel(leg, "posterior-tibial-vein", anatomy::VesselKind::DeepVein, {4, -28, 40},
                               {4, -30, 360}, 3, {"PTV1", "PTV2", "PTV3", "PTV4"}, 0);
    const int artery = addVessel(leg, "posterior-tibial-artery", anatomy::VesselKind::Artery, {-6, -18, 360},
                                 {-6, -18, 40}, 2, {"ART:MV_P"}, -1);
    const int bed = addVessel(leg, "bed-mv-p", anatomy::VesselKind::Bed, {-6, -18, 40}, {4, -28, 40}, 1,
                              {"BED:MV_P"}, -1);
    auto vessel = [&](int i) -> anatomy::Vessel& { return leg.rig.vessels[static_cast<std::size_t>(i)]; };
    vessel(artery).atEnd = {{bed, 0}};
    vessel(bed).atStart = {{artery, vessel(artery).points.back().arc}};
    vessel(bed).atEnd = {{vein, 0}};
    vessel(vein).atStart = {{bed, vessel(bed).points.back().arc}};
    addValve(leg, vein, vessel(vein).points.back().arc / 2, "PTV2", "PTV3");
    addSkin(leg);
    return leg;
}

} // namespace pump::test
