#include "builder/VesselMesh.h"

#include "builder/VesselCourse.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace pump::builder {
namespace {

using anatomy::Vertex;
using anatomy::VesselPoint;

constexpr float kPi = 3.14159265f;
constexpr float kCollar = 0.08f;
constexpr float kSinusBulge = 0.3f;   // widening behind a valve: 1.2-1.6 times in life
constexpr float kMembrane = 0.07f;    // mm, half thickness of a cusp
constexpr float kRestOpening = 0.45f; // how far the free margins stand apart at rest, 1: against the wall
constexpr float kCuspHeight = 1.8f;   // cusp length in radii

/// One cross section of a tube.
struct Ring {
    float arc = 0, radius = 0;
    glm::vec3 centre{};
    TubeFrame frame;
    float collar = 0; ///< extra width all round where cusps are attached
    float bulge = 0,
          bulgeAngle = 0; ///< sinus of a valve: extra width square to the line where its cusps meet
    std::array<std::uint8_t, 4> joints{}, weights{};
};

void setBlended(Vertex& vertex, const anatomy::Binding& a, const anatomy::Binding& b, float t) {
    std::map<int, float> sum;
    for (std::size_t k = 0; k < 4; ++k) {
        sum[a.joints[k]] += (1 - t) * static_cast<float>(a.weights[k]);
        sum[b.joints[k]] += t * static_cast<float>(b.weights[k]);
    }
    std::vector<std::pair<float, int>> sorted;
    for (const auto& [joint, weight] : sum)
        if (weight > 0.5f) sorted.emplace_back(-weight, joint);
    std::sort(sorted.begin(), sorted.end());
    sorted.resize(std::min<std::size_t>(sorted.size(), 4));
    float total = 0;
    for (const auto& [weight, joint] : sorted) total -= weight;
    vertex.joints = {};
    vertex.weights = {};
    int left = 255;
    for (std::size_t k = sorted.size(); k-- > 0;) {
        const int share = k == 0 ? left : static_cast<int>(std::round(-255 * sorted[k].first / total));
        vertex.joints[k] = static_cast<std::uint8_t>(sorted[k].second);
        vertex.weights[k] = static_cast<std::uint8_t>(share);
        left -= share;
    }
}

class Tube {
  public:
    explicit Tube(const std::vector<VesselPoint>& points) : m_points(points) {
        for (const VesselPoint& point : points) m_positions.push_back(point.position);
        m_arcs = arcLengths(m_positions);
        m_frames = tubeFrames(m_positions);
    }

    float length() const { return m_arcs.back(); }

    Ring ringAt(float arc) const {
        const auto [i, t] = cell(arc);
        Ring ring;
        ring.arc = std::clamp(arc, 0.0f, length());
        ring.radius = glm::mix(m_points[i].radius, m_points[i + 1].radius, t);
        ring.centre = glm::mix(m_positions[i], m_positions[i + 1], t);
        const TubeFrame &a = m_frames[i], &b = m_frames[i + 1];
        ring.frame.along = glm::normalize(glm::mix(a.along, b.along, t));
        const glm::vec3 normal = glm::mix(a.normal, b.normal, t);
        ring.frame.normal = glm::normalize(normal - glm::dot(normal, ring.frame.along) * ring.frame.along);
        ring.frame.binormal = glm::cross(ring.frame.along, ring.frame.normal);
        Vertex vertex;
        setBlended(vertex, m_points[i].binding, m_points[i + 1].binding, t);
        ring.joints = vertex.joints;
        ring.weights = vertex.weights;
        return ring;
    }

  private:
    std::pair<std::size_t, float> cell(float arc) const {
        const auto above = std::upper_bound(m_arcs.begin(), m_arcs.end(), arc);
        const auto i = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(
            above - m_arcs.begin() - 1, 0, static_cast<std::ptrdiff_t>(m_arcs.size()) - 2));
        const float span = std::max(m_arcs[i + 1] - m_arcs[i], 1e-6f);
        return {i, std::clamp((arc - m_arcs[i]) / span, 0.0f, 1.0f)};
    }

    const std::vector<VesselPoint>& m_points;
    std::vector<glm::vec3> m_positions;
    std::vector<float> m_arcs;
    std::vector<TubeFrame> m_frames;
};

/// Sinus of a valve, 0-1: begins just below the attached edge of the cusps, fullest one radius above it, gone
/// a little above the commissures.
float sinusShape(float above, float radius) {
    const float s = above / radius + 0.15f;
    if (s <= 0 || s >= 3.0f) return 0;
    return s < 1.1f ? std::sin(0.5f * kPi * s / 1.1f) : 0.5f * (1 + std::cos(kPi * (s - 1.1f) / 1.9f));
}

/// 1 along the cusps, so that their edges stay inside a wall of few corners; 0 elsewhere.
float collarShape(float above, float radius) {
    const float s = above / radius;
    return std::clamp((s + 0.3f) / 0.25f, 0.0f, 1.0f) * std::clamp((3.0f - s) / 0.8f, 0.0f, 1.0f);
}

void setNormals(VesselMesh& mesh) {
    std::vector<glm::vec3> sums(mesh.vertices.size(), glm::vec3(0));
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const std::uint32_t* t = &mesh.indices[i];
        const glm::vec3 a = mesh.vertices[t[0]].position;
        const glm::vec3 across =
            glm::cross(mesh.vertices[t[1]].position - a, mesh.vertices[t[2]].position - a);
        for (int k = 0; k < 3; ++k) sums[t[k]] += across;
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
        if (glm::length(sums[i]) > 1e-9f) mesh.vertices[i].normal = glm::normalize(sums[i]);
}

VesselMesh meshOfRings(const std::vector<Ring>& rings, int sides) {
    VesselMesh mesh;
    const auto add = [&mesh](const Ring& ring, glm::vec3 position, glm::vec3 normal, float angle) {
        Vertex vertex;
        vertex.position = position;
        vertex.normal = glm::normalize(normal);
        vertex.joints = ring.joints;
        vertex.weights = ring.weights;
        vertex.tissue[0] = ring.arc;
        vertex.tissue[1] = angle;
        mesh.vertices.push_back(vertex);
    };
    const auto count = static_cast<std::uint32_t>(sides);
    for (std::size_t i = 0; i < rings.size(); ++i) {
        const Ring& ring = rings[i];
        for (int k = 0; k < sides; ++k) {
            const float angle = static_cast<float>(k) / static_cast<float>(sides);
            const glm::vec3 out = std::cos(2 * kPi * angle) * ring.frame.normal +
                                  std::sin(2 * kPi * angle) * ring.frame.binormal;
            const float square = std::sin(2 * kPi * angle - ring.bulgeAngle);
            add(ring, ring.centre + ring.radius * (1 + ring.collar + ring.bulge * square * square) * out, out,
                angle);
        }
    }
    for (std::uint32_t i = 0; i + 1 < rings.size(); ++i)
        for (std::uint32_t k = 0; k < count; ++k) {
            const std::uint32_t a = i * count + k, b = i * count + (k + 1) % count;
            const std::uint32_t c = a + count, d = b + count;
            mesh.indices.insert(mesh.indices.end(), {a, b, d, a, d, c});
        }
    for (const bool last : {false, true}) {
        const Ring& ring = last ? rings.back() : rings.front();
        const auto pole = static_cast<std::uint32_t>(mesh.vertices.size());
        const glm::vec3 out = last ? ring.frame.along : -ring.frame.along;
        add(ring, ring.centre + 0.45f * ring.radius * out, out, 0);
        const std::uint32_t first = last ? static_cast<std::uint32_t>(rings.size() - 1) * count : 0;
        for (std::uint32_t k = 0; k < count; ++k) {
            const std::uint32_t a = first + k, b = first + (k + 1) % count;
            if (last)
                mesh.indices.insert(mesh.indices.end(), {a, b, pole});
            else
                mesh.indices.insert(mesh.indices.end(), {b, a, pole});
        }
    }
    setNormals(mesh);
    return mesh;
}

/// Rings along a tube with rounded ends, closer together where valves widen it.
std::vector<Ring> ringsOf(const Tube& tube, const std::vector<anatomy::ValveSite>& valves,
                          const TubeDetail& detail) {
    std::vector<float> arcs;
    constexpr int kFewest = 6; // a short tube bends as much as a long one
    const int cells = std::max(kFewest, static_cast<int>(std::ceil(tube.length() / detail.ringSpacing)));
    for (int i = 0; i < cells; ++i)
        arcs.push_back(tube.length() * static_cast<float>(i) / static_cast<float>(cells));
    arcs.push_back(tube.length());
    const float fine = std::max(0.5f, 0.25f * detail.ringSpacing);
    for (const anatomy::ValveSite& valve : valves) {
        const float radius = tube.ringAt(valve.arc).radius;
        for (const float above : {-0.3f, -0.05f, 0.4f, 0.95f, 1.5f, 2.2f, 3.0f})
            arcs.push_back(valve.arc + above * radius);
    }
    std::sort(arcs.begin(), arcs.end());
    std::vector<Ring> rings;
    for (const float arc : arcs) {
        if (arc < 0 || arc > tube.length()) continue;
        if (!rings.empty() && arc - rings.back().arc < fine) {
            if (arc != tube.length()) continue;
            if (rings.size() > 1) rings.pop_back();
        }
        Ring ring = tube.ringAt(arc);
        for (const anatomy::ValveSite& valve : valves) {
            const float radius = tube.ringAt(valve.arc).radius;
            ring.collar = std::max(ring.collar, kCollar * collarShape(arc - valve.arc, radius));
            const float bulge = kSinusBulge * sinusShape(arc - valve.arc, radius);
            if (bulge <= ring.bulge) continue;
            ring.bulge = bulge;
            ring.bulgeAngle = valve.angle;
        }
        // Where the tube bends sharply two rings would cut each other.
        if (!rings.empty() && arc != tube.length()) {
            const float bend = glm::length(glm::cross(rings.back().frame.along, ring.frame.along));
            const float apart = glm::distance(rings.back().centre, ring.centre);
            if (apart < 1.1f * std::max(ring.radius, rings.back().radius) * bend) continue;
        }
        rings.push_back(ring);
    }
    return rings;
}

/// Half round ends. Inside the vessel that a vessel joins they fill the bend between the two.
void addDomes(std::vector<Ring>& rings) {
    const auto dome = [](Ring ring, float sign) {
        ring.centre += 0.55f * sign * ring.radius * ring.frame.along;
        ring.radius *= 0.8f;
        return ring;
    };
    rings.insert(rings.begin(), dome(rings.front(), -1));
    rings.push_back(dome(rings.back(), 1));
}

} // namespace

std::vector<TubeFrame> tubeFrames(std::span<const glm::vec3> points) {
    const std::size_t n = points.size();
    std::vector<TubeFrame> frames(n);
    for (std::size_t i = 0; i < n; ++i) {
        const glm::vec3 chord = points[std::min(i + 1, n - 1)] - points[i > 0 ? i - 1 : 0];
        frames[i].along = glm::length(chord) > 1e-6f ? glm::normalize(chord) : glm::vec3(0, 0, 1);
    }
    const glm::vec3 start = frames[0].along;
    const auto across = [&](glm::vec3 v) { return v - glm::dot(v, start) * start; };
    const glm::vec3 fromAxis(points[0].x, points[0].y, 0);
    glm::vec3 normal = across(glm::length(fromAxis) > 1e-6f ? glm::normalize(fromAxis) : glm::vec3(0, -1, 0));
    if (glm::length(normal) < 1e-3f)
        normal = across(std::abs(start.x) < 0.7f ? glm::vec3(1, 0, 0) : glm::vec3(0, 1, 0));
    frames[0].normal = glm::normalize(normal);
    frames[0].binormal = glm::cross(start, frames[0].normal);
    for (std::size_t i = 0; i + 1 < n; ++i) {
        const glm::vec3 v1 = points[i + 1] - points[i];
        const float c1 = std::max(glm::dot(v1, v1), 1e-12f);
        const glm::vec3 reflected = frames[i].normal - (2 / c1) * glm::dot(v1, frames[i].normal) * v1;
        const glm::vec3 along = frames[i].along - (2 / c1) * glm::dot(v1, frames[i].along) * v1;
        const glm::vec3 v2 = frames[i + 1].along - along;
        const float c2 = glm::dot(v2, v2);
        glm::vec3 turned = c2 > 1e-12f ? reflected - (2 / c2) * glm::dot(v2, reflected) * v2 : reflected;
        turned -= glm::dot(turned, frames[i + 1].along) * frames[i + 1].along;
        frames[i + 1].normal = glm::normalize(turned);
        frames[i + 1].binormal = glm::cross(frames[i + 1].along, frames[i + 1].normal);
    }
    return frames;
}

VesselMesh tubeMesh(const VesselSet& set, int vessel, const TubeDetail& detail) {
    const anatomy::Vessel& own = set.vessels[static_cast<std::size_t>(vessel)];
    if (own.kind == anatomy::VesselKind::Bed) return {};
    std::vector<anatomy::ValveSite> valves;
    if (detail.valveSinuses)
        for (const anatomy::ValveSite& site : set.valves)
            if (site.vessel == vessel) valves.push_back(site);
    return meshOfRings(ringsOf(Tube(own.points), valves, detail), detail.sides);
}

VesselMesh nerveMesh(const Nerve& nerve, const TubeDetail& detail) {
    std::vector<Ring> rings = ringsOf(Tube(nerve.points), {}, detail);
    if (detail.sides >= 6) addDomes(rings);
    return meshOfRings(rings, detail.sides);
}

VesselMesh valveMesh(const VesselSet& set, int valve, int columns, int rows) {
    const anatomy::ValveSite& site = set.valves[static_cast<std::size_t>(valve)];
    const Ring ring = Tube(set.vessels[static_cast<std::size_t>(site.vessel)].points).ringAt(site.arc);
    const float r = ring.radius, membrane = std::min(kMembrane, 0.05f * r);
    const glm::vec3 line =
        std::cos(site.angle) * ring.frame.normal + std::sin(site.angle) * ring.frame.binormal;
    const glm::vec3 across = glm::cross(ring.frame.along, line);
    VesselMesh mesh;
    const auto stride = static_cast<std::uint32_t>(columns + 1);
    const auto layer = stride * static_cast<std::uint32_t>(rows + 1);
    for (int cusp = 0; cusp < 2; ++cusp) {
        const float sign = cusp == 0 ? 1.0f : -1.0f;
        const auto place = [&](float u, float v) {
            const float phi = 0.5f * kPi * u;
            const glm::vec3 wall = r * (std::cos(phi) * sign * across + std::sin(phi) * line) +
                                   0.86f * kCuspHeight * r * u * u * ring.frame.along;
            const glm::vec3 margin =
                r * (0.985f * std::sin(phi) * line + kRestOpening * std::cos(phi) * sign * across) +
                kCuspHeight * r * (1 - 0.12f * (1 - u * u)) * ring.frame.along;
            // The cusp bellies toward the axis between its edges.
            const glm::vec3 belly = -0.22f * r * std::cos(phi) * std::sin(kPi * v) * sign * across;
            // Both cusps begin at the commissures; a hair apart, since their membranes are as thick as this.
            return ring.centre + glm::mix(wall, margin, v) + belly + 1.2f * membrane * sign * across;
        };
        const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
        for (const float side : {1.0f, -1.0f})
            for (int row = 0; row <= rows; ++row)
                for (int column = 0; column <= columns; ++column) {
                    const float u = 2.0f * static_cast<float>(column) / static_cast<float>(columns) - 1;
                    const float v = static_cast<float>(row) / static_cast<float>(rows);
                    constexpr float h = 0.01f;
                    const glm::vec3 du = place(std::min(u + h, 1.0f), v) - place(std::max(u - h, -1.0f), v);
                    const glm::vec3 dv = place(u, std::min(v + h, 1.0f)) - place(u, std::max(v - h, 0.0f));
                    const glm::vec3 normal = glm::normalize(glm::cross(du, dv)) * side;
                    Vertex vertex;
                    vertex.position = place(u, v) + membrane * normal;
                    vertex.normal = normal;
                    vertex.joints = ring.joints;
                    vertex.weights = ring.weights;
                    vertex.tissue = {
                        static_cast<float>(valve), static_cast<float>(cusp), u, v, side, 0, 0, 0};
                    mesh.vertices.push_back(vertex);
                }
        const auto quad = [&mesh](std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
            mesh.indices.insert(mesh.indices.end(), {a, b, c, a, c, d});
        };
        for (std::uint32_t row = 0; row < static_cast<std::uint32_t>(rows); ++row)
            for (std::uint32_t column = 0; column < static_cast<std::uint32_t>(columns); ++column) {
                const std::uint32_t a = first + row * stride + column;
                quad(a, a + 1, a + 1 + stride, a + stride);
                const std::uint32_t b = a + layer;
                quad(b, b + stride, b + 1 + stride, b + 1);
            }
        // The rim joins both sides all the way round: bottom, right, top, left.
        std::vector<std::uint32_t> rim;
        for (std::uint32_t c = 0; c + 1 < stride; ++c) rim.push_back(first + c);
        for (std::uint32_t k = 0; k < static_cast<std::uint32_t>(rows); ++k)
            rim.push_back(first + k * stride + stride - 1);
        for (std::uint32_t c = stride - 1; c > 0; --c) rim.push_back(first + layer - stride + c);
        for (auto k = static_cast<std::uint32_t>(rows); k > 0; --k) rim.push_back(first + k * stride);
        for (std::size_t k = 0; k < rim.size(); ++k) {
            const std::uint32_t a = rim[k], b = rim[(k + 1) % rim.size()];
            quad(b, a, a + layer, b + layer);
        }
    }
    return mesh;
}

} // namespace pump::builder
