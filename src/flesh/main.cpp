// leg-flesh: how the muscles of a built leg give way to bones and to each other, written beside it.
#include "flesh/Poses.h"
#include "flesh/Section.h"
#include "flesh/Shapes.h"

#include "builder/Solids.h"
#include "core/Error.h"
#include "core/Log.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <thread>

namespace {

using namespace pump;
namespace fs = std::filesystem;

constexpr std::array kFiles = {"leg.flesh", "leg-middle.flesh", "leg-low.flesh"};

std::uint32_t packed(const glm::vec3& v) {
    std::uint32_t word = 0;
    for (int c = 0; c < 3; ++c)
        word |= (static_cast<std::uint32_t>(std::lround(std::clamp(v[c], -511.0f, 511.0f))) & 1023u)
                << (10 * c);
    return word;
}

void forEach(std::size_t count, const std::function<void(std::size_t)>& work) {
    builder::parallelFor(count, std::max(1u, std::thread::hardware_concurrency()), work);
}

/// The shapes of one level of detail, carried over from the surface they were solved on.
std::vector<anatomy::CorrectionPart> partsOf(const anatomy::LegModel& leg, const anatomy::LegModel& solved,
                                             const flesh::Relaxer& relaxer,
                                             const flesh::FittedShapes& fitted) {
    std::vector<anatomy::CorrectionPart> parts;
    for (const anatomy::Structure& structure : leg.structures) {
        const auto& bodies = relaxer.bodies();
        std::size_t b = 0;
        while (b < bodies.size() &&
               solved.structures[static_cast<std::size_t>(bodies[b].structure)].id != structure.id)
            ++b;
        if (b == bodies.size()) continue;
        std::vector<glm::vec3> rest;
        for (std::uint32_t i = 0; i < bodies[b].count; ++i)
            rest.push_back(solved.vertices[bodies[b].first + i].position);
        const flesh::SurfaceGrid grid(rest, bodies[b].indices, 6);
        anatomy::CorrectionPart part{structure.id, {}};
        for (std::uint32_t i = 0; i < structure.vertexCount; ++i) {
            std::array<std::uint32_t, anatomy::kCorrectionShapes> words{};
            if (const auto place = grid.nearest(leg.vertices[structure.firstVertex + i].position))
                for (std::size_t k = 0; k < words.size(); ++k) {
                    glm::vec3 sum(0);
                    for (int c = 0; c < 3; ++c)
                        sum += fitted.shapes[k][relaxer.firstOf()[b] +
                                                bodies[b].indices[3 * place->triangle +
                                                                  static_cast<std::uint32_t>(c)]] *
                               place->shares[c];
                    words[k] = packed(sum);
                }
            part.offsets.push_back(words);
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

/// Puts the shapes of this level of detail into the leg.
std::vector<anatomy::CorrectionPart> giveShapes(anatomy::LegModel& leg, const anatomy::LegModel& solved,
                                                const flesh::Relaxer& relaxer,
                                                const flesh::FittedShapes& fitted) {
    const std::vector<anatomy::CorrectionPart> parts = partsOf(leg, solved, relaxer, fitted);
    leg.corrections = fitted.common;
    leg.corrections.firstOf.assign(leg.structures.size(), -1);
    for (const anatomy::CorrectionPart& part : parts) {
        const auto structure = leg.find(part.structure) - leg.structures.data();
        leg.corrections.firstOf[static_cast<std::size_t>(structure)] =
            static_cast<std::int32_t>(leg.corrections.offsets.size());
        leg.corrections.offsets.insert(leg.corrections.offsets.end(), part.offsets.begin(),
                                       part.offsets.end());
    }
    return parts;
}

/// Small offsets hold little of the shapes' energy but all of the volume: what they leave of it, the whole
/// muscle's width makes up for.
void widen(anatomy::LegModel& leg, const std::vector<flesh::ChosenPose>& poses,
           const std::vector<render::PoseFeatures>& features, flesh::FittedShapes& fitted) {
    constexpr int kTrials = 3;
    const render::LegTables tables = render::makeLegTables(leg);
    const render::MusclePoser poser(leg, tables);
    const flesh::Relaxer measure(leg, tables, poser);
    for (int trial = 0; trial < kTrials; ++trial) {
        forEach(poses.size() - 1, [&](std::size_t k) {
            const std::size_t i = k + 1; // not the first, at rest
            const std::vector<glm::vec3> posed = measure.posed(poses[i].sample);
            for (std::size_t b = 0; b < measure.bodies().size(); ++b) {
                const flesh::Body& body = measure.bodies()[b];
                if (body.slip) continue;
                const double volume = flesh::surfaceVolume(
                    std::span(posed).subspan(measure.firstOf()[b], body.count), body.indices);
                const int muscle = leg.structures[static_cast<std::size_t>(body.structure)].muscle;
                double& weight =
                    fitted.weights[i][static_cast<std::size_t>(muscle) * anatomy::kCorrectionWeights +
                                      anatomy::kCorrectionShapes];
                weight = (1 + weight) * std::sqrt(std::clamp(body.restVolume / volume, 0.8, 1.25)) - 1;
            }
        });
        leg.corrections.rows = fitted.common.rows = flesh::rowsThrough(features, fitted.weights);
    }
}

void run(const fs::path& folder, const fs::path& assets, std::size_t count) {
    const auto start = std::chrono::steady_clock::now();
    for (const char* name : kFiles) fs::remove(folder / name); // of a leg that was there before
    anatomy::LegModel low = anatomy::loadLeg(folder, anatomy::DetailLevel::Low);
    low.corrections = {};
    const render::LegTables tables = render::makeLegTables(low);
    const render::MusclePoser poser(low, tables);
    const flesh::Relaxer relaxer(low, tables, poser);
    const std::vector<flesh::ChosenPose> poses = flesh::choosePoses(low, assets, count);
    std::vector<std::vector<glm::vec3>> offsets(poses.size());
    forEach(poses.size(), [&](std::size_t i) { offsets[i] = relaxer.relax(poses[i].sample).offsets; });
    offsets.front().assign(offsets.front().size(), glm::vec3(0)); // at rest the leg is as built
    std::vector<render::PoseFeatures> features;
    for (const auto& pose : poses) features.push_back(pose.features);
    flesh::FittedShapes fitted = flesh::fitShapes(low, relaxer, features, offsets);
    // Coarse and fine surfaces do not hold the same share of a muscle: each is measured by itself, but the
    // finest, which hardly differs from the middle one.
    const auto write = [&](anatomy::DetailLevel level, const char* name, bool measured) {
        anatomy::LegModel leg = anatomy::loadLeg(folder, level);
        const std::vector<anatomy::CorrectionPart> parts = giveShapes(leg, low, relaxer, fitted);
        if (measured) widen(leg, poses, features, fitted);
        anatomy::writeCorrections(folder / name, fitted.common, parts);
    };
    write(anatomy::DetailLevel::Low, "leg-low.flesh", true);
    write(anatomy::DetailLevel::Middle, "leg-middle.flesh", true);
    write(anatomy::DetailLevel::High, "leg.flesh", false);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    core::logInfo("flesh of {} muscles in {} poses: {:.1f} s", low.rig.muscles.size(), poses.size(),
                  time.count());
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"Solves how the muscles of a built leg give way to bones and to each other in the movements "
                 "of Second "
                 "Heart, and writes leg*.flesh beside the leg; or draws a section of the moving calf.",
                 "leg-flesh"};
    std::string leg, assets, picture;
    std::size_t poses = 140;
    float height = 243; // 65 % of the shank
    app.add_option("leg", leg, "Folder of the built leg")->required()->check(CLI::ExistingDirectory);
    app.add_option("assets", assets, "Folder of the movements and the network")
        ->required()
        ->check(CLI::ExistingDirectory);
    app.add_option("--poses", poses, "How many poses are solved")->check(CLI::Range(2, 400));
    app.add_option("--section", picture,
                   "Draw sections of the calf at rest and at the top of a heel raise, side by side (PNG)");
    app.add_option("--height", height, "With --section: height of the cut at rest, mm above the ankle");
    CLI11_PARSE(app, argc, argv);
    try {
        if (picture.empty())
            run(leg, assets, poses);
        else
            core::writePng(picture,
                           flesh::sections(anatomy::loadLeg(leg, anatomy::DetailLevel::Middle), assets,
                                           {{"standing-still", 0.1}, {"heel-raise-hold", 1.6}}, height));
        return 0;
    } catch (const core::Error& error) {
        fmt::print(stderr, "leg-flesh: {}\n", error.what());
        return static_cast<int>(error.kind());
    }
}
