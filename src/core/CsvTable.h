#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pump::core {

/// A comma-separated table with one header line; lines that start with # are remarks. No quoting.
/// All members throw Error(Asset): file, line, column name, the value found, what was expected.
class CsvTable {
  public:
    CsvTable(const std::filesystem::path& path, std::vector<std::string> requiredColumns);
    CsvTable(std::string name, std::string_view text, std::vector<std::string> requiredColumns);

    std::size_t rows() const { return m_rows.size(); }
    const std::string& text(std::size_t row, std::string_view column) const;
    double number(std::size_t row, std::string_view column, double low, double high) const;
    int integer(std::size_t row, std::string_view column, int low, int high) const;
    int line(std::size_t row) const { return m_rows[row].line; }
    const std::string& name() const { return m_name; }
    [[noreturn]] void fail(std::size_t row, std::string_view column, std::string_view message) const;

  private:
    struct Row {
        int line = 0;
        std::vector<std::string> cells;
    };
    void parse(std::string_view text, const std::vector<std::string>& required);
    std::size_t columnIndex(std::string_view column) const;

    std::string m_name;
    std::vector<std::string> m_header;
    std::vector<Row> m_rows;
};

} // namespace pump::core
