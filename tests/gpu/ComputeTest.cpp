#include "core/Error.h"
#include "support/TestGpu.h"

#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

using namespace pump;
using Catch::Matchers::ContainsSubstring;

namespace {

struct FillConstants {
    std::uint32_t count;
    std::uint32_t base;
};

gpu::Buffer storageBuffer(gpu::Device& device, std::string_view name, VkDeviceSize bytes) {
    return gpu::Buffer(device,
                       {.name = name,
                        .size = bytes,
                        .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                                 VK_BUFFER_USAGE_TRANSFER_DST_BIT});
}

std::vector<std::uint32_t> readValues(gpu::Device& device, const gpu::Buffer& buffer) {
    const auto bytes = gpu::readback(device, buffer);
    std::vector<std::uint32_t> values(bytes.size() / 4);
    std::memcpy(values.data(), bytes.data(), values.size() * 4);
    return values;
}

std::string deviceMessage(auto&& action) {
    try {
        action();
    } catch (const core::Error& error) {
        return error.what();
    }
    return "no error";
}

/// fill, then double, with or without saying so between them.
void fillAndDouble(test::TestGpu& gpu, gpu::Buffer& values, gpu::Buffer& doubled, bool declare) {
    const auto shaders = gpu.testShaders();
    const gpu::ComputePipeline fill(shaders, {.name = "fill", .shader = "fill.comp"});
    const gpu::ComputePipeline twice(shaders, {.name = "double", .shader = "double.comp"});
    gpu::runNow(gpu.device(), "test", [&](gpu::CommandRecorder& commands) {
        commands.use({{values, gpu::use::kComputeWrite}, {doubled, gpu::use::kComputeWrite}});
        commands.bind(fill);
        commands.push({{0u, values}});
        commands.pushConstants(FillConstants{1000, 5});
        commands.dispatch(1000);
        if (declare) commands.use({{values, gpu::use::kComputeRead}});
        commands.bind(twice);
        commands.push({{0u, values}, {1u, doubled}});
        commands.pushConstants(std::uint32_t{1000});
        commands.dispatch(1000);
    });
}

} // namespace

TEST_CASE("a compute pass fills exactly its range") {
    test::TestGpu gpu;
    const auto shaders = gpu.testShaders();
    const gpu::ComputePipeline fill(shaders, {.name = "fill", .shader = "fill.comp"});
    CHECK(fill.localSize() == std::array<std::uint32_t, 3>{64, 1, 1});
    gpu::Buffer values = storageBuffer(gpu.device(), "values", 4096);
    gpu::runNow(gpu.device(), "test", [&](gpu::CommandRecorder& commands) {
        commands.fill({&values}, 0xffffffffu);
        commands.use({{values, gpu::use::kComputeWrite}});
        commands.bind(fill);
        commands.push({{0u, values}});
        commands.pushConstants(FillConstants{1000, 5});
        commands.dispatch(1000);
    });
    const auto result = readValues(gpu.device(), values);
    for (std::uint32_t i = 0; i < 1000; ++i) REQUIRE(result[i] == i + 5);
    for (std::uint32_t i = 1000; i < 1024; ++i) REQUIRE(result[i] == 0xffffffffu);
}

TEST_CASE("declared uses order two dependent passes, and validation agrees") {
    test::TestGpu gpu;
    auto values = storageBuffer(gpu.device(), "values", 4000);
    auto doubled = storageBuffer(gpu.device(), "doubled", 4000);
    fillAndDouble(gpu, values, doubled, true);
    const auto result = readValues(gpu.device(), doubled);
    for (std::uint32_t i = 0; i < 1000; ++i) REQUIRE(result[i] == 2 * (i + 5));
}

TEST_CASE("a missing declaration is reported by synchronization validation") {
    test::TestGpu gpu;
    auto values = storageBuffer(gpu.device(), "values", 4000);
    auto doubled = storageBuffer(gpu.device(), "doubled", 4000);
    fillAndDouble(gpu, values, doubled, false);
    const auto messages = gpu.takeMessages();
    REQUIRE_FALSE(messages.empty());
    CHECK_THAT(messages.front(), ContainsSubstring("READ_AFTER_WRITE"));
    CHECK_THAT(messages.front(), ContainsSubstring("values")); // objects are named
}

TEST_CASE("descriptor and push constant mistakes are told in our terms") {
    test::TestGpu gpu;
    const auto shaders = gpu.testShaders();
    const gpu::ComputePipeline fill(shaders, {.name = "fill", .shader = "fill.comp"});
    auto values = storageBuffer(gpu.device(), "values", 4000);
    gpu::runNow(gpu.device(), "test", [&](gpu::CommandRecorder& commands) {
        CHECK_THAT(deviceMessage([&] { commands.dispatch(1); }),
                   ContainsSubstring("before a pipeline was bound"));
        commands.bind(fill);
        CHECK_THAT(deviceMessage([&] {
                       commands.push({{3u, values}});
                   }),
                   ContainsSubstring("pipeline 'fill' has no binding 3"));
        CHECK_THAT(deviceMessage([&] { commands.dispatch(1); }), ContainsSubstring("binding 0"));
        commands.push({{0u, values}});
        CHECK_THAT(deviceMessage([&] { commands.dispatch(1); }),
                   ContainsSubstring("push constants were not given"));
        CHECK_THAT(deviceMessage([&] { commands.pushConstants(std::uint32_t{1}); }),
                   ContainsSubstring("wants 8 bytes of push constants, got 4"));
    });
}

TEST_CASE("sizes out of range are refused with names and numbers") {
    test::TestGpu gpu;
    auto& device = gpu.device();
    CHECK_THAT(deviceMessage([&] { storageBuffer(device, "nothing", 0); }),
               ContainsSubstring("buffer 'nothing'"));
    CHECK_THAT(deviceMessage([&] { storageBuffer(device, "huge", device.facts().maxStorageRange + 4); }),
               ContainsSubstring("buffer 'huge'"));
    const gpu::Buffer small(device, {.name = "small",
                                     .size = 16,
                                     .usage = VK_BUFFER_USAGE_TRANSFER_SRC_BIT,
                                     .intent = gpu::MemoryIntent::Upload});
    const std::vector<std::byte> bytes(17);
    CHECK_THAT(deviceMessage([&] { small.write(0, bytes); }),
               ContainsSubstring("writing 17 bytes at 0 goes beyond buffer 'small' of 16 bytes"));
    CHECK_THAT(deviceMessage([&] { small.write(~VkDeviceSize{0}, bytes); }),
               ContainsSubstring("goes beyond"));
    CHECK_THAT(deviceMessage([&] {
                   gpu::Image(device, {.name = "wide",
                                       .extent = {device.facts().maxImageSize + 1, 1},
                                       .usage = VK_IMAGE_USAGE_SAMPLED_BIT});
               }),
               ContainsSubstring("image 'wide'"));
    CHECK_THAT(deviceMessage([&] { gpu.testShaders().load("nowhere.comp"); }),
               ContainsSubstring("nowhere.comp"));
}

TEST_CASE("upload goes through staging as well as directly") {
    test::TestGpu gpu;
    std::vector<std::uint32_t> values(100'000);
    for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = i * 3;
    auto direct = gpu::makeBuffer(gpu.device(), "direct", VK_BUFFER_USAGE_TRANSFER_SRC_BIT,
                                  std::as_bytes(std::span(values)));
    CHECK(readValues(gpu.device(), direct) == values);

    gpu::FrameRing ring(gpu.device());
    auto target = storageBuffer(gpu.device(), "target", values.size() * 4);
    for (int round = 0; round < 5; ++round) { // more rounds than frames in flight
        for (auto& value : values) ++value;
        auto& frame = ring.begin();
        frame.update(target, 0, std::as_bytes(std::span(values)));
        ring.submit(frame);
    }
    ring.waitIdle();
    CHECK(readValues(gpu.device(), target) == values);
}

TEST_CASE("a view of a buffer gives its vectors bit by bit") {
    test::TestGpu gpu;
    const auto shaders = gpu.testShaders();
    const gpu::ComputePipeline copy(shaders, {.name = "texels", .shader = "texels.comp"});
    // Numbers as floats would not survive: small (denormal), not a number, infinite.
    std::vector<std::uint32_t> words;
    for (std::uint32_t i = 0; i < 400; ++i)
        words.push_back(i % 3 == 0 ? i : i % 3 == 1 ? 0x7fc00000u + i : 0xff800000u);
    gpu::Buffer result = storageBuffer(gpu.device(), "result", 1600);
    SECTION("of its own") {
        const gpu::Buffer table =
            gpu::makeBuffer(gpu.device(), "table", gpu::kTexels, std::as_bytes(std::span(words)));
        gpu::runNow(gpu.device(), "test", [&](gpu::CommandRecorder& commands) {
            commands.use({{table, gpu::use::kComputeTexels}, {result, gpu::use::kComputeWrite}});
            commands.bind(copy);
            commands.push({{0u, table}, {1u, result}});
            commands.pushConstants(std::uint32_t{100});
            commands.dispatch(100);
        });
    }
    SECTION("uploaded for a frame, frame after frame") {
        gpu::FrameRing ring(gpu.device());
        for (int i = 0; i < 5; ++i) {
            gpu::Frame& frame = ring.begin();
            (void)frame.upload(
                std::as_bytes(std::span(words).first(static_cast<std::size_t>(i)))); // moves the next one
            const auto table = frame.upload(std::span<const std::uint32_t>(words));
            frame.commands().use({{result, gpu::use::kComputeWrite}});
            frame.commands().bind(copy);
            frame.commands().push({{0u, table}, {1u, result}});
            frame.commands().pushConstants(std::uint32_t{100});
            frame.commands().dispatch(100);
            ring.submit(frame);
        }
        ring.waitIdle();
    }
    const auto got = readValues(gpu.device(), result);
    bool same = true;
    for (std::size_t i = 0; i < words.size(); ++i) same = same && got[i] == words[4 * (99 - i / 4) + i % 4];
    CHECK(same);
}
