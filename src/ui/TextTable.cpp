#include "ui/TextTable.h"

#include "core/JsonFile.h"

namespace pump::ui {
namespace {

std::map<std::string, std::string, std::less<>> read(const core::JsonFile& file) {
    std::map<std::string, std::string, std::less<>> texts;
    const auto root = file.root();
    for (const auto& key : root.keys()) texts[key] = root.at(key).text();
    return texts;
}

} // namespace

TextTable::TextTable(const std::filesystem::path& path)
    : m_name(path.string()), m_texts(read(core::JsonFile(path))) {}

TextTable::TextTable(std::string name, std::string_view json)
    : m_name(name), m_texts(read(core::JsonFile(std::move(name), json))) {}

const char* TextTable::operator()(std::string_view key) const {
    if (const auto found = m_texts.find(key); found != m_texts.end()) return found->second.c_str();
    return m_missing.try_emplace(std::string(key), key).first->second.c_str();
}

std::string TextTable::orElse(std::string_view key, std::string_view fallback) const {
    const auto found = m_texts.find(key);
    return found == m_texts.end() ? std::string(fallback) : found->second;
}

std::vector<std::string> TextTable::keys() const {
    std::vector<std::string> all;
    for (const auto& [key, value] : m_texts) all.push_back(key);
    return all;
}

} // namespace pump::ui
