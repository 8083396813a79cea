#include "scene/SceneBuilder.h"

#include "scene/Surroundings.h"

#include <fmt/format.h>
#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <utility>

namespace pump::scene {

namespace {

using physiology::MuscleGroup;

constexpr float kMm3PerMl = 1000.0f;
// Area ratios between which a vein goes from round to dumb-bell: two-lobed buckling begins below 1 and the
// walls touch near 0.2 (Shapiro 1977; PHYSIOLOGY.md 3.1).
constexpr float kRoundAlpha = 0.95f;
constexpr float kDumbBellAlpha = 0.2f;

int muscleGroup(std::string_view compartment) {
    constexpr std::array<std::pair<std::string_view, MuscleGroup>, 6> kGroups{{
        {"SOLEUS", MuscleGroup::Soleus},
        {"GASTROC", MuscleGroup::Gastrocnemius},
        {"DEEP", MuscleGroup::DeepPosterior},
        {"ANT", MuscleGroup::Anterior},
        {"PLANTAR", MuscleGroup::Plantar},
        {"THIGH", MuscleGroup::Thigh},
    }};
    for (const auto& [code, group] : kGroups)
        if (code == compartment) return static_cast<int>(group);
    return -1;
}

float flatnessOf(double areaRatio) {
    const auto alpha = static_cast<float>(areaRatio);
    return std::clamp((kRoundAlpha - alpha) / (kRoundAlpha - kDumbBellAlpha), 0.0f, 1.0f);
}

/// "0.5*PAV1>PTV1" -> 0.5 and "PAV1>PTV1"; without a number the whole.
std::pair<float, std::string_view> takeShare(std::string_view text) {
    const std::size_t star = text.find('*');
    if (star == std::string_view::npos) return {1.0f, text};
    return {std::strtof(std::string(text.substr(0, star)).c_str(), nullptr), text.substr(star + 1)};
}

/// "0.3*MV_P+MV_D" -> "0.3*MV_P", "MV_D".
std::vector<std::string_view> splitTerms(std::string_view text) {
    std::vector<std::string_view> result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('+'), text.size());
        result.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

float meanArea(const anatomy::Vessel& vessel, const anatomy::Stretch& stretch) {
    float sum = 0;
    int count = 0;
    for (const anatomy::VesselPoint& point : vessel.points) {
        if (point.arc < stretch.from - 0.01f || point.arc > stretch.to + 0.01f) continue;
        sum += glm::pi<float>() * point.radius * point.radius;
        ++count;
    }
    if (count > 0) return std::max(sum / static_cast<float>(count), 0.05f);
    const float radius = vessel.points.empty() ? 1.0f : vessel.points.front().radius;
    return std::max(glm::pi<float>() * radius * radius, 0.05f);
}

} // namespace

ViewSettings defaultViewSettings() {
    ViewSettings settings;
    using anatomy::Layer;
    settings.layer(Layer::Bones).opacity = 1.0f;
    settings.layer(Layer::Muscles).opacity = 0.48f;
    settings.layer(Layer::DeepVeins).opacity = 0.45f;
    settings.layer(Layer::SuperficialVeins).opacity = 0.45f;
    settings.layer(Layer::Perforators).opacity = 0.45f;
    settings.layer(Layer::Valves).opacity = 1.0f;
    settings.layer(Layer::Arteries).opacity = 0.5f;
    settings.layer(Layer::Nerves).opacity = 0.0f;
    settings.layer(Layer::Fascia).opacity = 0.0f;
    settings.layer(Layer::Fat).opacity = 0.0f;
    settings.layer(Layer::Skin).opacity = 0.20f;
    settings.layer(Layer::Lymph).opacity = 0.0f;
    return settings;
}

SceneBuilder::SceneBuilder(const anatomy::LegModel& leg, const physiology::Network& network,
                           const physiology::SimSnapshot& quiet)
    : m_leg(leg), m_poser(leg) {
    for (std::size_t i = 0; i < leg.rig.muscles.size(); ++i) {
        m_paths.emplace_back(leg, static_cast<int>(i));
        m_muscleGroups.push_back(muscleGroup(leg.rig.muscles[i].compartment));
    }
    bindStretches(network, quiet);
    bindValves(network);
}

SceneBuilder::StretchSource SceneBuilder::sourceOf(std::string_view segment,
                                                   const physiology::Network& network) {
    StretchSource source;
    const std::size_t colon = segment.find(':');
    const std::string_view kind = colon == std::string_view::npos ? "" : segment.substr(0, colon);
    const std::string_view name = colon == std::string_view::npos ? segment : segment.substr(colon + 1);
    if (kind == "ART" || kind == "BED") {
        for (const std::string_view term : splitTerms(name)) {
            const auto [share, bed] = takeShare(term);
            if (const int index = network.segmentIndex(bed); index >= 0)
                source.beds.emplace_back(index, share);
        }
    } else if (kind == "LINK") {
        const auto [share, link] = takeShare(name);
        const std::size_t arrow = std::min(link.find('>'), link.size());
        const std::string_view from = link.substr(0, arrow);
        const std::string_view to = link.substr(std::min(arrow + 1, link.size()));
        source.share = share;
        source.link = network.linkIndex(from, to);
        source.segment = network.segmentIndex(from);
    } else {
        source.segment = network.segmentIndex(name);
        source.still = kind == "STILL";
    }
    return source;
}

void SceneBuilder::bindStretches(const physiology::Network& network, const physiology::SimSnapshot& quiet) {
    for (const anatomy::Vessel& vessel : m_leg.rig.vessels) {
        for (const anatomy::Stretch& stretch : vessel.stretches) {
            StretchSource source = sourceOf(stretch.segment, network);
            source.drawnArea = meanArea(vessel, stretch);
            if (source.segment >= 0) {
                const auto index = static_cast<std::size_t>(source.segment);
                source.quietArea = static_cast<float>(quiet.segments[index].areaMm2);
                source.parallel = static_cast<float>(std::max(network.segments[index].parallel, 1));
            } else if (source.beds.empty() && stretch.segment != "LYMPH") {
                m_unbound.push_back(fmt::format("{}: no segment '{}' in the network; drawn at rest",
                                                vessel.id, stretch.segment));
            }
            m_stretches.push_back(std::move(source));
        }
        joinStretches(vessel.stretches.size(), network);
    }
}

void SceneBuilder::joinStretches(std::size_t count, const physiology::Network& network) {
    for (std::size_t i = m_stretches.size() - count + 1; i < m_stretches.size(); ++i) {
        StretchSource &before = m_stretches[i - 1], &after = m_stretches[i];
        auto plain = [](const StretchSource& s) { return s.segment >= 0 && s.link < 0 && !s.still; };
        if (!plain(before)) continue;
        if (after.link >= 0 && network.links[static_cast<std::size_t>(after.link)].from == before.segment)
            before.linkOut = after.link;
        if (!plain(after)) continue;
        const auto from = static_cast<std::size_t>(before.segment),
                   to = static_cast<std::size_t>(after.segment);
        before.linkOut = after.linkIn = network.linkIndex(network.segments[from].id, network.segments[to].id);
    }
}

void SceneBuilder::bindValves(const physiology::Network& network) {
    for (const physiology::Link& link : network.links) m_linkTo.push_back(link.to);
    for (const anatomy::ValveSite& site : m_leg.rig.valves) {
        const int link = network.linkIndex(site.from, site.to);
        if (link < 0)
            m_unbound.push_back(
                fmt::format("{}: no link {} -> {} in the network; drawn open", site.id, site.from, site.to));
        m_valveLinks.push_back(link);
    }
}

FlowState SceneBuilder::flowOf(const StretchSource& source, const physiology::SimSnapshot& snapshot) const {
    FlowState flow;
    if (!source.beds.empty()) {
        double inflow = 0;
        for (const auto& [bed, share] : source.beds)
            inflow +=
                static_cast<double>(share) * snapshot.segments[static_cast<std::size_t>(bed)].arterialMlS;
        const auto& first = snapshot.segments[static_cast<std::size_t>(source.beds.front().first)];
        flow.velocityLow = static_cast<float>(inflow) * kMm3PerMl / source.drawnArea;
        flow.velocityHigh = flow.velocityLow;
        flow.pressureMmHg = static_cast<float>(first.pressureMmHg);
        return flow;
    }
    if (source.segment < 0) return flow;
    const physiology::SegmentState& state = snapshot.segments[static_cast<std::size_t>(source.segment)];
    const auto area = static_cast<float>(state.areaMm2);
    if (source.quietArea > 0) flow.radiusScale = std::sqrt(area / source.quietArea);
    // The drawn tube carries the simulated flow: what the drawing has in section, velocity makes up for.
    const float section = std::max(source.drawnArea * flow.radiusScale * flow.radiusScale, 0.05f);
    if (source.link >= 0) {
        const physiology::LinkState& link = snapshot.links[static_cast<std::size_t>(source.link)];
        flow.velocityLow = static_cast<float>(link.flowMlS) * kMm3PerMl * source.share / section;
        flow.velocityHigh = flow.velocityLow;
    } else if (!source.still) {
        const float all = section * source.parallel;
        auto through = [&](int link, double sum) {
            return static_cast<float>(link >= 0 ? snapshot.links[static_cast<std::size_t>(link)].flowMlS
                                                : sum);
        };
        flow.velocityLow = through(source.linkIn, state.flowInMlS) * kMm3PerMl / all;
        flow.velocityHigh = through(source.linkOut, state.flowOutMlS) * kMm3PerMl / all;
    }
    flow.flatness = flatnessOf(state.areaRatio);
    flow.pressedFlatness = flatnessOf(state.pressedAreaRatio);
    flow.pressedScale =
        flow.radiusScale *
        static_cast<float>(std::sqrt(state.pressedAreaRatio / std::max(state.areaRatio, 1e-6)));
    flow.pressureMmHg = static_cast<float>(state.pressureMmHg);
    return flow;
}

ValveState SceneBuilder::valveOf(int link, const physiology::SimSnapshot& snapshot) const {
    // The blood that stands on shut cusps distends the pockets behind them: at 50 mmHg across the wall by as
    // much again as the sinus bulges at rest (design value; sinuses widen by a quarter when valves close,
    // Lurie 2003).
    constexpr float kFullMmHg = 50;
    ValveState valve;
    valve.opening = static_cast<float>(snapshot.links[static_cast<std::size_t>(link)].opening);
    if (const int above = m_linkTo[static_cast<std::size_t>(link)]; above >= 0) {
        const auto inside =
            static_cast<float>(snapshot.segments[static_cast<std::size_t>(above)].transmuralMmHg);
        valve.balloon = (1 - valve.opening) * std::clamp(inside / kFullMmHg, 0.0f, 1.0f);
    }
    return valve;
}

std::vector<MuscleState> SceneBuilder::musclesOf(const physiology::SimSnapshot& snapshot,
                                                 const std::vector<shared::JointPose>& joints) const {
    std::vector<MuscleState> muscles(m_paths.size());
    for (std::size_t i = 0; i < muscles.size(); ++i) {
        if (m_muscleGroups[i] >= 0)
            muscles[i].activation =
                static_cast<float>(snapshot.activation[static_cast<std::size_t>(m_muscleGroups[i])]);
        muscles[i].shorteningMm = m_paths[i].restLength() - m_paths[i].posedLength(joints);
    }
    return muscles;
}

RenderInput SceneBuilder::build(const physiology::SimSnapshot& snapshot, const ViewSettings& settings,
                                const CameraView& camera, const FrameTime& time) const {
    RenderInput input;
    input.camera = camera;
    input.joints = m_poser.joints(snapshot.pose);
    input.muscles = musclesOf(snapshot, jointPoses(input.joints));
    input.flows.reserve(m_stretches.size());
    for (const StretchSource& source : m_stretches) input.flows.push_back(flowOf(source, snapshot));
    input.valves.resize(m_valveLinks.size());
    for (std::size_t i = 0; i < m_valveLinks.size(); ++i)
        if (m_valveLinks[i] >= 0) input.valves[i] = valveOf(m_valveLinks[i], snapshot);
    input.activationHeat = settings.activationHeat;
    input.surroundings = surroundings(settings.stance);
    input.props = bandProps(m_leg.rig, snapshot.pose, input.joints);
    if (settings.gravity) {
        const std::vector<shared::Prop> arrow = gravityProps(settings.stance);
        input.props.insert(input.props.end(), arrow.begin(), arrow.end());
    }
    for (std::size_t i = 0; i < std::min(snapshot.tissue.size(), input.swellingMl.size()); ++i)
        input.swellingMl[i] = static_cast<float>(snapshot.tissue[i].gainedMl);
    input.contacts = settings.contacts;
    input.signs = settings.signs;
    input.layers = settings.layers;
    input.hidden = settings.hidden;
    input.highlighted = settings.highlighted;
    input.pointer = settings.pointer;
    input.simulatedSeconds = time.simulatedSeconds;
    input.simulationTimeS = snapshot.timeS;
    input.frame = time.frame;
    input.still = time.still;
    input.exaggeration = settings.exaggeration;
    return input;
}

} // namespace pump::scene
