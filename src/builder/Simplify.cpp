#include "builder/Intersect.h"
#include "builder/Mesh.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace pump::builder {
namespace {

/// Sum of squared distances to planes, weighted by area (Garland and Heckbert 1997).
struct Quadric {
    double xx = 0, xy = 0, xz = 0, xw = 0, yy = 0, yz = 0, yw = 0, zz = 0, zw = 0, ww = 0, weight = 0;

    void addPlane(const glm::dvec3& n, double d, double w) {
        xx += w * n.x * n.x, xy += w * n.x * n.y, xz += w * n.x * n.z, xw += w * n.x * d;
        yy += w * n.y * n.y, yz += w * n.y * n.z, yw += w * n.y * d;
        zz += w * n.z * n.z, zw += w * n.z * d;
        ww += w * d * d;
        weight += w;
    }
    void add(const Quadric& o) {
        xx += o.xx, xy += o.xy, xz += o.xz, xw += o.xw, yy += o.yy, yz += o.yz, yw += o.yw, zz += o.zz,
            zw += o.zw, ww += o.ww, weight += o.weight;
    }
    double at(const glm::dvec3& p) const {
        return xx * p.x * p.x + yy * p.y * p.y + zz * p.z * p.z + ww +
               2 * (xy * p.x * p.y + xz * p.x * p.z + yz * p.y * p.z + xw * p.x + yw * p.y + zw * p.z);
    }
    /// The point with the least error, if it is well defined.
    bool optimum(glm::dvec3& p) const {
        const double det = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
        const double scale = weight * weight * weight;
        if (!(std::abs(det) > 1e-9 * scale)) return false;
        const glm::dvec3 b(-xw, -yw, -zw);
        p.x = (b.x * (yy * zz - yz * yz) - xy * (b.y * zz - yz * b.z) + xz * (b.y * yz - yy * b.z)) / det;
        p.y = (xx * (b.y * zz - yz * b.z) - b.x * (xy * zz - yz * xz) + xz * (xy * b.z - b.y * xz)) / det;
        p.z = (xx * (yy * b.z - b.y * yz) - xy * (xy * b.z - b.y * xz) + b.x * (xy * yz - yy * xz)) / det;
        return true;
    }
};

/// A queue that gives the least entry first: a heap of four children a node, kinder to the cache than two.
template <class Entry>
class LeastFirst {
  public:
    bool empty() const { return m_entries.empty(); }

    void push(const Entry& entry) {
        m_entries.push_back(entry);
        std::size_t at = m_entries.size() - 1;
        while (at > 0 && entry < m_entries[(at - 1) / 4]) {
            m_entries[at] = m_entries[(at - 1) / 4];
            at = (at - 1) / 4;
        }
        m_entries[at] = entry;
    }

    Entry pop() {
        const Entry least = m_entries.front(), last = m_entries.back();
        m_entries.pop_back();
        const std::size_t count = m_entries.size();
        if (count == 0) return least;
        std::size_t at = 0;
        for (;;) {
            const std::size_t first = 4 * at + 1;
            if (first >= count) break;
            std::size_t best = first;
            for (std::size_t k = first + 1; k < std::min(first + 4, count); ++k)
                if (m_entries[k] < m_entries[best]) best = k;
            if (!(m_entries[best] < last)) break;
            m_entries[at] = m_entries[best];
            at = best;
        }
        m_entries[at] = last;
        return least;
    }

  private:
    std::vector<Entry> m_entries;
};

class Simplifier {
  public:
    Simplifier(const Mesh& mesh, Rims rims) : m_triangles(mesh.indices.size() / 3) {
        m_points.assign(mesh.positions.begin(), mesh.positions.end());
        m_around.resize(m_points.size());
        m_quadrics.resize(m_points.size());
        m_stamp.assign(m_points.size(), 0);
        m_mark.assign(m_points.size(), 0);
        m_alive = m_triangles.size();
        for (std::size_t t = 0; t < m_triangles.size(); ++t) {
            for (std::size_t k = 0; k < 3; ++k) {
                m_triangles[t][k] = mesh.indices[3 * t + k];
                m_around[m_triangles[t][k]].push_back(static_cast<std::uint32_t>(t));
            }
            const glm::dvec3 a = corner(t, 0);
            const glm::dvec3 cross = glm::cross(corner(t, 1) - a, corner(t, 2) - a);
            const double area = 0.5 * glm::length(cross);
            if (area <= 0) continue;
            const glm::dvec3 n = cross / (2 * area);
            for (const std::uint32_t v : m_triangles[t]) m_quadrics[v].addPlane(n, -glm::dot(n, a), area);
        }
        if (rims == Rims::Kept) holdRims();
    }

    /// Where the surface bends sharply its planes count for more.
    void holdRims() {
        constexpr double kBend = 0.9, kHold = 20; ///< cosine; of a triangle's area
        std::vector<glm::dvec3> normals(m_triangles.size());
        for (std::size_t t = 0; t < m_triangles.size(); ++t) {
            const glm::dvec3 cross = glm::cross(corner(t, 1) - corner(t, 0), corner(t, 2) - corner(t, 0));
            normals[t] = glm::length(cross) > 0 ? glm::normalize(cross) : glm::dvec3(0, 0, 1);
        }
        for (std::size_t v = 0; v < m_points.size(); ++v) {
            double least = 1;
            for (const std::uint32_t t : m_around[v])
                least = std::min(least, glm::dot(normals[t], normals[m_around[v].front()]));
            if (least > kBend) continue;
            for (const std::uint32_t t : m_around[v]) {
                const glm::dvec3 a = corner(t, 0);
                const double area = 0.5 * glm::length(glm::cross(corner(t, 1) - a, corner(t, 2) - a));
                m_quadrics[v].addPlane(normals[t], -glm::dot(normals[t], a), kHold * area);
            }
        }
    }

    /// Corners at these places stay as they are.
    void keep(const std::vector<std::uint8_t>& kept) { m_kept = kept; }

    void run(std::size_t target, double maximumError) {
        if (!m_offered)
            for (std::uint32_t v = 0; v < m_points.size(); ++v) offerAround(v, true);
        m_offered = true;
        const double limit = maximumError * maximumError;
        while (m_alive > target && !m_queue.empty()) {
            const Candidate best = m_queue.pop();
            if (best.stamp != m_stamp[best.a] + m_stamp[best.b] || m_around[best.a].empty() ||
                m_around[best.b].empty())
                continue;
            if (best.error > limit) break;
            const glm::dvec3 place = placeOf(best.a, best.b).point;
            if (allowed(best, place)) collapse(best, place);
        }
    }

    Mesh result() const {
        Mesh mesh;
        std::vector<std::uint32_t> renamed(m_points.size(), 0xffffffffu);
        for (const auto& triangle : m_triangles) {
            if (triangle[0] == triangle[1]) continue;
            for (const std::uint32_t v : triangle) {
                if (renamed[v] == 0xffffffffu) {
                    renamed[v] = static_cast<std::uint32_t>(mesh.positions.size());
                    mesh.positions.emplace_back(m_points[v]);
                }
                mesh.indices.push_back(renamed[v]);
            }
        }
        return mesh;
    }

  private:
    struct Candidate {
        double error = 0; ///< mean squared distance, mm^2, with a small share for the edge's length
        std::uint32_t a = 0, b = 0;
        std::uint32_t stamp = 0;
        bool operator<(const Candidate& o) const {
            if (error != o.error) return error < o.error;
            return a != o.a ? a < o.a : b < o.b;
        }
    };

    glm::dvec3 corner(std::size_t t, std::size_t k) const { return m_points[m_triangles[t][k]]; }

    /// Calls what(o) once for each corner o that shares an edge with v.
    template <class What>
    void forNeighbours(std::uint32_t v, What&& what) {
        const std::uint32_t mark = ++m_lastMark;
        for (const std::uint32_t t : m_around[v])
            for (const std::uint32_t o : m_triangles[t])
                if (o != v && m_mark[o] != mark) m_mark[o] = mark, what(o);
    }

    void offerAround(std::uint32_t v, bool onlyHigher) {
        forNeighbours(v, [&](std::uint32_t o) {
            if (!onlyHigher || o > v) offer(v, o);
        });
    }

    struct Place {
        glm::dvec3 point{};
        double error = 0;
    };

    /// Where the two ends of an edge had best meet.
    Place placeOf(std::uint32_t a, std::uint32_t b) const {
        Quadric sum = m_quadrics[a];
        sum.add(m_quadrics[b]);
        const glm::dvec3 pa = m_points[a], pb = m_points[b], middle = 0.5 * (pa + pb);
        const double length2 = glm::dot(pa - pb, pa - pb);
        glm::dvec3 place = middle;
        double least = sum.at(middle);
        for (const glm::dvec3& end : {pa, pb})
            if (const double e = sum.at(end); e < least) least = e, place = end;
        glm::dvec3 best;
        if (sum.optimum(best) && glm::dot(best - middle, best - middle) < 4 * length2)
            if (const double e = sum.at(best); e < least) least = e, place = best;
        // The share for length spends triangles evenly where the surface is flat.
        return {place, std::max(least, 0.0) / std::max(sum.weight, 1e-12) + 1e-5 * length2};
    }

    void offer(std::uint32_t a, std::uint32_t b) {
        if (!m_kept.empty() && (m_kept[a] || m_kept[b])) return;
        Candidate c;
        c.a = std::min(a, b);
        c.b = std::max(a, b);
        c.stamp = m_stamp[a] + m_stamp[b];
        c.error = placeOf(c.a, c.b).error;
        m_queue.push(c);
    }

    /// Link condition (the surface stays a manifold) and no triangle turns over or becomes a needle when the
    /// ends of an edge meet at `place`.
    bool allowed(const Candidate& c, const glm::dvec3& place) {
        if (m_around[c.a].size() + m_around[c.b].size() < 8) return false;
        forNeighbours(c.a, [](std::uint32_t) {});
        const std::uint32_t besideA = m_lastMark;
        int common = 0;
        bool slender = false; // one of them would be left with two triangles
        const std::uint32_t besideBoth = ++m_lastMark;
        for (const std::uint32_t t : m_around[c.b])
            for (const std::uint32_t o : m_triangles[t])
                if (o != c.b && m_mark[o] == besideA) {
                    m_mark[o] = besideBoth;
                    ++common;
                    slender |= m_around[o].size() <= 3;
                }
        return common == 2 && !slender && keepsSides(c.a, c.b, place) && keepsSides(c.b, c.a, place);
    }

    bool keepsSides(std::uint32_t moved, std::uint32_t other, const glm::dvec3& place) const {
        for (const std::uint32_t t : m_around[moved]) {
            const auto& tri = m_triangles[t];
            if (tri[0] == other || tri[1] == other || tri[2] == other) continue;
            std::array<glm::dvec3, 3> now = {corner(t, 0), corner(t, 1), corner(t, 2)};
            const glm::dvec3 before = glm::cross(now[1] - now[0], now[2] - now[0]);
            for (std::size_t k = 0; k < 3; ++k)
                if (tri[k] == moved) now[k] = place;
            const glm::dvec3 after = glm::cross(now[1] - now[0], now[2] - now[0]);
            const double lengths = glm::length(before) * glm::length(after);
            if (!(glm::dot(before, after) > 0.35 * lengths)) return false;
            const double longest = std::max({glm::distance(now[0], now[1]), glm::distance(now[1], now[2]),
                                             glm::distance(now[2], now[0])});
            if (glm::length(after) < 0.06 * longest * longest && glm::length(after) < glm::length(before))
                return false;
        }
        return true;
    }

    void collapse(const Candidate& c, const glm::dvec3& place) {
        m_points[c.a] = place;
        m_quadrics[c.a].add(m_quadrics[c.b]);
        for (const std::uint32_t t : m_around[c.b]) {
            auto& tri = m_triangles[t];
            const bool gone = tri[0] == c.a || tri[1] == c.a || tri[2] == c.a;
            if (gone) {
                for (const std::uint32_t v : tri)
                    if (v != c.b) std::erase(m_around[v], t);
                tri = {0, 0, 0};
                --m_alive;
            } else {
                for (std::uint32_t& v : tri)
                    if (v == c.b) v = c.a;
                m_around[c.a].push_back(t);
            }
        }
        m_around[c.b].clear();
        ++m_stamp[c.a];
        offerAround(c.a, false);
    }

    std::vector<glm::dvec3> m_points;
    std::vector<std::array<std::uint32_t, 3>> m_triangles;
    std::vector<std::vector<std::uint32_t>> m_around;
    std::vector<Quadric> m_quadrics;
    std::vector<std::uint32_t> m_stamp;
    LeastFirst<Candidate> m_queue;
    std::vector<std::uint8_t> m_kept;
    bool m_offered = false;
    std::size_t m_alive = 0;
    std::vector<std::uint32_t> m_mark; ///< of each corner: the walk over neighbours that met it last
    std::uint32_t m_lastMark = 0;
};

constexpr int kRounds = 20;
constexpr float kKept = 1.5f; ///< mm round a crossing that stay fine

/// Marks the corners near all places where triangles cross.
void keepNear(const Mesh& mesh, const std::vector<Crossing>& crossings, float reach,
              std::vector<std::uint8_t>& kept) {
    kept.resize(mesh.positions.size(), 0);
    for (std::size_t v = 0; v < mesh.positions.size(); ++v)
        for (const Crossing& crossing : crossings)
            if (glm::distance(mesh.positions[v], crossing.place) <= reach) {
                kept[v] = 1;
                break;
            }
}

/// `coarse`, made from the clean surface `source`, made again from it with fine places where it crosses
/// itself.
Mesh mended(const Mesh& source, Mesh coarse, std::vector<Crossing> crossings, std::size_t target,
            double maximumError, Rims rims) {
    std::vector<std::uint8_t> kept;
    float reach = kKept;
    for (int round = 0; round < kRounds && !crossings.empty(); ++round) {
        keepNear(source, crossings, reach, kept);
        reach = std::min(1.3f * reach, 30.0f);
        std::size_t fine = 0; // these triangles come on top
        for (std::size_t i = 0; i < source.indices.size(); i += 3)
            fine += kept[source.indices[i]] && kept[source.indices[i + 1]] && kept[source.indices[i + 2]];
        Simplifier again(source, rims);
        again.keep(kept);
        again.run(target + fine, maximumError);
        coarse = again.result();
        crossings = selfIntersections(coarse);
    }
    return coarse;
}

} // namespace

Mesh simplify(const Mesh& mesh, std::size_t targetTriangles, double maximumError, Rims rims) {
    // Both faces of a thin sheet may come through each other. Step by step, so that what is made again starts
    // from a surface that is not much finer.
    Mesh source = mesh;
    std::optional<Simplifier> simplifier(std::in_place, mesh, rims);
    for (const std::size_t factor : {16u, 4u, 1u}) {
        const std::size_t target = factor * targetTriangles;
        if (source.triangles() <= target && factor > 1) continue;
        simplifier->run(target, maximumError);
        Mesh coarse = simplifier->result();
        std::vector<Crossing> crossings = selfIntersections(coarse);
        if (crossings.empty()) {
            source = std::move(coarse);
        } else {
            source = mended(source, std::move(coarse), std::move(crossings), target, maximumError, rims);
            simplifier.emplace(source, rims);
        }
    }
    return source;
}

} // namespace pump::builder
