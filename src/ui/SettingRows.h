#pragma once

#include "ui/Settings.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the files that make up the table of settings share.
namespace pump::ui {

/// Throws Error(Usage): setting, value, what is expected.
[[noreturn]] void reject(const SettingInfo& info, std::string_view value, std::string_view expected);
/// The whole text as a finite number.
std::optional<double> numberFrom(std::string_view text);
double checkedNumber(const SettingInfo& info, std::string_view text);
const std::string& checkedChoice(const SettingInfo& info, std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);

/// Rows of the body, what surrounds it, its states and time that is skipped.
void addBodyRows(std::vector<SettingInfo>& table);
/// Rows of what is measured: virtual tests and the plot.
void addMeasureRows(std::vector<SettingInfo>& table);

} // namespace pump::ui
