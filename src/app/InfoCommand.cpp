#include "app/Commands.h"

#include "app/Options.h"
#include "core/AssetPaths.h"
#include "gpu/Device.h"
#include "gpu/Instance.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace pump::app {

std::function<int()> setupInfo(CLI::App& parser) {
    auto wanted = std::make_shared<std::string>();
    parser
        .add_option("--device", *wanted, "Check that this device would be taken: number or part of its name")
        ->type_name("NAME");
    return [wanted] {
        const gpu::Instance instance;
        const auto reports = gpu::listDevices(instance);
        std::printf("Second Heart %s\n%s\n", PUMP_VERSION, gpu::describeDevices(reports).c_str());
        // Throws, with the reasons, when no device can be used: the exit code says so too.
        const auto chosen = gpu::chooseDevice(reports, *wanted);
        std::printf("would use: %d, %s\n", reports[chosen].index, reports[chosen].name.c_str());
        const auto assets = core::assetDirectory();
        std::error_code error;
        std::printf("assets: %s%s\n", assets.c_str(),
                    std::filesystem::is_directory(assets, error) ? "" : " (missing)");
        const auto cache = core::cacheDirectory();
        std::printf("cache: %s\n", cache.empty() ? "none can be made" : cache.c_str());
        return 0;
    };
}

} // namespace pump::app
