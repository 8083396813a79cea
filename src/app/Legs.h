#pragma once

#include "anatomy/LegModel.h"

#include <array>
#include <filesystem>
#include <memory>
#include <set>

namespace pump::app {

/// The levels of detail of one leg. Only the levels asked for are read.
class Legs {
  public:
    /// `path` empty: the leg of the assets. Throws Error(Asset).
    Legs(const std::filesystem::path& path, const std::set<anatomy::DetailLevel>& levels);

    /// By DetailLevel; nullptr: not read.
    std::array<const anatomy::LegModel*, 3> byLevel() const;
    /// The finest one: the rig, names and bounds are the same in all.
    const anatomy::LegModel& reference() const { return *m_reference; }

  private:
    std::array<std::unique_ptr<anatomy::LegModel>, 3> m_models;
    const anatomy::LegModel* m_reference = nullptr;
};

} // namespace pump::app
