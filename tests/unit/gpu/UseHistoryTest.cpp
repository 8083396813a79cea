#include "gpu/Barriers.h"

#include <catch2/catch_test_macros.hpp>

using namespace pump::gpu;

namespace {
UseHistory bufferHistory() {
    return UseHistory(UseHistory::Kind::Buffer);
}
UseHistory imageHistory() {
    return UseHistory(UseHistory::Kind::Image);
}
} // namespace

TEST_CASE("the first use of a buffer waits for nothing") {
    auto history = bufferHistory();
    CHECK_FALSE(history.advance(use::kComputeWrite));
}

TEST_CASE("a read after a write waits for the write") {
    auto history = bufferHistory();
    history.advance(use::kComputeWrite);
    const auto dependency = history.advance(use::kVertexRead);
    REQUIRE(dependency);
    CHECK(dependency->fromStages == use::kComputeWrite.stages);
    CHECK(dependency->fromAccess == use::kComputeWrite.access);
    CHECK(dependency->toStages == use::kVertexRead.stages);
    CHECK(dependency->toAccess == use::kVertexRead.access);
}

TEST_CASE("the same read twice waits once; another kind of read waits for the write too") {
    auto history = bufferHistory();
    history.advance(use::kComputeWrite);
    history.advance(use::kVertexRead);
    CHECK_FALSE(history.advance(use::kVertexRead));
    const auto dependency = history.advance(use::kIndirectRead);
    REQUIRE(dependency);
    CHECK(dependency->fromAccess == use::kComputeWrite.access);
}

TEST_CASE("reads that saw the write in different stages do not vouch for a third") {
    auto history = bufferHistory();
    history.advance(use::kComputeWrite);
    history.advance({VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT, VK_ACCESS_2_SHADER_STORAGE_READ_BIT});
    history.advance({VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT, VK_ACCESS_2_UNIFORM_READ_BIT});
    CHECK(history.advance({VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT, VK_ACCESS_2_UNIFORM_READ_BIT}));
}

TEST_CASE("a write after reads waits for all of them") {
    auto history = bufferHistory();
    history.advance(use::kComputeWrite);
    history.advance(use::kVertexRead);
    history.advance(use::kFragmentRead);
    const auto dependency = history.advance(use::kTransferWrite);
    REQUIRE(dependency);
    CHECK((dependency->fromStages & use::kVertexRead.stages));
    CHECK((dependency->fromStages & use::kFragmentRead.stages));
    CHECK(history.advance(use::kTransferWrite)); // write after write
}

TEST_CASE("an image's first use changes its layout, from nothing to wait for") {
    auto history = imageHistory();
    const auto dependency = history.advance(use::kColorAttachment);
    REQUIRE(dependency);
    CHECK(dependency->fromStages == VK_PIPELINE_STAGE_2_NONE);
    CHECK(dependency->fromLayout == VK_IMAGE_LAYOUT_UNDEFINED);
    CHECK(dependency->toLayout == VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL);
}

TEST_CASE("a change of layout counts as a write for the reads behind it") {
    auto history = imageHistory();
    history.advance(use::kColorAttachment);
    history.advance(use::kSampledInFragment);
    const auto dependency = history.advance(use::kSampledInCompute);
    REQUIRE(dependency);
    CHECK(dependency->fromStages == use::kSampledInFragment.stages);
    CHECK(dependency->fromLayout == dependency->toLayout);
    CHECK_FALSE(history.advance(use::kSampledInFragment));
}

TEST_CASE("discarding lets go of the content but not of the order") {
    auto history = imageHistory();
    history.advance(use::kSampledInFragment);
    Use draw = use::kColorAttachment;
    draw.discard = true;
    const auto dependency = history.advance(draw);
    REQUIRE(dependency);
    CHECK(dependency->fromLayout == VK_IMAGE_LAYOUT_UNDEFINED);
    CHECK(dependency->fromStages == use::kSampledInFragment.stages);
}
