#include "app/Script.h"

#include "core/Error.h"
#include "ui/Settings.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

namespace pump::app {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

constexpr std::array<std::string_view, 6> kRelations{"<=", ">=", "==", "!=", "<", ">"};

struct Element {
    std::string_view text;
    int line = 0;
};

/// The outermost {...} of the text with the line each begins on; brackets and commas between them are the
/// array's.
std::vector<Element> splitElements(const std::string& name, std::string_view text) {
    std::vector<Element> elements;
    int line = 1, depth = 0, startLine = 1;
    std::size_t start = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') ++line;
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"' && depth > 0) {
            inString = true;
        } else if (c == '{') {
            if (depth++ == 0) {
                start = i;
                startLine = line;
            }
        } else if (c == '}' && depth > 0) {
            if (--depth == 0) elements.push_back({text.substr(start, i + 1 - start), startLine});
        } else if (depth == 0 && std::string_view(" \t\r\n,[]").find(c) == std::string_view::npos) {
            throw Error(ErrorKind::Asset,
                        "{}: line {}: '{}' is not expected here; a script is a list of objects like "
                        "{{\"at\": 1, \"key\": \"space\"}}",
                        name, line, c);
        }
    }
    if (depth > 0)
        throw Error(ErrorKind::Asset, "{}: line {}: the object that begins here is not closed", name,
                    startLine);
    return elements;
}

/// Reads one object; every complaint names file and line.
class EventReader {
  public:
    EventReader(const std::string& name, const Element& element) : m_name(name), m_line(element.line) {
        try {
            m_json = json::parse(element.text);
        } catch (const json::parse_error&) {
            fail("is not valid JSON; check commas, quotes and brackets");
        }
    }

    std::vector<ScriptEvent> read(double previousS);

  private:
    [[noreturn]] void fail(std::string_view why) const {
        throw Error(ErrorKind::Asset, "{}: line {}: {}", m_name, m_line, why);
    }

    double number(const json& value, std::string_view what, double low, double high) const {
        if (!value.is_number() || value.get<double>() < low || value.get<double>() > high)
            fail(fmt::format("{} is {}; give a number from {} to {}", what, value.dump(), low, high));
        return value.get<double>();
    }
    ui::PointerMoved point(const json& value, std::string_view what) const {
        if (!value.is_array() || value.size() != 2)
            fail(fmt::format("{} is {}; give [x, y] in pixels", what, value.dump()));
        return {static_cast<float>(number(value[0], what, -1e5, 1e5)),
                static_cast<float>(number(value[1], what, -1e5, 1e5))};
    }
    std::string text(const json& value, std::string_view what) const {
        if (!value.is_string() || value.get<std::string>().empty())
            fail(fmt::format("{} is {}; give a text in quotes", what, value.dump()));
        return value.get<std::string>();
    }
    ui::PointerButton button() const;
    std::vector<ui::Command> settings(const json& value) const;
    Expectation expectation(const json& value) const;
    std::vector<ScriptEvent> drag(ScriptEvent first, const json& value) const;
    std::vector<ScriptEvent> hold(ScriptEvent first, const json& value) const;
    ui::Key namedKey(const json& value) const;

    std::string m_name;
    int m_line;
    json m_json;
};

ui::PointerButton EventReader::button() const {
    const std::string name = m_json.contains("button") ? text(m_json["button"], "button") : "left";
    if (name == "left") return ui::PointerButton::Left;
    if (name == "right") return ui::PointerButton::Right;
    if (name == "middle") return ui::PointerButton::Middle;
    fail(fmt::format("button is '{}'; give left, right or middle", name));
}

std::vector<ui::Command> EventReader::settings(const json& value) const {
    if (!value.is_object() || value.empty()) fail("set needs an object like {\"speed\": 0.5}");
    std::vector<ui::Command> commands;
    ui::Settings trial;
    for (const auto& [key, entry] : value.items()) {
        const std::string textual = entry.is_string() ? entry.get<std::string>() : entry.dump();
        try {
            ui::applySetting(trial, key, textual);
        } catch (const Error& error) {
            fail(error.what());
        }
        commands.emplace_back(ui::SetCommand{key, textual});
    }
    return commands;
}

Expectation EventReader::expectation(const json& value) const {
    const std::string whole = text(value, "expect");
    for (const auto relation : kRelations) {
        const auto at = whole.find(relation);
        if (at == std::string::npos) continue;
        auto trimmed = [](std::string part) {
            part.erase(0, part.find_first_not_of(' '));
            part.erase(part.find_last_not_of(' ') + 1);
            return part;
        };
        Expectation expected{trimmed(whole.substr(0, at)), std::string(relation),
                             trimmed(whole.substr(at + relation.size())),
                             fmt::format("{}: line {}", m_name, m_line)};
        if (!expected.quantity.empty() && !expected.value.empty()) return expected;
    }
    fail(fmt::format("expect is '{}'; give QUANTITY RELATION VALUE, like footVeinPressure < 40; relations: < "
                     "<= > >= == !=",
                     whole));
}

std::vector<ScriptEvent> EventReader::drag(ScriptEvent first, const json& value) const {
    if (!value.is_array() || value.size() != 2) fail("drag needs two points, [[x, y], [x, y]]");
    const auto from = point(value[0], "drag from"), to = point(value[1], "drag to");
    const double over = m_json.contains("over") ? number(m_json["over"], "over", 0, 60) : 0.25;
    const auto which = button();
    std::vector<ScriptEvent> events;
    constexpr int kMoves = 8;
    first.input = {from, ui::PointerPressed{which, true}};
    events.push_back(first);
    for (int i = 1; i <= kMoves; ++i) {
        const float t = static_cast<float>(i) / kMoves;
        ScriptEvent step;
        step.line = m_line;
        step.atS = first.atS + over * i / kMoves;
        step.input = {ui::PointerMoved{from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t}};
        if (i == kMoves) step.input.push_back(ui::PointerPressed{which, false});
        events.push_back(step);
    }
    return events;
}

ui::Key EventReader::namedKey(const json& value) const {
    if (const auto known = ui::keyFromName(text(value, "key"))) return *known;
    fail(fmt::format("key is {}; see the script format in README.md for the names", value.dump()));
}

std::vector<ScriptEvent> EventReader::hold(ScriptEvent first, const json& value) const {
    ScriptEvent last;
    last.line = m_line;
    last.atS = first.atS + (m_json.contains("over") ? number(m_json["over"], "over", 0, 3600) : 0.5);
    if (value.is_array()) {
        first.input = {point(value, "hold"), ui::PointerPressed{button(), true}};
        last.input = {ui::PointerPressed{button(), false}};
    } else {
        first.input = {ui::KeyPressed{namedKey(value), true}};
        last.input = {ui::KeyPressed{namedKey(value), false}};
    }
    return {first, last};
}

std::vector<ScriptEvent> EventReader::read(double previousS) {
    ScriptEvent event;
    event.line = m_line;
    event.atS = m_json.contains("at") ? number(m_json["at"], "at", 0, 86400) : previousS;
    constexpr std::string_view kActions =
        "set, move, click, press, release, drag, wheel, key, hold, resize, screenshot, expect, end";
    std::string action;
    for (const auto& [key, value] : m_json.items()) {
        if (key == "at" || key == "button" || key == "over" || key == "note") continue;
        if (!action.empty()) fail(fmt::format("has both '{}' and '{}'; give one thing to do", action, key));
        action = key;
    }
    if (action.empty()) fail(fmt::format("has nothing to do; give one of: {}", kActions));
    const json& value = m_json[action];
    if (action == "set")
        event.commands = settings(value);
    else if (action == "move")
        event.input = {point(value, "move")};
    else if (action == "click")
        event.input = {point(value, "click"), ui::PointerPressed{button(), true},
                       ui::PointerPressed{button(), false}};
    else if (action == "press")
        event.input = {point(value, "press"), ui::PointerPressed{button(), true}};
    else if (action == "release") {
        if (value != json(true)) fail(fmt::format("release is {}; give true", value.dump()));
        event.input = {ui::PointerPressed{button(), false}};
    } else if (action == "drag")
        return drag(event, value);
    else if (action == "wheel")
        event.input = {ui::WheelTurned{static_cast<float>(number(value, "wheel", -100, 100))}};
    else if (action == "key")
        event.input = {ui::KeyPressed{namedKey(value), true}, ui::KeyPressed{namedKey(value), false}};
    else if (action == "hold")
        return hold(event, value);
    else if (action == "resize") {
        const auto size = point(value, "resize");
        if (size.x < 16 || size.y < 16 || size.x > 16384 || size.y > 16384)
            fail("resize: give [width, height], each 16 to 16384");
        event.size = PixelSize{static_cast<int>(size.x), static_cast<int>(size.y)};
    } else if (action == "screenshot")
        event.picture = text(value, "screenshot");
    else if (action == "expect")
        event.expectation = expectation(value);
    else if (action == "end")
        event.end = true;
    else
        fail(fmt::format("'{}' is not something a script can do; give one of: {}", action, kActions));
    return {event};
}

} // namespace

Script parseScript(std::string name, std::string_view text) {
    Script script{std::move(name), {}, 0};
    double previous = 0;
    for (const auto& element : splitElements(script.name, text)) {
        const auto events = EventReader(script.name, element).read(previous);
        if (events.front().atS < previous) {
            throw Error(ErrorKind::Asset,
                        "{}: line {}: at is {}, before the event above it ({}); put events in order of time",
                        script.name, element.line, events.front().atS, previous);
        }
        previous = events.front().atS;
        script.events.insert(script.events.end(), events.begin(), events.end());
    }
    if (script.events.empty())
        throw Error(ErrorKind::Asset, "{}: has no events; see the script format in README.md", script.name);
    std::stable_sort(script.events.begin(), script.events.end(),
                     [](const auto& a, const auto& b) { return a.atS < b.atS; });
    script.endS = script.events.back().atS;
    return script;
}

Script loadScript(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw Error(ErrorKind::Asset, "{}: cannot be opened; check that the script exists and may be read",
                    path.string());
    std::ostringstream text;
    text << file.rdbuf();
    return parseScript(path.string(), text.str());
}

bool holds(std::string_view actual, std::string_view relation, std::string_view expected) {
    const auto number = [](std::string_view text, double& value) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc{} && end == text.data() + text.size();
    };
    double a = 0, b = 0;
    if (number(actual, a) && number(expected, b)) {
        if (relation == "<") return a < b;
        if (relation == "<=") return a <= b;
        if (relation == ">") return a > b;
        if (relation == ">=") return a >= b;
        if (relation == "==") return a == b;
        return a != b;
    }
    if (relation == "==") return actual == expected;
    if (relation == "!=") return actual != expected;
    throw Error(ErrorKind::Usage, "'{}' {} '{}' compares texts; only == and != do that", actual, relation,
                expected);
}

} // namespace pump::app
