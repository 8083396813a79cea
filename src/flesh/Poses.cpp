#include "flesh/Poses.h"

#include "physiology/Simulation.h"

#include <algorithm>
#include <array>

namespace pump::flesh {

namespace {

using physiology::MuscleGroup;

constexpr int kPhases = 72;     // of the second cycle of each movement
constexpr int kHandPhases = 24; // of a squeeze by hand
constexpr double kSame = 0.001; // square of the distance of poses that need not both be looked at

MuscleGroup groupOf(std::string_view compartment) {
    if (compartment == "SOLEUS") return MuscleGroup::Soleus;
    if (compartment == "GASTROC") return MuscleGroup::Gastrocnemius;
    if (compartment == "DEEP") return MuscleGroup::DeepPosterior;
    if (compartment == "ANT") return MuscleGroup::Anterior;
    if (compartment == "PLANTAR") return MuscleGroup::Plantar;
    return MuscleGroup::Thigh;
}

double apart(const render::PoseFeatures& a, const render::PoseFeatures& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>((a[i] - b[i]) * (a[i] - b[i]));
    return sum;
}

} // namespace

PoseChoice choosePoses(const anatomy::LegModel& leg, const std::filesystem::path& assets, std::size_t solved,
                       std::size_t between) {
    const scene::Poser poser(leg);
    const render::CorrectionWeights weights(leg);
    std::vector<ChosenPose> all;
    const auto add = [&](std::vector<glm::mat4> joints,
                         const std::array<double, physiology::kMuscleGroupCount>& activation) {
        ChosenPose pose;
        pose.sample.joints = std::move(joints);
        std::vector<scene::MuscleState> states;
        for (const anatomy::MuscleRig& muscle : leg.rig.muscles) {
            pose.sample.activation.push_back(
                static_cast<float>(activation[static_cast<std::size_t>(groupOf(muscle.compartment))]));
            states.push_back({pose.sample.activation.back(), 0});
        }
        pose.features = weights.features(pose.sample.joints, states);
        all.push_back(std::move(pose));
    };
    add(std::vector<glm::mat4>(leg.rig.joints.size(), glm::mat4(1)), {});
    const physiology::Simulation quiet(assets, {});
    for (const auto& info : quiet.movements()) {
        physiology::Simulation simulation(assets, {.movement = {.movement = info.id}});
        const double cycle = 60 / info.cadencePerMinute;
        const bool still = info.cadenceLow == info.cadenceHigh;
        for (int phase = 0; phase < (still ? 1 : kPhases); ++phase) {
            while (simulation.snapshot().timeS < cycle * (1 + (phase + 0.5) / kPhases)) simulation.step();
            add(poser.joints(simulation.snapshot().pose), simulation.snapshot().activation);
        }
    }
    for (const char* posture : {"quiet-standing", "sitting-still", "lying-still"}) {
        physiology::Simulation simulation(assets, {.movement = {.movement = posture}});
        for (int phase = 0; phase < kHandPhases; ++phase) { // more and more, then let go
            const double share = 2 * (phase + 0.5) / kHandPhases;
            simulation.driveByHand(share < 1 ? share : 2 - share);
            for (const double until = simulation.snapshot().timeS + 0.1; simulation.snapshot().timeS < until;)
                simulation.step();
            add(poser.joints(simulation.snapshot().pose), simulation.snapshot().activation);
        }
    }
    PoseChoice choice{{all.front()}, {}};
    std::vector<double> least(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) least[i] = apart(all[i].features, all[0].features);
    while (choice.solved.size() + choice.between.size() < solved + between) {
        const auto next =
            static_cast<std::size_t>(std::max_element(least.begin(), least.end()) - least.begin());
        if (least[next] < kSame) break;
        (choice.solved.size() < solved ? choice.solved : choice.between).push_back(all[next]);
        for (std::size_t i = 0; i < all.size(); ++i)
            least[i] = std::min(least[i], apart(all[i].features, all[next].features));
    }
    return choice;
}

std::vector<std::size_t> shortestTree(const std::vector<ChosenPose>& poses) {
    std::vector<std::size_t> before(poses.size(), 0);
    std::vector<double> least(poses.size());
    std::vector<std::uint8_t> joined(poses.size(), 0);
    for (std::size_t i = 0; i < poses.size(); ++i) least[i] = apart(poses[i].features, poses[0].features);
    for (std::size_t next = 0, count = 0; count < poses.size(); ++count) {
        joined[next] = 1;
        std::size_t nearest = poses.size();
        for (std::size_t i = 0; i < poses.size(); ++i) {
            if (joined[i]) continue;
            if (const double d = apart(poses[i].features, poses[next].features); d < least[i])
                least[i] = d, before[i] = next;
            if (nearest == poses.size() || least[i] < least[nearest]) nearest = i;
        }
        next = nearest;
    }
    return before;
}

} // namespace pump::flesh
