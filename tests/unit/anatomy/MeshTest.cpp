#include "builder/Mesh.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

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

TEST_CASE("an open or doubled mesh is recognised") {
    Mesh mesh = polygonize(sphere(5, 1));
    Mesh open = mesh;
    open.indices.resize(open.indices.size() - 3);
    CHECK(manifoldFault(open).find("open") != std::string::npos);
    mesh.indices.insert(mesh.indices.end(), mesh.indices.begin(), mesh.indices.begin() + 3);
    CHECK_FALSE(manifoldFault(mesh).empty());
}
