#pragma once

#include "ui/Settings.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pump::app {

struct PixelSize {
    int width = 1280, height = 720;
};

/// How pictures reach a window.
enum class PresentPath { Automatic, Swapchain, SharedMemory };

/// What every command that shows the leg shares. Paths are as given; empty means the default.
struct Options {
    std::filesystem::path leg;       ///< file or folder; empty: the leg of the assets
    std::filesystem::path assets;    ///< empty: see core::assetDirectory
    std::filesystem::path shaderDir; ///< empty: the shaders inside the program
    std::string device;              ///< index or part of a name; empty: the best
    PixelSize size;
    PresentPath present = PresentPath::Automatic;
    bool validate = false;
    std::string load, save; ///< state files; empty: none
    ui::Settings settings;
};

/// Collects the texts of one command's options and turns them into Options. CLI11 keeps references to the
/// members, so the object stays where it is.
class OptionReader {
  public:
    enum class Scope { Conditions, Diagram, Simulation, Picture };

    OptionReader() = default;
    OptionReader(const OptionReader&) = delete;
    OptionReader& operator=(const OptionReader&) = delete;

    /// Adds --assets and --conditions; with Scope::Diagram instead what a diagram needs; with
    /// Scope::Simulation the settings of movement, body and time and the state files, with Scope::Picture all
    /// settings and everything about the picture.
    void addTo(CLI::App& command, Scope scope);
    /// Adds what only a command with a window needs.
    void addWindowTo(CLI::App& command);
    /// After parsing. Applies --assets to the process. Throws Error(Usage) that names option, value and what
    /// is allowed.
    Options read() const;
    /// With `--conditions list`: prints every condition with its summary and returns true. After read().
    bool listConditionsWhenAsked(const Options& options) const;

  private:
    std::map<std::string, std::vector<std::string>> m_settingTexts; ///< by setting id, as typed
    std::string m_leg, m_assets, m_shaderDir, m_device, m_size, m_present, m_load, m_save;
    bool m_validate = false, m_verbose = false, m_quiet = false;
};

/// "1280x720". Throws Error(Usage) unless both sides are 16-16384.
PixelSize parseSize(std::string_view text);

/// A finite number from `low` to `high`. Throws Error(Usage) naming the option.
double parseNumber(std::string_view option, std::string_view text, double low, double high);

} // namespace pump::app
