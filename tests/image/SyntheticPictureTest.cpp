#include "image/PictureScene.h"

#include "support/SyntheticLeg.h"
#include "support/TestGpu.h"

#include <cmath>

using namespace pump;
using anatomy::Layer;

namespace {

physiology::Network network() {
    physiology::Network net;
    for (const char* id : {"PTV1", "PTV2", "PTV3", "PTV4", "MV_P"}) {
        physiology::Segment segment;
        segment.id = id;
        net.segments.push_back(segment);
    }
    net.links.push_back({.from = 1, .to = 2, .kind = physiology::LinkKind::Valve});
    return net;
}

/// A state by formula: `contraction` 0 is quiet standing, 1 the top of a heel raise. No solver is involved.
physiology::SimSnapshot stateOf(double contraction, double opening) {
    physiology::SimSnapshot state;
    state.segments.resize(5);
    for (auto& segment : state.segments) {
        segment.areaMm2 = 28 * (1 - 0.7 * contraction);
        segment.areaRatio = 1.9 * (1 - 0.7 * contraction);
        segment.flowInMlS = segment.flowOutMlS = 1.5 * opening;
        segment.inflowMlS = 0.3;
    }
    state.links.resize(1);
    state.links[0].opening = opening;
    state.activation.fill(contraction);
    state.pose.ankleDorsiflexion = -0.55 * contraction;
    state.pose.footPitch = -0.55 * contraction;
    return state;
}

struct SyntheticStudio {
    anatomy::LegModel leg = test::syntheticLeg();
    physiology::Network net = network();
    double contraction = 0;
    double opening = 1;
    test::PictureStudio studio;

    explicit SyntheticStudio(gpu::Device& device)
        : studio(device, leg, net, stateOf(0, 1), [this](double) { return stateOf(contraction, opening); }) {}
};

test::PictureSetup setup(std::string name, scene::NamedView view) {
    test::PictureSetup result;
    result.name = std::move(name);
    result.view = view;
    result.quality.particles = 8192;
    return result;
}

} // namespace

TEST_CASE("the synthetic leg at rest and raised looks as it did", "[picture]") {
    test::TestGpu gpu;
    SyntheticStudio s(gpu.device());
    auto rest = setup("synthetic-rest", scene::NamedView::WholeLeg);
    test::checkAgainstBaseline(gpu.device(), rest.name, s.studio.draw(rest).image);
    s.contraction = 1;
    auto raised = setup("synthetic-raised", scene::NamedView::Medial);
    raised.settings.layer(Layer::Muscles).opacity = 1;
    test::checkAgainstBaseline(gpu.device(), raised.name, s.studio.draw(raised).image);
}

TEST_CASE("a valve from close by looks as it did, open and shut", "[picture]") {
    test::TestGpu gpu;
    SyntheticStudio s(gpu.device());
    for (const double opening : {1.0, 0.0}) {
        s.opening = opening;
        auto view =
            setup(opening > 0 ? "synthetic-valve-open" : "synthetic-valve-shut", scene::NamedView::Valve);
        view.valve = 0;
        view.settings.layer(Layer::Muscles).opacity = 0;
        view.settings.layer(Layer::Skin).opacity = 0;
        view.settings.layer(Layer::DeepVeins).opacity = 0.3f;
        view.quality.particles = 2048;
        test::checkAgainstBaseline(gpu.device(), view.name, s.studio.draw(view).image);
    }
}

TEST_CASE("each structure that is shown covers pixels", "[picture]") {
    test::TestGpu gpu;
    SyntheticStudio s(gpu.device());
    auto view = setup("coverage", scene::NamedView::WholeLeg);
    view.settleFrames = 2;
    CHECK(s.studio.coverage(view, "tibia") > 800);
    CHECK(s.studio.coverage(view, "gastrocnemius") > 800);
    CHECK(s.studio.coverage(view, "skin") > 2000);
    CHECK(s.studio.coverage(view, "posterior-tibial-vein") > 100);
    view.settings.layer(Layer::Skin).opacity = 0;
    CHECK(s.studio.coverage(view, "skin") == 0);
}

TEST_CASE("the same frames give the same picture to the byte", "[picture]") {
    test::TestGpu gpu;
    SyntheticStudio s(gpu.device());
    auto view = setup("determinism", scene::NamedView::Calf);
    view.settleFrames = 20;
    view.refineFrames = 3;
    const core::Image first = s.studio.draw(view).image;
    const core::Image second = s.studio.draw(view).image;
    CHECK(core::compareImages(first, second).maximum == 0);
}

TEST_CASE("at rest the picture is refined up to its samples and stays", "[picture]") {
    test::TestGpu gpu;
    SyntheticStudio s(gpu.device());
    auto view = setup("refine", scene::NamedView::WholeLeg);
    view.settleFrames = 2;
    const test::Picture rough = s.studio.draw(view);
    CHECK(rough.stats.accumulatedSamples == 1);
    view.refineFrames = 16;
    const test::Picture fine = s.studio.draw(view);
    CHECK(fine.stats.accumulatedSamples == 16);
    view.refineFrames = 20;
    const test::Picture later = s.studio.draw(view);
    CHECK(core::compareImages(fine.image, later.image).maximum == 0);
    CHECK(core::compareImages(fine.image, rough.image).maximum > 10);
}

TEST_CASE("pointing finds what is seen", "[picture]") {
    test::TestGpu gpu;
    SyntheticStudio s(gpu.device());
    auto view = setup("pick", scene::NamedView::Rear);
    view.settleFrames = 1;
    view.settings.layer(Layer::Muscles).opacity = 1;
    const glm::vec2 middle(test::kPictureWidth / 2, test::kPictureHeight / 2);
    const auto flesh = s.studio.draw(view, middle).pick;
    REQUIRE(flesh.hit());
    CHECK(s.leg.structures[static_cast<std::size_t>(flesh.structure)].id == "gastrocnemius");
    // The rear face of the muscle, in front of the leg's middle.
    CHECK(flesh.position.y < -50);
    view.settings.layer(Layer::Muscles).opacity = 0;
    const auto deeper = s.studio.draw(view, middle).pick;
    REQUIRE(deeper.hit());
    CHECK(deeper.distanceMm > flesh.distanceMm + 10);
    const auto nothing = s.studio.draw(view, {3, 3}).pick;
    INFO("structure " << nothing.structure << " at " << nothing.distanceMm << " mm");
    CHECK_FALSE(nothing.hit());
}

TEST_CASE("both tiers draw the same scene", "[picture]") {
    test::TestGpu gpu;
    SyntheticStudio s(gpu.device());
    auto view = setup("tiers", scene::NamedView::Calf);
    const core::Image software = s.studio.draw(view).image;
    view.quality.tier = render::Tier::Gpu;
    view.quality.samples = 4;
    const core::Image device = s.studio.draw(view).image;
    test::checkAgainstBaseline(gpu.device(), "synthetic-gpu-tier", device);
    // Not equal: cells are lit differently and edges are smoothed; but the same picture.
    double sum = 0;
    for (std::size_t i = 0; i < software.rgba.size(); ++i) sum += std::abs(software.rgba[i] - device.rgba[i]);
    CHECK(sum / static_cast<double>(software.rgba.size()) < 4.0);
}
