#pragma once

#include "core/Image.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace pump::app {

/// Where kept pictures go.
class FrameWriter {
  public:
    virtual ~FrameWriter() = default;
    virtual void write(const core::Image& picture) = 0;
    /// After the last picture. Throws Error(Usage) when the file could not be finished.
    virtual void finish() {}
    /// For people: what was made.
    virtual std::string describe() const = 0;
};

enum class OutputKind { Still, Sequence, Clip };

/// By the name: *.mp4 is a clip, a name with # a sequence, anything else that ends in .png a still.
/// Throws Error(Usage) on other names.
OutputKind outputKind(const std::filesystem::path& output);

/// "frame-####.png", 7 -> "frame-0007.png".
std::filesystem::path sequenceName(const std::filesystem::path& pattern, std::uint64_t number);

/// Makes the folder that the output is in. Throws Error(Usage) with path and reason when nothing can be
/// written there.
void prepareOutput(const std::filesystem::path& output);

/// A clip needs ffmpeg; where that is not installed it becomes a PNG sequence in a folder of the clip's name,
/// said in one line. Throws Error(Usage).
std::unique_ptr<FrameWriter> makeFrameWriter(const std::filesystem::path& output, double framesPerSecond);

/// `count` of `frames` pictures, evenly spaced, side by side in one PNG: phases of a movement.
std::unique_ptr<FrameWriter> makeStripWriter(const std::filesystem::path& output, std::uint64_t frames,
                                             std::uint64_t count);

/// Full path of a program on PATH; empty: not installed.
std::filesystem::path findProgram(const std::string& name);

} // namespace pump::app
