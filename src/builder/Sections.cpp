#include "builder/Sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace pump::builder {
namespace {

constexpr int kOutlinePoints = 72;

/// Whether two closed outlines cross, seen as polygons of every sixth point (smaller loops are noise of the
/// harmonics); of one with itself: whether it crosses itself.
bool cross(const Outline& a, const Outline& b) {
    constexpr std::size_t kEvery = 6, kCount = kOutlinePoints / kEvery;
    const auto point = [](const Outline& outline, std::size_t i) {
        return glm::dvec2(outline.points[i % kCount * kEvery]);
    };
    const auto side = [](const glm::dvec2& p, const glm::dvec2& q, const glm::dvec2& r) {
        return (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    };
    const bool same = &a == &b;
    for (std::size_t i = 0; i < kCount; ++i)
        for (std::size_t k = same ? i + 2 : 0; k < kCount; ++k) {
            if (same && i == 0 && k + 1 == kCount) continue; // neighbours
            const glm::dvec2 p = point(a, i), q = point(a, i + 1), r = point(b, k), s = point(b, k + 1);
            if (side(p, q, r) * side(p, q, s) < 0 && side(r, s, p) * side(r, s, q) < 0) return true;
        }
    return false;
}

/// A level that someone took out leaves a gap that no other pair of neighbours has.
void requireEvenLevels(const core::JsonField& field, const std::vector<Sections::Station>& stations) {
    std::vector<float> steps;
    for (std::size_t i = 1; i < stations.size(); ++i) steps.push_back(stations[i].t - stations[i - 1].t);
    std::vector<float> sorted = steps;
    std::sort(sorted.begin(), sorted.end());
    const float usual = sorted[sorted.size() / 2];
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (steps[i] > 2.5f * usual)
            field.at(i + 1)
                .at(std::size_t{0})
                .fail(fmt::format("{:.1f} mm above the station before, but stations are {:.1f} mm apart: a "
                                  "level is missing",
                                  steps[i], usual));
}

Outline readOutline(const core::JsonField& field) {
    if (field.size() < 6 || (field.size() - 2) % 4 != 0)
        field.fail("expected a centre (2 numbers) and four numbers for each harmonic");
    const std::vector<double> v = field.numbers(field.size());
    Outline outline;
    double area = 0, sumX = 0, sumY = 0;
    for (int i = 0; i < kOutlinePoints; ++i) {
        const double u = 2.0 * std::numbers::pi * i / kOutlinePoints;
        double x = v[0], y = v[1];
        for (std::size_t n = 1; 4 * n - 2 < v.size(); ++n) {
            const double c = std::cos(static_cast<double>(n) * u), s = std::sin(static_cast<double>(n) * u);
            x += v[4 * n - 2] * c + v[4 * n - 1] * s;
            y += v[4 * n] * c + v[4 * n + 1] * s;
        }
        outline.points.emplace_back(static_cast<float>(x), static_cast<float>(y));
    }
    for (std::size_t i = 0; i < outline.points.size(); ++i) {
        const glm::dvec2 a = outline.points[i], b = outline.points[(i + 1) % outline.points.size()];
        const double cross = a.x * b.y - b.x * a.y;
        area += 0.5 * cross;
        sumX += (a.x + b.x) * cross / 6.0;
        sumY += (a.y + b.y) * cross / 6.0;
    }
    if (area <= 0.01) field.fail("encloses no area, or runs clockwise");
    outline.area = static_cast<float>(area);
    outline.centre = {static_cast<float>(sumX / area), static_cast<float>(sumY / area)};
    if (cross(outline, outline)) field.fail("crosses itself");
    return outline;
}

glm::vec3 readVector(const core::JsonField& field) {
    const std::vector<double> v = field.numbers(3);
    return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

/// Weights of the cubic Hermite curve through values at times t[1], t[2] with slopes from t[0] and t[3].
std::array<float, 4> cubicWeights(const std::array<float, 4>& t, float at) {
    const float span = t[2] - t[1], s = (at - t[1]) / span, s2 = s * s, s3 = s2 * s;
    const float h00 = 2 * s3 - 3 * s2 + 1, h10 = s3 - 2 * s2 + s, h01 = -2 * s3 + 3 * s2, h11 = s3 - s2;
    const float low = span / (t[2] - t[0]), high = span / (t[3] - t[1]);
    return {-h10 * low, h00 - h11 * high, h01 + h10 * low, h11 * high};
}

} // namespace

void Outline::drawPicture() {
    constexpr float kMargin = 9.0f; // mm round the outline that are worth drawing
    glm::vec2 low(1e9f), high(-1e9f);
    for (const glm::vec2& p : points) {
        low = glm::min(low, p);
        high = glm::max(high, p);
    }
    m_step = std::clamp(std::sqrt(area) / 40.0f, 0.25f, 0.8f);
    m_corner = low - kMargin;
    const glm::vec2 cells = glm::ceil((high + kMargin - m_corner) / m_step);
    m_width = static_cast<int>(cells.x) + 1;
    m_height = static_cast<int>(cells.y) + 1;
    m_values.resize(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height));
    // In a small block of the picture only edges about as near as the nearest one of its middle can be
    // nearest to a place; the others are left out. Whether a place is inside is counted along its row.
    constexpr int kBlock = 8;
    std::vector<std::size_t> nearby;
    std::vector<float> squares(points.size()), crossings;
    for (int top = 0; top < m_height; top += kBlock)
        for (int left = 0; left < m_width; left += kBlock) {
            const float half = 0.5f * (kBlock - 1) * m_step;
            const glm::vec2 middle = m_corner + m_step * glm::vec2(left, top) + half;
            for (std::size_t i = 0; i < points.size(); ++i) squares[i] = toEdge(i, middle);
            const float least = std::sqrt(*std::min_element(squares.begin(), squares.end()));
            const float reach = least + 2.001f * std::numbers::sqrt2_v<float> * half + 0.01f;
            nearby.clear();
            for (std::size_t i = 0; i < points.size(); ++i)
                if (squares[i] <= reach * reach) nearby.push_back(i);
            for (int y = top; y < std::min(top + kBlock, m_height); ++y)
                for (int x = left; x < std::min(left + kBlock, m_width); ++x) {
                    const glm::vec2 p = m_corner + m_step * glm::vec2(x, y);
                    float nearest = std::numeric_limits<float>::max();
                    for (const std::size_t i : nearby) nearest = std::min(nearest, toEdge(i, p));
                    m_values[static_cast<std::size_t>(y) * static_cast<std::size_t>(m_width) +
                             static_cast<std::size_t>(x)] = std::sqrt(nearest);
                }
        }
    std::size_t at = 0;
    for (int y = 0; y < m_height; ++y) {
        crossings.clear();
        const float height = (m_corner + m_step * glm::vec2(0, y)).y;
        glm::vec2 a = points.back();
        for (const glm::vec2& b : points) {
            if ((a.y > height) != (b.y > height))
                crossings.push_back((b.x - a.x) * (height - a.y) / (b.y - a.y) + a.x);
            a = b;
        }
        for (int x = 0; x < m_width; ++x, ++at) {
            const float place = (m_corner + m_step * glm::vec2(x, y)).x;
            const auto beyond = std::count_if(crossings.begin(), crossings.end(),
                                              [&](float crossing) { return place < crossing; });
            if (beyond % 2 == 1) m_values[at] = -m_values[at];
        }
    }
    depth = -*std::min_element(m_values.begin(), m_values.end());
}

float Outline::toEdge(std::size_t i, const glm::vec2& p) const {
    const glm::vec2 &a = points[i > 0 ? i - 1 : points.size() - 1], &b = points[i];
    const glm::vec2 edge = b - a, to = p - a;
    const float length2 = glm::dot(edge, edge);
    const float along = length2 > 0 ? std::clamp(glm::dot(to, edge) / length2, 0.0f, 1.0f) : 0.0f;
    const glm::vec2 off = to - edge * along;
    return glm::dot(off, off);
}

float Outline::distance(const glm::vec2& p) const {
    const glm::vec2 far = m_corner + m_step * glm::vec2(m_width - 1, m_height - 1);
    const glm::vec2 inside = glm::clamp(p, m_corner, far);
    const glm::vec2 cell = (inside - m_corner) / m_step;
    const int x = std::min(static_cast<int>(cell.x), m_width - 2),
              y = std::min(static_cast<int>(cell.y), m_height - 2);
    const float fx = cell.x - static_cast<float>(x), fy = cell.y - static_cast<float>(y);
    const auto at =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(m_width) + static_cast<std::size_t>(x);
    const auto width = static_cast<std::size_t>(m_width);
    const float low = m_values[at] + (m_values[at + 1] - m_values[at]) * fx;
    const float high = m_values[at + width] + (m_values[at + width + 1] - m_values[at + width]) * fx;
    const float value = low + (high - low) * fy;
    return inside == p ? value : value + glm::distance(inside, p);
}

float Outline::exact(const glm::vec2& p) const {
    float nearest = std::numeric_limits<float>::max();
    bool inside = false;
    glm::vec2 a = points.back();
    for (std::size_t i = 0; i < points.size(); ++i) {
        const glm::vec2& b = points[i];
        nearest = std::min(nearest, toEdge(i, p));
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
            inside = !inside;
        a = b;
    }
    return inside ? -std::sqrt(nearest) : std::sqrt(nearest);
}

Sections::Sections(const core::JsonField& field) : m_name(field.at("name").text()) {
    m_origin = readVector(field.at("origin"));
    for (std::size_t i = 0; i < 3; ++i) m_axes[i] = readVector(field.at("axes").at(i));
    m_low = static_cast<float>(field.at("extent").at(0).number());
    m_high = static_cast<float>(field.at("extent").at(1).number());
    const core::JsonField stations = field.at("stations");
    if (stations.size() < 2) stations.fail("expected at least two stations");
    for (std::size_t i = 0; i < stations.size(); ++i) {
        const core::JsonField entry = stations.at(i);
        Station station;
        station.t = static_cast<float>(entry.at(0).number());
        if (i > 0 && station.t <= m_stations.back().t)
            entry.at(0).fail("stations must rise along the axis, each further than the one before");
        for (std::size_t k = 1; k < entry.size(); ++k) station.outlines.push_back(readOutline(entry.at(k)));
        if (station.outlines.empty()) entry.fail("has no outline");
        for (std::size_t k = 1; k < station.outlines.size(); ++k)
            for (std::size_t other = 0; other < k; ++other)
                if (cross(station.outlines[k], station.outlines[other]))
                    entry.at(k + 1).fail(fmt::format("crosses outline {} of the same station", other + 1));
        m_stations.push_back(std::move(station));
    }
    requireEvenLevels(stations, m_stations);
    m_low = std::min(m_low, m_stations.front().t - 0.5f);
    m_high = std::max(m_high, m_stations.back().t + 0.5f);
    linkStations();
}

void Sections::linkStations() {
    const std::size_t count = m_stations.size();
    m_links.resize(count - 1);
    for (const Station& station : m_stations) {
        m_openBelow.emplace_back(station.outlines.size(), std::uint8_t{1});
        m_openAbove.emplace_back(station.outlines.size(), std::uint8_t{1});
    }
    for (std::size_t i = 0; i + 1 < count; ++i) {
        const auto& lower = m_stations[i].outlines;
        const auto& upper = m_stations[i + 1].outlines;
        const float gap = m_stations[i + 1].t - m_stations[i].t;
        const auto nearest = [&](const Outline& one, const std::vector<Outline>& others) {
            int best = -1;
            float bestDistance = 3.0f * gap + 8.0f; // a tendon that runs flatter than this is another one
            for (std::size_t k = 0; k < others.size(); ++k) {
                const float d = glm::distance(one.centre, others[k].centre) -
                                0.5f * (std::sqrt(one.area) + std::sqrt(others[k].area));
                if (d < bestDistance) {
                    bestDistance = d;
                    best = static_cast<int>(k);
                }
            }
            return best;
        };
        const auto add = [&](int from, int to) {
            for (const Link& link : m_links[i])
                if (link.from == from && link.to == to) return;
            m_links[i].push_back({from, to, -1, -1});
            m_openAbove[i][static_cast<std::size_t>(from)] = 0;
            m_openBelow[i + 1][static_cast<std::size_t>(to)] = 0;
        };
        for (std::size_t k = 0; k < lower.size(); ++k)
            if (const int to = nearest(lower[k], upper); to >= 0) add(static_cast<int>(k), to);
        for (std::size_t k = 0; k < upper.size(); ++k)
            if (m_openBelow[i + 1][k])
                if (const int from = nearest(upper[k], lower); from >= 0) add(from, static_cast<int>(k));
    }
    for (std::size_t i = 0; i + 1 < count; ++i)
        for (Link& link : m_links[i]) {
            if (i > 0)
                for (const Link& before : m_links[i - 1])
                    if (before.to == link.from) link.before = before.from;
            if (i + 2 < count)
                for (const Link& after : m_links[i + 1])
                    if (after.from == link.to) link.after = after.to;
        }
}

float Sections::spanDistance(std::size_t span, const Link& link, const glm::vec2& p, float t) const {
    const auto outline = [&](std::size_t station, int k) {
        return &m_stations[station].outlines[static_cast<std::size_t>(k)];
    };
    const float gap = m_stations[span + 1].t - m_stations[span].t;
    std::array<const Outline*, 4> shapes = {outline(span, link.from), outline(span, link.from),
                                            outline(span + 1, link.to), outline(span + 1, link.to)};
    std::array<float, 4> times = {m_stations[span].t - gap, m_stations[span].t, m_stations[span + 1].t,
                                  m_stations[span + 1].t + gap};
    if (link.before >= 0) {
        shapes[0] = outline(span - 1, link.before);
        times[0] = m_stations[span - 1].t;
    }
    if (link.after >= 0) {
        shapes[3] = outline(span + 2, link.after);
        times[3] = m_stations[span + 2].t;
    }
    std::array<float, 4> weights = cubicWeights(times, t);
    // At the first and last station the curve goes on straight.
    if (link.before < 0) {
        weights[1] += 2 * weights[0];
        weights[2] -= weights[0];
        weights[0] = 0;
    }
    if (link.after < 0) {
        weights[2] += 2 * weights[3];
        weights[1] -= weights[3];
        weights[3] = 0;
    }
    glm::vec2 centre(0);
    for (std::size_t i = 0; i < 4; ++i) centre += weights[i] * shapes[i]->centre;
    float result = 0;
    for (std::size_t i = 0; i < 4; ++i)
        result += weights[i] * shapes[i]->distance(p - centre + shapes[i]->centre);
    return result;
}

float Sections::capDistance(std::size_t station, std::size_t outline, const glm::vec2& p, float t,
                            bool upward) const {
    const Outline& shape = m_stations[station].outlines[outline];
    const float beyond = upward ? t - m_stations[station].t : m_stations[station].t - t;
    const bool last = upward ? station + 1 == m_stations.size() : station == 0;
    const float radius = std::sqrt(shape.area / std::numbers::pi_v<float>);
    float reach = last ? (upward ? m_high - m_stations[station].t : m_stations[station].t - m_low) : radius;
    reach = std::max(reach, 0.3f);
    const float q = beyond / reach;
    // The outline closes like the end of an ellipsoid whose depth is its deepest inside distance.
    const float depth = std::max(shape.depth, 0.3f * radius);
    const float close = q < 1 ? depth * (1.0f - std::sqrt(1.0f - q * q)) : depth + beyond - reach;
    return shape.distance(p) + close;
}

void Sections::drawPictures() const {
    const std::lock_guard lock(m_pictures->mutex);
    if (m_pictures->drawn) return;
    for (Station& station : m_stations)
        for (Outline& outline : station.outlines) outline.drawPicture();
    m_pictures->drawn = true;
}

float Sections::distance(const glm::vec3& p) const {
    if (!m_pictures->drawn.load(std::memory_order_acquire)) drawPictures();
    const glm::vec3 local = p - m_origin;
    const glm::vec2 q(glm::dot(local, m_axes[0]), glm::dot(local, m_axes[1]));
    const float t = glm::dot(local, m_axes[2]);
    float result = std::numeric_limits<float>::max();
    const auto above =
        std::upper_bound(m_stations.begin(), m_stations.end(), t,
                         [](float value, const Station& station) { return value < station.t; });
    const auto next = static_cast<std::size_t>(above - m_stations.begin());
    if (next > 0 && next < m_stations.size())
        for (const Link& link : m_links[next - 1])
            result = std::min(result, spanDistance(next - 1, link, q, t));
    const auto cap = [&](std::size_t station, bool upward) {
        const auto& open = upward ? m_openAbove[station] : m_openBelow[station];
        for (std::size_t k = 0; k < open.size(); ++k)
            if (open[k]) result = std::min(result, capDistance(station, k, q, t, upward));
    };
    if (next > 0) cap(next - 1, true);
    if (next < m_stations.size()) cap(next, false);
    if (result == std::numeric_limits<float>::max()) result = 10.0f;
    return result;
}

glm::vec3 Sections::toLeg(const glm::vec2& inPlane, float t) const {
    return m_origin + inPlane.x * m_axes[0] + inPlane.y * m_axes[1] + t * m_axes[2];
}

float Sections::radius(const glm::vec3& p) const {
    const float t = glm::dot(p - m_origin, m_axes[2]);
    const auto areaOf = [](const Station& station) {
        float area = 0;
        for (const Outline& outline : station.outlines) area += outline.area;
        return area;
    };
    const auto above =
        std::upper_bound(m_stations.begin(), m_stations.end(), t,
                         [](float value, const Station& station) { return value < station.t; });
    float area = 0;
    if (above == m_stations.begin()) {
        area = areaOf(m_stations.front());
    } else if (above == m_stations.end()) {
        area = areaOf(m_stations.back());
    } else {
        const Station& below = *(above - 1);
        area = std::lerp(areaOf(below), areaOf(*above), (t - below.t) / (above->t - below.t));
    }
    return std::sqrt(area / std::numbers::pi_v<float>);
}

Sections::Bounds Sections::bounds() const {
    Bounds box{glm::vec3(1e9f), glm::vec3(-1e9f)};
    const auto add = [&](const Outline& outline, float t) {
        for (const glm::vec2& point : outline.points) {
            const glm::vec3 p = toLeg(point, t);
            box.low = glm::min(box.low, p);
            box.high = glm::max(box.high, p);
        }
    };
    for (const Station& station : m_stations)
        for (const Outline& outline : station.outlines) add(outline, station.t);
    for (const Outline& outline : m_stations.front().outlines) add(outline, m_low);
    for (const Outline& outline : m_stations.back().outlines) add(outline, m_high);
    return box;
}

} // namespace pump::builder
