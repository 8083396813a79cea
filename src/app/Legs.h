#pragma once

#include "anatomy/LegModel.h"

#include <array>
#include <filesystem>
#include <future>
#include <memory>

namespace pump::app {

/// The levels of detail of one leg. Reading one takes longer than drawing many frames, and most runs need one
/// only: the first is read at once, others when they are asked for.
class Legs {
  public:
    /// `path` empty: the leg of the assets. Throws Error(Asset).
    Legs(const std::filesystem::path& path, anatomy::DetailLevel first);
    Legs(const Legs&) = delete;
    Legs& operator=(const Legs&) = delete;

    /// Makes this level the first one, reading it unless it is there. Throws Error(Asset).
    void beginWith(anatomy::DetailLevel level);
    /// Reads a level in the background unless it is there or on its way. One that cannot be read is told in a
    /// warning and does not come.
    void request(anatomy::DetailLevel level);
    /// Reads a level now. Throws Error(Asset).
    void require(anatomy::DetailLevel level);
    /// True once after a requested level has come: byLevel() has it.
    bool takeArrival();
    /// A requested level is on its way.
    bool reading() const { return m_reading.valid(); }

    /// By DetailLevel; nullptr: not read.
    std::array<const anatomy::LegModel*, 3> byLevel() const;
    /// The level itself where it was read, else the first one.
    anatomy::DetailLevel available(anatomy::DetailLevel level) const;
    /// The first one: the rig, names and bounds are the same in all.
    const anatomy::LegModel& reference() const { return *m_models[index(m_first)]; }

  private:
    using Model = std::unique_ptr<anatomy::LegModel>;
    static std::size_t index(anatomy::DetailLevel level) { return static_cast<std::size_t>(level); }
    static Model read(const std::filesystem::path& place, anatomy::DetailLevel level);

    std::filesystem::path m_place;
    bool m_hasLevels = false; ///< else it is one leg as it is
    anatomy::DetailLevel m_first;
    std::array<Model, 3> m_models;
    std::array<bool, 3> m_failed{};
    anatomy::DetailLevel m_coming{};
    std::future<Model> m_reading; ///< of m_coming
};

/// Legs that are read on another thread while the window and the graphics device are opened, which takes as
/// long. Only the device tells which level drawing begins with, so one is guessed.
class LegsAhead {
  public:
    LegsAhead(const std::filesystem::path& path, anatomy::DetailLevel guess);
    /// Waits for them, once. Throws Error(Asset).
    std::unique_ptr<Legs> take(anatomy::DetailLevel first);

  private:
    std::future<std::unique_ptr<Legs>> m_legs;
};

} // namespace pump::app
