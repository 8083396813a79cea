#include "image/PictureScene.h"

#include "core/AssetPaths.h"
#include "physiology/Simulation.h"
#include "support/TestGpu.h"

#include <algorithm>

using namespace pump;
using anatomy::Layer;

namespace {

/// The product's own leg, driven by its own simulation.
struct LegStudio {
    anatomy::LegModel leg = anatomy::loadLeg(core::assetPath("anatomy"), anatomy::DetailLevel::Low);
    physiology::Simulation simulation{core::assetDirectory(), {}};
    physiology::SimSnapshot quiet = simulation.snapshot();
    std::vector<physiology::SimSnapshot> states; ///< one a frame of 1/30 s
    int first = 0;                               ///< frame that a picture starts with
    test::PictureStudio studio;

    explicit LegStudio(gpu::Device& device)
        : studio(device, leg, simulation.network(), quiet, [this](double seconds) {
              const int frame = first + static_cast<int>(seconds * 30 + 0.5);
              while (static_cast<int>(states.size()) <= frame) {
                  const double until = static_cast<double>(states.size()) / 30;
                  while (simulation.snapshot().timeS < until - 1e-9) simulation.step();
                  states.push_back(simulation.snapshot());
              }
              return states[static_cast<std::size_t>(frame)];
          }) {}

    /// Frame within the first six seconds where the heel stands highest.
    int topOfRaise() {
        first = 0;
        int best = 0;
        double pitch = 0.1;
        for (int i = 0; i < 180; ++i) {
            while (static_cast<int>(states.size()) <= i) {
                const double until = static_cast<double>(states.size()) / 30;
                while (simulation.snapshot().timeS < until - 1e-9) simulation.step();
                states.push_back(simulation.snapshot());
            }
            if (states[static_cast<std::size_t>(i)].pose.footPitch < pitch - 0.006) {
                pitch = states[static_cast<std::size_t>(i)].pose.footPitch;
                best = i;
            }
        }
        return best;
    }
};

} // namespace

TEST_CASE("the product's leg looks as it did", "[picture][leg]") {
    test::TestGpu gpu;
    LegStudio s(gpu.device());
    const int top = s.topOfRaise();
    REQUIRE(top > 12);
    struct Case {
        const char* name;
        scene::NamedView view;
        int frame;
        float muscles, skin;
        const char* visible;
        int pixels;
    };
    const Case cases[] = {
        {"leg-default-rest", scene::NamedView::Default, 0, 0.48f, 0.2f, "tibia", 400},
        {"leg-default-raised", scene::NamedView::Default, top - 11, 0.48f, 0.2f, "soleus", 200},
        {"leg-medial-raised", scene::NamedView::Medial, top - 11, 0.48f, 0.2f, "calcaneus", 60},
        {"leg-muscles-rear", scene::NamedView::Rear, 0, 1, 0, "gastrocnemius-medial-head", 300},
        {"leg-calf-veins", scene::NamedView::Calf, 0, 0.2f, 0, "", 0},
        {"leg-skin-lateral", scene::NamedView::Lateral, 0, 0.48f, 1, "skin", 3000},
        {"leg-foot", scene::NamedView::Foot, 0, 0, 0, "calcaneus", 300},
    };
    for (const Case& c : cases) {
        test::PictureSetup setup;
        setup.name = c.name;
        setup.view = c.view;
        setup.settings.layer(Layer::Muscles).opacity = c.muscles;
        setup.settings.layer(Layer::Skin).opacity = c.skin;
        setup.quality.particles = 32768;
        s.first = c.frame;
        INFO(c.name);
        test::checkAgainstBaseline(gpu.device(), c.name, s.studio.draw(setup).image);
        if (c.pixels > 0 && s.leg.find(c.visible)) CHECK(s.studio.coverage(setup, c.visible) > c.pixels);
    }
}
