#include "core/JsonFile.h"

#include "core/Error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace pump::core {
namespace {

std::string shown(const nlohmann::json& value) {
    std::string text = value.dump();
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return text;
}

nlohmann::json parse(const std::string& name, std::string_view text) {
    try {
        return nlohmann::json::parse(text);
    } catch (const nlohmann::json::parse_error& error) {
        const auto upTo = text.substr(0, std::min(error.byte, text.size()));
        const auto line = 1 + std::count(upTo.begin(), upTo.end(), '\n');
        const auto lineStart = upTo.rfind('\n');
        const auto column = upTo.size() - (lineStart == std::string_view::npos ? 0 : lineStart + 1);
        throw Error(ErrorKind::Asset,
                    "{}: line {}, column {}: not valid JSON; check brackets, commas and quotes there", name,
                    line, column);
    }
}

} // namespace

JsonFile::JsonFile(const std::filesystem::path& path) : m_name(path.string()) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw Error(ErrorKind::Asset, "{}: cannot be opened; check that the file exists and may be read",
                    m_name);
    std::ostringstream text;
    text << file.rdbuf();
    m_json = std::make_shared<const nlohmann::json>(parse(m_name, text.str()));
}

JsonFile::JsonFile(std::string name, std::string_view text) : m_name(std::move(name)) {
    m_json = std::make_shared<const nlohmann::json>(parse(m_name, text));
}

void JsonField::fail(std::string_view message) const {
    throw Error(ErrorKind::Asset, "{}: {}: {}", *m_file, m_path.empty() ? "top level" : m_path, message);
}

bool JsonField::has(std::string_view key) const {
    return m_value->is_object() && m_value->contains(key);
}

JsonField JsonField::at(std::string_view key) const {
    if (!m_value->is_object()) fail(fmt::format("is {}, expected an object with '{}'", shown(*m_value), key));
    const auto found = m_value->find(key);
    if (found == m_value->end()) fail(fmt::format("field '{}' is missing", key));
    return JsonField(&*found, m_file, m_path.empty() ? std::string(key) : fmt::format("{}.{}", m_path, key));
}

JsonField JsonField::at(std::size_t index) const {
    if (index >= size()) fail(fmt::format("has {} elements, element {} is missing", size(), index));
    return JsonField(&(*m_value)[index], m_file, fmt::format("{}[{}]", m_path, index));
}

std::size_t JsonField::size() const {
    if (!m_value->is_array()) fail(fmt::format("is {}, expected an array", shown(*m_value)));
    return m_value->size();
}

std::vector<std::string> JsonField::keys() const {
    if (!m_value->is_object()) fail(fmt::format("is {}, expected an object", shown(*m_value)));
    std::vector<std::string> names;
    for (const auto& [key, value] : m_value->items()) names.push_back(key);
    return names;
}

double JsonField::number() const {
    if (!m_value->is_number()) fail(fmt::format("is {}, expected a number", shown(*m_value)));
    const double value = m_value->get<double>();
    if (!std::isfinite(value)) fail(fmt::format("is {}, expected a finite number", value));
    return value;
}

double JsonField::number(double low, double high) const {
    const double value = number();
    if (value < low || value > high) fail(fmt::format("is {}, expected {} to {}", value, low, high));
    return value;
}

int JsonField::integer(int low, int high) const {
    if (!m_value->is_number_integer()) fail(fmt::format("is {}, expected a whole number", shown(*m_value)));
    const auto value = m_value->get<long long>();
    if (value < low || value > high) fail(fmt::format("is {}, expected {} to {}", value, low, high));
    return static_cast<int>(value);
}

bool JsonField::boolean() const {
    if (!m_value->is_boolean()) fail(fmt::format("is {}, expected true or false", shown(*m_value)));
    return m_value->get<bool>();
}

std::string JsonField::text() const {
    if (!m_value->is_string()) fail(fmt::format("is {}, expected text in quotes", shown(*m_value)));
    return m_value->get<std::string>();
}

std::vector<double> JsonField::numbers(std::size_t count) const {
    if (size() != count) fail(fmt::format("has {} numbers, expected {}", size(), count));
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(at(i).number());
    return values;
}

} // namespace pump::core
