#pragma once

#include "app/FrameSource.h"
#include "app/Options.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pump::app {

/// One thing that happens at a time of a script. The file is a JSON array of objects, or one object after
/// another (JSON lines); each has "at" (seconds on the screen, default: that of the event before) and exactly
/// one of:
///   "set": {"speed": 0.5, "layers": "veins"}    rows of the settings table, as on the command line
///   "move": [x, y]                               pointer, in pixels
///   "click": [x, y], "button": "left"            press and release; button left, right or middle
///   "press": [x, y]                              press and hold
///   "release": true                              let go
///   "drag": [[x, y], [x, y]], "over": 0.5        press, move in that many seconds, release
///   "wheel": 2                                   steps, positive is nearer
///   "key": "space"                               press and release; names: space period plus minus r h 1-6
///                                                left right up down page-up page-down home end tab enter
///                                                backspace delete escape f1 f11 f12
///   "hold": "p", "over": 0.5                     press, release after that many seconds; a point [x, y]
///   instead
///                                                of a key holds the left button there
///   "resize": [width, height]                    pixels
///   "screenshot": "name.png"                     beside the output
///   "expect": "footVeinPressure < 40"            else the program ends with code 4
///   "end": true                                  the last frame
struct ScriptEvent {
    double atS = 0;
    int line = 0;
    std::vector<ui::Command> commands;
    std::vector<ui::InputEvent> input;
    std::optional<PixelSize> size;
    std::filesystem::path picture;
    std::optional<Expectation> expectation;
    bool end = false;
};

struct Script {
    std::string name;
    std::vector<ScriptEvent> events; ///< in order of time
    double endS = 0;                 ///< time of the last event
};

/// Throws Error(Asset) with file, line, value and what is allowed.
Script loadScript(const std::filesystem::path& path);
Script parseScript(std::string name, std::string_view text);

/// Does `actual RELATION expected` hold? Numbers are compared as numbers, other texts by == and != only.
/// Throws Error(Usage) on a relation that does not fit.
bool holds(std::string_view actual, std::string_view relation, std::string_view expected);

} // namespace pump::app
