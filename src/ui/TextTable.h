#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pump::ui {

/// Every word on the screen, by key: assets/i18n/<language>.json, one flat object of strings.
class TextTable {
  public:
    /// Throws Error(Asset): file, key and reason.
    explicit TextTable(const std::filesystem::path& path);
    TextTable(std::string name, std::string_view json);

    /// The text of a key. A key that is not there is shown as itself, so that the program goes on; the tests
    /// read the sources and fail on such a key.
    const char* operator()(std::string_view key) const;
    /// The text of a key, or `fallback` where the table has none (names that come from other tables).
    std::string orElse(std::string_view key, std::string_view fallback) const;
    bool has(std::string_view key) const { return m_texts.find(key) != m_texts.end(); }
    std::vector<std::string> keys() const;

  private:
    std::string m_name;
    std::map<std::string, std::string, std::less<>> m_texts;
    mutable std::map<std::string, std::string, std::less<>> m_missing; ///< keeps the returned pointers alive
};

} // namespace pump::ui
