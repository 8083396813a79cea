#include "app/Commands.h"

#include "app/FrameWriter.h"
#include "app/Offline.h"
#include "core/Error.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace pump::app {
namespace {

struct RenderTexts {
    OptionReader common;
    std::string output, script, frames, fps, time, strip;
    bool panel = false;
};

OfflineDesc read(const RenderTexts& texts) {
    OfflineDesc desc;
    desc.options = texts.common.read();
    desc.output = texts.output;
    desc.panel = texts.panel;
    if (!texts.time.empty()) desc.startS = parseNumber("--time", texts.time, 0, 86400);
    if (!texts.fps.empty()) desc.framesPerSecond = parseNumber("--fps", texts.fps, 1, 240);
    if (!texts.frames.empty())
        desc.frames = static_cast<std::uint64_t>(parseNumber("--frames", texts.frames, 1, 1e7));
    if (!texts.strip.empty())
        desc.strip = static_cast<std::uint64_t>(parseNumber("--strip", texts.strip, 1, 64));
    if (!texts.script.empty()) desc.script = loadScript(texts.script);
    if (desc.output.empty() && texts.script.empty())
        throw core::Error(core::ErrorKind::Usage,
                          "render: nothing to make; give -o FILE (.png or .mp4), or --script FILE");
    if (!desc.output.empty() && outputKind(desc.output) == OutputKind::Still && desc.frames > 1 &&
        desc.strip == 0)
        throw core::Error(
            core::ErrorKind::Usage,
            "render: --frames {} needs a name for each picture; put #### into '{}', or end it in .mp4",
            desc.frames, desc.output.string());
    return desc;
}

} // namespace

std::function<int()> setupRender(CLI::App& parser) {
    auto texts = std::make_shared<RenderTexts>();
    parser
        .add_option("-o,--output", texts->output,
                    "Picture (.png), sequence (frame-####.png) or clip (.mp4, by ffmpeg where installed)")
        ->type_name("FILE");
    parser.add_option("--time", texts->time, "Simulate so many seconds before the first picture [0]")
        ->type_name("SECONDS");
    parser.add_option("--frames", texts->frames, "Number of pictures [1, or as long as the script]")
        ->type_name("NUMBER");
    parser.add_option("--strip", texts->strip, "So many of the pictures side by side in one PNG")
        ->type_name("NUMBER");
    parser.add_option("--fps", texts->fps, "Pictures a second [25]")->type_name("NUMBER");
    parser
        .add_option("--script", texts->script,
                    "Timed events: settings, input, screenshots, expectations (see README.md)")
        ->type_name("FILE");
    parser.add_flag("--panel", texts->panel, "Show the panel in the picture");
    texts->common.addTo(parser, OptionReader::Scope::Picture);
    return [texts] {
        renderOffline(read(*texts));
        return 0;
    };
}

} // namespace pump::app
