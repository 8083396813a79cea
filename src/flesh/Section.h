#pragma once

#include "anatomy/LegModel.h"
#include "core/Image.h"

#include <filesystem>
#include <string>
#include <vector>

namespace pump::flesh {

struct SectionMoment {
    std::string movement;
    double seconds = 0;
};

/// The leg cut across the shank at a height of the leg at rest, mm, at some moments of movements, side by
/// side at one scale; each seen from above with the front up. With its corrections, vessels and all.
core::Image sections(const anatomy::LegModel& leg, const std::filesystem::path& assets,
                     const std::vector<SectionMoment>& moments, float height);

} // namespace pump::flesh
