#include "builder/Mesh.h"
#include "builder/Intersect.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace pump::builder;
using Catch::Matchers::WithinRel;

namespace {

Field sphere(float radius, float spacing) {
    return makeField(glm::vec3(-radius - 3), glm::vec3(radius + 3), spacing,
                     [=](const glm::vec3& p) { return glm::length(p) - radius; });
}

} // namespace

TEST_CASE("a polygonized ball is closed, turned outward and has the ball's volume and area") {
    const Mesh mesh = polygonize(sphere(20, 1));
    CHECK(manifoldFault(mesh).empty());
    const double r = 20, pi = std::numbers::pi;
    CHECK_THAT(meshVolume(mesh), WithinRel(4.0 / 3.0 * pi * r * r * r, 0.005));
    CHECK_THAT(meshArea(mesh), WithinRel(4.0 * pi * r * r, 0.01));
}

TEST_CASE("a solid that reaches the border of its grid is cut flat and closed") {
    const Field field = makeField(glm::vec3(-10), glm::vec3(10), 1.0f,
                                  [](const glm::vec3& p) { return glm::length(glm::vec2(p)) - 4.0f; });
    const Mesh mesh = polygonize(field);
    CHECK(manifoldFault(mesh).empty());
    CHECK(meshVolume(mesh) > 0);
}

TEST_CASE("simplifying keeps a surface closed and its volume") {
    const Mesh fine = polygonize(sphere(20, 1));
    const Mesh coarse = simplify(fine, 500, 10.0);
    CHECK(coarse.triangles() <= 500);
    CHECK(manifoldFault(coarse).empty());
    CHECK_THAT(meshVolume(coarse), WithinRel(meshVolume(fine), 0.02));
}

TEST_CASE("simplifying that holds on to rims rounds the edge of a flat cut less") {
    // A stump as of a limb: a wide cylinder with a rounded upper edge.
    const Mesh fine =
        polygonize(makeField(glm::vec3(-50, -50, -60), glm::vec3(50, 50, 5), 2.0f, [](const glm::vec3& p) {
            const float side = glm::length(glm::vec2(p)) - 40.0f;
            return -smoothUnion(-side, -p.z, 2.0f);
        }));
    const auto lost = [&](Rims rims) {
        return std::abs(1 - meshVolume(simplify(fine, 120, 100.0, rims)) / meshVolume(fine));
    };
    INFO("with rims kept " << lost(Rims::Kept) << ", without " << lost(Rims::Any));
    CHECK(manifoldFault(simplify(fine, 120, 100.0, Rims::Kept)).empty());
    CHECK(lost(Rims::Kept) < lost(Rims::Any));
}

TEST_CASE("an open or doubled mesh is recognised") {
    Mesh mesh = polygonize(sphere(5, 1));
    Mesh open = mesh;
    open.indices.resize(open.indices.size() - 3);
    CHECK(manifoldFault(open).find("open") != std::string::npos);
    mesh.indices.insert(mesh.indices.end(), mesh.indices.begin(), mesh.indices.begin() + 3);
    CHECK_FALSE(manifoldFault(mesh).empty());
}

TEST_CASE("a surface that passes through itself is found, each pair of triangles once and at its place") {
    const Mesh ball = polygonize(sphere(5, 1));
    CHECK(selfIntersections(ball).empty());
    Mesh two = ball; // a second ball 6 mm further, in one mesh with the first
    const auto count = static_cast<std::uint32_t>(ball.positions.size());
    for (const glm::vec3& p : ball.positions) two.positions.push_back(p + glm::vec3(6.013f, 0.021f, 0.017f));
    for (const std::uint32_t i : ball.indices) two.indices.push_back(i + count);
    const std::vector<Crossing> found = selfIntersections(two);
    REQUIRE(found.size() > 20);
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i].a < ball.triangles());
        CHECK(found[i].b >= ball.triangles());
        if (i > 0)
            CHECK((found[i - 1].a < found[i].a ||
                   (found[i - 1].a == found[i].a && found[i - 1].b < found[i].b)));
        // Both spheres pass through the circle of radius 4 mm at x = 3 mm.
        CHECK(std::abs(found[i].place.x - 3) < 0.4f);
        CHECK(std::abs(glm::length(glm::vec2(found[i].place.y, found[i].place.z)) - 4) < 0.4f);
    }
    // One tooth through the opposite wall, with a corner in common with its neighbours.
    Mesh tooth = ball;
    const auto top = std::max_element(tooth.positions.begin(), tooth.positions.end(),
                                      [](const glm::vec3& a, const glm::vec3& b) { return a.z < b.z; });
    *top = {0.11f, 0.07f, -7};
    CHECK_FALSE(selfIntersections(tooth).empty());
    CHECK(manifoldFault(tooth).empty()); // which does not see it
}

TEST_CASE("both faces of a thin wavy sheet stay apart when it is simplified") {
    const Field field =
        makeField(glm::vec3(-22, -22, -8), glm::vec3(22, 22, 8), 0.8f, [](const glm::vec3& p) {
            const float wave = 2.0f * std::sin(0.4f * p.x) * std::cos(0.35f * p.y);
            return std::max(std::abs(p.z - wave) - 0.6f, glm::length(glm::vec2(p)) - 20.0f);
        });
    const Mesh fine = polygonize(field, 50);
    CHECK(selfIntersections(fine).empty());
    for (const std::size_t target : {4000u, 1500u, 600u}) {
        const Mesh coarse = simplify(fine, target, 100.0);
        INFO(target << " triangles wanted, " << coarse.triangles() << " made");
        CHECK(selfIntersections(coarse).empty());
        CHECK(manifoldFault(coarse).empty());
        CHECK(coarse.triangles() < fine.triangles() / 2);
    }
}
