#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pump::anatomy {

struct LegModel;

inline constexpr std::size_t kCorrectionShapes = 8;                      ///< a muscle
inline constexpr std::size_t kCorrectionWeights = kCorrectionShapes + 1; ///< and one by which it widens

/// What the pose formula leaves in neighbours and bones, and how muscles give way to it: found when the leg
/// was built (src/flesh) for many poses, kept as eight shapes a muscle with weights that follow the pose.
/// Weight k of muscle m: sum over poses i of |f - centre i| row i + last row, f: features of the pose
/// (render/CorrectionWeights.h). The last weight widens the muscle by a share, so that it keeps its volume.
struct Corrections {
    std::uint32_t features = 0, muscles = 0;
    std::vector<float> centres; ///< poses x features
    std::vector<float> rows;    ///< (poses + 1) x muscles x kCorrectionWeights
    /// One for each vertex of a muscle, structures in order: eight shapes, each three signed numbers of 10
    /// bits, x lowest; mm before the joints move it, in units that the weights hold.
    std::vector<std::array<std::uint32_t, kCorrectionShapes>> offsets;
    std::vector<std::int32_t> firstOf; ///< of each structure of the leg, into offsets; -1: none

    bool empty() const { return offsets.empty(); }
    std::size_t poses() const { return features > 0 ? centres.size() / features : 0; }
};

/// One level of detail, as leg-flesh writes it.
struct CorrectionPart {
    std::string structure;
    std::vector<std::array<std::uint32_t, kCorrectionShapes>> offsets;
};
void writeCorrections(const std::filesystem::path& file, const Corrections& common,
                      const std::vector<CorrectionPart>& parts);

/// Throws Error(Asset): file, what does not fit, what to do. `leg`: as loaded, its structures complete.
Corrections readCorrections(const std::filesystem::path& file, const LegModel& leg);

} // namespace pump::anatomy
