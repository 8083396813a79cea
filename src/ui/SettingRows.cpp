#include "ui/SettingRows.h"

#include "core/Error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace pump::ui {

void reject(const SettingInfo& info, std::string_view value, std::string_view expected) {
    throw core::Error(core::ErrorKind::Usage, "{}: '{}' is not allowed; give {}", info.id, value, expected);
}

std::optional<double> numberFrom(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

double checkedNumber(const SettingInfo& info, std::string_view text) {
    const auto value = numberFrom(text);
    if (!value || *value < info.low || *value > info.high) {
        reject(info, text,
               fmt::format("a number from {} to {}{}{}", info.low, info.high, info.unit.empty() ? "" : " ",
                           info.unit));
    }
    return *value;
}

const std::string& checkedChoice(const SettingInfo& info, std::string_view text) {
    const auto found = std::find(info.choices.begin(), info.choices.end(), text);
    if (found == info.choices.end())
        reject(info, text, fmt::format("one of: {}", fmt::join(info.choices, ", ")));
    return *found;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

} // namespace pump::ui
