#pragma once

#include "physiology/Snapshot.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pump::physiology {

enum class TubeClass : std::uint8_t { Deep, Superficial, Intramuscular, Central, Venular };

/// One pressure node: n equal collapsible tubes side by side. SI units. Source: assets/network/segments.csv.
struct Segment {
    std::string id; ///< "PTV2"
    std::string description;
    double heightLow = 0,
           heightHigh = 0;       ///< m above the sole, standing, on the drawn leg (after the height map)
    double length = 0;           ///< m
    double unstressedRadius = 0; ///< m
    int parallel = 1;
    TubeClass tubeClass = TubeClass::Deep;
    Compartment compartment = Compartment::Deep;
};

enum class LinkKind : std::uint8_t { Open, Valve, Venular };

struct Link {
    int from = 0;
    int to = 0; ///< -1: right atrium
    LinkKind kind = LinkKind::Open;
    double tubeDiameter = 0; ///< m, 0: none
    double tubeLength = 0;   ///< m
};

struct Network {
    std::vector<Segment> segments;
    std::vector<Link> links;
    double rightAtriumHeight = 0; ///< m above the sole

    int segmentIndex(std::string_view id) const;                     ///< -1: none
    int linkIndex(std::string_view from, std::string_view to) const; ///< -1: none
};

/// Reads segments.csv, links.csv, inflow.csv ... of a folder. Throws Error(Asset): file, line, column, value,
/// reason.
Network loadNetwork(const std::filesystem::path& directory);

} // namespace pump::physiology
