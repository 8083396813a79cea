#include "support/SyntheticLeg.h"

#include "core/HashRandom.h"
#include "render/DeformReference.h"
#include "render/PickChunks.h"
#include "scene/Pose.h"

#include <catch2/catch_test_macros.hpp>

#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <limits>

using namespace pump;

namespace {

/// Distance at which the ray meets the triangle from outside; negative: it does not (Moeller & Trumbore
/// 1997).
float meets(const std::array<glm::vec3, 3>& corners, glm::vec3 origin, glm::vec3 direction) {
    const glm::vec3 ab = corners[1] - corners[0], ac = corners[2] - corners[0];
    const glm::vec3 p = glm::cross(direction, ac);
    const float det = glm::dot(ab, p);
    if (!(det > 1e-9f)) return -1;
    const glm::vec3 s = origin - corners[0], q = glm::cross(s, ab);
    const float u = glm::dot(s, p), w = glm::dot(direction, q);
    if (u < 0 || w < 0 || u + w > det) return -1;
    return glm::dot(ac, q) / det;
}

} // namespace

TEST_CASE("a box that joints carry holds what they carry") {
    const render::Box rest{{-1, -2, 10}, {1, 2, 60}};
    const std::vector<glm::mat4> joints{glm::mat4(1), glm::rotate(glm::mat4(1), 1.5f, glm::vec3(1, 0, 0))};
    const render::Box box = render::carriedBox(rest, scene::jointPoses(joints), render::kAllJoints, 0);
    for (int corner = 0; corner < 8; ++corner) {
        const glm::vec4 p((corner & 1) ? rest.high.x : rest.low.x, (corner & 2) ? rest.high.y : rest.low.y,
                          (corner & 4) ? rest.high.z : rest.low.z, 1);
        for (const float share : {0.0f, 0.3f, 1.0f}) {
            const glm::vec3 blended = glm::mix(glm::vec3(joints[0] * p), glm::vec3(joints[1] * p), share);
            CHECK(glm::all(glm::lessThanEqual(box.low - 1e-3f, blended)));
            CHECK(glm::all(glm::lessThanEqual(blended, box.high + 1e-3f)));
        }
    }
    CHECK(render::meetsRay(box, {0, 0, 100}, {0, 0, -1}));
    CHECK_FALSE(render::meetsRay(box, {0, 0, 100}, {0, 0, 1}));
    CHECK_FALSE(render::meetsRay(box, {100, 0, 20}, {0, 1, 0}));
}

TEST_CASE("what a ray hits first lies in the chunks that are searched, and they are few") {
    const anatomy::LegModel leg = test::syntheticLeg();
    const render::LegTables tables = render::makeLegTables(leg);
    const render::MusclePoser poser(leg, tables);
    scene::RenderInput input;
    input.joints.assign(leg.rig.joints.size(), glm::mat4(1));
    if (input.joints.size() > 1) input.joints[1] = glm::rotate(glm::mat4(1), -0.5f, glm::vec3(1, 0, 0));
    input.muscles.assign(leg.rig.muscles.size(), {0.8f, 30.0f});
    for (const auto& vessel : leg.rig.vessels)
        input.flows.resize(input.flows.size() + vessel.stretches.size());
    input.valves.resize(leg.rig.valves.size());
    for (auto& layer : input.layers) layer.opacity = 1;
    const render::FrameTables frame = render::makeFrameTables(leg, tables, poser, input);
    shared::DeformReference reference(tables, frame, 1);
    const auto chunks = render::makePickChunks(leg, tables);

    std::uint32_t all = 0;
    for (const auto& chunk : chunks) all += chunk.triangles.indexCount;
    REQUIRE(all == tables.indices.size());

    std::uint64_t searched = 0;
    int hits = 0;
    constexpr int kRays = 60;
    for (std::uint32_t ray = 0; ray < kRays; ++ray) {
        auto random = [&](std::uint32_t step) {
            return static_cast<float>(core::hashUniform(1, ray, step)) * 2 - 1;
        };
        shared::FrameConstants constants{};
        constants.rayOrigin = glm::vec3(random(0) * 600, 900, 200 + random(1) * 300);
        const glm::vec3 target(random(2) * 60, random(3) * 60, 150 + random(4) * 220);
        constants.rayDirection = glm::normalize(target - constants.rayOrigin);
        const auto ranges = render::chunksOnRay(chunks, frame, constants);
        for (const auto& range : ranges) searched += range.indexCount;
        float nearest = std::numeric_limits<float>::max();
        std::uint32_t first = 0;
        for (std::uint32_t i = 0; i < tables.indices.size(); i += 3) {
            std::array<glm::vec3, 3> corners{};
            for (std::uint32_t k = 0; k < 3; ++k)
                corners[k] = reference.vertex(tables.indices[i + k]).position;
            const float distance = meets(corners, constants.rayOrigin, constants.rayDirection);
            if (distance < 0 || distance >= nearest) continue;
            nearest = distance;
            first = i;
        }
        if (nearest == std::numeric_limits<float>::max()) continue;
        ++hits;
        const bool found = std::any_of(ranges.begin(), ranges.end(), [&](const render::DrawRange& range) {
            return first >= range.firstIndex && first < range.firstIndex + range.indexCount;
        });
        CHECK(found);
    }
    CHECK(hits > kRays / 4);
    CHECK(searched < std::uint64_t{kRays} * all * 3 / 4);
}
