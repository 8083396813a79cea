#pragma once

#include "anatomy/LegModel.h"
#include "core/Image.h"

#include <glm/glm.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pump::builder {

struct PreviewDesc {
    std::string view = "posterior"; ///< anterior, posterior, medial, lateral, above, below
    std::vector<std::string> only;  ///< ids or layers to draw; empty: all but skin, fat, fascia and lymph
    std::vector<std::string> hide;  ///< ids or layers to leave out
    float low = -70, high = 600;    ///< heights shown (side views), mm
    float pixelsPerMm = 1.5f;
    std::map<std::string, glm::vec3> colours; ///< of single ids; absent: by tissue
};

/// A plain picture by a software rasterizer, orthographic, lit from the viewer's side: to look at the leg
/// where no renderer is at hand. Throws Error(Usage) for an unknown view.
core::Image previewLeg(const anatomy::LegModel& leg, const PreviewDesc& desc);

/// A horizontal section at height z (mm), seen from above as in an atlas of sections of a standing leg: front
/// up, outer side right. `only`, `hide`, `pixelsPerMm` and `colours` of the description count; skin and fat
/// are drawn unless hidden.
core::Image previewSection(const anatomy::LegModel& leg, const PreviewDesc& desc, float z);

/// Whether a description shows a structure.
bool isShown(const PreviewDesc& desc, const anatomy::Structure& structure);

} // namespace pump::builder
