#include "app/Commands.h"
#include "app/FrameWriter.h"
#include "app/Options.h"
#include "app/Progress.h"
#include "core/Error.h"
#include "core/Log.h"
#include "physiology/VirtualTest.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

namespace pump::app {
namespace {

using physiology::TestNumber;
using physiology::TestResult;
using physiology::VirtualTest;

struct TestTexts {
    OptionReader common;
    std::string name, csv;
    bool json = false;
};

std::string rangeText(const TestNumber& number) {
    const bool low = !std::isnan(number.low), high = !std::isnan(number.high);
    if (low && high) return fmt::format("{:g} to {:g}", number.low, number.high);
    if (low) return fmt::format("at least {:g}", number.low);
    if (high) return fmt::format("at most {:g}", number.high);
    return "-";
}

nlohmann::json bound(double value) {
    return std::isnan(value) ? nlohmann::json() : nlohmann::json(value);
}

void printJson(const TestResult& result) {
    nlohmann::json numbers = nlohmann::json::array();
    for (const TestNumber& number : result.numbers)
        numbers.push_back({{"name", number.name},
                           {"unit", number.unit},
                           {"value", bound(number.value)},
                           {"low", bound(number.low)},
                           {"high", bound(number.high)},
                           {"normal", number.normal()}});
    std::cout << nlohmann::json{{"test", result.id}, {"name", result.name}, {"numbers", numbers}}.dump(1)
              << "\n";
}

void printTable(const TestResult& result) {
    fmt::print("{}\n", result.name);
    for (const TestNumber& number : result.numbers)
        fmt::print("  {:<28} {:>9.2f} {:<5} healthy: {:<14} {}\n", number.name, number.value, number.unit,
                   rangeText(number), number.normal() ? "normal" : "not normal");
}

void writeTraces(const TestResult& result, const std::string& path) {
    std::ofstream file;
    if (path != "-") {
        prepareOutput(path);
        file.open(path, std::ios::binary | std::ios::trunc);
        if (!file)
            throw core::Error(core::ErrorKind::Usage, "--csv: '{}' cannot be written; choose another file",
                              path);
    }
    std::ostream& out = path == "-" ? std::cout : file;
    out << "time_s";
    for (const auto& trace : result.traces) out << ',' << trace.name << " [" << trace.unit << ']';
    out << '\n';
    for (std::size_t i = 0; !result.traces.empty() && i < result.traces.front().timeS.size(); ++i) {
        out << fmt::format("{}", result.traces.front().timeS[i]);
        for (const auto& trace : result.traces) out << fmt::format(",{}", trace.value[i]);
        out << '\n';
    }
}

void listTests() {
    for (const VirtualTest& test : physiology::virtualTests())
        fmt::print("{:<16} {}\n{:<16} {}\n", test.id, test.name, "", test.how);
}

const VirtualTest& testNamed(const std::string& name) {
    if (const VirtualTest* test = physiology::virtualTestNamed(name)) return *test;
    std::vector<std::string_view> known;
    for (const VirtualTest& test : physiology::virtualTests()) known.push_back(test.id);
    throw core::Error(core::ErrorKind::Usage, "test: is '{}', expected one of {}; 'list' explains them", name,
                      fmt::join(known, ", "));
}

int run(const TestTexts& texts) {
    if (texts.name == "list") {
        listTests();
        return 0;
    }
    const VirtualTest& test = testNamed(texts.name);
    const Options options = texts.common.read();
    if (texts.common.listConditionsWhenAsked(options)) return 0;
    const InterruptGuard interrupt;
    Progress progress("per mille", 1000);
    const TestResult result = test.run(
        {.assets = options.assets, .conditions = options.settings.body.conditions}, [&](double share) {
            progress.at(static_cast<std::uint64_t>(share * 1000));
            return !interrupt.asked();
        });
    if (interrupt.asked()) core::logWarning("stopped early: numbers come from what was computed until then");
    if (!texts.csv.empty()) writeTraces(result, texts.csv);
    if (texts.csv == "-") return 0;
    texts.json ? printJson(result) : printTable(result);
    return 0;
}

} // namespace

std::function<int()> setupTest(CLI::App& parser) {
    auto texts = std::make_shared<TestTexts>();
    parser.add_option("name", texts->name, "Which test; 'list' shows all")->required()->type_name("NAME");
    parser.add_flag("--json", texts->json, "Numbers as JSON on standard output");
    parser.add_option("--csv", texts->csv, "Write the traces; - is standard output")->type_name("FILE");
    texts->common.addTo(parser, OptionReader::Scope::Conditions);
    return [texts] { return run(*texts); };
}

} // namespace pump::app
