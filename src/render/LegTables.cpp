#include "render/LegTables.h"

#include "render/FibreCoordinates.h"
#include "render/SkinTables.h"
#include "render/TissueLook.h"
#include "scene/VesselFrames.h"

#include "core/Error.h"

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

namespace pump::render {

namespace {

using anatomy::Tissue;

std::uint32_t packBytes(const std::array<std::uint8_t, 4>& bytes) {
    return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
           static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

bool isTube(const anatomy::Structure& structure, const anatomy::LegModel& leg) {
    return structure.vessel >= 0 &&
           leg.rig.vessels[static_cast<std::size_t>(structure.vessel)].points.size() >= 2 &&
           (structure.tissue == Tissue::Vein || structure.tissue == Tissue::Artery ||
            structure.tissue == Tissue::Lymph);
}

/// Mean curvature times edge length, negative in grooves: for the cavity shading of bones.
std::vector<float> cavities(const anatomy::LegModel& leg, const anatomy::Structure& structure) {
    std::vector<float> sum(structure.vertexCount, 0.0f), weight(structure.vertexCount, 0.0f);
    auto add = [&](std::uint32_t a, std::uint32_t b) {
        const anatomy::Vertex& from = leg.vertices[a];
        const glm::vec3 edge = leg.vertices[b].position - from.position;
        const float size = glm::length(edge);
        if (size < 1e-6f) return;
        const std::uint32_t local = a - structure.firstVertex;
        if (local >= structure.vertexCount) return;
        sum[local] -= glm::dot(edge, from.normal) / size;
        weight[local] += 1;
    };
    for (std::uint32_t i = 0; i + 2 < structure.indexCount; i += 3)
        for (std::uint32_t k = 0; k < 3; ++k) {
            const std::uint32_t a = leg.indices[structure.firstIndex + i + k];
            const std::uint32_t b = leg.indices[structure.firstIndex + i + (k + 1) % 3];
            add(a, b);
            add(b, a);
        }
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i)
        sum[i] = weight[i] > 0 ? std::clamp(sum[i] / weight[i] * 3.0f, -1.0f, 1.0f) : 0.0f;
    return sum;
}

/// Of whose valve's sinus a wall vertex at `arc` is part: from just below the cusps to three radii above
/// them, as leg-builder shapes it. -1: none.
float sinusValve(const anatomy::LegModel& leg, const std::vector<scene::VesselFrame>& frames, int vessel,
                 float arc) {
    for (std::size_t i = 0; i < leg.rig.valves.size(); ++i) {
        const anatomy::ValveSite& site = leg.rig.valves[i];
        if (site.vessel != vessel) continue;
        const float radius =
            scene::frameAt(leg.rig.vessels[static_cast<std::size_t>(vessel)], frames, site.arc).radius;
        const float above = (arc - site.arc) / radius;
        if (above > -0.15f && above < 3.0f) return static_cast<float>(i);
    }
    return -1;
}

void addVertices(const anatomy::LegModel& leg, std::size_t index,
                 const std::vector<std::vector<scene::VesselFrame>>& frames, LegTables& tables) {
    const anatomy::Structure& structure = leg.structures[index];
    const bool tube = isTube(structure, leg);
    const std::vector<float> cavity =
        structure.tissue == Tissue::Bone ? cavities(leg, structure) : std::vector<float>();
    const bool flesh =
        (structure.tissue == Tissue::Muscle || structure.tissue == Tissue::Tendon) && structure.muscle >= 0;
    const std::vector<glm::vec3> fibres = flesh ? fibreCoordinates(leg, structure) : std::vector<glm::vec3>();
    for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
        const anatomy::Vertex& vertex = leg.vertices[structure.firstVertex + i];
        shared::RestVertex& rest = tables.vertices[tables.placeOf[structure.firstVertex + i]];
        rest.position = vertex.position;
        rest.joints = packBytes(vertex.joints);
        rest.normal = vertex.normal;
        rest.weights = packBytes(vertex.weights);
        const auto& t = vertex.tissue;
        rest.detail = {t[0], t[1], t[2], t[3]};
        rest.more = {t[4], t[5], t[6]};
        rest.structure = static_cast<std::uint32_t>(index);
        if (tube) {
            const auto vessel = static_cast<std::size_t>(structure.vessel);
            const scene::VesselFrame frame = scene::frameAt(leg.rig.vessels[vessel], frames[vessel], t[0]);
            const glm::vec3 offset = vertex.position - frame.position;
            const glm::vec3 n = frame.normal, b = frame.binormal();
            const float radius = std::max(frame.radius, 0.05f);
            rest.detail = {t[0], glm::dot(offset, n) / radius, glm::dot(offset, b) / radius,
                           glm::dot(offset, frame.tangent)};
            rest.normal = {glm::dot(vertex.normal, n), glm::dot(vertex.normal, b),
                           glm::dot(vertex.normal, frame.tangent)};
            rest.more = {sinusValve(leg, frames[vessel], structure.vessel, t[0]), 0, 0};
        } else if (flesh) {
            const int first = leg.corrections.empty() ? -1 : leg.corrections.firstOf[index];
            rest.detail = {t[0], t[1], 0,
                           first < 0 ? -1.0f : static_cast<float>(static_cast<std::uint32_t>(first) + i)};
            rest.more = fibres[i];
        } else if (structure.tissue == Tissue::Bone || structure.tissue == Tissue::Cartilage) {
            rest.detail = {0, cavity.empty() ? 0 : cavity[i], 0, 0};
        }
    }
}

std::uint32_t deformKind(const anatomy::LegModel& leg, const anatomy::Structure& structure) {
    if (isTube(structure, leg)) return shared::kDeformTube;
    if (structure.tissue == Tissue::Valve && !leg.rig.valves.empty()) return shared::kDeformCusp;
    const bool flesh = structure.tissue == Tissue::Muscle || structure.tissue == Tissue::Tendon;
    if (flesh && structure.muscle >= 0) return shared::kDeformMuscle;
    const bool cover = structure.tissue == Tissue::Skin || structure.tissue == Tissue::Fat ||
                       structure.tissue == Tissue::Fascia;
    if (cover && !leg.rig.muscles.empty()) return shared::kDeformCover;
    return shared::kDeformRigid;
}

std::uint32_t influencesOf(const anatomy::Vertex& vertex) {
    std::uint32_t most = 1;
    for (std::uint32_t k = 1; k < 4; ++k)
        if (vertex.weights[k] > 0) most = k + 1;
    return most == 3 ? 4 : most;
}

/// Puts the vertices of each structure in order of how many joints they follow: most follow one, and CPU
/// drivers pay for every joint that a shader could read.
void sortByInfluences(const anatomy::LegModel& leg, LegTables& tables) {
    tables.placeOf.resize(leg.vertices.size());
    std::vector<std::uint32_t> order;
    for (std::size_t s = 0; s < leg.structures.size(); ++s) {
        const anatomy::Structure& structure = leg.structures[s];
        const std::uint32_t kind = deformKind(leg, structure);
        tables.deformKinds.push_back(kind);
        const bool jointless = kind == shared::kDeformTube || kind == shared::kDeformCusp;
        std::uint32_t next = structure.firstVertex;
        for (const std::uint32_t influences : {1u, 2u, 4u}) {
            DeformRange range{static_cast<std::uint32_t>(s), kind, influences, next, 0};
            for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
                const std::uint32_t vertex = structure.firstVertex + i;
                if ((jointless ? 1u : influencesOf(leg.vertices[vertex])) != influences) continue;
                tables.placeOf[vertex] = next++;
                ++range.vertexCount;
            }
            if (range.vertexCount > 0) tables.ranges.push_back(range);
        }
    }
    for (std::uint32_t& index : tables.indices) index = tables.placeOf[index];
}

void addMuscle(const anatomy::MuscleRig& rig, LegTables& tables) {
    const float length = rig.arc.back();
    for (std::uint32_t i = 0; i < shared::kMuscleSamples; ++i) {
        const float arc = length * static_cast<float>(i) / static_cast<float>(shared::kMuscleSamples - 1);
        const auto above = std::upper_bound(rig.arc.begin(), rig.arc.end(), arc);
        const std::size_t last = rig.line.size() - 2;
        const std::size_t k = std::min(
            static_cast<std::size_t>(std::max<std::ptrdiff_t>(above - rig.arc.begin() - 1, 0)), last);
        const float span = rig.arc[k + 1] - rig.arc[k];
        const float t = span > 0 ? std::clamp((arc - rig.arc[k]) / span, 0.0f, 1.0f) : 0;
        shared::MuscleSample s{};
        s.centre = glm::mix(rig.line[k], rig.line[k + 1], t);
        s.arc = arc;
        s.anchor = glm::mix(rig.anchor[k], rig.anchor[k + 1], t);
        s.radius = std::sqrt(std::max(glm::mix(rig.area[k], rig.area[k + 1], t), 0.0f) / glm::pi<float>());
        s.reach = glm::distance(s.centre, s.anchor) + s.radius;
        tables.muscleSamples.push_back(s);
    }
    auto* samples = tables.muscleSamples.data() + tables.muscleSamples.size() - shared::kMuscleSamples;
    for (std::uint32_t i = 0; i < shared::kMuscleSamples; ++i) {
        const std::uint32_t a = i > 0 ? i - 1 : i;
        const std::uint32_t b = std::min(i + 1, shared::kMuscleSamples - 1);
        const glm::vec3 d = samples[b].centre - samples[a].centre;
        samples[i].tangent = glm::length(d) > 1e-6f ? glm::normalize(d) : glm::vec3(0, 0, -1);
    }
}

/// The stretch that holds `arc`, blended with its neighbour near their border, so that calibre has no steps.
void setFlow(const anatomy::Vessel& vessel, int firstFlow, shared::VesselPointRest& point) {
    constexpr float kBlendLength = 12.0f; // mm on either side of the border
    point.flowA = point.flowB = -1;
    const std::size_t count = vessel.stretches.size();
    if (count == 0) return;
    std::size_t i = 0;
    while (i + 1 < count && point.arc > vessel.stretches[i].to) ++i;
    const anatomy::Stretch& stretch = vessel.stretches[i];
    const float length = std::max(stretch.to - stretch.from, 1e-3f);
    point.flowA = point.flowB = firstFlow + static_cast<int>(i);
    const float reach = std::min(kBlendLength, length / 2);
    if (i + 1 < count && stretch.to - point.arc < reach) {
        point.flowB = point.flowA + 1;
        point.flowBlend = 0.5f * (1 - (stretch.to - point.arc) / reach);
    } else if (i > 0 && point.arc - stretch.from < reach) {
        point.flowB = point.flowA - 1;
        point.flowBlend = 0.5f * (1 - (point.arc - stretch.from) / reach);
    }
}

/// Veins and lymph vessels of the fat lie on the muscles; a contraction slides along below them.
bool liesOnMuscles(const anatomy::Vessel& vessel) {
    return vessel.kind == anatomy::VesselKind::SuperficialVein || vessel.kind == anatomy::VesselKind::Lymph;
}

/// How far the ends of a vessel go along with the flesh (VesselPointRest::slide): what joins a vein of the
/// fat stays with it there.
std::array<float, 2> slideAtEnds(const anatomy::Rig& rig, const anatomy::Vessel& vessel) {
    if (liesOnMuscles(vessel)) return {0, 0};
    const auto at = [&](const std::vector<anatomy::Junction>& junctions) {
        const bool joinsFat =
            std::any_of(junctions.begin(), junctions.end(), [&](const anatomy::Junction& j) {
                return liesOnMuscles(rig.vessels[static_cast<std::size_t>(j.vessel)]);
            });
        return joinsFat ? 0.0f : 1.0f;
    };
    return {at(vessel.atStart), at(vessel.atEnd)};
}

void addVessel(const anatomy::Rig& rig, const anatomy::Vessel& vessel,
               const std::vector<scene::VesselFrame>& frames, int firstFlow, LegTables& tables) {
    const auto [slideFrom, slideTo] = slideAtEnds(rig, vessel);
    constexpr float kSpacing = 4.0f;
    const float length = vessel.points.back().arc;
    const auto count = static_cast<std::uint32_t>(std::max(2.0f, std::round(length / kSpacing) + 1));
    shared::VesselHeader header{};
    header.firstPoint = static_cast<std::uint32_t>(tables.vesselPoints.size());
    header.pointCount = count;
    header.lengthMm = length;
    header.spacing = std::max(length, 1e-3f) / static_cast<float>(count - 1);
    for (std::uint32_t i = 0; i < count; ++i) {
        const float arc = length * static_cast<float>(i) / static_cast<float>(count - 1);
        const scene::ArcPlace place = scene::placeAt(vessel, arc);
        const scene::VesselFrame frame = scene::frameAt(vessel, frames, arc);
        const anatomy::VesselPoint& a = vessel.points[place.index];
        const anatomy::VesselPoint& b = vessel.points[place.index + 1];
        const anatomy::VesselPoint& nearest = place.share < 0.5f ? a : b;
        shared::VesselPointRest rest{};
        rest.position = frame.position;
        rest.joints = packBytes(nearest.binding.joints);
        rest.normal = frame.normal;
        rest.weights = packBytes(nearest.binding.weights);
        rest.tangent = frame.tangent;
        rest.muscle = nearest.binding.muscle;
        rest.muscleArc = nearest.binding.muscleArc;
        rest.muscleWeight = nearest.binding.muscleWeight;
        if (a.binding.muscle == b.binding.muscle) {
            rest.muscleArc = glm::mix(a.binding.muscleArc, b.binding.muscleArc, place.share);
            rest.muscleWeight = glm::mix(a.binding.muscleWeight, b.binding.muscleWeight, place.share);
        }
        rest.radius = frame.radius;
        rest.arc = arc;
        rest.slide = glm::mix(slideFrom, slideTo, glm::smoothstep(0.0f, 1.0f, arc / std::max(length, 1e-3f)));
        setFlow(vessel, firstFlow, rest);
        tables.vesselPoints.push_back(rest);
    }
    tables.vessels.push_back(header);
}

void addValves(const anatomy::LegModel& leg, LegTables& tables) {
    for (const anatomy::ValveSite& site : leg.rig.valves)
        tables.valves.push_back(
            {static_cast<std::uint32_t>(site.vessel), site.arc, site.angle, 1, 0, 0, 0, 0});
}

/// Where the foot touches the floor: the lowest places from heel to toes.
void addContacts(const anatomy::LegModel& leg, LegTables& tables) {
    constexpr std::size_t kContacts = 6;
    float low = 1e9f, front = -1e9f, back = 1e9f;
    for (const anatomy::Vertex& vertex : leg.vertices) low = std::min(low, vertex.position.z);
    const float slice = low + 16;
    for (const anatomy::Vertex& vertex : leg.vertices)
        if (vertex.position.z < slice) {
            front = std::max(front, vertex.position.y);
            back = std::min(back, vertex.position.y);
        }
    if (leg.vertices.empty() || front <= back) return;
    struct Sum {
        glm::vec2 total{0};
        float count = 0, low = 1e9f, high = -1e9f;
        std::uint32_t joint = 0;
    };
    std::array<Sum, kContacts> sums;
    for (const anatomy::Vertex& vertex : leg.vertices) {
        if (vertex.position.z >= slice) continue;
        const float t = (vertex.position.y - back) / (front - back);
        Sum& sum = sums[std::min(static_cast<std::size_t>(t * static_cast<float>(kContacts)), kContacts - 1)];
        sum.total += glm::vec2(vertex.position);
        sum.count += 1;
        sum.low = std::min(sum.low, vertex.position.x);
        sum.high = std::max(sum.high, vertex.position.x);
        const auto strongest = static_cast<std::size_t>(
            std::max_element(vertex.weights.begin(), vertex.weights.end()) - vertex.weights.begin());
        sum.joint = vertex.joints[strongest];
    }
    for (const Sum& sum : sums)
        if (sum.count > 0) {
            tables.contacts.emplace_back(sum.total / sum.count, low, (sum.high - sum.low) * 0.5f + 6);
            tables.contactJoints.push_back(sum.joint);
        }
}

/// Mean length of the edges of a structure, mm, from a sample of its triangles.
float meanEdge(const anatomy::LegModel& leg, const anatomy::Structure& structure) {
    constexpr std::uint32_t kSample = 128;
    const std::uint32_t triangles = structure.indexCount / 3, step = std::max(1u, triangles / kSample);
    float sum = 0;
    std::uint32_t count = 0;
    for (std::uint32_t t = 0; t < triangles; t += step, ++count) {
        const std::uint32_t* corner = &leg.indices[structure.firstIndex + 3 * t];
        for (int k = 0; k < 3; ++k)
            sum +=
                glm::distance(leg.vertices[corner[k]].position, leg.vertices[corner[(k + 1) % 3]].position);
    }
    return count > 0 ? sum / (3 * static_cast<float>(count)) : 0;
}

/// A hidden skin still shows where it is touched.
void showOnSkin(const anatomy::Structure& structure, const scene::RenderInput& input,
                shared::StructureState& state) {
    if (structure.tissue == Tissue::Skin && (state.flags & shared::kStructureHidden) != 0 &&
        !input.contacts.empty()) {
        state.flags = shared::kStructureGhost;
        state.opacity = 0.001f;
    }
}

/// Whether a skin is drawn that nothing is seen through.
bool skinIsSolid(const anatomy::LegModel& leg, const scene::RenderInput& input) {
    if (input.layers[static_cast<std::size_t>(anatomy::Layer::Skin)].opacity < kSolidOpacity) return false;
    const anatomy::Structure* skin = leg.find("skin-leg");
    return skin && (input.hidden.empty() ||
                    input.hidden[static_cast<std::size_t>(skin - leg.structures.data())] == 0);
}

/// A varicose tributary that stands out of a skin is covered by it: skin, with the blue of its blood.
void coverBySkin(const scene::RenderInput& input, float share, shared::StructureState& state) {
    const shared::StructureState cover = tissueLook({.tissue = Tissue::Skin});
    constexpr glm::vec3 kBlood(0.24f, 0.20f, 0.27f);
    state.colour = glm::mix(glm::vec3(state.colour), glm::mix(glm::vec3(cover.colour), kBlood, 0.42f), share);
    for (float shared::StructureState::*part :
         {&shared::StructureState::wrap, &shared::StructureState::gloss, &shared::StructureState::shine,
          &shared::StructureState::sheen})
        state.*part = glm::mix(state.*part, cover.*part, share);
    const float skin = input.layers[static_cast<std::size_t>(anatomy::Layer::Skin)].opacity;
    state.opacity = std::max(state.opacity, skin * share);
    state.flags &= ~(shared::kStructureHidden | shared::kStructureGhost);
}

} // namespace

LegTables makeLegTables(const anatomy::LegModel& leg) {
    LegTables tables;
    tables.indices = leg.indices;
    tables.vertices.resize(leg.vertices.size());
    std::vector<std::vector<scene::VesselFrame>> frames;
    int firstFlow = 0;
    for (const anatomy::Vessel& vessel : leg.rig.vessels) {
        frames.push_back(scene::restFrames(vessel));
        addVessel(leg.rig, vessel, frames.back(), firstFlow, tables);
        firstFlow += static_cast<int>(vessel.stretches.size());
    }
    addValves(leg, tables);
    for (const anatomy::MuscleRig& muscle : leg.rig.muscles) addMuscle(muscle, tables);
    sortByInfluences(leg, tables);
    for (std::size_t i = 0; i < leg.structures.size(); ++i) addVertices(leg, i, frames, tables);
    for (const anatomy::Structure& structure : leg.structures)
        tables.edges.push_back(meanEdge(leg, structure));
    static_assert(anatomy::kCorrectionShapes == 8);
    for (const auto& words : leg.corrections.offsets) {
        tables.corrections.emplace_back(words[0], words[1], words[2], words[3]);
        tables.corrections.emplace_back(words[4], words[5], words[6], words[7]);
    }
    addSkinTables(leg, tables);
    addContacts(leg, tables);
    if (const anatomy::Structure* skin = leg.find("skin-leg")) tables.skinTop = skin->boundsHigh.z;
    float top = -1e9f;
    for (const anatomy::Structure& structure : leg.structures)
        if (structure.tissue == Tissue::Skin || structure.tissue == Tissue::Bone)
            top = std::max(top, structure.boundsHigh.z);
    if (top > -1e8f) tables.capZ = top;
    return tables;
}

FrameTables makeFrameTables(const anatomy::LegModel& leg, const LegTables& tables, const MusclePoser& poser,
                            const scene::RenderInput& input) {
    auto expect = [](std::string_view what, std::size_t got, std::size_t wanted) {
        if (got != wanted)
            throw core::Error(core::ErrorKind::Usage, "render input has {} {}, the leg has {}", got, what,
                              wanted);
    };
    std::size_t stretches = 0;
    for (const anatomy::Vessel& vessel : leg.rig.vessels) stretches += vessel.stretches.size();
    expect("joints", input.joints.size(), leg.rig.joints.size());
    expect("muscles", input.muscles.size(), leg.rig.muscles.size());
    expect("stretches", input.flows.size(), stretches);
    expect("valves", input.valves.size(), leg.rig.valves.size());
    if (!input.hidden.empty()) expect("hidden flags", input.hidden.size(), leg.structures.size());

    FrameTables frame;
    frame.joints = scene::jointPoses(input.joints);
    poser.pose(input, frame);
    for (const scene::FlowState& flow : input.flows)
        frame.flows.push_back({flow.radiusScale, flow.flatness, flow.pressedScale, flow.pressedFlatness});
    frame.skin = skinInput(tables, input);
    frame.valves = tables.valves;
    const float over = skinOver(input);
    const bool solidSkin = skinIsSolid(leg, input);
    for (std::size_t i = 0; i < frame.valves.size(); ++i)
        frame.valves[i].opening = std::clamp(input.valves[i].opening, 0.0f, 1.0f);
    for (std::size_t i = 0; i < frame.valves.size(); ++i) frame.valves[i].balloon = input.valves[i].balloon;
    for (std::size_t i = 0; i < leg.structures.size(); ++i) {
        const anatomy::Structure& structure = leg.structures[i];
        shared::StructureState state = tissueLook(structure);
        state.muscle = structure.muscle;
        state.vessel = structure.vessel;
        const bool tube = structure.tissue == Tissue::Vein || structure.tissue == Tissue::Artery ||
                          structure.tissue == Tissue::Lymph;
        if (tube && !isTube(structure, leg)) state.vessel = -1;
        if (structure.tissue == Tissue::Valve && leg.rig.valves.empty()) state.vessel = -1;
        state.opacity =
            std::clamp(input.layers[static_cast<std::size_t>(structure.layer)].opacity, 0.0f, 1.0f);
        const bool putAway = !input.hidden.empty() && input.hidden[i] != 0;
        // Fat is close under the skin: of coarse surfaces it would come through where a bend folds both.
        const bool covered = solidSkin && structure.tissue == Tissue::Fat;
        if (putAway || covered || state.opacity <= 0.004f) state.flags |= shared::kStructureHidden;
        if (input.activationHeat && structure.muscle >= 0) state.flags |= shared::kStructureHeat;
        if (static_cast<int>(i) == input.highlighted) state.flags |= shared::kStructureHighlighted;
        if (state.opacity < 0.3f) state.flags |= shared::kStructureGhost;
        showOnSkin(structure, input, state);
        if (over > 0 && !putAway && structure.tissue == Tissue::Vein && structure.vessel >= 0 &&
            standsOut(leg.rig.vessels[static_cast<std::size_t>(structure.vessel)]))
            coverBySkin(input, over, state);
        if (structure.muscle >= 0)
            state.activation = input.muscles[static_cast<std::size_t>(structure.muscle)].activation;
        frame.structures.push_back(state);
    }
    return frame;
}

} // namespace pump::render
