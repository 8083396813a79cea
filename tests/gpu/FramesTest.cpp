#include "core/Error.h"
#include "support/TemporaryFolder.h"
#include "support/TestGpu.h"

#include <catch2/matchers/catch_matchers_string.hpp>

#include <chrono>
#include <fstream>

using namespace pump;
using Catch::Matchers::ContainsSubstring;

namespace {

double nowMs() {
    using namespace std::chrono;
    return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

TEST_CASE("a retired object lives until its frame is finished") {
    test::TestGpu gpu;
    auto& device = gpu.device();
    gpu::FrameRing ring(device, 2);
    auto& frame = ring.begin();
    const auto before = device.allocations();
    gpu::Buffer buffer(device,
                       {.name = "short-lived", .size = 64, .usage = VK_BUFFER_USAGE_TRANSFER_DST_BIT});
    frame.commands().fill({&buffer}, 1);
    frame.retire(std::move(buffer));
    ring.submit(frame);
    CHECK(device.allocations() == before + 1);
    ring.submit(ring.begin()); // the other slot
    CHECK(device.allocations() == before + 1);
    ring.submit(ring.begin()); // the first slot again: its work is done
    CHECK(device.allocations() == before);
}

TEST_CASE("upload space grows with need and then stays") {
    test::TestGpu gpu;
    auto& device = gpu.device();
    gpu::FrameRing ring(device, 2);
    const std::vector<std::uint32_t> large(1'000'000, 7);
    VkDeviceSize settled = 0;
    for (int i = 0; i < 8; ++i) {
        auto& frame = ring.begin();
        const auto a = frame.uploadValue(std::uint32_t{1});
        const auto b = frame.upload(std::span<const std::uint32_t>(large));
        const auto c = frame.uploadValue(std::uint32_t{2});
        CHECK(a.buffer->mappedAs<std::uint32_t>()[a.offset / 4] == 1);
        CHECK(b.buffer->mappedAs<std::uint32_t>()[b.offset / 4 + large.size() - 1] == 7);
        CHECK(c.buffer->mappedAs<std::uint32_t>()[c.offset / 4] == 2);
        CHECK(b.offset % device.facts().storageAlignment == 0);
        ring.submit(frame);
        if (i == 4) settled = device.allocatedBytes();
        if (i > 4) CHECK(device.allocatedBytes() == settled);
    }
    ring.waitIdle();
}

TEST_CASE("pass times are there a frame or two later and no longer than the frame took") {
    test::TestGpu gpu;
    auto& device = gpu.device();
    if (!device.facts().timestamps) SKIP("this device has no timestamps");
    gpu::FrameRing ring(device, 2);
    const auto shaders = gpu.testShaders();
    const gpu::ComputePipeline fill(shaders, {.name = "fill", .shader = "fill.comp"});
    constexpr std::uint32_t kCount = 4'000'000;
    const gpu::Buffer values(
        device, {.name = "values", .size = kCount * 4, .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT});
    const double start = nowMs();
    auto& frame = ring.begin();
    {
        const auto outer = frame.commands().scope("outer");
        const auto inner = frame.commands().scope("fill");
        frame.commands().use({{values, gpu::use::kComputeWrite}});
        frame.commands().bind(fill);
        frame.commands().push({{0u, values}});
        frame.commands().pushConstants(std::array<std::uint32_t, 2>{kCount, 0});
        frame.commands().dispatch(kCount);
    }
    ring.submit(frame);
    CHECK(ring.passTimes().empty());
    ring.waitIdle();
    const double wall = nowMs() - start;
    const auto& times = ring.passTimes();
    REQUIRE(times.size() == 2);
    CHECK(times[0].name == "outer");
    CHECK(times[1].name == "fill");
    CHECK(times[1].milliseconds > 0.001); // 16 MB cannot be written in a microsecond
    CHECK(times[0].milliseconds >= times[1].milliseconds);
    CHECK(times[0].milliseconds <= wall);
}

TEST_CASE("timestamps can be switched off") {
    test::TestGpu gpu;
    gpu::FrameRing ring(gpu.device(), 2);
    ring.setTimestamps(false);
    auto& frame = ring.begin();
    { const auto scope = frame.commands().scope("nothing"); }
    ring.submit(frame);
    ring.waitIdle();
    CHECK(ring.passTimes().empty());
}

TEST_CASE("the pipeline cache comes back from disk, and a damaged file is replaced") {
    const test::TemporaryFolder folder;
    std::filesystem::path file;
    const auto makePipeline = [](test::TestGpu& gpu) {
        const auto shaders = gpu.testShaders();
        const gpu::ComputePipeline fill(shaders, {.name = "fill", .shader = "fill.comp"});
    };
    {
        test::TestGpu gpu(folder.path());
        CHECK_FALSE(gpu.device().cacheFile().loadedFromDisk());
        makePipeline(gpu);
        file = gpu.device().cacheFile().file();
    }
    REQUIRE(std::filesystem::exists(file));
    const auto files = std::distance(std::filesystem::directory_iterator(folder.path()), {});
    CHECK(files == 1); // nothing left beside it
    {
        test::TestGpu gpu(folder.path());
        CHECK(gpu.device().cacheFile().loadedFromDisk());
        makePipeline(gpu);
    }
    {
        std::ofstream damage(file, std::ios::binary | std::ios::in | std::ios::out);
        damage.seekp(30);
        damage.write("damage", 6);
    }
    {
        test::TestGpu gpu(folder.path());
        CHECK_FALSE(gpu.device().cacheFile().loadedFromDisk());
        makePipeline(gpu);
    }
    test::TestGpu gpu(folder.path());
    CHECK(gpu.device().cacheFile().loadedFromDisk());
}

TEST_CASE("a cache folder that cannot be written costs nothing but time") {
    const test::TemporaryFolder folder;
    const auto notAFolder = folder.path() / "file";
    std::ofstream(notAFolder) << "in the way";
    test::TestGpu gpu(notAFolder);
    CHECK_FALSE(gpu.device().cacheFile().loadedFromDisk());
}

TEST_CASE("shaders are reloaded when a file of the folder changes") {
    const test::TemporaryFolder folder;
    test::TestGpu gpu;
    std::filesystem::copy_file("tests/gpu/shaders/fill.comp", folder.path() / "fill.comp");
    gpu::ShaderLibrary shaders(gpu.device(), folder.path());
    CHECK(shaders.load("fill.comp").interface().pushConstantBytes == 8);
    CHECK_FALSE(shaders.changed());
    CHECK_THROWS_AS(gpu::ShaderLibrary(gpu.device(), folder.path() / "nowhere"), core::Error);
    std::ofstream(folder.path() / "fill.comp.spv") << "not SPIR-V!!"; // 12 bytes
    CHECK_THROWS_AS(shaders.load("fill.comp"), core::Error);
}

TEST_CASE("at least one device is listed with name, driver and version") {
    const gpu::Instance instance;
    const auto reports = gpu::listDevices(instance);
    REQUIRE_FALSE(reports.empty());
    CHECK_FALSE(reports[0].name.empty());
    CHECK_FALSE(reports[0].driver.empty());
    CHECK_THAT(gpu::describeDevices(reports), ContainsSubstring(reports[0].name));
}

TEST_CASE("asking for an unknown extension names it") {
    try {
        const gpu::Instance instance({.extensions = {"VK_KHR_no_such_thing"}});
        FAIL("no error");
    } catch (const core::Error& error) {
        CHECK(error.kind() == core::ErrorKind::Device);
        CHECK_THAT(error.what(), ContainsSubstring("VK_KHR_no_such_thing"));
    }
}
