#include "core/AssetPaths.h"

#include "core/Error.h"

#include <cstdlib>
#include <system_error>

namespace pump::core {
namespace {

std::filesystem::path& overrideDirectory() {
    static std::filesystem::path directory;
    return directory;
}

std::filesystem::path programDirectory() {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::current_path() : program.parent_path();
}

} // namespace

void setAssetDirectory(std::filesystem::path directory) {
    overrideDirectory() = std::move(directory);
}

std::filesystem::path assetDirectory() {
    if (!overrideDirectory().empty()) return overrideDirectory();
    if (const char* fromEnvironment = std::getenv("SECOND_HEART_ASSETS");
        fromEnvironment && *fromEnvironment) {
        return fromEnvironment;
    }
    return (programDirectory() / "../share/second-heart/assets").lexically_normal();
}

std::filesystem::path assetPath(std::string_view relative) {
    auto path = assetDirectory() / relative;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        throw Error(ErrorKind::Asset,
                    "asset '{}' not found at {}; set SECOND_HEART_ASSETS or pass --assets with the folder "
                    "that holds it",
                    relative, path.string());
    }
    return path;
}

std::filesystem::path cacheDirectory() {
    std::filesystem::path base;
    if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg) {
        base = xdg;
    } else if (const char* home = std::getenv("HOME"); home && *home) {
        base = std::filesystem::path(home) / ".cache";
    } else {
        return {};
    }
    base /= "second-heart";
    std::error_code error;
    std::filesystem::create_directories(base, error);
    return error ? std::filesystem::path{} : base;
}

} // namespace pump::core
