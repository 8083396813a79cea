#include "gpu/Shader.h"

#include "core/Error.h"
#include "core/Log.h"
#include "EmbeddedShaders.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace pump::gpu {

using core::Error;
using core::ErrorKind;

namespace {

std::int64_t nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string readText(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::uint32_t> readSpirv(const std::filesystem::path& path) {
    const std::string bytes = readText(path);
    if (bytes.empty()) throw Error(ErrorKind::Asset, "cannot read shader {}, or it is empty", path.string());
    if (bytes.size() % 4 != 0) {
        throw Error(ErrorKind::Asset, "shader {} is not SPIR-V: {} bytes is no multiple of 4", path.string(),
                    bytes.size());
    }
    std::vector<std::uint32_t> words(bytes.size() / 4);
    std::memcpy(words.data(), bytes.data(), bytes.size());
    return words;
}

/// A file that is gone with its scope.
struct TemporaryFile {
    std::filesystem::path path;
    explicit TemporaryFile(std::string_view suffix) {
        std::string name =
            (std::filesystem::temp_directory_path() / "second-heart-XXXXXX").string() + std::string(suffix);
        const int file = ::mkstemps(name.data(), static_cast<int>(suffix.size()));
        if (file < 0) throw Error(ErrorKind::Usage, "cannot write in {}", name);
        ::close(file);
        path = name;
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
};

/// Exit status of the program, its standard error in `errors`; -1 when it cannot be started.
int runProgram(const std::vector<std::string>& arguments, const std::filesystem::path& errors) {
    std::vector<char*> argv;
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors.c_str(), O_WRONLY | O_TRUNC, 0600);
    pid_t child = 0;
    const int started = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (started != 0) return -1;
    int status = 0;
    if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

/// Names that share the most leading characters with the wanted one.
std::string nearestNames(std::string_view wanted) {
    std::size_t best = 0;
    std::string names;
    for (const auto& shader : shaders::embeddedShaders()) {
        const auto common = static_cast<std::size_t>(
            std::mismatch(wanted.begin(), wanted.end(), shader.name.begin(), shader.name.end()).first -
            wanted.begin());
        if (common > best) {
            best = common;
            names.clear();
        }
        if (common == best && best > 0) names += (names.empty() ? "" : ", ") + std::string(shader.name);
    }
    return names;
}

} // namespace

std::vector<std::uint32_t> compileShader(const std::filesystem::path& source) {
    const TemporaryFile output(".spv");
    const TemporaryFile errors(".txt");
    const int status =
        runProgram({"glslc", "--target-env=vulkan1.3", "-O", "-Werror", "-I", source.parent_path().string(),
                    "-o", output.path.string(), source.string()},
                   errors.path);
    if (status == 0) return readSpirv(output.path);
    if (status < 0 || status == 127) {
        throw Error(ErrorKind::Asset,
                    "cannot compile {}: glslc is not installed; install glslc or put {}.spv there",
                    source.string(), source.filename().string());
    }
    std::string message = readText(errors.path);
    message.resize(std::min(message.find('\n'), message.size()));
    throw Error(ErrorKind::Asset, "{}", message.empty() ? "glslc failed on " + source.string() : message);
}

ShaderModule::ShaderModule(const Device& device, std::string_view name, std::span<const std::uint32_t> spirv)
    : m_interface(reflect(name, spirv)) {
    VkShaderModuleCreateInfo info{VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO};
    info.codeSize = spirv.size_bytes();
    info.pCode = spirv.data();
    VkShaderModule module = VK_NULL_HANDLE;
    check(vkCreateShaderModule(device.handle(), &info, nullptr, &module),
          fmt::format("loading shader '{}'", name));
    m_module = ShaderModuleHandle(device.handle(), module);
    device.setName(VK_OBJECT_TYPE_SHADER_MODULE, module, name);
}

ShaderLibrary::ShaderLibrary(const Device& device, std::filesystem::path directory)
    : m_device(device), m_directory(std::move(directory)) {
    if (m_directory.empty()) return;
    std::error_code error;
    if (!std::filesystem::is_directory(m_directory, error)) {
        throw Error(ErrorKind::Asset,
                    "shader folder {} is not there; pass --shader-dir with the folder that holds "
                    "the shaders, or leave it out for the built-in ones",
                    m_directory.string());
    }
    m_seen = newestFile();
    m_lastLookMs = nowMs();
}

std::vector<std::uint32_t> ShaderLibrary::spirv(std::string_view name) const {
    if (!m_directory.empty()) {
        const auto source = m_directory / name;
        auto binary = source;
        binary += ".spv";
        std::error_code error;
        if (std::filesystem::exists(binary, error)) return readSpirv(binary);
        if (std::filesystem::exists(source, error)) return compileShader(source);
        throw Error(ErrorKind::Asset, "shader '{}' is not in {}: neither {}.spv nor {} is there", name,
                    m_directory.string(), name, name);
    }
    for (const auto& shader : shaders::embeddedShaders()) {
        if (shader.name == name) return {shader.spirv.begin(), shader.spirv.end()};
    }
    const auto near = nearestNames(name);
    throw Error(ErrorKind::Asset, "there is no built-in shader '{}'{}{}", name,
                near.empty() ? "" : "; nearest: ", near);
}

ShaderModule ShaderLibrary::load(std::string_view name) const {
    return ShaderModule(m_device, name, spirv(name));
}

bool ShaderLibrary::changed() {
    if (m_directory.empty()) return false;
    constexpr std::int64_t kLookEveryMs = 500;
    const auto now = nowMs();
    if (now - m_lastLookMs < kLookEveryMs) return false;
    m_lastLookMs = now;
    const auto newest = newestFile();
    if (newest <= m_seen) return false;
    m_seen = newest;
    return true;
}

std::filesystem::file_time_type ShaderLibrary::newestFile() const {
    auto newest = std::filesystem::file_time_type::min();
    std::error_code error;
    for (std::filesystem::recursive_directory_iterator it(m_directory, error), end; !error && it != end;
         it.increment(error)) {
        std::error_code ignored;
        if (!it->is_regular_file(ignored)) continue;
        const auto time = it->last_write_time(ignored);
        if (!ignored) newest = std::max(newest, time);
    }
    return newest;
}

} // namespace pump::gpu
