#include "anatomy/Catalogue.h"
#include "anatomy/LegModel.h"
#include "builder/Intersect.h"
#include "builder/LegTables.h"
#include "builder/Report.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>

using namespace pump;
using anatomy::DetailLevel;
using anatomy::LegModel;
using anatomy::Structure;
using anatomy::Tissue;

namespace {

/// The leg of the build tree, as the program loads it; each level is read once for all tests.
const LegModel& leg(DetailLevel level) {
    static const std::array<LegModel, 3> kLegs = {anatomy::loadLeg(PUMP_LEG, DetailLevel::High),
                                                  anatomy::loadLeg(PUMP_LEG, DetailLevel::Middle),
                                                  anatomy::loadLeg(PUMP_LEG, DetailLevel::Low)};
    return kLegs[static_cast<std::size_t>(level)];
}

constexpr std::array<DetailLevel, 3> kLevels = {DetailLevel::High, DetailLevel::Middle, DetailLevel::Low};

} // namespace

TEST_CASE("each level has its triangles and the same structures") {
    CHECK(leg(DetailLevel::High).indices.size() / 3 > 570000);
    CHECK(leg(DetailLevel::High).indices.size() / 3 < 630000);
    CHECK(leg(DetailLevel::Middle).indices.size() / 3 > 323000);
    CHECK(leg(DetailLevel::Middle).indices.size() / 3 < 355000);
    CHECK(leg(DetailLevel::Low).indices.size() / 3 < 95000);
    for (const DetailLevel level : kLevels) {
        REQUIRE(leg(level).structures.size() == leg(DetailLevel::High).structures.size());
        for (std::size_t i = 0; i < leg(level).structures.size(); ++i)
            CHECK(leg(level).structures[i].id == leg(DetailLevel::High).structures[i].id);
    }
}

TEST_CASE("no surface passes through itself, at any level") {
    for (const DetailLevel level : kLevels)
        for (const Structure& structure : leg(level).structures) {
            INFO(structure.id << " at level " << static_cast<int>(level));
            CHECK(builder::selfIntersections(builder::weldedMesh(leg(level), structure)).empty());
        }
}

TEST_CASE("the leg has the structures that the pump needs, each named for visitors and for anatomists") {
    for (const char* id : {"femur",
                           "patella",
                           "tibia",
                           "fibula",
                           "talus",
                           "calcaneus",
                           "navicular",
                           "cuboid",
                           "medial-cuneiform",
                           "metatarsals-1",
                           "metatarsals-5",
                           "phalanges-distal-1",
                           "phalanges-middle-2",
                           "gastrocnemius-medial-head",
                           "gastrocnemius-lateral-head",
                           "soleus",
                           "calcaneal-tendon",
                           "plantaris",
                           "popliteus",
                           "tibialis-posterior",
                           "flexor-digitorum-longus",
                           "flexor-hallucis-longus",
                           "tibialis-anterior",
                           "extensor-digitorum-longus",
                           "extensor-hallucis-longus",
                           "fibularis-longus",
                           "fibularis-brevis",
                           "fibularis-tertius",
                           "rectus-femoris",
                           "semitendinosus",
                           "skin-leg",
                           "crural-fascia",
                           "subcutaneous-tissue",
                           "popliteal-artery",
                           "popliteal-vein",
                           "great-saphenous-vein",
                           "small-saphenous-vein",
                           "tibial-nerve",
                           "medial-plantar-nerve",
                           "lateral-plantar-nerve",
                           "medial-sural-cutaneous-nerve",
                           "lateral-sural-cutaneous-nerve",
                           "femoral-nerve",
                           "saphenous-nerve",
                           "extensor-retinaculum-superior",
                           "extensor-retinaculum-inferior",
                           "flexor-retinaculum-ankle",
                           "fibular-retinaculum-superior",
                           "plantar-aponeurosis",
                           "septum-anterior-leg",
                           "septum-posterior-leg",
                           "septum-transverse-leg",
                           "interosseous-membrane-leg",
                           "menisci-medial",
                           "menisci-lateral",
                           "articular-cartilage-tibia",
                           "nails-1",
                           "nails-5",
                           "quadratus-plantae",
                           "adductor-hallucis-1",
                           "superficial-lymphatic-vessels-1",
                           "thigh-extension",
                           "external-iliac-vein",
                           "inferior-vena-cava-2",
                           "right-atrium",
                           "genicular-arteries-1"}) {
        INFO(id);
        const Structure* structure = leg(DetailLevel::Low).find(id);
        REQUIRE(structure);
        CHECK_FALSE(structure->english.empty());
        CHECK_FALSE(structure->plain.empty());
        CHECK_FALSE(structure->purpose.empty());
    }
}

TEST_CASE("every term of the catalogue is drawn, or is no thing of its own") {
    const std::set<std::string> kNotDrawn = {
        // Landmarks: parts of a bone.
        "tibial-plateau", "tibial-tuberosity", "soleal-line", "medial-malleolus", "head-of-fibula",
        "neck-of-fibula", "lateral-malleolus", "calcaneal-tuberosity", "sustentaculum-tali",
        // Joints and other places between structures.
        "knee-joint", "tibiofibular-joint-superior", "tibiofibular-syndesmosis", "ankle-joint",
        "subtalar-joint", "mtp-joints", "adductor-canal", "adductor-hiatus", "saphenous-hiatus",
        "saphenofemoral-junction", "saphenopopliteal-junction",
        // Names for several structures that are drawn under their own: valves under the segments they part.
        "triceps-surae", "sural-veins", "perforating-veins", "venous-valve", "valve-cusp", "valve-sinus",
        "valve-terminal-gsv", "valve-preterminal-gsv", "valve-spj", "valve-common-femoral", "valve-femoral",
        "valve-popliteal", "valve-tibial", "valve-gastrocnemius", "valve-soleal", "valve-gsv-trunk",
        "valve-ssv-trunk", "valve-perforator",
        // Regions of the skin.
        "region-anterior-thigh", "region-posterior-thigh", "region-anterior-knee", "popliteal-fossa",
        "region-anterior-leg", "region-posterior-leg", "calf", "gaiter-area", "region-medial-retromalleolar",
        "region-lateral-retromalleolar", "heel", "dorsum-of-foot", "sole", "great-toe",
        // Wholly above the cut of the limb.
        "pectineus", "adductor-brevis", "adductor-minimus",
        // Paths of blood without a wall.
        "venular-bed"};
    const anatomy::Catalogue catalogue(std::filesystem::path(PUMP_TABLES) / "catalogue.json");
    for (const anatomy::CatalogueRow& row : catalogue.rows()) {
        INFO(row.id);
        const auto& structures = leg(DetailLevel::High).structures;
        const bool drawn = std::any_of(structures.begin(), structures.end(), [&](const Structure& structure) {
            return structure.id == row.id || structure.id.starts_with(row.id + "-");
        });
        CHECK(drawn != kNotDrawn.contains(row.id));
    }
}

TEST_CASE("ids are unique and vertices carry weights and tissue values within their meaning") {
    const LegModel& model = leg(DetailLevel::Low);
    std::set<std::string> ids;
    for (const Structure& structure : model.structures) {
        INFO(structure.id);
        CHECK(ids.insert(structure.id).second);
        REQUIRE(structure.indexCount > 0);
        bool weightsOk = true, jointsOk = true, tissueOk = true, normalsOk = true;
        for (std::uint32_t v = 0; v < structure.vertexCount; ++v) {
            const anatomy::Vertex& vertex = model.vertices[structure.firstVertex + v];
            int sum = 0;
            for (std::size_t k = 0; k < 4; ++k) {
                sum += vertex.weights[k];
                jointsOk = jointsOk && (vertex.weights[k] == 0 || vertex.joints[k] < model.rig.joints.size());
            }
            weightsOk = weightsOk && sum == 255;
            normalsOk = normalsOk && std::abs(glm::length(vertex.normal) - 1.0f) < 1e-3f;
            const auto& t = vertex.tissue;
            if (structure.tissue == Tissue::Muscle && structure.muscle >= 0) {
                const auto& muscle = model.rig.muscles[static_cast<std::size_t>(structure.muscle)];
                tissueOk =
                    tissueOk && t[0] >= -0.01f && t[0] <= muscle.arc.back() + 0.1f && t[1] >= 0 && t[1] <= 1;
            }
            if (structure.tissue == Tissue::Skin)
                tissueOk = tissueOk && t[0] >= -1 && t[0] < static_cast<float>(model.rig.muscles.size()) &&
                           t[2] >= 0 && t[2] <= 1 && t[3] >= 0;
            if (structure.tissue == Tissue::Valve)
                tissueOk = tissueOk && t[0] >= 0 && t[0] < static_cast<float>(model.rig.valves.size());
        }
        CHECK(weightsOk);
        CHECK(jointsOk);
        CHECK(tissueOk);
        CHECK(normalsOk);
    }
}

TEST_CASE("the rig bends from the hip to the toes, and has muscles that know where they lie") {
    const anatomy::Rig& rig = leg(DetailLevel::Low).rig;
    const char* const chain[] = {"thigh", "shank", "patella", "talus", "foot", "forefoot", "toes"};
    REQUIRE(rig.joints.size() == std::size(chain));
    for (std::size_t i = 0; i < rig.joints.size(); ++i) CHECK(rig.joints[i].id == chain[i]);
    CHECK(rig.joints[0].parent == -1);
    CHECK(rig.joints[1].path.size() > 2); // the knee rolls
    for (const anatomy::MuscleRig& muscle : rig.muscles) {
        INFO(muscle.id);
        CHECK(muscle.bellyStart < muscle.bellyEnd);
        CHECK(muscle.bellyEnd <= muscle.arc.back() + 0.01f);
        CHECK(muscle.anchor.size() == muscle.line.size());
        CHECK(muscle.line.front().z > muscle.line.back().z - 60.0f);
    }
    const auto soleus = std::find_if(rig.muscles.begin(), rig.muscles.end(),
                                     [](const auto& muscle) { return muscle.id == "soleus"; });
    REQUIRE(soleus != rig.muscles.end());
    CHECK(soleus->line.back().z < 0); // its line goes on through the heel tendon to the heel
    for (const anatomy::MuscleRig& muscle : rig.muscles)
        if (muscle.id == "gastrocnemius-medial-head") CHECK(muscle.ridesOn == soleus - rig.muscles.begin());
    const auto slip = std::find_if(rig.muscles.begin(), rig.muscles.end(),
                                   [](const auto& muscle) { return muscle.id == "fibularis-tertius"; });
    REQUIRE(slip != rig.muscles.end());
    REQUIRE(slip->along >= 0);
    const anatomy::MuscleRig& whole = rig.muscles[static_cast<std::size_t>(slip->along)];
    CHECK(whole.id == "extensor-digitorum-longus");
    CHECK(slip->line == whole.line);
    CHECK(slip->bellyEnd == whole.bellyEnd);
}

TEST_CASE("the built leg holds what the measured leg and the literature ask") {
    // Where the built leg falls short, and why. A check that passes again must leave this list.
    const std::set<std::string> kKnown = {
        // Between bone, bundles and tendons there is not the room that is asked.
        "area: gastrocnemius-lateral-head at 50 %",
        "volume: adductor-longus",
        // A muscle that grows against bone, membrane and neighbours on one side moves its middle away from
        // them, as far as the lean toward its measured place does not hold it: all of them have their areas,
        // and what leaves one middle takes room from the next muscle.
        "centre: gastrocnemius-lateral-head at 50 %",
        "centre: extensor-digitorum-longus at 50 %",
        "centre: extensor-digitorum-longus at 75 %",
        "centre: fibularis-longus at 50 %",
        "centre: fibularis-longus at 75 %",
        "centre: flexor-digitorum-longus at 50 %",
        "centre: flexor-hallucis-longus at 50 %",
        "centre: tibialis-anterior at 50 %",
        "centre: tibialis-anterior at 75 %",
        "centre: tibialis-posterior at 50 %",
        "centre: tibialis-posterior at 75 %",
    };
    const builder::Report report =
        builder::reportLeg(builder::readLegTables(PUMP_TABLES), leg(DetailLevel::High));
    std::set<std::string> failed;
    for (const builder::Check& check : report.failures()) {
        if (check.subject.starts_with("all ")) continue; // the sum of rows that are here by themselves
        const std::string name = check.group + ": " + check.subject;
        failed.insert(name);
        INFO(name << " is " << check.value << ", wanted " << check.wanted << " " << check.unit);
        CHECK(kKnown.contains(name));
    }
    for (const std::string& name : kKnown) {
        INFO(name << " passes now");
        CHECK(failed.contains(name));
    }
}
