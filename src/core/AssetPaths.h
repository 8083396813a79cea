#pragma once

#include <filesystem>
#include <string_view>

namespace pump::core {

/// Folder with anatomy/, network/, movements/ ... Order: setAssetDirectory(), then the environment variable
/// SECOND_HEART_ASSETS, then ../share/second-heart/assets beside the running program (build tree and
/// installation).
std::filesystem::path assetDirectory();
void setAssetDirectory(std::filesystem::path directory);

/// Full path of an asset. Throws Error(Asset) that names the file and the folders searched when it is not
/// there.
std::filesystem::path assetPath(std::string_view relative);

/// Folder for files that can be made again (pipeline cache): XDG_CACHE_HOME/second-heart or
/// ~/.cache/second-heart. Created on demand; empty when no such folder can be made.
std::filesystem::path cacheDirectory();

} // namespace pump::core
