#include "scene/OrbitCamera.h"

#include "support/SyntheticLeg.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <glm/gtc/constants.hpp>

using namespace pump;
using Catch::Approx;
using scene::NamedView;
using scene::OrbitCamera;

namespace {

glm::vec2 pixelOf(const scene::CameraView& view, glm::vec3 p, glm::vec2 size) {
    const glm::vec4 clip = view.projection * view.view * glm::vec4(p, 1);
    return (glm::vec2(clip) / clip.w * 0.5f + 0.5f) * size;
}

} // namespace

TEST_CASE("the camera ends at the same place whatever the frame rate", "[camera]") {
    const auto leg = test::syntheticLeg();
    OrbitCamera fast(leg), slow(leg);
    for (OrbitCamera* camera : {&fast, &slow}) {
        camera->orbit({120, -40});
        camera->zoom(3);
        camera->pan({30, 10});
    }
    for (int i = 0; i < 40; ++i) fast.update(0.005);
    for (int i = 0; i < 4; ++i) slow.update(0.05);
    REQUIRE(fast.moving());
    CHECK(fast.current().azimuth == Approx(slow.current().azimuth).margin(1e-4));
    CHECK(fast.current().elevation == Approx(slow.current().elevation).margin(1e-4));
    CHECK(fast.current().distance == Approx(slow.current().distance).epsilon(1e-4));
    CHECK(glm::distance(fast.current().target, slow.current().target) < 0.02f);
}

TEST_CASE("the camera comes to rest exactly at its goal", "[camera]") {
    const auto leg = test::syntheticLeg();
    OrbitCamera camera(leg);
    camera.orbit({200, 50});
    for (int i = 0; i < 200 && camera.moving(); ++i) camera.update(1.0 / 60);
    CHECK_FALSE(camera.moving());
    CHECK(camera.current().azimuth == camera.goal().azimuth);
    CHECK(camera.current().distance == camera.goal().distance);
}

TEST_CASE("every whole view holds the whole limb, which bones and vessels may leave at its upper end",
          "[camera]") {
    const auto leg = test::syntheticLeg();
    const glm::ivec2 size = GENERATE(glm::ivec2(1280, 720), glm::ivec2(600, 900), glm::ivec2(2560, 600));
    const NamedView view = GENERATE(NamedView::WholeLeg, NamedView::Rear, NamedView::Front, NamedView::Medial,
                                    NamedView::Lateral);
    OrbitCamera camera(leg);
    camera.setViewport(size.x, size.y);
    camera.setView(view);
    camera.jump();
    const scene::CameraView seen = camera.view();
    const anatomy::Structure* skin = leg.find("skin");
    REQUIRE(skin);
    for (std::uint32_t i = 0; i < skin->vertexCount; ++i) {
        const glm::vec3 position = leg.vertices[skin->firstVertex + i].position;
        const glm::vec4 clip = seen.projection * seen.view * glm::vec4(position, 1);
        REQUIRE(std::abs(clip.x) <= clip.w);
        REQUIRE(std::abs(clip.y) <= clip.w);
        REQUIRE(clip.z >= 0);
        REQUIRE(clip.z <= clip.w);
    }
}

TEST_CASE("panning keeps the grabbed point under the pointer", "[camera]") {
    const auto leg = test::syntheticLeg();
    OrbitCamera camera(leg);
    camera.setViewport(1280, 720);
    camera.setView(NamedView::Rear);
    camera.jump();
    const glm::vec3 grabbed = camera.current().target;
    const glm::vec2 before = pixelOf(camera.view(), grabbed, {1280, 720});
    camera.pan({50, -30});
    camera.jump();
    const glm::vec2 after = pixelOf(camera.view(), grabbed, {1280, 720});
    CHECK(after.x - before.x == Approx(50).margin(0.5));
    CHECK(after.y - before.y == Approx(-30).margin(0.5));
}

TEST_CASE("zooming at a pixel keeps what lies there", "[camera]") {
    const auto leg = test::syntheticLeg();
    OrbitCamera camera(leg);
    camera.setViewport(1280, 720);
    camera.setView(NamedView::Rear);
    camera.jump();
    // A point of the target plane: from behind, x is to the right.
    const glm::vec3 point = camera.current().target + glm::vec3(20, 0, 40);
    const glm::vec2 pixel = pixelOf(camera.view(), point, {1280, 720});
    camera.zoomAt(2, pixel);
    camera.jump();
    const glm::vec2 now = pixelOf(camera.view(), point, {1280, 720});
    CHECK(now.x == Approx(pixel.x).margin(1.0));
    CHECK(now.y == Approx(pixel.y).margin(1.0));
}

TEST_CASE("dragging to the right turns the near side to the right", "[camera]") {
    const auto leg = test::syntheticLeg();
    OrbitCamera camera(leg);
    camera.setViewport(1280, 720);
    camera.setView(NamedView::Rear);
    camera.jump();
    const glm::vec3 near = camera.current().target + glm::vec3(0, -50, 0);
    const float before = pixelOf(camera.view(), near, {1280, 720}).x;
    camera.orbit({40, 0});
    camera.jump();
    CHECK(pixelOf(camera.view(), near, {1280, 720}).x > before + 1);
}

TEST_CASE("the camera never turns over and never leaves its range", "[camera]") {
    const auto leg = test::syntheticLeg();
    OrbitCamera camera(leg);
    for (int i = 0; i < 100; ++i) {
        camera.orbit({10, 500});
        camera.zoom(5);
    }
    camera.jump();
    CHECK(std::abs(camera.current().elevation) <= 1.5f);
    CHECK(camera.current().distance >= 10);
    for (int i = 0; i < 100; ++i) camera.zoom(-5);
    camera.jump();
    CHECK(camera.current().distance <= 6000);
    const glm::mat4 view = camera.view().view;
    CHECK(std::isfinite(view[3][2]));
}

TEST_CASE("view names lead back to their views", "[camera]") {
    for (const NamedView view :
         {NamedView::Default, NamedView::WholeLeg, NamedView::Rear, NamedView::Front, NamedView::Medial,
          NamedView::Lateral, NamedView::Calf, NamedView::Knee, NamedView::Foot, NamedView::Valve})
        CHECK(scene::findView(scene::viewId(view)) == view);
    CHECK_FALSE(scene::findView("sideways"));
}

TEST_CASE("the valve view looks along the line where the cusps meet", "[camera]") {
    const auto leg = test::syntheticLeg();
    OrbitCamera camera(leg);
    camera.setView(NamedView::Valve);
    camera.jump();
    const scene::CameraView view = camera.view();
    const glm::vec3 forward = glm::normalize(camera.current().target - view.eye);
    // The vessel runs upright; its valve's line is level, so the camera looks nearly level across it.
    CHECK(std::abs(forward.z) < 0.3f);
    CHECK(camera.current().distance < 200);
}

TEST_CASE("close views go along with a limb that strides, and only with one", "[camera]") {
    const auto leg = test::syntheticLeg();
    OrbitCamera camera(leg);
    scene::Stance stance;
    stance.low = {-100, -200, -60}, stance.high = {100, 400, 500};
    camera.setStance(stance);
    const NamedView view = GENERATE(NamedView::Calf, NamedView::Knee, NamedView::Foot, NamedView::Valve);
    camera.setView(view);
    CHECK_FALSE(camera.followed()); // a standing limb moves through a picture that stays
    stance.strides = true;
    stance.foot[3] = stance.shank[3] = stance.thigh[3] = {0, 50, 0, 1};
    camera.setStance(stance);
    camera.setView(view);
    camera.jump();
    REQUIRE(camera.followed());
    const auto framed = camera.current();
    const glm::vec3 beginning = *camera.followed() + glm::vec3(0, 50, 0);
    camera.follow(beginning);
    CHECK(glm::distance(camera.current().target, framed.target) < 1e-3f);
    camera.follow(beginning + glm::vec3(0, 300, 40));
    CHECK(glm::distance(camera.current().target, framed.target + glm::vec3(0, 300, 40)) < 1e-3f);
    CHECK(camera.current().azimuth == framed.azimuth);
    CHECK_FALSE(camera.moving());
    camera.pan({40, 0}); // the hand moves the picture, the limb goes on being followed
    const glm::vec3 panned = camera.goal().target;
    camera.follow(beginning);
    CHECK(glm::distance(camera.goal().target, panned - glm::vec3(0, 300, 40)) < 1e-3f);

    camera.setView(NamedView::WholeLeg);
    CHECK_FALSE(camera.followed());
}
