#include "gpu/Reflection.h"
#include "core/Error.h"
#include "EmbeddedShaders.h"
#include "gpu/Shader.h"
#include "support/TemporaryFolder.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>

using namespace pump;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::filesystem::path kShaders = "tests/gpu/shaders";

gpu::ShaderInterface reflectFile(const char* name) {
    return gpu::reflect(name, gpu::compileShader(kShaders / name));
}

std::string assetMessage(auto&& action) {
    try {
        action();
    } catch (const core::Error& error) {
        REQUIRE(error.kind() == core::ErrorKind::Asset);
        return error.what();
    }
    return "no error";
}

} // namespace

TEST_CASE("reflection finds every kind of binding, sorted, with its type") {
    const auto interface = reflectFile("everything.comp");
    struct Expected {
        std::uint32_t binding;
        VkDescriptorType type;
    };
    const std::vector<Expected> expected{{1, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER},
                                         {4, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER},
                                         {6, VK_DESCRIPTOR_TYPE_STORAGE_IMAGE},
                                         {7, VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE},
                                         {8, VK_DESCRIPTOR_TYPE_SAMPLER},
                                         {9, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER},
                                         {11, VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER}};
    REQUIRE(interface.bindings.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        CHECK(interface.bindings[i].binding == expected[i].binding);
        CHECK(interface.bindings[i].type == expected[i].type);
        CHECK(interface.bindings[i].count == 1);
        CHECK(interface.bindings[i].stages == VK_SHADER_STAGE_COMPUTE_BIT);
    }
    CHECK(interface.find(4u) == &interface.bindings[1]);
    CHECK(interface.find(2u) == nullptr);
}

TEST_CASE("reflection measures push constants, local size and specialization constants") {
    const auto interface = reflectFile("everything.comp");
    // scalar layout: mat4x3 = 4 columns of 12 bytes, 3 floats, vec3 + float, uint
    CHECK(interface.pushConstantBytes == 48 + 12 + 16 + 4);
    CHECK(interface.localSize == std::array<std::uint32_t, 3>{8, 2, 3});
    REQUIRE(interface.constants.size() == 1);
    CHECK(interface.constants[0].id == 3);
    CHECK(interface.constants[0].defaultValue == 5);
}

TEST_CASE("stages of one pipeline are merged") {
    const std::array stages{reflectFile("triangle.vert"), reflectFile("triangle.frag")};
    const auto merged = gpu::merge("triangle", stages);
    REQUIRE(merged.bindings.size() == 2);
    CHECK(merged.bindings[0].stages == VK_SHADER_STAGE_VERTEX_BIT);
    CHECK(merged.bindings[1].stages == VK_SHADER_STAGE_FRAGMENT_BIT);
    CHECK(merged.stages == (VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT));
    CHECK(merged.pushConstantBytes == 16);
    CHECK(merged.pushConstantStages == VK_SHADER_STAGE_FRAGMENT_BIT);
}

TEST_CASE("stages that disagree on a binding are refused") {
    auto other = reflectFile("triangle.frag");
    other.bindings[0].binding = 2; // where the vertex stage has a storage buffer
    const std::array stages{reflectFile("triangle.vert"), other};
    CHECK_THAT(assetMessage([&] { gpu::merge("triangle", stages); }),
               ContainsSubstring("pipeline 'triangle': its stages declare binding 2"));
}

TEST_CASE("broken SPIR-V is refused and named, wherever it is cut") {
    const auto spirv = gpu::compileShader(kShaders / "everything.comp");
    CHECK_THAT(assetMessage([] { gpu::reflect("empty.comp", {}); }),
               ContainsSubstring("shader 'empty.comp': is not SPIR-V"));
    auto otherMagic = spirv;
    otherMagic[0] = 0x464c457f;
    CHECK_THAT(assetMessage([&] { gpu::reflect("elf.comp", otherMagic); }),
               ContainsSubstring("is not SPIR-V"));
    const std::span<const std::uint32_t> words(spirv);
    CHECK_THAT(assetMessage([&] { gpu::reflect("cut.comp", words.first(7)); }),
               ContainsSubstring("shader 'cut.comp'"));
    for (std::size_t length = 0; length < words.size(); ++length) {
        try {
            gpu::reflect("cut.comp", words.first(length)); // may succeed once all declarations are there
        } catch (const core::Error& error) {
            CHECK(error.kind() == core::ErrorKind::Asset);
        }
    }
}

TEST_CASE("damaged words never do more than an error") {
    const auto spirv = gpu::compileShader(kShaders / "everything.comp");
    for (std::size_t i = 0; i < spirv.size(); ++i) {
        for (const std::uint32_t flip : {0x1u, 0x10000u, 0xffffffffu, 0x80u}) {
            auto damaged = spirv;
            damaged[i] ^= flip;
            try {
                gpu::reflect("damaged.comp", damaged);
            } catch (const core::Error& error) {
                CHECK(error.kind() == core::ErrorKind::Asset);
            }
        }
    }
}

TEST_CASE("every built-in shader can be reflected and fits the smallest push constant limit") {
    for (const auto& shader : shaders::embeddedShaders()) {
        CAPTURE(shader.name);
        const auto interface = gpu::reflect(shader.name, shader.spirv);
        CHECK(interface.pushConstantBytes <= 128);
        for (const auto& binding : interface.bindings) CHECK(binding.set == 0);
    }
}

TEST_CASE("glslc's complaint names file and line") {
    const test::TemporaryFolder folder;
    const auto file = folder.write("broken.comp", "#version 460\nvoid main() {\n  oops;\n}\n");
    CHECK_THAT(assetMessage([&] { gpu::compileShader(file); }), ContainsSubstring("broken.comp:3"));
}
