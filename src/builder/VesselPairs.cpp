#include "builder/VesselPairs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace pump::builder {
namespace {

constexpr int kTurns = 19; ///< directions from -90 to 90 degrees, every 10
constexpr float kTurn = std::numbers::pi_v<float> / 18;

float squared(float x) {
    return x * x;
}

glm::vec3 turned(const PairPlace& place, std::size_t k) {
    const float angle = (static_cast<float>(k) - 0.5f * static_cast<float>(kTurns - 1)) * kTurn;
    return std::cos(angle) * place.wanted + std::sin(angle) * glm::cross(place.along, place.wanted);
}

/// What it costs to lay a vein there: mm squared of missing room.
float costAt(const PairPlace& place, const glm::vec3& side, const TissueProbe& probe) {
    constexpr float kBoneGap = 0.5f, kWallGap = 0.3f, kBone = 4, kFlesh = 0.3f, kThrough = 60;
    const glm::vec3 p = place.artery + place.offset * side;
    float cost = 0;
    if (probe.boneDistance)
        cost += kBone * squared(std::max(place.radius + kBoneGap - probe.boneDistance(p), 0.0f));
    if (probe.wallDistance) {
        cost += kBone * squared(std::max(place.radius + kWallGap - probe.wallDistance(p), 0.0f));
        for (const float share : {0.4f, 0.7f, 1.0f})
            if (probe.wallDistance(place.artery + share * place.offset * side) < kWallGap) cost += kThrough;
    }
    const auto& gap = probe.gapDistance ? probe.gapDistance : probe.fleshDistance;
    if (gap) cost += kFlesh * squared(std::clamp(0.5f - gap(p), 0.0f, 4.0f));
    return cost;
}

} // namespace

std::vector<glm::vec3> pairSides(std::span<const PairPlace> places, const TissueProbe& probe) {
    constexpr float kTable = 0.1f; ///< cost of the first 10 degrees away from the table's direction
    constexpr float kBend = 1.0f;  ///< cost of 10 degrees from one place to the next
    constexpr int kSteepest = 3;   ///< steps of 10 degrees from one place to the next
    std::vector<std::array<float, kTurns>> least(places.size());
    std::vector<std::array<int, kTurns>> from(places.size());
    for (std::size_t i = 0; i < places.size(); ++i)
        for (int k = 0; k < kTurns; ++k) {
            const auto at = static_cast<std::size_t>(k);
            const glm::vec3 side = turned(places[i], at);
            const float own = costAt(places[i], side, probe) + costAt(places[i], -side, probe) +
                              kTable * squared(static_cast<float>(k - kTurns / 2));
            float before = i == 0 ? 0.0f : std::numeric_limits<float>::max();
            from[i][at] = k;
            for (int j = std::max(k - kSteepest, 0); i > 0 && j <= std::min(k + kSteepest, kTurns - 1); ++j) {
                const float cost =
                    least[i - 1][static_cast<std::size_t>(j)] + kBend * squared(static_cast<float>(j - k));
                if (cost < before) before = cost, from[i][at] = j;
            }
            least[i][at] = own + before;
        }
    std::vector<glm::vec3> sides(places.size());
    if (places.empty()) return sides;
    auto k =
        static_cast<int>(std::min_element(least.back().begin(), least.back().end()) - least.back().begin());
    for (std::size_t i = places.size(); i-- > 0;) {
        sides[i] = turned(places[i], static_cast<std::size_t>(k));
        k = from[i][static_cast<std::size_t>(k)];
    }
    return sides;
}

} // namespace pump::builder
