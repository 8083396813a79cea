#include "app/Legs.h"

#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Log.h"

#include <chrono>

#include <malloc.h>

namespace pump::app {

Legs::Legs(const std::filesystem::path& path, anatomy::DetailLevel first)
    : m_place(path.empty() ? core::assetPath("anatomy") : path), m_first(first) {
    std::error_code error;
    if (!std::filesystem::exists(m_place, error))
        throw core::Error(core::ErrorKind::Asset,
                          "--leg: '{}' does not exist; give a GLB or a folder of meshes", m_place.string());
    // Only a folder made by leg-builder has levels of detail; anything else is one leg as it is.
    m_hasLevels = std::filesystem::exists(m_place / "leg.rig.json", error);
    if (!m_hasLevels) m_first = anatomy::DetailLevel::High;
    m_models[index(m_first)] = read(m_place, m_first);
}

Legs::Model Legs::read(const std::filesystem::path& place, anatomy::DetailLevel level) {
    auto model = std::make_unique<anatomy::LegModel>(anatomy::loadLeg(place, level));
    ::malloc_trim(0); // importing takes several times the memory that stays
    return model;
}

void Legs::request(anatomy::DetailLevel level) {
    if (!m_hasLevels || m_models[index(level)] || m_failed[index(level)] || m_reading.valid()) return;
    m_coming = level;
    m_reading = std::async(std::launch::async, read, m_place, level);
}

void Legs::require(anatomy::DetailLevel level) {
    if (m_hasLevels && !m_models[index(level)]) m_models[index(level)] = read(m_place, level);
}

void Legs::beginWith(anatomy::DetailLevel level) {
    if (!m_hasLevels) return;
    require(level);
    m_first = level;
}

bool Legs::takeArrival() {
    if (!m_reading.valid() || m_reading.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
        return false;
    try {
        m_models[index(m_coming)] = m_reading.get();
        return true;
    } catch (const core::Error& error) {
        core::logWarning("{}; drawing goes on with the detail that is there", error.what());
        m_failed[index(m_coming)] = true;
        return false;
    }
}

std::array<const anatomy::LegModel*, 3> Legs::byLevel() const {
    return {m_models[0].get(), m_models[1].get(), m_models[2].get()};
}

anatomy::DetailLevel Legs::available(anatomy::DetailLevel level) const {
    return m_models[index(level)] ? level : m_first;
}

LegsAhead::LegsAhead(const std::filesystem::path& path, anatomy::DetailLevel guess)
    : m_legs(std::async(std::launch::async, [path, guess] { return std::make_unique<Legs>(path, guess); })) {}

std::unique_ptr<Legs> LegsAhead::take(anatomy::DetailLevel first) {
    auto legs = m_legs.get();
    legs->beginWith(first);
    return legs;
}

} // namespace pump::app
