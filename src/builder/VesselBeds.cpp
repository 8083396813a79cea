#include "builder/VesselFlow.h"

#include "core/Error.h"
#include "core/HashRandom.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

using core::Error;
using core::ErrorKind;

constexpr float kBedWidth = 1.6f;    // mm: the sheaf of capillaries that one path stands for
constexpr float kMuscleDepth = 2.5f; // mm: paths stay this deep inside their muscle
constexpr float kSkinDepth = 2.5f;   // mm below the skin
constexpr float kLeastStretch = 15;  // mm: shorter pieces of artery share the flow of their neighbour
constexpr std::uint32_t kSeed = 0x6265u;

std::uint32_t idOf(std::string_view text) {
    std::uint32_t id = 2166136261u; // FNV-1a
    for (const char c : text) id = (id ^ static_cast<unsigned char>(c)) * 16777619u;
    return id;
}

/// Random but reproducible numbers of one path.
class Dice {
  public:
    Dice(std::string_view name, int path) : m_id(idOf(name) + static_cast<std::uint32_t>(path) * 7919u) {}
    float next() { return core::hashUniform(kSeed, m_id, m_step++); }
    float between(float low, float high) { return low + (high - low) * next(); }

  private:
    std::uint32_t m_id;
    std::uint32_t m_step = 0;
};

/// A place on a vessel whose z lies in [low, high] and, for veins, on the stretch of one segment.
glm::vec3 placeOn(const LaidVessel& vessel, const BedPlan& bed, std::string_view segment, float choice) {
    std::vector<glm::vec3> candidates, near; // on the segment; of these, at the height of the bed
    for (std::size_t i = 0; i < vessel.points.size(); ++i) {
        bool own = segment.empty();
        for (const anatomy::Stretch& stretch : vessel.stretches) {
            if (segment.empty()) break;
            // "SOLM1", "STILL:SOLM1" or the tube of a link that ends in it
            const std::string& driver = stretch.segment;
            const std::size_t at = driver.size() - std::min(driver.size(), segment.size());
            const bool named = (driver.substr(at) == segment &&
                                (at == 0 || driver[at - 1] == ':' || driver[at - 1] == '>')) ||
                               driver.starts_with("LINK:" + std::string(segment) + ">");
            own |= named && vessel.arcs[i] > stretch.from + 2 && vessel.arcs[i] < stretch.to - 8;
        }
        if (!own) continue;
        candidates.push_back(vessel.points[i]);
        if (vessel.points[i].z >= bed.zLow - 15 && vessel.points[i].z <= bed.zHigh + 15)
            near.push_back(vessel.points[i]);
    }
    if (!near.empty() || segment.empty()) candidates = std::move(near);
    if (candidates.empty())
        throw Error(ErrorKind::Asset, "{}: '{}' offers no place{}{} for '{}' between z = {} and {}",
                    bed.where, vessel.plan.id, segment.empty() ? "" : " on segment ", segment, bed.id,
                    bed.zLow, bed.zHigh);
    const auto index = static_cast<std::size_t>(choice * static_cast<float>(candidates.size()));
    return candidates[std::min(index, candidates.size() - 1)];
}

/// A place inside a muscle near the way between artery and vein.
glm::vec3 throughMuscle(const BedPlan& bed, const TissueProbe& probe, glm::vec3 from, glm::vec3 to,
                        Dice& dice) {
    const glm::vec3 middle = glm::mix(from, to, 0.5f);
    glm::vec3 best = middle;
    float bestDepth = 1e9f;
    for (int attempt = 0; attempt < 24; ++attempt) {
        glm::vec3 place = middle + glm::vec3(dice.between(-22, 22), dice.between(-22, 22), 0);
        place.z = dice.between(std::min(from.z, to.z), std::max(from.z, to.z));
        if (!probe.muscleDistance) return middle + 0.35f * (place - middle);
        const float depth = probe.muscleDistance(bed.muscle, place) + kMuscleDepth;
        if (depth < 0) return place;
        if (depth < bestDepth) {
            bestDepth = depth;
            best = place;
        }
    }
    return best;
}

/// A place just under the skin at a height and an angle round the leg.
glm::vec3 underSkin(const BedPlan& bed, const TissueProbe& probe, glm::vec3 near, Dice& dice) {
    const float z = dice.between(bed.zLow, bed.zHigh);
    const float angle = glm::radians(dice.between(bed.angleLow, bed.angleHigh));
    if (!probe.skinDistance) return near;
    const glm::vec3 axis(0.0f, z < 20 ? near.y : -12.0f, z < 20 ? near.z : z); // middle of the shank
    const glm::vec3 out(std::cos(angle), std::sin(angle), 0);
    float low = 0, high = 120;
    for (int i = 0; i < 24; ++i) {
        const float radius = 0.5f * (low + high);
        (probe.skinDistance(axis + radius * out) < -kSkinDepth ? low : high) = radius;
    }
    return axis + low * out;
}

VesselPlan bedPath(const BedPlan& bed, int path, const TissueProbe& probe, const VesselLayout& layout) {
    Dice dice(bed.id, path);
    const auto pick = [&](const std::vector<std::string>& ids) {
        const std::string& id = ids[static_cast<std::size_t>(path) % ids.size()];
        const int index = layout.find(id);
        if (index < 0)
            throw Error(ErrorKind::Asset, "{}: '{}' names '{}', which is no vessel", bed.where, bed.id, id);
        return index;
    };
    const LaidVessel& artery = layout.vessels()[static_cast<std::size_t>(pick(bed.arteries))];
    const LaidVessel& vein = layout.vessels()[static_cast<std::size_t>(pick(bed.veins))];
    // Paths are spread evenly along both vessels, which run against each other, with some play.
    const float even = (static_cast<float>(path) + dice.between(0.1f, 0.9f)) / static_cast<float>(bed.paths);
    // The last path of each artery begins at its tip, so that no artery ends blind.
    const auto sources = static_cast<int>(bed.arteries.size());
    const bool tip = path + sources >= bed.paths;
    const glm::vec3 start = placeOn(artery, bed, "", tip ? 1.0f : even);
    const glm::vec3 end =
        placeOn(vein, bed, bed.target, std::fmod(1 - even + dice.between(-0.15f, 0.15f) + 1, 1.0f));
    const glm::vec3 via =
        bed.muscle.empty() ? underSkin(bed, probe, end, dice) : throughMuscle(bed, probe, start, end, dice);
    VesselPlan plan;
    plan.where = bed.where;
    plan.id = fmt::format("{}-{}", bed.id, path + 1);
    plan.kind = anatomy::VesselKind::Bed;
    plan.from = artery.plan.id;
    plan.into = vein.plan.id;
    plan.muscle = bed.muscle;
    const glm::vec3 play(dice.between(-4, 4), dice.between(-4, 4), dice.between(-4, 4));
    for (const glm::vec3 point :
         {start, glm::mix(start, via, 0.5f) + play, via, glm::mix(via, end, 0.55f) - play, end})
        plan.course.emplace_back(point, kBedWidth);
    return plan;
}

using BedShares = std::map<std::string, float>;

struct Branch {
    float arc = 0;
    BedShares takes;
};

std::vector<Branch> branchesOf(const VesselLayout& layout, int artery);

BedShares inflowOf(const VesselLayout& layout, int vessel) {
    const LaidVessel& laid = layout.vessels()[static_cast<std::size_t>(vessel)];
    BedShares total;
    if (laid.plan.kind == anatomy::VesselKind::Bed) {
        const StretchDriver driver = layout.driverOf(laid.stretches.front().segment, laid.plan.where);
        total[driver.name] = driver.share;
        return total;
    }
    for (const Branch& branch : branchesOf(layout, vessel))
        for (const auto& [bed, share] : branch.takes) total[bed] += share;
    return total;
}

std::vector<Branch> branchesOf(const VesselLayout& layout, int artery) {
    std::vector<Branch> branches;
    for (std::size_t i = 0; i < layout.vessels().size(); ++i) {
        const LaidVessel& child = layout.vessels()[i];
        const bool fed =
            child.plan.kind == anatomy::VesselKind::Artery || child.plan.kind == anatomy::VesselKind::Bed;
        if (fed && child.from.vessel == artery)
            branches.push_back({child.from.arc, inflowOf(layout, static_cast<int>(i))});
    }
    std::sort(branches.begin(), branches.end(),
              [](const Branch& a, const Branch& b) { return a.arc < b.arc; });
    return branches;
}

std::string arteryDriver(const BedShares& shares) {
    std::string text;
    for (const auto& [bed, share] : shares)
        if (share > 1e-4f) text += fmt::format("{}{:.4f}*{}", text.empty() ? "ART:" : "+", share, bed);
    return text;
}

} // namespace

void layBeds(const std::vector<BedPlan>& beds, const VesselNetwork& network, const TissueProbe& probe,
             VesselLayout& layout) {
    // The drainage links of a bed have equal resistances, so its inflow is shared equally among them.
    const auto linkCount = [&](const std::string& bed) {
        return std::count_if(
            network.links().begin(), network.links().end(),
            [&](const VesselNetwork::Link& link) { return link.venular && link.from == bed; });
    };
    std::map<std::pair<std::string, std::string>, int> paths;
    for (const BedPlan& bed : beds) {
        const auto* link = network.find(bed.bed, bed.target);
        if (!link || !link->venular)
            throw Error(ErrorKind::Asset, "{}: '{}': the network has no venular link {} -> {}", bed.where,
                        bed.id, bed.bed, bed.target);
        paths[{bed.bed, bed.target}] += bed.paths;
    }
    for (const BedPlan& bed : beds) {
        const float share =
            1.0f / static_cast<float>(linkCount(bed.bed)) / static_cast<float>(paths[{bed.bed, bed.target}]);
        for (int path = 0; path < bed.paths; ++path) {
            VesselPlan plan = bedPath(bed, path, probe, layout);
            plan.segments = {fmt::format("BED:{:.7f}*{}", share, bed.bed)};
            layout.lay(std::move(plan), false);
        }
    }
}

std::vector<anatomy::Stretch> arteryStretches(const VesselLayout& layout, int artery) {
    const LaidVessel& laid = layout.vessels()[static_cast<std::size_t>(artery)];
    const float length = laid.arcs.back();
    if (!laid.plan.segments.empty()) return {{laid.plan.segments.front(), 0, length, true}};
    const std::vector<Branch> branches = branchesOf(layout, artery);
    if (branches.empty() || branches.back().arc < length - 25)
        throw Error(ErrorKind::Asset,
                    "{}: '{}' feeds nothing in its last {:.0f} mm; let a bed or artery begin there",
                    laid.plan.where, laid.plan.id, length - (branches.empty() ? 0 : branches.back().arc));
    std::vector<anatomy::Stretch> stretches;
    BedShares left = inflowOf(layout, artery);
    float from = 0;
    std::size_t k = 0;
    while (from < length) {
        const std::string driver = arteryDriver(left);
        while (k < branches.size() && branches[k].arc < from + kLeastStretch) {
            for (const auto& [bed, share] : branches[k].takes) left[bed] -= share;
            ++k;
        }
        const bool last = k >= branches.size() || branches[k].arc > length - kLeastStretch;
        const float to = last ? length : branches[k].arc;
        if (!stretches.empty() && stretches.back().segment == driver)
            stretches.back().to = to;
        else
            stretches.push_back({driver, from, to, true});
        from = to;
    }
    return stretches;
}

} // namespace pump::builder
