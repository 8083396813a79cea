#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pump::builder {

/// What the vessel builder needs of the haemodynamic network: where segments begin and end on the drawn leg,
/// how wide they stand, and which links carry a valve. Read from assets/network.
class VesselNetwork {
  public:
    struct Segment {
        std::string id;
        float low = 0, high = 0; ///< mm above the sole, as in the table
        float unstressedRadius = 0;
        int parallel = 1;
        std::string law;
        float tissueMmHg = 0; ///< resting pressure of its compartment
    };
    struct Link {
        std::string from, to;
        bool valve = false;
        bool venular = false;
        float tubeDiameter = 0; ///< mm, 0: none
    };

    /// Throws Error(Asset) with file, line, column and value.
    explicit VesselNetwork(const std::filesystem::path& directory);

    const Segment* find(std::string_view id) const; ///< null: no such segment
    const Link* find(std::string_view from, std::string_view to) const;
    const std::vector<Segment>& segments() const { return m_segments; }
    const std::vector<Link>& links() const { return m_links; }

    /// Height above the sole in the tables (mm) -> z in the leg frame (mm).
    float legZ(float tableHeight) const;
    /// Radius of one tube of a segment at quiet standing at a height of the leg frame, mm: the tube law
    /// p - p_tissue = K (alpha^m - alpha^n) solved for the hydrostatic column below the right atrium.
    float standingRadius(const Segment& segment, float z) const;

  private:
    struct TubeLaw {
        double k = 2, m = 5, n = -1.5;
    };
    std::vector<Segment> m_segments;
    std::vector<Link> m_links;
    std::vector<std::pair<float, float>> m_heights; ///< table -> drawn, mm above the sole
    std::map<std::string, TubeLaw> m_laws;
};

} // namespace pump::builder
