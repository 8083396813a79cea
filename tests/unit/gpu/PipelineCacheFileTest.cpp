#include "gpu/PipelineCache.h"

#include <catch2/catch_test_macros.hpp>

using namespace pump::gpu;

namespace {
std::vector<std::byte> someBytes() {
    std::vector<std::byte> bytes(1000);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 7);
    return bytes;
}
} // namespace

TEST_CASE("a cache file gives back what was packed") {
    CHECK(unpackCacheFile(packCacheFile(someBytes())) == someBytes());
}

TEST_CASE("a cache file with any byte changed or cut off is refused") {
    const auto file = packCacheFile(someBytes());
    for (std::size_t i = 0; i < file.size(); ++i) {
        auto damaged = file;
        damaged[i] ^= std::byte{0x10};
        CHECK(unpackCacheFile(damaged).empty());
    }
    for (std::size_t length = 0; length < file.size(); ++length) {
        CHECK(unpackCacheFile(std::span(file).first(length)).empty());
    }
}
