#include "core/CsvTable.h"
#include "core/Error.h"
#include "core/JsonFile.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace pump::core;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string messageOf(auto&& action) {
    try {
        action();
    } catch (const Error& error) {
        REQUIRE(error.kind() == ErrorKind::Asset);
        return error.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("a broken JSON file is named with line and column") {
    const auto message = messageOf([] { JsonFile("movement.json", "{\n  \"a\": 1,\n  oops\n}"); });
    CHECK_THAT(message, ContainsSubstring("movement.json: line 3"));
}

TEST_CASE("a JSON value out of range names file, field, value and range") {
    const JsonFile file("movement.json", R"({"phases": [{"angle": 400}]})");
    const auto message =
        messageOf([&] { file.root().at("phases").at(std::size_t{0}).at("angle").number(-60, 60); });
    CHECK_THAT(message, ContainsSubstring("movement.json: phases[0].angle: is 400, expected -60 to 60"));
}

TEST_CASE("a table cell that is no number names file, line and column") {
    const CsvTable table("net.csv", "segment,length_mm\n# remark\nPTV1,abc\n", {"segment", "length_mm"});
    const auto message = messageOf([&] { table.number(0, "length_mm", 0, 1000); });
    CHECK_THAT(message, ContainsSubstring("net.csv: line 3, column 'length_mm': is 'abc'"));
}

TEST_CASE("a table row with a missing value names its line") {
    const auto message = messageOf([] { CsvTable("net.csv", "a,b\n1,2\n3\n", {"a"}); });
    CHECK_THAT(message, ContainsSubstring("net.csv: line 3: has 1 values, the header has 2 columns"));
}

TEST_CASE("a table without a required column is refused") {
    const auto message = messageOf([] { CsvTable("net.csv", "a,b\n1,2\n", {"c"}); });
    CHECK_THAT(message, ContainsSubstring("column 'c' is missing"));
}
