#include "app/FrameWriter.h"

#include "core/Error.h"
#include "core/Log.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pump::app {
namespace {

using core::Error;
using core::ErrorKind;

class StillWriter final : public FrameWriter {
  public:
    explicit StillWriter(std::filesystem::path path) : m_path(std::move(path)) {}
    void write(const core::Image& picture) override { core::writePng(m_path, picture); }
    std::string describe() const override { return m_path.string(); }

  private:
    std::filesystem::path m_path;
};

class SequenceWriter final : public FrameWriter {
  public:
    explicit SequenceWriter(std::filesystem::path pattern) : m_pattern(std::move(pattern)) {}
    void write(const core::Image& picture) override {
        core::writePng(sequenceName(m_pattern, ++m_count), picture);
    }
    std::string describe() const override {
        if (m_count == 0) return "no picture";
        return fmt::format("{} to {}", sequenceName(m_pattern, 1).string(),
                           sequenceName(m_pattern, m_count).filename().string());
    }

  private:
    std::filesystem::path m_pattern;
    std::uint64_t m_count = 0;
};

class StripWriter final : public FrameWriter {
  public:
    StripWriter(std::filesystem::path path, std::uint64_t frames, std::uint64_t count)
        : m_path(std::move(path)), m_frames(frames), m_count(count) {}
    void write(const core::Image& picture) override {
        if (m_seen++ == m_pictures.size() * m_frames / m_count && m_pictures.size() < m_count)
            m_pictures.push_back(picture);
    }
    void finish() override {
        core::Image strip;
        for (const core::Image& picture : m_pictures) {
            strip.width += picture.width;
            strip.height = std::max(strip.height, picture.height);
        }
        strip.rgba.resize(static_cast<std::size_t>(strip.width) * static_cast<std::size_t>(strip.height) * 4);
        int left = 0;
        for (const core::Image& picture : m_pictures) {
            for (int y = 0; y < picture.height; ++y)
                std::memcpy(strip.pixel(left, y), picture.pixel(0, y),
                            static_cast<std::size_t>(picture.width) * 4);
            left += picture.width;
        }
        core::writePng(m_path, strip);
    }
    std::string describe() const override { return m_path.string(); }

  private:
    std::filesystem::path m_path;
    std::uint64_t m_frames, m_count, m_seen = 0;
    std::vector<core::Image> m_pictures;
};

std::string shellQuoted(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

/// Raw pictures through a pipe to ffmpeg.
class ClipWriter final : public FrameWriter {
  public:
    ClipWriter(std::filesystem::path program, std::filesystem::path path, double framesPerSecond)
        : m_program(std::move(program)), m_path(std::move(path)), m_framesPerSecond(framesPerSecond) {
        std::signal(SIGPIPE, SIG_IGN); // a dead ffmpeg is a failed write, not the end of the program
    }
    ~ClipWriter() override {
        if (m_pipe) pclose(m_pipe);
    }
    void write(const core::Image& picture) override {
        if (!m_pipe) open(picture);
        if (picture.width != m_width || picture.height != m_height)
            throw Error(ErrorKind::Usage,
                        "{}: a clip cannot change its size from {}x{} to {}x{}; leave out resize events",
                        m_path.string(), m_width, m_height, picture.width, picture.height);
        if (std::fwrite(picture.rgba.data(), 1, picture.rgba.size(), m_pipe) != picture.rgba.size()) fail();
    }
    void finish() override {
        if (!m_pipe) return;
        const int status = pclose(std::exchange(m_pipe, nullptr));
        if (status != 0) fail();
    }
    std::string describe() const override { return m_path.string(); }

  private:
    void open(const core::Image& picture) {
        m_width = picture.width;
        m_height = picture.height;
        // Even sides and yuv420p: what every player and slide program shows.
        const auto command = fmt::format(
            "{} -loglevel error -y -f rawvideo -pixel_format rgba -video_size {}x{} -framerate {} -i - "
            "-vf 'crop=trunc(iw/2)*2:trunc(ih/2)*2' -pix_fmt yuv420p -movflags +faststart {}",
            shellQuoted(m_program.string()), m_width, m_height, m_framesPerSecond,
            shellQuoted(m_path.string()));
        m_pipe = popen(command.c_str(), "w");
        if (!m_pipe) fail();
    }
    [[noreturn]] void fail() const {
        throw Error(ErrorKind::Usage,
                    "{}: ffmpeg could not write the clip; its own message stands above; a PNG sequence "
                    "(-o 'frame-####.png') needs no ffmpeg",
                    m_path.string());
    }

    std::filesystem::path m_program, m_path;
    double m_framesPerSecond;
    int m_width = 0, m_height = 0;
    std::FILE* m_pipe = nullptr;
};

} // namespace

std::filesystem::path findProgram(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const auto candidate = std::filesystem::path(folder) / name;
        if (!folder.empty() && access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

OutputKind outputKind(const std::filesystem::path& output) {
    const auto extension = output.extension().string();
    if (extension == ".mp4") return OutputKind::Clip;
    if (extension == ".png")
        return output.filename().string().find('#') != std::string::npos ? OutputKind::Sequence
                                                                         : OutputKind::Still;
    throw Error(ErrorKind::Usage,
                "-o: '{}' is not allowed; give a name that ends in .png (with #### for a sequence) or .mp4",
                output.string());
}

std::filesystem::path sequenceName(const std::filesystem::path& pattern, std::uint64_t number) {
    std::string name = pattern.filename().string();
    const auto first = name.find('#');
    const auto last = name.find_first_not_of('#', first);
    const auto width = (last == std::string::npos ? name.size() : last) - first;
    name.replace(first, width, fmt::format("{:0{}}", number, width));
    return pattern.parent_path() / name;
}

void prepareOutput(const std::filesystem::path& output) {
    const auto folder = output.parent_path().empty() ? std::filesystem::path(".") : output.parent_path();
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw Error(ErrorKind::Usage, "'{}': the folder cannot be made: {}; choose another output",
                    folder.string(), error.message());
    if (std::filesystem::is_directory(output, error))
        throw Error(ErrorKind::Usage, "'{}' is a folder; give the name of a file in it", output.string());
    if (access(folder.c_str(), W_OK) != 0)
        throw Error(ErrorKind::Usage, "'{}': cannot be written there: {}; choose another output",
                    output.string(), std::strerror(errno));
}

std::unique_ptr<FrameWriter> makeFrameWriter(const std::filesystem::path& output, double framesPerSecond) {
    prepareOutput(output);
    switch (outputKind(output)) {
    case OutputKind::Still:
        return std::make_unique<StillWriter>(output);
    case OutputKind::Sequence:
        return std::make_unique<SequenceWriter>(output);
    case OutputKind::Clip:
        break;
    }
    if (const auto ffmpeg = findProgram("ffmpeg"); !ffmpeg.empty())
        return std::make_unique<ClipWriter>(ffmpeg, output, framesPerSecond);
    const auto folder = std::filesystem::path(output).replace_extension();
    const auto pattern = folder / "frame-####.png";
    core::logWarning("ffmpeg is not installed: the clip becomes a sequence of pictures, {}",
                     pattern.string());
    prepareOutput(pattern);
    return std::make_unique<SequenceWriter>(pattern);
}

std::unique_ptr<FrameWriter> makeStripWriter(const std::filesystem::path& output, std::uint64_t frames,
                                             std::uint64_t count) {
    if (outputKind(output) != OutputKind::Still || count > frames)
        throw Error(ErrorKind::Usage,
                    "--strip {}: needs one PNG to write to and at least as many --frames, not '{}' and {}",
                    count, output.string(), frames);
    prepareOutput(output);
    return std::make_unique<StripWriter>(output, frames, count);
}

} // namespace pump::app
