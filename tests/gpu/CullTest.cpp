// What is left out before drawing shows nothing, and much is left out.

#include "render/passes/CullPass.h"
#include "scene/OrbitCamera.h"
#include "scene/Pose.h"
#include "support/DeformOnDevice.h"
#include "support/SyntheticLeg.h"

#include <algorithm>
#include <cmath>

using namespace pump;

namespace {

constexpr VkExtent2D kSize{320, 180};

struct Counts {
    int needed = 0;  ///< triangles that face the eye and have the middle of a pixel well inside
    int missing = 0; ///< of these, left out
    int back = 0;    ///< clearly turned away
    int backKept = 0;
    std::size_t drawn = 0, all = 0;
    bool inOrder = true;
};

/// The synthetic leg at rest from a camera; solid or as ghosts.
Counts cullFrom(scene::NamedView view, float opacity) {
    test::TestGpu gpu;
    const anatomy::LegModel model = test::syntheticLeg();
    const gpu::ShaderLibrary shaders(gpu.device());
    render::LegDevice leg(gpu.device(), model);
    scene::OrbitCamera camera(model);
    camera.setViewport(kSize.width, kSize.height);
    camera.setView(view);
    camera.jump();
    scene::RenderInput input;
    input.camera = camera.view();
    input.joints = scene::Poser(model).joints({});
    input.muscles.resize(model.rig.muscles.size());
    for (const auto& vessel : model.rig.vessels)
        input.flows.resize(input.flows.size() + vessel.stretches.size());
    input.valves.resize(model.rig.valves.size());
    for (auto& layer : input.layers) layer.opacity = opacity;
    const auto deformed = test::deformOnDevice(gpu.device(), shaders, leg, input);

    const auto tables = render::makeFrameTables(leg.leg, leg.tables, leg.poser, input);
    const auto constants = render::frameConstants(input, leg.tables, {kSize, kSize}, {});
    const render::QualitySettings quality;
    auto list = render::makeDrawList(model, leg.tables.edges, tables, constants, false);
    render::CullPass pass(shaders);
    gpu::FrameRing ring(gpu.device());
    gpu::Frame& frame = ring.begin();
    const auto slices = test::upload(frame, tables, constants);
    render::Targets targets;
    targets.extent = kSize;
    targets.area = {{0, 0}, kSize};
    pass.record({frame, frame.commands(), input, tables, constants, leg, slices, targets, quality}, list);
    ring.submit(frame);
    ring.waitIdle();
    REQUIRE(list.draws);
    const auto left = test::readAs<std::uint32_t>(gpu.device(), *list.indices, list.indices->size() / 4);
    std::size_t ranges = 0;
    render::forEachRange(list, [&](render::DrawRange&) { ++ranges; });
    const auto draws = test::readAs<VkDrawIndexedIndirectCommand>(gpu.device(), *list.draws, ranges);
    const auto sorted = test::readAs<shared::DeformedVertex>(gpu.device(), leg.deformed, leg.vertexCount());

    Counts counts;
    render::forEachRange(list, [&](render::DrawRange& range) {
        const VkDrawIndexedIndirectCommand& draw = draws[range.draw];
        CHECK(draw.firstIndex == range.firstIndex);
        CHECK(draw.indexCount <= range.indexCount);
        CHECK(draw.instanceCount == 1);
        counts.drawn += draw.indexCount / 3;
        counts.all += range.indexCount / 3;
        std::uint32_t next = draw.firstIndex; // the next that was left
        for (std::uint32_t i = range.firstIndex; i < range.firstIndex + range.indexCount; i += 3) {
            const std::uint32_t* corners = &leg.tables.indices[i];
            const bool kept =
                next < draw.firstIndex + draw.indexCount && std::equal(corners, corners + 3, &left[next]);
            if (kept) next += 3;
            glm::dvec2 p[3];
            bool before = true; // the eye
            for (int k = 0; k < 3; ++k) {
                const glm::dvec4 clip = glm::dmat4(constants.viewProjection) *
                                        glm::dvec4(glm::dvec3(sorted[corners[k]].position), 1);
                before = before && clip.w > constants.nearPlane;
                p[k] = (glm::dvec2(clip) / clip.w * 0.5 + 0.5) * glm::dvec2(kSize.width, kSize.height);
            }
            if (!before) continue;
            const auto cross = [](glm::dvec2 a, glm::dvec2 b) { return a.x * b.y - a.y * b.x; };
            const double area = cross(p[1] - p[0], p[2] - p[0]);
            const double size = glm::length(p[1] - p[0]) + glm::length(p[2] - p[0]);
            if (area > 0.02 * size) {
                ++counts.back;
                counts.backKept += kept;
            }
            bool needed = false;
            const glm::dvec2 low = glm::min(p[0], glm::min(p[1], p[2])),
                             high = glm::max(p[0], glm::max(p[1], p[2]));
            for (double y = std::max(std::floor(low.y), 0.0) + 0.5; y < std::min(high.y, 180.0) && !needed;
                 ++y)
                for (double x = std::max(std::floor(low.x), 0.0) + 0.5;
                     x < std::min(high.x, 320.0) && !needed; ++x) {
                    const glm::dvec2 middle(x, y);
                    needed = true;
                    for (int k = 0; k < 3; ++k) {
                        const glm::dvec2 edge = p[(k + 1) % 3] - p[k];
                        needed = needed && cross(edge, middle - p[k]) < -0.005 * glm::length(edge);
                    }
                }
            if (!needed) continue;
            ++counts.needed;
            counts.missing += !kept;
        }
        counts.inOrder = counts.inOrder && next == draw.firstIndex + draw.indexCount;
    });
    return counts;
}

} // namespace

TEST_CASE("nothing that shows is left out, and what is turned away is", "[cull]") {
    for (const auto view : {scene::NamedView::WholeLeg, scene::NamedView::Calf, scene::NamedView::Valve})
        for (const float opacity : {1.0f, 0.4f}) {
            INFO(scene::viewId(view) << ", opacity " << opacity);
            const Counts counts = cullFrom(view, opacity);
            CHECK(counts.needed > 20);
            CHECK(counts.missing == 0);
            CHECK(counts.back > 50);
            CHECK(counts.backKept == 0);
            CHECK(counts.inOrder);
            CHECK(counts.drawn < counts.all / 2);
        }
}
