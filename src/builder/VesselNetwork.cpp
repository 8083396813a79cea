#include "builder/VesselNetwork.h"

#include "core/CsvTable.h"

#include <algorithm>
#include <cmath>

namespace pump::builder {
namespace {

constexpr float kSoleZ = -62;              // mm, sole in the leg frame
constexpr double kMmHgPerMm = 1.0 / 12.83; // mmHg per mm of blood column: 1060 kg/m3 * 9.80665 m/s2 / 133.322

} // namespace

VesselNetwork::VesselNetwork(const std::filesystem::path& directory) {
    const core::CsvTable heights(directory / "height_map.csv", {"table_mm", "drawn_mm"});
    for (std::size_t row = 0; row < heights.rows(); ++row)
        m_heights.emplace_back(static_cast<float>(heights.number(row, "table_mm", 0, 3000)),
                               static_cast<float>(heights.number(row, "drawn_mm", 0, 3000)));
    if (m_heights.size() < 2 || !std::is_sorted(m_heights.begin(), m_heights.end()))
        heights.fail(0, "table_mm", "two or more rows with rising heights are needed");

    const core::CsvTable laws(directory / "tube_laws.csv", {"law_code", "k_mmhg", "m", "n"});
    for (std::size_t row = 0; row < laws.rows(); ++row)
        m_laws[laws.text(row, "law_code")] = {laws.number(row, "k_mmhg", 0.01, 100),
                                              laws.number(row, "m", 0.5, 30),
                                              laws.number(row, "n", -5, -0.1)};

    std::map<std::string, float> rest;
    const core::CsvTable compartments(directory / "compartments.csv", {"compartment", "rest_mmhg"});
    for (std::size_t row = 0; row < compartments.rows(); ++row)
        rest[compartments.text(row, "compartment")] =
            static_cast<float>(compartments.number(row, "rest_mmhg", -20, 60));

    const core::CsvTable segments(
        directory / "segments.csv",
        {"segment", "z_low_mm", "z_high_mm", "r0_unstressed_mm", "n_parallel", "law_code", "compartment"});
    for (std::size_t row = 0; row < segments.rows(); ++row) {
        Segment segment;
        segment.id = segments.text(row, "segment");
        segment.low = static_cast<float>(segments.number(row, "z_low_mm", 0, 2000));
        segment.high = static_cast<float>(segments.number(row, "z_high_mm", 0, 2000));
        segment.unstressedRadius = static_cast<float>(segments.number(row, "r0_unstressed_mm", 0.05, 20));
        segment.parallel = segments.integer(row, "n_parallel", 1, 100);
        segment.law = segments.text(row, "law_code");
        if (!m_laws.contains(segment.law)) segments.fail(row, "law_code", "is not in tube_laws.csv");
        const auto tissue = rest.find(segments.text(row, "compartment"));
        if (tissue == rest.end()) segments.fail(row, "compartment", "is not in compartments.csv");
        segment.tissueMmHg = tissue->second;
        if (find(segment.id)) segments.fail(row, "segment", "stands twice");
        m_segments.push_back(std::move(segment));
    }

    const core::CsvTable links(directory / "links.csv",
                               {"from_segment", "to_segment", "link_type", "tube_diameter_mm"});
    for (std::size_t row = 0; row < links.rows(); ++row) {
        Link link;
        link.from = links.text(row, "from_segment");
        link.to = links.text(row, "to_segment");
        if (!find(link.from)) links.fail(row, "from_segment", "is not in segments.csv");
        if (link.to != "RA" && !find(link.to)) links.fail(row, "to_segment", "is not in segments.csv");
        const int type = links.integer(row, "link_type", 0, 2);
        link.valve = type == 1;
        link.venular = type == 2;
        link.tubeDiameter = static_cast<float>(links.number(row, "tube_diameter_mm", 0, 20));
        m_links.push_back(std::move(link));
    }
}

const VesselNetwork::Segment* VesselNetwork::find(std::string_view id) const {
    for (const Segment& segment : m_segments)
        if (segment.id == id) return &segment;
    return nullptr;
}

const VesselNetwork::Link* VesselNetwork::find(std::string_view from, std::string_view to) const {
    for (const Link& link : m_links)
        if (link.from == from && link.to == to) return &link;
    return nullptr;
}

float VesselNetwork::legZ(float tableHeight) const {
    std::size_t i = 1;
    while (i + 1 < m_heights.size() && tableHeight > m_heights[i].first) ++i;
    const auto [x0, y0] = m_heights[i - 1];
    const auto [x1, y1] = m_heights[i];
    return kSoleZ + y0 + (tableHeight - x0) * (y1 - y0) / (x1 - x0);
}

float VesselNetwork::standingRadius(const Segment& segment, float z) const {
    const TubeLaw& law = m_laws.at(segment.law);
    const double column = m_heights.back().second - (z - kSoleZ); // mm of blood up to the right atrium
    const double pressure = std::max(0.0, column * kMmHgPerMm - segment.tissueMmHg);
    // K (alpha^m - alpha^n) rises with alpha: bisection between empty and ten times the rest section.
    double low = 0.05, high = 10;
    for (int i = 0; i < 60; ++i) {
        const double alpha = 0.5 * (low + high);
        const double p = law.k * (std::pow(alpha, law.m) - std::pow(alpha, law.n));
        (p < pressure ? low : high) = alpha;
    }
    return segment.unstressedRadius * static_cast<float>(std::sqrt(0.5 * (low + high)));
}

} // namespace pump::builder
