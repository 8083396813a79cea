#include "builder/VesselMesh.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <map>

using namespace pump;
using builder::VesselMesh;

namespace {

const builder::VesselSet& vesselsOfTheTables() {
    static const builder::VesselSet set = builder::buildVessels("assets", {});
    return set;
}

/// Every edge is used once in each direction: closed, manifold, one orientation.
bool closed(const VesselMesh& mesh) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> edges;
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3)
        for (std::size_t k = 0; k < 3; ++k) ++edges[{mesh.indices[i + k], mesh.indices[i + (k + 1) % 3]}];
    for (const auto& [edge, count] : edges)
        if (count != 1 || !edges.contains({edge.second, edge.first})) return false;
    return !edges.empty();
}

double volume(const VesselMesh& mesh) {
    double sum = 0;
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const glm::dvec3 a = mesh.vertices[mesh.indices[i]].position,
                         b = mesh.vertices[mesh.indices[i + 1]].position,
                         c = mesh.vertices[mesh.indices[i + 2]].position;
        sum += glm::dot(a, glm::cross(b, c)) / 6;
    }
    return sum;
}

bool sane(const VesselMesh& mesh) {
    for (const anatomy::Vertex& vertex : mesh.vertices) {
        int weights = 0;
        for (const std::uint8_t weight : vertex.weights) weights += weight;
        if (weights != 255 || std::abs(glm::length(vertex.normal) - 1) > 1e-3f ||
            !std::isfinite(vertex.position.x + vertex.position.y + vertex.position.z))
            return false;
    }
    for (const std::uint32_t index : mesh.indices)
        if (index >= mesh.vertices.size()) return false;
    return true;
}

/// Share of vertices whose normal agrees with the triangles round them.
double normalsAgree(const VesselMesh& mesh) {
    std::vector<glm::vec3> sums(mesh.vertices.size(), glm::vec3(0));
    for (std::size_t i = 0; i < mesh.indices.size(); i += 3) {
        const glm::vec3 a = mesh.vertices[mesh.indices[i]].position,
                        b = mesh.vertices[mesh.indices[i + 1]].position,
                        c = mesh.vertices[mesh.indices[i + 2]].position;
        for (std::size_t k = 0; k < 3; ++k) sums[mesh.indices[i + k]] += glm::cross(b - a, c - a);
    }
    double good = 0;
    for (std::size_t i = 0; i < sums.size(); ++i)
        good += glm::dot(sums[i], mesh.vertices[i].normal) > 0 ? 1 : 0;
    return good / static_cast<double>(sums.size());
}

} // namespace

TEST_CASE("walls of vessels are closed tubes that face outward") {
    const builder::VesselSet& set = vesselsOfTheTables();
    for (const builder::TubeDetail detail :
         {builder::TubeDetail{12, 4, true}, builder::TubeDetail{5, 9, false}})
        for (std::size_t i = 0; i < set.vessels.size(); ++i) {
            const VesselMesh mesh = builder::tubeMesh(set, static_cast<int>(i), detail);
            INFO(set.vessels[i].id << ", " << detail.sides << " sides");
            if (set.vessels[i].kind == anatomy::VesselKind::Bed) {
                CHECK(mesh.indices.empty());
                continue;
            }
            CHECK(closed(mesh));
            CHECK(sane(mesh));
            CHECK(volume(mesh) > 0);
            CHECK(normalsAgree(mesh) > 0.97);
            float last = 0;
            for (const anatomy::Vertex& vertex : mesh.vertices) {
                CHECK(vertex.tissue[0] >= -0.01f);
                CHECK(vertex.tissue[0] <= set.vessels[i].points.back().arc + 0.01f);
                CHECK(vertex.tissue[1] >= 0);
                CHECK(vertex.tissue[1] < 1);
                last = std::max(last, vertex.tissue[0]);
            }
            CHECK_THAT(last, Catch::Matchers::WithinAbs(set.vessels[i].points.back().arc, 0.01));
        }
    for (const builder::Nerve& nerve : set.nerves) {
        INFO(nerve.id);
        const VesselMesh mesh = builder::nerveMesh(nerve, {});
        CHECK(closed(mesh));
        CHECK(sane(mesh));
        CHECK(volume(mesh) > 0);
    }
}

TEST_CASE("a vein bulges behind its valve") {
    const builder::VesselSet& set = vesselsOfTheTables();
    const auto& site = *std::find_if(set.valves.begin(), set.valves.end(),
                                     [](const auto& valve) { return valve.id == "valve-fv1-fv2"; });
    const auto& points = set.vessels.at(static_cast<std::size_t>(site.vessel)).points;
    const VesselMesh plain = builder::tubeMesh(set, site.vessel, {12, 4, false});
    const VesselMesh bulged = builder::tubeMesh(set, site.vessel, {12, 4, true});
    const auto widest = [&](const VesselMesh& mesh) {
        float most = 0;
        for (const anatomy::Vertex& vertex : mesh.vertices) {
            if (vertex.tissue[0] < site.arc || vertex.tissue[0] > site.arc + 15) continue;
            float least = 1e9f;
            for (std::size_t i = 1; i < points.size(); ++i) {
                const glm::vec3 along = points[i].position - points[i - 1].position;
                const float t = glm::clamp(glm::dot(vertex.position - points[i - 1].position, along) /
                                               glm::dot(along, along),
                                           0.0f, 1.0f);
                least = std::min(least, glm::distance(vertex.position, points[i - 1].position + t * along));
            }
            most = std::max(most, least);
        }
        return most;
    };
    CHECK(widest(bulged) > 1.2f * widest(plain));
    CHECK(widest(bulged) < 1.6f * widest(plain));
}

TEST_CASE("each valve has two leaflets, closed thin membranes that meet at two commissures") {
    const builder::VesselSet& set = vesselsOfTheTables();
    for (std::size_t i = 0; i < set.valves.size(); ++i) {
        const VesselMesh mesh = builder::valveMesh(set, static_cast<int>(i));
        INFO(set.valves[i].id);
        CHECK(closed(mesh));
        CHECK(sane(mesh));
        CHECK(volume(mesh) > 0);
        CHECK(normalsAgree(mesh) > 0.97);
        std::map<float, int> cusps, sides;
        for (const anatomy::Vertex& vertex : mesh.vertices) {
            CHECK(vertex.tissue[0] == static_cast<float>(i));
            ++cusps[vertex.tissue[1]];
            ++sides[vertex.tissue[4]];
            CHECK(std::abs(vertex.tissue[2]) <= 1);
            CHECK(vertex.tissue[3] >= 0);
            CHECK(vertex.tissue[3] <= 1);
        }
        CHECK(cusps.size() == 2);
        CHECK(cusps[0] == cusps[1]);
        CHECK(sides[-1] == sides[1]);
        // The ends of both free margins meet.
        glm::vec3 ends[2] = {};
        for (const anatomy::Vertex& vertex : mesh.vertices)
            if (vertex.tissue[2] == 1 && vertex.tissue[3] == 1 && vertex.tissue[4] == 1)
                ends[static_cast<int>(vertex.tissue[1])] = vertex.position;
        CHECK(glm::distance(ends[0], ends[1]) < 0.4f);
    }
}
