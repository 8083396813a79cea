#include "app/Options.h"

#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Log.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>

namespace pump::app {
namespace {

using core::Error;
using core::ErrorKind;

constexpr std::string_view kList = "list"; ///< asks what there is

bool takes(OptionReader::Scope scope, const ui::SettingInfo& row) {
    using ui::SettingScope;
    switch (scope) {
    case OptionReader::Scope::Conditions:
        return row.id == "conditions";
    case OptionReader::Scope::Diagram:
        return row.id == "ui-scale";
    case OptionReader::Scope::Simulation:
        return row.scope == SettingScope::Movement || row.scope == SettingScope::Body ||
               row.scope == SettingScope::Time;
    case OptionReader::Scope::Picture:
        return true;
    }
    return false;
}

std::string optionNames(const ui::SettingInfo& row) {
    return row.alias.empty() ? fmt::format("--{}", row.id) : fmt::format("--{},--{}", row.id, row.alias);
}

std::string helpOf(const ui::SettingInfo& row) {
    std::string help(row.help);
    if (!row.choices.empty()) help += fmt::format(": {}", fmt::join(row.choices, ", "));
    if (row.kind == ui::SettingKind::Number && row.id != "seed") {
        help += fmt::format(" ({} to {}{}{})", row.low, row.high, row.unit.empty() ? "" : " ", row.unit);
    }
    const auto usual = ui::readSetting(ui::Settings(), row.id);
    if (row.id != "layers" && !usual.empty()) help += fmt::format(" [{}]", usual);
    return help;
}

PresentPath parsePresent(std::string_view text) {
    if (text == "auto") return PresentPath::Automatic;
    if (text == "swapchain") return PresentPath::Swapchain;
    if (text == "memory") return PresentPath::SharedMemory;
    throw Error(ErrorKind::Usage, "--present: '{}' is not allowed; give auto, swapchain or memory", text);
}

} // namespace

PixelSize parseSize(std::string_view text) {
    PixelSize size{0, 0};
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, size.width);
    bool good = first.ec == std::errc{} && first.ptr != end && *first.ptr == 'x';
    if (good) {
        const auto second = std::from_chars(first.ptr + 1, end, size.height);
        good = second.ec == std::errc{} && second.ptr == end;
    }
    const auto fits = [](int side) { return side >= 16 && side <= 16384; };
    if (!good || !fits(size.width) || !fits(size.height)) {
        throw Error(
            ErrorKind::Usage,
            "--size: '{}' is not allowed; give WIDTHxHEIGHT in pixels, each 16 to 16384, like 1280x720",
            text);
    }
    return size;
}

double parseNumber(std::string_view option, std::string_view text, double low, double high) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value) || value < low ||
        value > high)
        throw Error(ErrorKind::Usage, "{}: '{}' is not allowed; give a number from {} to {}", option, text,
                    low, high);
    return value;
}

void OptionReader::addTo(CLI::App& command, Scope scope) {
    command.add_option("--assets", m_assets, "Folder with anatomy/, network/, movements/ ...")
        ->type_name("DIR");
    for (const auto& row : ui::settingTable()) {
        if (!takes(scope, row)) continue;
        auto& texts = m_settingTexts[std::string(row.id)];
        if (row.kind == ui::SettingKind::Switch) {
            command.add_flag_callback(
                optionNames(row), [&texts] { texts = {"true"}; }, std::string(row.help));
        } else {
            command.add_option(optionNames(row), texts, helpOf(row))
                ->type_name(std::string(row.valueName))
                ->allow_extra_args(false); // one value each time it is given
        }
    }
    if (scope == Scope::Conditions) return;
    if (scope != Scope::Diagram) {
        command.add_option("--load", m_load, "Continue from a saved state")->type_name("FILE");
        command.add_option("--save", m_save, "Write the state at the end")->type_name("FILE");
    }
    command.add_flag("--verbose", m_verbose, "Say more on standard error");
    command.add_flag("--quiet", m_quiet, "Say only what went wrong");
    if (scope == Scope::Simulation) return;
    if (scope == Scope::Picture) {
        command
            .add_option(
                "--leg", m_leg,
                "Another leg: a GLB, a folder made by leg-builder, or a folder of meshes named by FMA id")
            ->type_name("PATH");
    }
    command.add_option("--size", m_size, "Size of the picture in pixels [1280x720]")->type_name("WxH");
    command
        .add_option("--device", m_device,
                    "Graphics device: number or part of its name, see 'second-heart info'")
        ->type_name("NAME");
    command
        .add_option("--shader-dir", m_shaderDir,
                    "Compile the shaders from this folder instead of the ones inside the program")
        ->type_name("DIR");
    command.add_flag("--validate", m_validate,
                     "Run under Vulkan's validation layer and say what it finds (slow)");
}

void OptionReader::addWindowTo(CLI::App& command) {
    command
        .add_option("--present", m_present,
                    "How pictures reach the window: auto (shared memory where the driver draws on the "
                    "processor, else the swapchain), swapchain, memory [auto]")
        ->type_name("WAY");
}

Options OptionReader::read() const {
    if (m_quiet) core::setLogLevel(core::LogLevel::Warning);
    if (m_verbose) core::setLogLevel(core::LogLevel::Debug);
    Options options;
    if (!m_assets.empty()) {
        std::error_code error;
        if (!std::filesystem::is_directory(m_assets, error))
            throw Error(ErrorKind::Asset,
                        "--assets: '{}' is not a folder; give the one that holds network/ and movements/",
                        m_assets);
        core::setAssetDirectory(m_assets);
    }
    options.assets = core::assetDirectory();
    options.leg = m_leg;
    options.device = m_device;
    options.shaderDir = m_shaderDir;
    options.validate = m_validate;
    options.load = m_load;
    options.save = m_save;
    if (!m_shaderDir.empty()) {
        std::error_code error;
        if (!std::filesystem::is_directory(m_shaderDir, error))
            throw Error(ErrorKind::Asset,
                        "--shader-dir: '{}' is not a folder; give the one that holds the *.comp, *.vert and "
                        "*.frag files",
                        m_shaderDir);
    }
    if (!m_size.empty()) options.size = parseSize(m_size);
    if (!m_present.empty()) options.present = parsePresent(m_present);
    // In the order of the table: a movement brings its own cadence, which a later row may replace.
    for (const auto& row : ui::settingTable()) {
        const auto given = m_settingTexts.find(std::string(row.id));
        if (given == m_settingTexts.end() || given->second.empty()) continue;
        const std::string text = row.kind == ui::SettingKind::List
                                     ? fmt::format("{}", fmt::join(given->second, ","))
                                     : given->second.back();
        if (row.id == "conditions" && text == kList) continue;
        try {
            ui::applySetting(options.settings, row.id, text);
        } catch (const Error& error) {
            throw Error(ErrorKind::Usage, "--{}", error.what());
        }
    }
    return options;
}

bool OptionReader::listConditionsWhenAsked(const Options& options) const {
    const auto given = m_settingTexts.find("conditions");
    if (given == m_settingTexts.end() || given->second.size() != 1 || given->second.front() != kList)
        return false;
    const auto network = physiology::loadNetwork(options.assets / "network");
    for (const auto& condition : physiology::loadConditions(options.assets / "conditions", network))
        fmt::print("{:<22} {}\n{:<22} {}\n", condition.id, condition.name, "", condition.summary);
    return true;
}

} // namespace pump::app
