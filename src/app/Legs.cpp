#include "app/Legs.h"

#include "core/AssetPaths.h"
#include "core/Error.h"

namespace pump::app {

Legs::Legs(const std::filesystem::path& path, const std::set<anatomy::DetailLevel>& levels) {
    const auto place = path.empty() ? core::assetPath("anatomy") : path;
    std::error_code error;
    if (!std::filesystem::exists(place, error))
        throw core::Error(core::ErrorKind::Asset,
                          "--leg: '{}' does not exist; give a GLB or a folder of meshes", place.string());
    // Only a folder made by leg-builder has levels of detail; anything else is one leg as it is.
    const bool hasLevels = std::filesystem::exists(place / "leg.rig.json", error);
    const std::set<anatomy::DetailLevel> wanted = hasLevels ? levels : std::set{anatomy::DetailLevel::High};
    for (const auto level : wanted) {
        auto& model = m_models[static_cast<std::size_t>(level)];
        model = std::make_unique<anatomy::LegModel>(anatomy::loadLeg(place, level));
        if (!m_reference) m_reference = model.get();
    }
}

std::array<const anatomy::LegModel*, 3> Legs::byLevel() const {
    return {m_models[0].get(), m_models[1].get(), m_models[2].get()};
}

} // namespace pump::app
