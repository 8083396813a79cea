#include "app/Offline.h"

#include "app/ExperimentRun.h"

#include "app/FrameLoop.h"
#include "app/FrameWriter.h"
#include "app/Progress.h"
#include "app/ScriptSource.h"
#include "core/Error.h"

#include <fmt/format.h>

#include <cstdio>

namespace pump::app {
namespace {

constexpr std::uint64_t kSettleFrames = 16; ///< samples that a still is refined with
constexpr double kCarriedWarmUpS = 1;       ///< the blood needs to be carried along before the first picture

/// Screenshots of a script lie beside the output, or where the program was started.
std::filesystem::path besideOutput(const std::filesystem::path& output,
                                   const std::filesystem::path& picture) {
    if (picture.is_absolute() || output.empty()) return picture;
    return output.parent_path() / picture;
}

/// Ends the work early on Ctrl-C, and shows how far it is.
class WatchedSource final : public FrameSource {
  public:
    WatchedSource(ScriptSource& source, const InterruptGuard& interrupt)
        : m_source(source), m_interrupt(interrupt), m_progress("picture", source.frames()) {}
    std::optional<FrameTick> next() override {
        if (m_interrupt.asked()) return std::nullopt;
        m_progress.at(m_frame++);
        return m_source.next();
    }

  private:
    ScriptSource& m_source;
    const InterruptGuard& m_interrupt;
    Progress m_progress;
    std::uint64_t m_frame = 0;
};

} // namespace

void renderOffline(const OfflineDesc& desc) {
    std::unique_ptr<FrameWriter> writer;
    if (!desc.output.empty())
        writer = desc.strip > 0 ? makeStripWriter(desc.output, desc.frames, desc.strip)
                                : makeFrameWriter(desc.output, desc.framesPerSecond);
    const bool still = writer && desc.strip == 0 && outputKind(desc.output) == OutputKind::Still;
    const GraphicsDevice device(desc.options);
    Options options = desc.options;
    if (options.settings.quality == "auto") options.settings.quality = "high"; // time does not press
    Legs legs(options.leg, firstDetail(options.settings.quality, device.software()));
    Session session({.legs = legs,
                     .assets = options.assets,
                     .settings = options.settings,
                     .panel = desc.panel,
                     .device = device.describe(),
                     .load = options.load});
    Graphics graphics(device, legs, options, std::nullopt);
    ScriptSource source({.size = options.size,
                         .framesPerSecond = desc.framesPerSecond,
                         .warmUpS = desc.startS,
                         .frames = desc.frames,
                         .settleFrames = still ? kSettleFrames : 0,
                         .script = desc.script});
    OffscreenTarget target(device.device());
    const InterruptGuard interrupt;
    WatchedSource watched(source, interrupt);
    const auto carriedFrom =
        source.warmUpFrames() -
        std::min(source.warmUpFrames(), static_cast<std::uint64_t>(kCarriedWarmUpS * desc.framesPerSecond));
    FrameLoop loop{watched, session, graphics, target};
    loop.workOf = [&](std::uint64_t frame, const FrameTick&) {
        if (frame < carriedFrom) return FrameWork::Simulate;
        return frame < source.warmUpFrames() ? FrameWork::Carry : FrameWork::Draw;
    };
    loop.beforeDraw = [&](std::uint64_t frame, const FrameTick& tick) {
        const bool last = frame + 1 >= source.frames();
        const bool kept = writer && (still ? last : frame >= source.warmUpFrames());
        if (!kept && tick.pictures.empty()) return;
        target.keepNext([&writer, &desc, kept, pictures = tick.pictures](const core::Image& image) {
            if (kept) writer->write(image);
            for (const auto& picture : pictures) {
                const auto path = besideOutput(desc.output, picture);
                prepareOutput(path);
                core::writePng(path, image);
            }
        });
    };
    loop.run();
    if (!options.save.empty()) saveState(session.simulation(), options.save);
    if (options.validate) device.checkValidation();
    if (!writer) return;
    writer->finish();
    if (interrupt.asked() && still)
        throw core::Error(core::ErrorKind::Usage, "stopped before the picture was made");
    std::printf("%s\n", writer->describe().c_str());
}

} // namespace pump::app
