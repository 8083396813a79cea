#include "app/Legs.h"

#include "core/AssetPaths.h"
#include "core/Error.h"
#include "core/Log.h"
#include "support/TemporaryFolder.h"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <cstdlib>
#include <thread>

using namespace pump;
using anatomy::DetailLevel;

namespace {

const anatomy::LegModel* at(const app::Legs& legs, DetailLevel level) {
    return legs.byLevel()[static_cast<std::size_t>(level)];
}

/// Asks until the level has come or reading has taken far longer than it ever does.
bool arrives(app::Legs& legs) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
        if (legs.takeArrival()) return true;
        std::this_thread::yield();
    }
    return false;
}

} // namespace

TEST_CASE("a level of detail is read when it is asked for, and the first one stays") {
    app::Legs legs({}, DetailLevel::Low);
    const auto* first = &legs.reference();
    CHECK(at(legs, DetailLevel::Low) == first);
    CHECK(at(legs, DetailLevel::Middle) == nullptr);
    CHECK(legs.available(DetailLevel::Middle) == DetailLevel::Low);
    CHECK_FALSE(legs.takeArrival());

    legs.request(DetailLevel::Middle);
    REQUIRE(arrives(legs));
    CHECK_FALSE(legs.takeArrival()); // told once
    CHECK(&legs.reference() == first);
    CHECK(legs.available(DetailLevel::Middle) == DetailLevel::Middle);
    const auto* middle = at(legs, DetailLevel::Middle);
    REQUIRE(middle);
    CHECK(middle->indices.size() > first->indices.size());
    REQUIRE(middle->structures.size() == first->structures.size());
    CHECK(middle->structures.back().id == first->structures.back().id);
}

TEST_CASE("legs read ahead begin with the level that the device asks for, guessed or not") {
    for (const auto first : {DetailLevel::Low, DetailLevel::Middle}) {
        app::LegsAhead ahead({}, DetailLevel::Low);
        const auto legs = ahead.take(first);
        CHECK(&legs->reference() == at(*legs, first));
        CHECK(at(*legs, DetailLevel::Low));
        CHECK(legs->available(DetailLevel::High) == first);
    }
    app::LegsAhead missing("no-such-folder", DetailLevel::Low);
    CHECK_THROWS_AS(missing.take(DetailLevel::Low), core::Error);
}

TEST_CASE("a level that cannot be read is told and does without") {
    const test::TemporaryFolder own;
    const std::filesystem::path& folder = own.path();
    for (const char* file : {"leg-low.glb", "leg.rig.json", "catalogue.json"}) {
        std::filesystem::create_symlink(std::filesystem::absolute(core::assetPath("anatomy") / file),
                                        folder / file);
    }
    const auto level = core::logLevel();
    core::setLogLevel(core::LogLevel::Quiet);
    {
        app::Legs legs(folder, DetailLevel::Low);
        legs.request(DetailLevel::High);
        while (legs.reading() && !legs.takeArrival()) std::this_thread::yield();
        CHECK(legs.available(DetailLevel::High) == DetailLevel::Low);
        legs.request(DetailLevel::High); // not tried again
        CHECK_FALSE(legs.reading());
    }
    core::setLogLevel(level);
}
