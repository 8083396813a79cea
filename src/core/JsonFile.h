#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pump::core {

/// A place in a JSON file: knows its file and path ("muscles[3].line"), so that every complaint can name
/// both. All accessors throw Error(Asset): file, field, the value found, what was expected.
class JsonField {
  public:
    JsonField(const nlohmann::json* value, const std::string* file, std::string path)
        : m_value(value), m_file(file), m_path(std::move(path)) {}

    bool has(std::string_view key) const;
    JsonField at(std::string_view key) const; ///< member of an object
    JsonField at(std::size_t index) const;    ///< element of an array
    std::size_t size() const;                 ///< elements of an array
    std::vector<std::string> keys() const;    ///< members of an object, sorted

    double number() const; ///< finite
    double number(double low, double high) const;
    int integer(int low, int high) const;
    bool boolean() const;
    std::string text() const;
    std::vector<double> numbers(std::size_t count) const; ///< an array of exactly `count` finite numbers

    const nlohmann::json& json() const { return *m_value; }
    const std::string& path() const { return m_path; }
    const std::string& file() const { return *m_file; }
    /// Throws Error(Asset) "FILE: PATH: MESSAGE".
    [[noreturn]] void fail(std::string_view message) const;

  private:
    const nlohmann::json* m_value;
    const std::string* m_file;
    std::string m_path;
};

/// A parsed JSON file. Throws Error(Asset) with file, line, column and reason when it cannot be read or
/// parsed.
class JsonFile {
  public:
    explicit JsonFile(const std::filesystem::path& path);
    /// From text already in memory; `name` stands for the file in messages.
    JsonFile(std::string name, std::string_view text);
    JsonField root() const { return JsonField(m_json.get(), &m_name, ""); }

  private:
    std::string m_name;
    std::shared_ptr<const nlohmann::json> m_json;
};

} // namespace pump::core
