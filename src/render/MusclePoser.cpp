// Contraction of a muscle along its line. Figure, from origin to insertion:
//
//   0 ---- bellyStart ======= belly ======= bellyEnd -------- tendon -------- L
//   travel T(s):  0, then rising smoothly to D + e, then falling to D
//
// D: what the posed path is shorter than at rest (mm); e: what the tendon gives under load (mm), which the
// fibres take up in addition. The joints already carry material along; `slide` is the rest of T.
// Stretch of the belly: lambda = 1 - T'(s); it widens by 1 / sqrt(lambda), so every slice keeps its volume.
#include "render/LegTables.h"

#include "scene/Fascicles.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pump::render {

namespace {

constexpr float kMinStretch = 0.5f;
constexpr float kMaxStretch = 1.5f;
constexpr float kAtTop = 10.0f; // mm
constexpr float kRamp = 0.35f;  // share of the belly over which shortening sets in at either end

/// Integral of a trapezium that rises over kRamp, stays, and falls: 0 at 0, 1 at 1, slopes 0 at both ends.
float rise(float t) {
    t = std::clamp(t, 0.0f, 1.0f);
    const float top = 1 / (1 - kRamp);
    if (t < kRamp) return top * t * t / (2 * kRamp);
    if (t > 1 - kRamp) return 1 - top * (1 - t) * (1 - t) / (2 * kRamp);
    return top * (t - kRamp / 2);
}

float riseSlope(float t) {
    if (t <= 0 || t >= 1) return 0;
    const float top = 1 / (1 - kRamp);
    return top * std::min({t / kRamp, 1.0f, (1 - t) / kRamp});
}

float interpolate(const std::vector<float>& x, const std::vector<float>& y, float at) {
    const auto above = std::upper_bound(x.begin(), x.end(), at);
    if (above == x.begin()) return y.front();
    if (above == x.end()) return y.back();
    const auto i = static_cast<std::size_t>(above - x.begin()) - 1;
    const float span = x[i + 1] - x[i];
    return span > 0 ? y[i] + (y[i + 1] - y[i]) * (at - x[i]) / span : y[i];
}

std::size_t sampleIndex(std::size_t muscle, std::size_t i) {
    return muscle * shared::kMuscleSamples + i;
}

} // namespace

struct MusclePoser::Travel {
    const Shape& shape;
    float total = 0; ///< D
    float end = 0;   ///< D + e

    float at(float s) const {
        const float belly = std::max(shape.bellyEnd - shape.bellyStart, 1.0f);
        const float tendon = shape.length - shape.bellyEnd;
        if (s <= shape.bellyEnd) return end * rise((s - shape.bellyStart) / belly);
        return tendon > 1 ? glm::mix(end, total, std::min((s - shape.bellyEnd) / tendon, 1.0f)) : end;
    }
    float stretch(float s) const {
        const float belly = std::max(shape.bellyEnd - shape.bellyStart, 1.0f);
        const float tendon = shape.length - shape.bellyEnd;
        if (s <= shape.bellyEnd)
            return std::clamp(1 - end * riseSlope((s - shape.bellyStart) / belly) / belly, kMinStretch,
                              kMaxStretch);
        return tendon > 1 ? std::max(1 + (end - total) / tendon, kMinStretch) : 1.0f;
    }
};

MusclePoser::MusclePoser(const anatomy::LegModel& leg, const LegTables& tables)
    : m_leg(leg), m_samples(tables.muscleSamples), m_corrections(leg) {
    const std::size_t count = leg.rig.muscles.size();
    float limbTop = 1e9f;
    for (const anatomy::Structure& structure : leg.structures)
        if (structure.tissue == anatomy::Tissue::Skin) limbTop = structure.boundsHigh.z;
    for (std::size_t m = 0; m < count; ++m) {
        const anatomy::MuscleRig& rig = leg.rig.muscles[m];
        m_paths.emplace_back(leg, static_cast<int>(m));
        Shape shape;
        shape.length = rig.arc.back();
        shape.bellyStart = rig.bellyStart;
        shape.bellyEnd = rig.bellyEnd;
        shape.ridesOn = rig.ridesOn;
        shape.cut = rig.line.front().z > limbTop - kAtTop;
        if (rig.ridesOn >= 0) {
            const auto under = static_cast<std::size_t>(rig.ridesOn);
            for (std::size_t i = 0; i < shared::kMuscleSamples; ++i) {
                float best = 1e9f, arc = 0;
                for (std::size_t j = 0; j < shared::kMuscleSamples; ++j) {
                    const auto& candidate = m_samples[sampleIndex(under, j)];
                    const float distance =
                        glm::distance(candidate.centre, m_samples[sampleIndex(m, i)].centre);
                    if (distance < best) {
                        best = distance;
                        arc = candidate.arc;
                    }
                }
                shape.placeUnder.push_back(arc);
            }
        }
        m_shapes.push_back(std::move(shape));
    }
    // Carriers before riders; a ring of riders (a broken rig) is cut where it closes.
    std::vector<int> state(count, 0);
    auto visit = [&](auto&& self, std::size_t m) -> void {
        if (state[m] != 0) return;
        state[m] = 1;
        if (const int under = m_shapes[m].ridesOn; under >= 0 && state[static_cast<std::size_t>(under)] != 1)
            self(self, static_cast<std::size_t>(under));
        state[m] = 2;
        m_order.push_back(m);
    };
    for (std::size_t m = 0; m < count; ++m) visit(visit, m);
    measureBends(tables);
}

MusclePoser::Travel MusclePoser::travel(std::size_t muscle, const scene::RenderInput& input) const {
    const Shape& shape = m_shapes[muscle];
    if (shape.cut) return {shape, 0, 0};
    const scene::MuscleState& state = input.muscles[muscle];
    return {shape, state.shorteningMm, scene::bellyTravel(m_leg.rig.muscles[muscle], state).shorteningMm};
}

void MusclePoser::poseOne(std::size_t muscle, float widen, const scene::RenderInput& input,
                          FrameTables& frame) const {
    const Shape& shape = m_shapes[muscle];
    const Travel travel = this->travel(muscle, input);
    const std::vector<float>& arcs = m_leg.rig.muscles[muscle].arc;
    // Where along the posed line each of its points is: the joints alone take it there.
    std::vector<float> posed = m_paths[muscle].carried(frame.joints);
    for (std::size_t i = 0; i < posed.size(); ++i) posed[i] = arcs[i] - posed[i];
    const float bend = widen * bendWiden(shape, bendsOf(frame.joints));
    shared::MusclePose* poses = frame.musclePoses.data() + sampleIndex(muscle, 0);
    auto radiusAt = [&](float s) {
        const float place =
            std::clamp(s / shape.length, 0.0f, 1.0f) * static_cast<float>(shared::kMuscleSamples - 1);
        const auto i = std::min(static_cast<std::size_t>(place), std::size_t{shared::kMuscleSamples - 2});
        return glm::mix(m_samples[sampleIndex(muscle, i)].radius,
                        m_samples[sampleIndex(muscle, i + 1)].radius, place - static_cast<float>(i));
    };
    for (std::size_t i = 0; i < shared::kMuscleSamples; ++i) {
        const shared::MuscleSample& sample = m_samples[sampleIndex(muscle, i)];
        shared::MusclePose& pose = poses[i];
        pose = {};
        pose.widen = bend / std::sqrt(travel.stretch(sample.arc));
        // The material has to come to s - T(s) of the posed line: the joints take there what is at that
        // place. A cut muscle goes along with the joints: it contracts out of sight.
        if (!shape.cut)
            pose.slide = sample.arc - interpolate(posed, arcs, sample.arc - travel.at(sample.arc));
        // The material that is now at this place came from s with s - T(s) = place.
        float from = sample.arc;
        for (int step = 0; step < 12; ++step) from = sample.arc + travel.at(from);
        from = std::min(from, shape.length);
        const float standoff = glm::distance(sample.centre, sample.anchor);
        const float now = bend * (standoff + radiusAt(from)) / std::sqrt(travel.stretch(from));
        pose.bulge = now - sample.reach;
        if (shape.ridesOn >= 0 && !shape.placeUnder.empty()) {
            const auto under = static_cast<std::size_t>(shape.ridesOn);
            const float place =
                shape.placeUnder[i] / m_shapes[under].length * static_cast<float>(shared::kMuscleSamples - 1);
            const auto j = std::min(static_cast<std::size_t>(place), std::size_t{shared::kMuscleSamples - 2});
            const float t = place - static_cast<float>(j);
            const auto& a = m_samples[sampleIndex(under, j)];
            const auto& b = m_samples[sampleIndex(under, j + 1)];
            const auto& p = frame.musclePoses[sampleIndex(under, j)];
            const auto& q = frame.musclePoses[sampleIndex(under, j + 1)];
            const glm::vec3 arm = sample.centre - glm::mix(a.anchor, b.anchor, t);
            const glm::vec3 across = arm - a.tangent * glm::dot(arm, a.tangent);
            const float size = glm::length(across);
            const float rise = glm::mix(p.bulge, q.bulge, t);
            pose.lift = glm::mix(p.lift, q.lift, t);
            if (size > 1e-3f) pose.lift += across / size * rise;
        }
    }
    const float spacing = shape.length / static_cast<float>(shared::kMuscleSamples - 1);
    for (std::size_t i = 0; i < shared::kMuscleSamples; ++i) {
        const std::size_t a = i > 0 ? i - 1 : i;
        const std::size_t b = std::min<std::size_t>(i + 1, shared::kMuscleSamples - 1);
        const float span = spacing * static_cast<float>(b - a);
        poses[i].widenSlope = (poses[b].widen - poses[a].widen) / span;
        poses[i].bulgeSlope = (poses[b].bulge - poses[a].bulge) / span;
    }
}

void MusclePoser::pose(const scene::RenderInput& input, FrameTables& frame) const {
    const std::size_t count = m_shapes.size();
    frame.muscles.resize(count);
    frame.musclePoses.assign(count * shared::kMuscleSamples, {});
    for (std::size_t m = 0; m < count; ++m) {
        shared::MuscleHeader& header = frame.muscles[m];
        header.first = static_cast<std::uint32_t>(sampleIndex(m, 0));
        header.length = m_shapes[m].length;
        header.toSample = static_cast<float>(shared::kMuscleSamples - 1) / std::max(header.length, 1e-3f);
        header.activation = input.muscles[m].activation;
    }
    const std::vector<float> weights = m_measuring ? std::vector<float>() : m_corrections.weights(input);
    for (std::size_t m = 0; m < count && !weights.empty(); ++m) {
        const float* w = weights.data() + m * anatomy::kCorrectionWeights;
        static_assert(anatomy::kCorrectionShapes == 8);
        frame.muscles[m].shape = {w[0], w[1], w[2], w[3]};
        frame.muscles[m].shapeMore = {w[4], w[5], w[6], w[7]};
    }
    for (const std::size_t m : m_order) {
        const float widen =
            weights.empty() ? 1 : 1 + weights[m * anatomy::kCorrectionWeights + anatomy::kCorrectionShapes];
        poseOne(m, widen, input, frame);
    }
}

} // namespace pump::render
