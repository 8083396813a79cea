#include "image/PictureScene.h"

#include "gpu/Transfer.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace pump::test {

namespace {

const std::filesystem::path kBaselines = "tests/image/baselines";
const std::filesystem::path kActual = "tests/image/actual";
constexpr double kFrameSeconds = 1.0 / 30;

std::string baselineDriver() {
    std::ifstream file(kBaselines / "driver.txt");
    std::string line;
    std::getline(file, line);
    return line;
}

std::string driverOf(const gpu::Device& device) {
    return device.report().driver;
}

} // namespace

PictureStudio::PictureStudio(gpu::Device& device, const anatomy::LegModel& leg,
                             const physiology::Network& network, const physiology::SimSnapshot& quiet,
                             SnapshotAt snapshots)
    : m_device(device),
      m_shaders(device),
      m_leg(leg),
      m_builder(leg, network, quiet),
      m_snapshots(std::move(snapshots)) {}

Picture PictureStudio::draw(const PictureSetup& setup, glm::vec2 pointer) {
    render::RendererDesc desc{.device = m_device,
                              .shaders = m_shaders,
                              .quality = setup.quality,
                              .extent = {kPictureWidth, kPictureHeight}};
    desc.legs[static_cast<std::size_t>(setup.quality.detail)] = &m_leg;
    gpu::FrameRing ring(m_device);
    render::Renderer renderer(desc);
    scene::OrbitCamera camera(m_leg);
    camera.setViewport(kPictureWidth, kPictureHeight);
    if (setup.valve >= 0)
        camera.setValveView(setup.valve);
    else
        camera.setView(setup.view);
    camera.jump();
    scene::ViewSettings settings = setup.settings;
    settings.pointer = pointer;
    for (std::size_t i = 0; i < m_leg.structures.size(); ++i)
        if (m_leg.structures[i].id == setup.highlighted) settings.highlighted = static_cast<int>(i);
    std::uint32_t number = 0;
    auto frame = [&](double seconds, bool still) {
        const auto input =
            m_builder.build(m_snapshots(seconds), settings, camera.view(),
                            {.simulatedSeconds = still ? 0.0f : static_cast<float>(kFrameSeconds),
                             .frame = number++,
                             .still = still});
        gpu::Frame& open = ring.begin();
        renderer.render(open, input);
        ring.submit(open);
    };
    for (int i = 0; i < setup.settleFrames; ++i) frame(i * kFrameSeconds, false);
    const double last = (setup.settleFrames - 1) * kFrameSeconds;
    for (int i = 0; i < setup.refineFrames; ++i) frame(last, true);
    if (pointer.x >= 0) // the answer comes when a frame's slot is used again
        for (int i = 0; i < 3; ++i) frame(last, true);
    ring.waitIdle();
    return {gpu::readback(m_device, renderer.image()), renderer.stats(), renderer.pick()};
}

int PictureStudio::coverage(PictureSetup setup, const std::string& structure) {
    const core::Image with = draw(setup).image;
    setup.settings.hidden.assign(m_leg.structures.size(), 0);
    bool found = false;
    for (std::size_t i = 0; i < m_leg.structures.size(); ++i)
        if (m_leg.structures[i].id == structure) {
            setup.settings.hidden[i] = 1;
            found = true;
        }
    REQUIRE(found);
    const core::Image without = draw(setup).image;
    int changed = 0;
    for (int y = 0; y < with.height; ++y)
        for (int x = 0; x < with.width; ++x) {
            int most = 0;
            for (int c = 0; c < 3; ++c)
                most = std::max(most, std::abs(with.pixel(x, y)[c] - without.pixel(x, y)[c]));
            if (most > 4) ++changed;
        }
    return changed;
}

void checkAgainstBaseline(const gpu::Device& device, const std::string& name, const core::Image& actual) {
    const std::filesystem::path file = kBaselines / (name + ".png");
    if (std::getenv("SECOND_HEART_UPDATE_BASELINES")) {
        std::filesystem::create_directories(kBaselines);
        core::writePng(file, actual);
        std::ofstream(kBaselines / "driver.txt") << driverOf(device) << "\n";
        SUCCEED("baseline replaced: " << file.string());
        return;
    }
    INFO("baseline " << file.string() << "; SECOND_HEART_UPDATE_BASELINES=1 replaces it");
    REQUIRE(std::filesystem::exists(file));
    const core::Image expected = core::readPng(file);
    REQUIRE(expected.width == actual.width);
    REQUIRE(expected.height == actual.height);
    const core::ImageDifference difference = core::compareImages(actual, expected);
    const bool sameDriver = driverOf(device) == baselineDriver();
    const bool good = sameDriver ? difference.maximum <= 2 : difference.outsideShare <= 0.001;
    if (!good) {
        std::filesystem::create_directories(kActual);
        core::writePng(kActual / (name + "-actual.png"), actual);
        core::writePng(kActual / (name + "-expected.png"), expected);
        core::writePng(kActual / (name + "-difference.png"), core::differenceHeatMap(actual, expected));
    }
    INFO("maximum difference " << difference.maximum << "/255, mean square " << difference.meanSquare
                               << ", share outside the neighbourhood " << difference.outsideShare
                               << "; pictures in " << kActual.string());
    CHECK(good);
}

} // namespace pump::test
