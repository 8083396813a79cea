#pragma once

#include "builder/Field.h"

#include "core/JsonFile.h"

#include <glm/glm.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pump::builder {

/// One closed outline of a section, as a polygon in the section's plane (mm), counter-clockwise.
struct Outline {
    std::vector<glm::vec2> points;
    glm::vec2 centre{}; ///< of area
    float area = 0;     ///< mm^2
    float depth = 0;    ///< of the deepest point inside, mm; known once the picture is drawn
    /// Signed distance, negative inside; from a picture of it (exact() is what the picture holds).
    float distance(const glm::vec2& p) const;
    float exact(const glm::vec2& p) const;
    void drawPicture();

  private:
    /// Squared distance of p to the edge that ends at point i.
    float toEdge(std::size_t i, const glm::vec2& p) const;

    glm::vec2 m_corner{};
    float m_step = 1; ///< mm between the picture's values
    int m_width = 0, m_height = 0;
    std::vector<float> m_values;
};

/// Measured outlines of one structure along an axis, and the solid between them: signed distances of the
/// outlines, shifted onto the line through their centres and blended by a cubic along the axis, so that thin
/// oblique tendons stay whole and no seams show at the stations. Source: elliptic Fourier outlines in
/// assets/anatomy/sections-*.json.
class Sections {
  public:
    /// Throws Error(Asset) with the field: too few numbers, NaN, stations out of order.
    explicit Sections(const core::JsonField& field);

    /// About the signed distance to the solid (exact in the plane of a section), mm.
    float distance(const glm::vec3& p) const;

    struct Bounds {
        glm::vec3 low, high;
    };
    Bounds bounds() const;

    struct Station {
        float t = 0; ///< mm along the axis
        std::vector<Outline> outlines;
    };
    const std::vector<Station>& stations() const { return m_stations; }
    glm::vec3 toLeg(const glm::vec2& inPlane, float t) const;
    /// Radius of the circle as large as the section at the height of p (all its outlines together), mm.
    float radius(const glm::vec3& p) const;
    /// The axis of the section planes in the leg frame.
    glm::vec3 axis() const { return m_axes[2]; }
    float low() const { return m_low; } ///< reach along the axis, mm
    float high() const { return m_high; }
    float along(const glm::vec3& p) const { return glm::dot(p - m_origin, m_axes[2]); }
    const std::string& name() const { return m_name; }

  private:
    /// Pictures are drawn when the first distance is asked for: who only reads the outlines does not pay.
    struct Pictures {
        std::mutex mutex;
        std::atomic<bool> drawn{false};
    };
    void drawPictures() const;

    struct Link { ///< outline `from` of station i goes on as outline `to` of station i + 1
        int from = 0, to = 0;
        int before = -1, after = -1; ///< what `from` comes from and `to` goes on as
    };
    void linkStations();
    float spanDistance(std::size_t span, const Link& link, const glm::vec2& p, float t) const;
    float capDistance(std::size_t station, std::size_t outline, const glm::vec2& p, float t,
                      bool upward) const;

    std::string m_name;
    glm::vec3 m_origin{};
    std::array<glm::vec3, 3> m_axes{};
    float m_low = 0, m_high = 0;
    mutable std::vector<Station> m_stations; ///< only their pictures change, once
    std::unique_ptr<Pictures> m_pictures = std::make_unique<Pictures>();
    std::vector<std::vector<Link>> m_links;             ///< one list for each span between stations
    std::vector<std::vector<std::uint8_t>> m_openBelow; ///< [station][outline]: ends there, needs a cap
    std::vector<std::vector<std::uint8_t>> m_openAbove;
};

} // namespace pump::builder
