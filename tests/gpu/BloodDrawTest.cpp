#include "core/Image.h"
#include "render/Renderer.h"

#include "support/BloodRig.h"
#include "support/TestGpu.h"

#include <glm/gtc/matrix_transform.hpp>

#include <cstring>

using namespace pump;

namespace {

constexpr VkExtent2D kSize{320, 400};

/// The small circulation from the front: 1 px a mm, its middle in the middle.
scene::CameraView frontView() {
    scene::CameraView camera;
    camera.eye = {10, -1000, 150};
    camera.verticalFov = 2 * std::atan(0.2f);
    camera.view = glm::lookAt(camera.eye, glm::vec3(10, 0, 150), glm::vec3(0, 0, 1));
    camera.projection = glm::perspective(camera.verticalFov, 320.0f / 400, 100.0f, 3000.0f);
    camera.projection[1][1] *= -1;
    return camera;
}

scene::RenderInput pictureInput(const anatomy::LegModel& leg, float seconds) {
    scene::RenderInput input = test::bloodInput({}, seconds);
    input.camera = frontView();
    input.muscles.resize(leg.rig.muscles.size());
    return input;
}

struct Look {
    render::Tier tier = render::Tier::Software;
    int samples = 1;
    bool arteries = true;
    int frames = 3;
};

core::Image picture(const Look& look) {
    test::TestGpu gpu;
    const gpu::ShaderLibrary shaders(gpu.device());
    const anatomy::LegModel leg = test::bloodRig();
    render::Renderer renderer({.device = gpu.device(),
                               .shaders = shaders,
                               .legs = {nullptr, nullptr, &leg},
                               .quality = {.tier = look.tier, .particles = 6000, .samples = look.samples},
                               .extent = kSize});
    gpu::FrameRing ring(gpu.device());
    for (int i = 0; i < look.frames; ++i) {
        auto& frame = ring.begin();
        scene::RenderInput input = pictureInput(leg, i > 0 ? 0.02f : 0.0f);
        input.layers[static_cast<std::size_t>(anatomy::Layer::Arteries)].opacity =
            look.arteries ? 1.0f : 0.0f;
        renderer.render(frame, input);
        ring.submit(frame);
    }
    ring.waitIdle();
    return gpu::readback(gpu.device(), renderer.image());
}

bool isBlood(const std::uint8_t* p) {
    return p[0] > p[1] + 25 && p[0] > p[2] + 5;
}

/// Pixels with blood in a box in mm of the x-z plane.
int bloodIn(const core::Image& image, glm::vec2 low, glm::vec2 high) {
    int count = 0;
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x) {
            const glm::vec2 mm(static_cast<float>(x) - 160 + 10, 200 - static_cast<float>(y) + 150);
            if (glm::all(glm::greaterThanEqual(mm, low)) && glm::all(glm::lessThan(mm, high)))
                count += isBlood(image.pixel(x, y)) ? 1 : 0;
        }
    return count;
}

int bloodIn(const core::Image& image) {
    return bloodIn(image, glm::vec2(-1e6f), glm::vec2(1e6f));
}

} // namespace

TEST_CASE("both tiers show the blood where the vessels are and nowhere else") {
    for (const Look look : {Look{}, Look{render::Tier::Gpu}, Look{render::Tier::Gpu, 4}}) {
        const core::Image image = picture(look);
        const int all = bloodIn(image);
        const int deep = bloodIn(image, {-6, 0}, {6, 300});
        const int artery = bloodIn(image, {-24, 0}, {-16, 200});
        CHECK(deep > 6 * 250);   // of 8 x 300 mm^2, fading at both stubs
        CHECK(artery > 2 * 150); // of 4 x 200 mm^2
        CHECK(bloodIn(image, {-100, -20}, {-26, 330}) == 0);
        CHECK(bloodIn(image, {50, -20}, {100, 330}) == 0);
        CHECK(all > deep + artery);
    }
}

TEST_CASE("arterial blood is lighter than venous blood") {
    const core::Image image = picture({});
    auto lightness = [&](int x0, int x1, int y0, int y1) {
        double sum = 0;
        int count = 0;
        for (int y = y0; y < y1; ++y)
            for (int x = x0; x < x1; ++x)
                if (const auto* p = image.pixel(x, y); isBlood(p)) {
                    sum += 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
                    ++count;
                }
        REQUIRE(count > 50);
        return sum / count;
    };
    // Artery at x = -20 mm, deep vein at x = 0.
    const double artery = lightness(128, 133, 200, 300), vein = lightness(146, 155, 60, 150);
    INFO(artery << " against " << vein);
    CHECK(artery > 1.4 * vein);
}

TEST_CASE("a hidden layer hides its blood, and the picture is the same every time") {
    const core::Image all = picture({}), again = picture({}), veins = picture({.arteries = false});
    CHECK(all.rgba == again.rgba);
    CHECK(bloodIn(veins, {-24, 0}, {-16, 200}) == 0);
    CHECK(bloodIn(veins, {-6, 0}, {6, 300}) > 6 * 250);
}

TEST_CASE("a resized picture starts without leftovers of the old one") {
    test::TestGpu gpu;
    const gpu::ShaderLibrary shaders(gpu.device());
    const anatomy::LegModel leg = test::bloodRig();
    render::Renderer renderer({.device = gpu.device(),
                               .shaders = shaders,
                               .legs = {nullptr, nullptr, &leg},
                               .quality = {.particles = 6000},
                               .extent = {97, 61}});
    gpu::FrameRing ring(gpu.device());
    for (const VkExtent2D size : {VkExtent2D{97, 61}, VkExtent2D{500, 33}, kSize}) {
        renderer.resize(size);
        auto& frame = ring.begin();
        renderer.render(frame, pictureInput(leg, 0));
        ring.submit(frame);
    }
    ring.waitIdle();
    const core::Image resized = gpu::readback(gpu.device(), renderer.image());
    CHECK(resized.rgba == picture({.frames = 1}).rgba);
}
