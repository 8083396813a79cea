#include "core/CsvTable.h"

#include "core/Error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

namespace pump::core {
namespace {

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> cells;
    std::size_t start = 0;
    while (true) {
        const auto comma = line.find(',', start);
        cells.push_back(trimmed(line.substr(start, comma == std::string_view::npos ? comma : comma - start)));
        if (comma == std::string_view::npos) return cells;
        start = comma + 1;
    }
}

} // namespace

CsvTable::CsvTable(const std::filesystem::path& path, std::vector<std::string> requiredColumns)
    : m_name(path.string()) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw Error(ErrorKind::Asset, "{}: cannot be opened; check that the file exists and may be read",
                    m_name);
    std::ostringstream text;
    text << file.rdbuf();
    parse(text.str(), requiredColumns);
}

CsvTable::CsvTable(std::string name, std::string_view text, std::vector<std::string> requiredColumns)
    : m_name(std::move(name)) {
    parse(text, requiredColumns);
}

void CsvTable::parse(std::string_view text, const std::vector<std::string>& required) {
    int lineNumber = 0;
    std::size_t start = 0;
    while (start < text.size()) {
        auto end = text.find('\n', start);
        if (end == std::string_view::npos) end = text.size();
        const std::string line = trimmed(text.substr(start, end - start));
        start = end + 1;
        ++lineNumber;
        if (line.empty() || line[0] == '#') continue;
        auto cells = split(line);
        if (m_header.empty()) {
            m_header = std::move(cells);
            continue;
        }
        if (cells.size() != m_header.size()) {
            throw Error(ErrorKind::Asset, "{}: line {}: has {} values, the header has {} columns", m_name,
                        lineNumber, cells.size(), m_header.size());
        }
        m_rows.push_back({lineNumber, std::move(cells)});
    }
    for (const auto& column : required) {
        if (std::find(m_header.begin(), m_header.end(), column) == m_header.end()) {
            throw Error(ErrorKind::Asset, "{}: line 1: column '{}' is missing from the header", m_name,
                        column);
        }
    }
}

std::size_t CsvTable::columnIndex(std::string_view column) const {
    const auto found = std::find(m_header.begin(), m_header.end(), column);
    if (found == m_header.end()) throw Error(ErrorKind::Asset, "{}: there is no column '{}'", m_name, column);
    return static_cast<std::size_t>(found - m_header.begin());
}

void CsvTable::fail(std::size_t row, std::string_view column, std::string_view message) const {
    throw Error(ErrorKind::Asset, "{}: line {}, column '{}': {}", m_name, m_rows[row].line, column, message);
}

const std::string& CsvTable::text(std::size_t row, std::string_view column) const {
    return m_rows[row].cells[columnIndex(column)];
}

double CsvTable::number(std::size_t row, std::string_view column, double low, double high) const {
    const std::string& cell = text(row, column);
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size() || !std::isfinite(value)) {
        fail(row, column, fmt::format("is '{}', expected a number", cell));
    }
    if (value < low || value > high)
        fail(row, column, fmt::format("is {}, expected {} to {}", cell, low, high));
    return value;
}

int CsvTable::integer(std::size_t row, std::string_view column, int low, int high) const {
    const double value = number(row, column, low, high);
    if (value != std::floor(value))
        fail(row, column, fmt::format("is '{}', expected a whole number", text(row, column)));
    return static_cast<int>(value);
}

} // namespace pump::core
