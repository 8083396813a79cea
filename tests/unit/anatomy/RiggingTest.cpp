#include "builder/Rigging.h"
#include "builder/LegTables.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>

using namespace pump;

namespace {

const std::vector<anatomy::Joint>& joints() {
    static const std::vector<anatomy::Joint> kJoints = builder::readJoints("assets/anatomy");
    return kJoints;
}

float share(glm::vec3 p, std::string_view id) {
    const builder::JointWeights weights = builder::softWeights(joints(), p);
    float sum = 0;
    for (std::size_t k = 0; k < 4; ++k)
        if (joints()[weights.joints[k]].id == id) sum += static_cast<float>(weights.weights[k]) / 255.0f;
    return sum;
}

} // namespace

TEST_CASE("away from the joints flesh follows one bone", "[rigging]") {
    CHECK(share({0, -60, 560}, "thigh") == 1);
    CHECK(share({0, 20, 580}, "thigh") == 1);
    CHECK(share({0, -65, 250}, "shank") == 1);
    CHECK(share({8, 41, 336}, "shank") > 0.95f); // the tuberosity
    CHECK(share({0, -40, -50}, "foot") == 1);
    CHECK(share({45, 150, -55}, "toes") == 1);
    CHECK(share({9, 46, 397}, "patella") > 0.95f); // the skin over the kneecap
}

TEST_CASE("weights add up everywhere", "[rigging]") {
    for (float z = -62; z < 600; z += 7)
        for (float y = -70; y < 160; y += 11) {
            const auto weights = builder::softWeights(joints(), {5, y, z});
            CHECK(weights.weights[0] + weights.weights[1] + weights.weights[2] + weights.weights[3] == 255);
        }
}

TEST_CASE("behind the knee flesh is squeezed by a bend of 100 degrees, but never turned inside out",
          "[rigging]") {
    // A place at angle a round the axis comes to a - bend * share(a): that has to rise with a.
    const glm::vec3 axis = joints()[1].pivot;
    const float bend = glm::radians(100.0f);
    for (const float radius : {30.0f, 45.0f, 60.0f}) {
        float last = 1e9f;
        for (float degrees = 88; degrees > -88; degrees -= 4) {
            const float a = glm::radians(degrees);
            const glm::vec3 p = axis + glm::vec3(0, -radius * std::cos(a), radius * std::sin(a));
            const float shank = share(p, "shank"); // a flexed shank comes up behind
            const float turned = a + bend * shank;
            INFO("radius " << radius << " mm, " << degrees << " degrees");
            CHECK(turned < last);
            last = turned;
        }
    }
}

TEST_CASE("above the heel and on the toes a bend folds no skin", "[rigging]") {
    SECTION("the foot stretched down by 55 degrees, 50 mm behind the ankle") {
        float last = 1e9f;
        for (float degrees = 70; degrees > -30; degrees -= 2) {
            const float a = glm::radians(degrees);
            const glm::vec3 p(0, -50 * std::cos(a), 50 * std::sin(a));
            const float shank = share(p, "shank"); // the heel comes up behind
            const float turned = a + glm::radians(55.0f) * (1 - shank);
            INFO(degrees << " degrees");
            CHECK(turned < last);
            last = turned;
        }
    }
    SECTION("toes bent up by 65 degrees, up to 24 mm above their axis") {
        const auto toes = std::find_if(joints().begin(), joints().end(),
                                       [](const auto& joint) { return joint.id == "toes"; });
        const glm::vec3 forward = glm::normalize(glm::cross(glm::vec3(0, 0, 1), toes->axis));
        for (const float height : {12.0f, 18.0f, 24.0f}) {
            float last = -1e9f;
            for (float ahead = -45; ahead < 45; ahead += 1.5f) {
                const glm::vec3 p = toes->pivot + forward * ahead + glm::vec3(0, 0, height);
                // Angle back from the vertical through the axis; the toes turn back too.
                const float turned = std::atan2(ahead, height) - glm::radians(65.0f) * share(p, "toes");
                INFO(height << " mm above, " << ahead << " mm ahead");
                CHECK(turned > last);
                last = turned;
            }
        }
    }
}
