#include "core/Error.h"
#include "support/TestGpu.h"

#include <catch2/generators/catch_generators.hpp>

#include <catch2/matchers/catch_matchers_string.hpp>

using namespace pump;

namespace {

constexpr VkExtent2D kSize{37, 21}; // no multiple of anything

gpu::Image colorImage(gpu::Device& device, std::string_view name, VkImageUsageFlags usage,
                      VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT) {
    return gpu::Image(device, {.name = name, .extent = kSize, .usage = usage, .samples = samples});
}

std::array<int, 4> pixel(const core::Image& image, int x, int y) {
    const auto* p = image.pixel(x, y);
    return {p[0], p[1], p[2], p[3]};
}

} // namespace

TEST_CASE("a cleared image reads back as its colour") {
    test::TestGpu gpu;
    auto image = colorImage(gpu.device(), "cleared",
                            VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT);
    gpu::runNow(gpu.device(), "test", [&](gpu::CommandRecorder& commands) {
        commands.clear(image, {{51 / 255.f, 102 / 255.f, 204 / 255.f, 1.f}});
    });
    const auto picture = gpu::readback(gpu.device(), image);
    REQUIRE(picture.width == 37);
    REQUIRE(picture.height == 21);
    CHECK(pixel(picture, 0, 0) == std::array{51, 102, 204, 255});
    CHECK(pixel(picture, 36, 20) == std::array{51, 102, 204, 255});
}

TEST_CASE("a compute pass paints rows and columns where they belong") {
    test::TestGpu gpu;
    const auto shaders = gpu.testShaders();
    const gpu::ComputePipeline paint(shaders, {.name = "paint", .shader = "paint.comp"});
    auto image =
        colorImage(gpu.device(), "painted", VK_IMAGE_USAGE_STORAGE_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT);
    gpu::runNow(gpu.device(), "test", [&](gpu::CommandRecorder& commands) {
        commands.use({{image, gpu::use::kStorageImageWrite}});
        commands.bind(paint);
        commands.push({{0u, image}});
        commands.dispatch(kSize.width, kSize.height);
    });
    const auto picture = gpu::readback(gpu.device(), image);
    CHECK(pixel(picture, 0, 0) == std::array{0, 0, 7, 255});
    CHECK(pixel(picture, 36, 20) == std::array{36, 20, 7, 255});
    CHECK(pixel(picture, 5, 13) == std::array{5, 13, 7, 255});
}

TEST_CASE("a picture survives the way to the device and back") {
    test::TestGpu gpu;
    core::Image picture{13, 7, {}};
    for (std::size_t i = 0; i < 13 * 7 * 4; ++i) picture.rgba.push_back(static_cast<std::uint8_t>(i * 11));
    const auto image = gpu::makeImage(gpu.device(), "picture", picture);
    auto copy = gpu::Image(gpu.device(),
                           {.name = "copy",
                            .extent = {13, 7},
                            .usage = VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT});
    CHECK(image.history().layout() == VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL);
    // A sampled image is no transfer source; go through a pass that reads it instead.
    const auto shaders = gpu.testShaders();
    const gpu::GraphicsPipeline pipeline(shaders, {.name = "sample",
                                                   .vertexShader = "triangle.vert",
                                                   .fragmentShader = "triangle.frag",
                                                   .colors = {{}},
                                                   .cull = VK_CULL_MODE_NONE});
    auto target = colorImage(gpu.device(), "target",
                             VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT);
    const std::array<float, 9> corners{-1, -1, 0, 3, -1, 0, -1, 3, 0}; // covers everything
    const auto vertices = gpu::makeBuffer(gpu.device(), "vertices", VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
                                          std::as_bytes(std::span(corners)));
    const gpu::Sampler sampler(gpu.device(), {.name = "nearest", .filter = VK_FILTER_NEAREST});
    gpu::runNow(gpu.device(), "test", [&](gpu::CommandRecorder& commands) {
        commands.use({{image, gpu::use::kSampledInFragment}, {vertices, gpu::use::kVertexRead}});
        commands.beginRendering({.colors = {{.image = &target, .clear = VkClearColorValue{}}}});
        commands.bind(pipeline);
        commands.push({{2u, vertices}, {5u, image, sampler}});
        commands.pushConstants(std::array<float, 4>{1, 1, 1, 1});
        commands.draw(3);
        commands.endRendering();
        commands.clear(copy, {});
    });
    const auto drawn = gpu::readback(gpu.device(), target);
    CHECK(pixel(drawn, 20, 10) == pixel(picture, 0, 0));
}

TEST_CASE("the nearer of two triangles wins, with and without multisampling") {
    test::TestGpu gpu;
    auto& device = gpu.device();
    const int wantedSamples = GENERATE(1, 4);
    const VkSampleCountFlagBits samples = device.samples(wantedSamples);
    const auto shaders = gpu.testShaders();
    const gpu::GraphicsPipeline pipeline(shaders, {.name = "depth",
                                                   .vertexShader = "triangle.vert",
                                                   .fragmentShader = "triangle.frag",
                                                   .colors = {{}},
                                                   .depthFormat = VK_FORMAT_D32_SFLOAT,
                                                   .depth = gpu::DepthUse::TestAndWrite,
                                                   .cull = VK_CULL_MODE_NONE,
                                                   .samples = samples});
    const bool multisampled = samples != VK_SAMPLE_COUNT_1_BIT;
    auto color = colorImage(device, "color",
                            VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT, samples);
    auto resolved =
        colorImage(device, "resolved", VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT);
    const gpu::Image depth(device, {.name = "depth",
                                    .extent = kSize,
                                    .format = VK_FORMAT_D32_SFLOAT,
                                    .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT,
                                    .samples = samples});
    // Near one on the left half, far one everywhere, near one drawn first.
    const std::array<float, 18> corners{-1, -1, .2f, 0, -1, .2f, -1, 9, .2f,
                                        -1, -1, .8f, 3, -1, .8f, -1, 3, .8f};
    const auto vertices = gpu::makeBuffer(device, "vertices", VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
                                          std::as_bytes(std::span(corners)));
    const auto white = gpu::makeImage(device, "white", core::Image{1, 1, {255, 255, 255, 255}});
    const gpu::Sampler sampler(device, {.name = "nearest", .filter = VK_FILTER_NEAREST});
    gpu::runNow(device, "test", [&](gpu::CommandRecorder& commands) {
        commands.beginRendering({.colors = {{.image = &color,
                                             .clear = VkClearColorValue{},
                                             .resolve = multisampled ? &resolved : nullptr}},
                                 .depth = gpu::DepthAttachment{&depth, 1.f, false}});
        commands.bind(pipeline);
        commands.push({{2u, vertices}, {5u, white, sampler}});
        commands.pushConstants(std::array<float, 4>{1, 0, 0, 1});
        commands.draw(3);
        commands.pushConstants(std::array<float, 4>{0, 1, 0, 1});
        commands.draw(3, 1, 3);
        commands.endRendering();
    });
    const auto picture = gpu::readback(device, multisampled ? resolved : color);
    CHECK(pixel(picture, 2, 10) == std::array{255, 0, 0, 255});
    CHECK(pixel(picture, 30, 10) == std::array{0, 255, 0, 255});
}

TEST_CASE("a depth image cannot become a picture") {
    test::TestGpu gpu;
    const gpu::Image depth(gpu.device(), {.name = "depth",
                                          .extent = kSize,
                                          .format = VK_FORMAT_D32_SFLOAT,
                                          .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT |
                                                   VK_IMAGE_USAGE_TRANSFER_SRC_BIT});
    CHECK_THROWS_AS(gpu::readback(gpu.device(), depth), core::Error);
}
