#include "scene/Fascicles.h"

#include "core/JsonFile.h"

#include <glm/gtc/constants.hpp>

#include <algorithm>
#include <cmath>

namespace pump::scene {

BellyTravel bellyTravel(const anatomy::MuscleRig& rig, const MuscleState& state) {
    const float belly = std::max(rig.bellyEnd - rig.bellyStart, 1.0f), tendon = rig.arc.back() - rig.bellyEnd;
    if (tendon <= 1) return {state.shorteningMm, 0};
    const float short_ = std::max(state.shorteningMm, 0.0f) / (kForceWidth * belly);
    const float force = std::clamp(state.activation, 0.0f, 1.0f) * std::exp(-short_ * short_);
    const float give = std::min(kTendonStrain * force * tendon, kMostTaken * belly);
    const float taken = std::min(state.shorteningMm + give, kMostShort * belly);
    return {taken, (taken - state.shorteningMm) / tendon};
}

Fascicles::Fascicles(const anatomy::Rig& rig, const std::filesystem::path& table)
    : m_rig(rig), m_rest(rig.muscles.size()) {
    const core::JsonFile file(table);
    const core::JsonField rows = file.root().at("muscles");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const core::JsonField row = rows.at(i);
        const std::string id = row.at("id").text();
        const Fascicle rest{static_cast<float>(row.at("lengthMm").number(5, 500)),
                            glm::radians(static_cast<float>(row.at("pennationDeg").number(0, 60)))};
        const auto found = std::find_if(rig.muscles.begin(), rig.muscles.end(),
                                        [&](const anatomy::MuscleRig& muscle) { return muscle.id == id; });
        // A leg may lack some.
        if (found != rig.muscles.end()) m_rest[static_cast<std::size_t>(found - rig.muscles.begin())] = rest;
    }
}

std::optional<Fascicle> Fascicles::posed(std::size_t muscle, const MuscleState& state) const {
    const std::optional<Fascicle>& rest = m_rest[muscle];
    if (!rest) return std::nullopt;
    const anatomy::MuscleRig& rig = m_rig.muscles[muscle];
    const float shorter = bellyTravel(rig, state).shorteningMm,
                belly = std::max(rig.bellyEnd - rig.bellyStart, 1.0f);
    const float thickness =
        rest->lengthMm * std::sin(rest->pennation) / std::sqrt(std::max(1 - shorter / belly, 0.3f));
    const float along = rest->lengthMm * std::cos(rest->pennation) - shorter;
    // Aponeuroses do not pass each other: fibres stand upright at the most.
    const float kept = std::max(along, 0.0f);
    return Fascicle{std::hypot(kept, thickness), std::atan2(thickness, kept)};
}

} // namespace pump::scene
