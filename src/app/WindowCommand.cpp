#include "app/Commands.h"

#include "app/ExperimentRun.h"
#include "app/FrameLoop.h"
#include "app/FrameWriter.h"
#include "app/Offline.h"
#include "app/WindowSource.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace pump::app {
namespace {

constexpr double kFrameGoalMs = 1000.0 / 30; ///< automatic quality keeps to it
constexpr const char* kOutputFolder = "second-heart-out";

void runWindow(const Options& options, WindowSource& window) {
    LegsAhead ahead(options.leg, firstDetail(options.settings.quality, true));
    const GraphicsDevice device(options, window.instanceExtensions(), window.surfaceFactory());
    const auto legs = ahead.take(firstDetail(options.settings.quality, device.software()));
    Options actual = options;
    actual.size = {window.width(), window.height()};
    Session session({.legs = *legs,
                     .assets = options.assets,
                     .settings = options.settings,
                     .panel = true,
                     .canFullscreen = window.canFullscreen(),
                     .device = device.describe(),
                     .load = options.load});
    Graphics graphics(device, *legs, actual, kFrameGoalMs);
    const auto target = makeWindowTarget(device, window, options.present, gpu::PresentMode::Fifo);
    FrameLoop{window, session, graphics, *target}.run();
    if (!options.save.empty()) saveState(session.simulation(), options.save);
    if (options.validate) device.checkValidation();
}

/// What the plain command does on a machine without a display.
void runWithoutDisplay(const Options& options, const std::string& reason) {
    std::fprintf(stderr, "second-heart: no window can be opened (%s); making pictures in ./%s instead\n",
                 reason.c_str(), kOutputFolder);
    const std::filesystem::path folder = kOutputFolder;
    OfflineDesc still{.options = options, .output = folder / "leg.png", .startS = 2, .panel = true};
    renderOffline(still);
    OfflineDesc clip{.options = options,
                     .output = folder / "leg.mp4",
                     .startS = 2,
                     .framesPerSecond = 12.5,
                     .frames = 50,
                     .panel = true};
    if (clip.options.settings.quality == "auto") clip.options.settings.quality = "medium";
    renderOffline(clip);
}

} // namespace

std::function<int()> setupWindow(CLI::App& parser) {
    auto common = std::make_shared<OptionReader>();
    common->addTo(parser, OptionReader::Scope::Picture);
    common->addWindowTo(parser);
    return [common] {
        const Options options = common->read();
        std::string reason;
        if (const auto window =
                WindowSource::open({.width = options.size.width, .height = options.size.height}, reason)) {
            runWindow(options, *window);
        } else {
            runWithoutDisplay(options, reason);
        }
        return 0;
    };
}

} // namespace pump::app
