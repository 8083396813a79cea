#include "flesh/SurfaceGrid.h"

#include <algorithm>
#include <cmath>

namespace pump::flesh {

namespace {

/// Barycentric shares of the point of a triangle that is nearest to p (Ericson 2005, section 5.1.5).
glm::vec3 nearestShares(const glm::vec3& p, const glm::vec3& a, const glm::vec3& b, const glm::vec3& c) {
    const glm::vec3 ab = b - a, ac = c - a, ap = p - a;
    const float d1 = glm::dot(ab, ap), d2 = glm::dot(ac, ap);
    if (d1 <= 0 && d2 <= 0) return {1, 0, 0};
    const glm::vec3 bp = p - b;
    const float d3 = glm::dot(ab, bp), d4 = glm::dot(ac, bp);
    if (d3 >= 0 && d4 <= d3) return {0, 1, 0};
    const float vc = d1 * d4 - d3 * d2;
    if (vc <= 0 && d1 >= 0 && d3 <= 0) {
        const float v = d1 / std::max(d1 - d3, 1e-12f);
        return {1 - v, v, 0};
    }
    const glm::vec3 cp = p - c;
    const float d5 = glm::dot(ab, cp), d6 = glm::dot(ac, cp);
    if (d6 >= 0 && d5 <= d6) return {0, 0, 1};
    const float vb = d5 * d2 - d1 * d6;
    if (vb <= 0 && d2 >= 0 && d6 <= 0) {
        const float w = d2 / std::max(d2 - d6, 1e-12f);
        return {1 - w, 0, w};
    }
    const float va = d3 * d6 - d5 * d4;
    if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0) {
        const float w = (d4 - d3) / std::max(d4 - d3 + d5 - d6, 1e-12f);
        return {0, 1 - w, w};
    }
    const float sum = va + vb + vc;
    if (sum < 1e-12f) return {1, 0, 0};
    return {va / sum, vb / sum, vc / sum};
}

} // namespace

std::vector<glm::vec3> surfaceNormals(std::span<const glm::vec3> positions,
                                      std::span<const std::uint32_t> indices) {
    std::vector<glm::vec3> normals(positions.size(), glm::vec3(0));
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        const glm::vec3 a = positions[indices[i]];
        const glm::vec3 cross = glm::cross(positions[indices[i + 1]] - a, positions[indices[i + 2]] - a);
        for (std::size_t k = 0; k < 3; ++k) normals[indices[i + k]] += cross;
    }
    for (glm::vec3& n : normals) {
        const float size = glm::length(n);
        n = size > 1e-9f ? n / size : glm::vec3(0, 0, 1);
    }
    return normals;
}

double surfaceVolume(std::span<const glm::vec3> positions, std::span<const std::uint32_t> indices) {
    double sum = 0;
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        const glm::dvec3 a = positions[indices[i]], b = positions[indices[i + 1]],
                         c = positions[indices[i + 2]];
        sum += glm::dot(a, glm::cross(b, c)) / 6;
    }
    return sum;
}

SurfaceGrid::SurfaceGrid(std::span<const glm::vec3> positions, std::span<const std::uint32_t> indices,
                         float reach)
    : m_positions(positions.begin(), positions.end()),
      m_normals(surfaceNormals(positions, indices)),
      m_indices(indices.begin(), indices.end()),
      m_low(1e9f),
      m_high(-1e9f),
      m_reach(reach) {
    for (const glm::vec3& p : m_positions) m_low = glm::min(m_low, p), m_high = glm::max(m_high, p);
    m_low -= reach;
    m_high += reach;
    m_size = glm::ivec3((m_high - m_low) / m_cell) + 1;
    const auto range = [&](std::size_t t) {
        glm::vec3 low(1e9f), high(-1e9f);
        for (std::size_t k = 0; k < 3; ++k) {
            low = glm::min(low, m_positions[m_indices[3 * t + k]]);
            high = glm::max(high, m_positions[m_indices[3 * t + k]]);
        }
        return std::pair{glm::ivec3((low - reach - m_low) / m_cell),
                         glm::min(glm::ivec3((high + reach - m_low) / m_cell), m_size - 1)};
    };
    const auto eachCell = [&](std::size_t t, auto&& visit) {
        const auto [from, to] = range(t);
        for (int z = std::max(from.z, 0); z <= to.z; ++z)
            for (int y = std::max(from.y, 0); y <= to.y; ++y)
                for (int x = std::max(from.x, 0); x <= to.x; ++x) visit(cellOf({x, y, z}));
    };
    const std::size_t triangles = m_indices.size() / 3;
    for (std::size_t t = 0; t < triangles; ++t) {
        const auto corner = [&](std::size_t k) { return m_positions[m_indices[3 * t + k]]; };
        const glm::vec3 centre = (corner(0) + corner(1) + corner(2)) / 3.0f;
        float radius = 0;
        for (std::size_t k = 0; k < 3; ++k) radius = std::max(radius, glm::distance(centre, corner(k)));
        m_rounds.emplace_back(centre, radius * 1.0001f);
    }
    m_first.assign(static_cast<std::size_t>(m_size.x) * static_cast<std::size_t>(m_size.y) *
                           static_cast<std::size_t>(m_size.z) +
                       1,
                   0);
    for (std::size_t t = 0; t < triangles; ++t) eachCell(t, [&](std::size_t cell) { ++m_first[cell + 1]; });
    for (std::size_t i = 1; i < m_first.size(); ++i) m_first[i] += m_first[i - 1];
    m_list.resize(m_first.back());
    std::vector<std::uint32_t> next(m_first.begin(), m_first.end() - 1);
    for (std::size_t t = 0; t < triangles; ++t)
        eachCell(t, [&](std::size_t cell) { m_list[next[cell]++] = static_cast<std::uint32_t>(t); });
}

std::size_t SurfaceGrid::cellOf(const glm::ivec3& c) const {
    return static_cast<std::size_t>(c.x) +
           static_cast<std::size_t>(m_size.x) *
               (static_cast<std::size_t>(c.y) +
                static_cast<std::size_t>(m_size.y) * static_cast<std::size_t>(c.z));
}

std::optional<Nearest> SurfaceGrid::nearest(const glm::vec3& p) const {
    if (glm::any(glm::lessThan(p, m_low)) || glm::any(glm::greaterThanEqual(p, m_high))) return {};
    const std::size_t cell = cellOf(glm::min(glm::ivec3((p - m_low) / m_cell), m_size - 1));
    float least = m_reach * m_reach, leastDistance = m_reach;
    std::optional<Nearest> result;
    for (std::uint32_t i = m_first[cell]; i < m_first[cell + 1]; ++i) {
        const glm::vec4& round = m_rounds[m_list[i]];
        const glm::vec3 toRound = p - glm::vec3(round);
        const float far = leastDistance + round.w;
        if (glm::dot(toRound, toRound) > far * far) continue;
        const std::uint32_t* v = &m_indices[3 * m_list[i]];
        const glm::vec3 a = m_positions[v[0]], b = m_positions[v[1]], c = m_positions[v[2]];
        const glm::vec3 s = nearestShares(p, a, b, c);
        const glm::vec3 away = p - (a * s.x + b * s.y + c * s.z);
        const float distance2 = glm::dot(away, away);
        if (distance2 >= least) continue;
        least = distance2;
        leastDistance = std::sqrt(distance2);
        result = Nearest{distance2, away, m_list[i], s};
    }
    if (!result) return result;
    const std::uint32_t* v = &m_indices[3 * result->triangle];
    const glm::vec3 s = result->shares;
    const glm::vec3 normal = m_normals[v[0]] * s.x + m_normals[v[1]] * s.y + m_normals[v[2]] * s.z;
    const bool outside = glm::dot(result->outward, normal) >= 0;
    const float distance = std::sqrt(least);
    result->distance = outside ? distance : -distance;
    result->outward =
        distance > 0.05f ? result->outward / result->distance : normal / std::max(glm::length(normal), 1e-6f);
    return result;
}

} // namespace pump::flesh
