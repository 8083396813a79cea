#include "builder/Mesh.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pump::builder {

double meshVolume(const Mesh& mesh) {
    double volume = 0;
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const glm::dvec3 a = mesh.positions[mesh.indices[i]], b = mesh.positions[mesh.indices[i + 1]],
                         c = mesh.positions[mesh.indices[i + 2]];
        volume += glm::dot(a, glm::cross(b, c)) / 6.0;
    }
    return volume;
}

double meshArea(const Mesh& mesh) {
    double area = 0;
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const glm::dvec3 a = mesh.positions[mesh.indices[i]], b = mesh.positions[mesh.indices[i + 1]],
                         c = mesh.positions[mesh.indices[i + 2]];
        area += 0.5 * glm::length(glm::cross(b - a, c - a));
    }
    return area;
}

std::vector<glm::vec3> vertexNormals(const Mesh& mesh) {
    std::vector<glm::vec3> normals(mesh.positions.size(), glm::vec3(0));
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const glm::vec3 a = mesh.positions[mesh.indices[i]], b = mesh.positions[mesh.indices[i + 1]],
                        c = mesh.positions[mesh.indices[i + 2]];
        const glm::vec3 face = glm::cross(b - a, c - a);
        for (std::size_t k = 0; k < 3; ++k) normals[mesh.indices[i + k]] += face;
    }
    for (glm::vec3& normal : normals) {
        const float length = glm::length(normal);
        normal = length > 1e-12f ? normal / length : glm::vec3(0, 0, 1);
    }
    return normals;
}

std::string manifoldFault(const Mesh& mesh) {
    std::vector<std::uint64_t> edges; // each directed edge once; its reverse must be there once too
    edges.reserve(mesh.indices.size());
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3)
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint64_t a = mesh.indices[i + k], b = mesh.indices[i + (k + 1) % 3];
            if (a == b) return fmt::format("triangle {} names vertex {} twice", i / 3, a);
            edges.push_back(a << 32 | b);
        }
    std::sort(edges.begin(), edges.end());
    for (std::size_t i = 1; i < edges.size(); ++i)
        if (edges[i] == edges[i - 1])
            return fmt::format("edge {}-{} has more than two triangles", edges[i] >> 32,
                               edges[i] & 0xffffffffu);
    for (const std::uint64_t edge : edges)
        if (!std::binary_search(edges.begin(), edges.end(), edge << 32 | edge >> 32))
            return fmt::format("edge {}-{} is open", edge >> 32, edge & 0xffffffffu);
    // Round each vertex the triangles must form one fan: its count of edges equals the walk round it.
    std::vector<std::uint32_t> degree(mesh.positions.size(), 0);
    for (const std::uint32_t v : mesh.indices) ++degree[v];
    std::vector<std::uint64_t> next; // (vertex, incoming neighbour) -> outgoing neighbour, as sorted pairs
    std::vector<std::uint32_t> target;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> fan;
    fan.reserve(mesh.indices.size());
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3)
        for (std::size_t k = 0; k < 3; ++k) {
            const std::uint64_t v = mesh.indices[i + k];
            fan.emplace_back(v << 32 | mesh.indices[i + (k + 1) % 3], mesh.indices[i + (k + 2) % 3]);
        }
    std::sort(fan.begin(), fan.end());
    for (std::size_t i = 0; i < fan.size();) {
        const std::uint64_t v = fan[i].first >> 32;
        std::uint32_t steps = 0;
        const auto start = static_cast<std::uint32_t>(fan[i].first & 0xffffffffu);
        std::uint32_t at = start;
        do {
            const auto found =
                std::lower_bound(fan.begin(), fan.end(), std::pair(v << 32 | at, std::uint32_t{0}));
            at = found->second;
            ++steps;
        } while (at != start && steps <= degree[v]);
        if (steps != degree[v]) return fmt::format("vertex {} joins two sheets", v);
        i += degree[v];
    }
    return {};
}

} // namespace pump::builder
