#include "flesh/SurfaceTree.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace pump::flesh {

namespace {

constexpr float kFold = 0.5f; // mm: so deep inside is looked at twice

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

SurfaceTree::SurfaceTree(std::span<const glm::vec3> positions, std::span<const std::uint32_t> indices)
    : m_indices(indices.begin(), indices.end()) {
    if (m_indices.empty()) return;
    std::vector<glm::vec3> centres;
    for (std::uint32_t t = 0; t < m_indices.size() / 3; ++t) {
        m_order.push_back(t);
        centres.push_back((positions[m_indices[3 * t]] + positions[m_indices[3 * t + 1]] +
                           positions[m_indices[3 * t + 2]]) /
                          3.0f);
    }
    m_nodes.reserve(2 * m_order.size());
    m_nodes.emplace_back();
    divide(0, 0, static_cast<std::uint32_t>(m_order.size()), centres);
    m_firstAround.assign(positions.size() + 1, 0);
    for (const std::uint32_t v : m_indices) ++m_firstAround[v + 1];
    std::partial_sum(m_firstAround.begin(), m_firstAround.end(), m_firstAround.begin());
    m_around.resize(m_indices.size());
    std::vector<std::uint32_t> next(m_firstAround.begin(), m_firstAround.end() - 1);
    for (std::uint32_t i = 0; i < m_indices.size(); ++i) m_around[next[m_indices[i]]++] = i / 3;
    move(positions);
}

void SurfaceTree::divide(std::uint32_t node, std::uint32_t from, std::uint32_t to,
                         const std::vector<glm::vec3>& centres) {
    constexpr std::uint32_t kLeaf = 4;
    if (to - from <= kLeaf) {
        m_nodes[node].first = from, m_nodes[node].count = to - from;
        return;
    }
    glm::vec3 low(1e9f), high(-1e9f);
    for (std::uint32_t i = from; i < to; ++i)
        low = glm::min(low, centres[m_order[i]]), high = glm::max(high, centres[m_order[i]]);
    const glm::vec3 size = high - low;
    const int axis = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2;
    const std::uint32_t middle = from + (to - from) / 2;
    std::nth_element(m_order.begin() + from, m_order.begin() + middle, m_order.begin() + to,
                     [&](std::uint32_t a, std::uint32_t b) {
                         return centres[a][axis] != centres[b][axis] ? centres[a][axis] < centres[b][axis]
                                                                     : a < b;
                     });
    const auto first = static_cast<std::uint32_t>(m_nodes.size());
    m_nodes[node].first = first;
    m_nodes.resize(m_nodes.size() + 2);
    divide(first, from, middle, centres);
    divide(first + 1, middle, to, centres);
}

void SurfaceTree::move(std::span<const glm::vec3> positions) {
    m_positions.assign(positions.begin(), positions.end());
    for (auto node = m_nodes.rbegin(); node != m_nodes.rend(); ++node) { // children come after their parents
        if (node->count == 0) {
            const Node &a = m_nodes[node->first], &b = m_nodes[node->first + 1];
            node->low = glm::min(a.low, b.low), node->high = glm::max(a.high, b.high);
            continue;
        }
        node->low = glm::vec3(1e9f), node->high = glm::vec3(-1e9f);
        for (std::uint32_t i = node->first; i < node->first + node->count; ++i)
            for (std::size_t k = 0; k < 3; ++k) {
                const glm::vec3& p = m_positions[m_indices[3 * m_order[i] + k]];
                node->low = glm::min(node->low, p), node->high = glm::max(node->high, p);
            }
    }
}

/// Of the face that holds the place, of the two faces that share its edge, or of all round a corner, each by
/// its angle there: only so it tells inside from outside (Baerentzen and Aanaes 2005, IEEE Trans Vis Comput
/// Graph 11:243).
glm::vec3 SurfaceTree::normalAt(std::uint32_t triangle, const glm::vec3& shares) const {
    const auto face = [&](std::uint32_t t) {
        const std::uint32_t* v = &m_indices[3 * t];
        const glm::vec3 a = m_positions[v[0]];
        const glm::vec3 cross = glm::cross(m_positions[v[1]] - a, m_positions[v[2]] - a);
        return cross / std::max(glm::length(cross), 1e-12f);
    };
    constexpr float kOnEdge = 1e-4f;
    const std::uint32_t* own = &m_indices[3 * triangle];
    std::array<std::uint32_t, 3> at{}; // the corners that have a share
    int count = 0;
    for (int k = 0; k < 3; ++k)
        if (shares[k] > kOnEdge) at[static_cast<std::size_t>(count++)] = own[k];
    if (count == 3) return face(triangle);
    glm::vec3 sum(0);
    for (std::uint32_t i = m_firstAround[at[0]]; i < m_firstAround[at[0] + 1]; ++i) {
        const std::uint32_t* v = &m_indices[3 * m_around[i]];
        const std::size_t k = v[0] == at[0] ? 0 : v[1] == at[0] ? 1 : 2;
        if (count == 2) {
            if (v[0] == at[1] || v[1] == at[1] || v[2] == at[1]) sum += face(m_around[i]);
            continue;
        }
        const glm::vec3 a = m_positions[v[k]], b = m_positions[v[(k + 1) % 3]] - a,
                        c = m_positions[v[(k + 2) % 3]] - a;
        const float lengths = std::max(glm::length(b) * glm::length(c), 1e-12f);
        sum += face(m_around[i]) * std::acos(std::clamp(glm::dot(b, c) / lengths, -1.0f, 1.0f));
    }
    return sum;
}

/// By the sum of the sides at which a line from there to +x passes the surface: folds cancel in it.
bool SurfaceTree::encloses(const glm::vec3& place) const {
    const glm::vec3 p = place + glm::vec3(0, 1.3e-3f, 0.7e-3f); // hardly through an edge
    int sides = 0;
    std::array<std::uint32_t, 64> open;
    std::size_t waiting = 0;
    open[waiting++] = 0;
    while (waiting > 0) {
        const Node& node = m_nodes[open[--waiting]];
        if (p.x > node.high.x || p.y < node.low.y || p.y > node.high.y || p.z < node.low.z ||
            p.z > node.high.z)
            continue;
        if (node.count == 0) {
            open[waiting++] = node.first;
            open[waiting++] = node.first + 1;
            continue;
        }
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
            const std::uint32_t* v = &m_indices[3 * m_order[i]];
            const glm::vec3 a = m_positions[v[0]] - p, b = m_positions[v[1]] - p, c = m_positions[v[2]] - p;
            const float ab = a.y * b.z - a.z * b.y, bc = b.y * c.z - b.z * c.y, ca = c.y * a.z - c.z * a.y;
            const bool front = ab > 0 && bc > 0 && ca > 0, back = ab < 0 && bc < 0 && ca < 0;
            if ((front || back) && (a.x * bc + b.x * ca + c.x * ab) * (front ? 1.0f : -1.0f) > 0)
                sides += front ? 1 : -1;
        }
    }
    return sides > 0;
}

std::optional<Nearest> SurfaceTree::nearest(const glm::vec3& p, float reach, std::uint32_t guess) const {
    if (m_nodes.empty()) return {};
    const auto away2 = [&](const Node& node) {
        const glm::vec3 away = p - glm::clamp(p, node.low, node.high);
        return glm::dot(away, away);
    };
    struct Open {
        float away2;
        std::uint32_t node;
    };
    std::array<Open, 64> open; // the nearer half is looked into first: one waits for each level of the tree
    std::size_t waiting = 0;
    float least = reach * reach;
    std::optional<Nearest> result;
    const auto look = [&](std::uint32_t triangle) {
        const std::uint32_t* v = &m_indices[3 * triangle];
        const glm::vec3 a = m_positions[v[0]], b = m_positions[v[1]], c = m_positions[v[2]];
        const glm::vec3 s = nearestShares(p, a, b, c);
        const glm::vec3 away = p - (a * s.x + b * s.y + c * s.z);
        const float distance2 = glm::dot(away, away);
        if (distance2 >= least) return;
        least = distance2;
        result = Nearest{distance2, away, triangle, s};
    };
    if (guess < m_order.size()) look(guess);
    open[waiting++] = {away2(m_nodes[0]), 0};
    while (waiting > 0) {
        const Open next = open[--waiting];
        if (next.away2 >= least) continue;
        const Node& node = m_nodes[next.node];
        if (node.count == 0) {
            const Open a = {away2(m_nodes[node.first]), node.first};
            const Open b = {away2(m_nodes[node.first + 1]), node.first + 1};
            const bool aFirst = a.away2 <= b.away2;
            const Open &near = aFirst ? a : b, &far = aFirst ? b : a;
            if (far.away2 < least) open[waiting++] = far;
            if (near.away2 < least) open[waiting++] = near;
            continue;
        }
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) look(m_order[i]);
    }
    if (!result) return result;
    const glm::vec3 normal = normalAt(result->triangle, result->shares);
    // Where the surface is folded its sides deceive.
    const bool outside = glm::dot(result->outward, normal) >= 0 || (least > kFold * kFold && !encloses(p));
    const float distance = std::sqrt(least);
    result->distance = outside ? distance : -distance;
    result->outward =
        distance > 0.05f ? result->outward / result->distance : normal / std::max(glm::length(normal), 1e-6f);
    return result;
}

} // namespace pump::flesh
