// leg-flesh: how the muscles of a built leg give way to bones, each other and the skin, written beside it.
#include "flesh/Poses.h"
#include "flesh/Section.h"
#include "flesh/Settle.h"
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

constexpr float kOutside = 1, kCarried = 6; // mm

/// The shapes carried over from the surface they were solved on to that of another level of detail.
flesh::FittedShapes carried(const anatomy::LegModel& leg, const flesh::Relaxer& level,
                            const anatomy::LegModel& solved, const flesh::Relaxer& relaxer,
                            const flesh::FittedShapes& fitted) {
    flesh::FittedShapes result = fitted;
    for (auto& shape : result.shapes) shape.assign(level.firstOf().back(), glm::vec3(0));
    const auto idOf = [](const anatomy::LegModel& of, const flesh::Body& body) {
        return of.structures[static_cast<std::size_t>(body.structure)].id;
    };
    for (std::size_t to = 0; to < level.bodies().size(); ++to) {
        const auto& bodies = relaxer.bodies();
        std::size_t b = 0;
        while (b < bodies.size() && idOf(solved, bodies[b]) != idOf(leg, level.bodies()[to])) ++b;
        if (b == bodies.size()) continue;
        std::vector<glm::vec3> rest;
        for (std::uint32_t i = 0; i < bodies[b].count; ++i)
            rest.push_back(solved.vertices[bodies[b].first + i].position);
        const flesh::SurfaceTree tree(rest, bodies[b].indices);
        for (std::uint32_t i = 0; i < level.bodies()[to].count; ++i) {
            // From a little outside: on its own side of a strap.
            const anatomy::Vertex& vertex = leg.vertices[level.bodies()[to].first + i];
            const auto place = tree.nearest(vertex.position + vertex.normal * kOutside, kCarried);
            if (!place) continue;
            for (std::size_t k = 0; k < anatomy::kCorrectionShapes; ++k)
                for (std::uint32_t c = 0; c < 3; ++c)
                    result.shapes[k][level.firstOf()[to] + i] +=
                        fitted.shapes[k][relaxer.firstOf()[b] + bodies[b].indices[3 * place->triangle + c]] *
                        place->shares[static_cast<int>(c)];
        }
    }
    return result;
}

/// Puts the shapes of its level of detail into the leg.
std::vector<anatomy::CorrectionPart> giveShapes(anatomy::LegModel& leg, const flesh::Relaxer& level,
                                                const flesh::FittedShapes& fitted) {
    std::vector<anatomy::CorrectionPart> parts;
    leg.corrections = fitted.common;
    leg.corrections.firstOf.assign(leg.structures.size(), -1);
    for (std::size_t b = 0; b < level.bodies().size(); ++b) {
        const auto structure = static_cast<std::size_t>(level.bodies()[b].structure);
        anatomy::CorrectionPart part{leg.structures[structure].id, {}};
        for (std::size_t i = level.firstOf()[b]; i < level.firstOf()[b + 1]; ++i) {
            std::array<std::uint32_t, anatomy::kCorrectionShapes> words{};
            for (std::size_t k = 0; k < words.size(); ++k) words[k] = packed(fitted.shapes[k][i]);
            part.offsets.push_back(words);
        }
        leg.corrections.firstOf[structure] = static_cast<std::int32_t>(leg.corrections.offsets.size());
        leg.corrections.offsets.insert(leg.corrections.offsets.end(), part.offsets.begin(),
                                       part.offsets.end());
        parts.push_back(std::move(part));
    }
    return parts;
}

constexpr double kAll = 1e9, kSlips = 2e4; // mm^3
constexpr int kTrials = 3;                 // of what is measured and mended by turns

/// Small offsets hold little of the shapes' energy but all of the volume: what they leave of it, the whole
/// muscle's width makes up for. Of muscles up to the volume `largest`, mm^3.
void widen(anatomy::LegModel& leg, const std::vector<flesh::ChosenPose>& poses,
           const std::vector<render::PoseFeatures>& features, flesh::FittedShapes& fitted, double largest) {
    const render::LegTables tables = render::makeLegTables(leg);
    const render::MusclePoser poser(leg, tables);
    const flesh::Relaxer measure(leg, tables, poser, flesh::Contacts::Unknown);
    for (int trial = 0; trial < kTrials; ++trial) {
        forEach(poses.size() - 1, [&](std::size_t k) {
            const std::size_t i = k + 1; // not the first, at rest
            const render::FrameTables frame = measure.frameOf(poses[i].sample);
            for (std::size_t b = 0; b < measure.bodies().size(); ++b) {
                const flesh::Body& body = measure.bodies()[b];
                if (body.slip || body.restVolume > largest) continue;
                const auto muscle =
                    static_cast<std::size_t>(leg.structures[static_cast<std::size_t>(body.structure)].muscle);
                flesh::Placement placed;
                measure.place(frame, b, placed);
                const double volume = flesh::surfaceVolume(placed.position, body.indices);
                double& weight =
                    fitted.weights[i][muscle * anatomy::kCorrectionWeights + anatomy::kCorrectionShapes];
                weight = (1 + weight) * std::sqrt(std::clamp(body.restVolume / volume, 0.8, 1.25)) - 1;
            }
        });
        leg.corrections.rows = fitted.common.rows = flesh::rowsThrough(features, fitted.weights);
    }
}

/// Offsets of each pose, found from those of the pose that is nearest to it on the way from rest: what a
/// contact has moved aside stays aside, and nothing starts so deep in its neighbour that it comes out behind.
std::vector<std::vector<glm::vec3>> relaxed(const flesh::Relaxer& relaxer,
                                            const std::vector<flesh::ChosenPose>& poses) {
    std::vector<std::vector<glm::vec3>> offsets(poses.size());
    offsets.front().assign(relaxer.firstOf().back(), glm::vec3(0)); // at rest the leg is as built
    const std::vector<std::size_t> before = flesh::shortestTree(poses);
    std::vector<std::size_t> last = {0}, next;
    while (!last.empty()) {
        next.clear();
        for (std::size_t i = 1; i < poses.size(); ++i)
            if (std::find(last.begin(), last.end(), before[i]) != last.end()) next.push_back(i);
        forEach(next.size(), [&](std::size_t k) {
            offsets[next[k]] = relaxer.relax(poses[next[k]].sample, offsets[before[next[k]]]);
        });
        last = next;
    }
    return offsets;
}

void run(const fs::path& folder, const fs::path& assets, std::size_t count, std::size_t between) {
    const auto start = std::chrono::steady_clock::now();
    for (const char* name : kFiles) fs::remove(folder / name); // of a leg that was there before
    anatomy::LegModel low = anatomy::loadLeg(folder, anatomy::DetailLevel::Low);
    low.corrections = {};
    const render::LegTables tables = render::makeLegTables(low);
    const render::MusclePoser poser(low, tables);
    const flesh::Relaxer relaxer(low, tables, poser);
    const flesh::PoseChoice choice = flesh::choosePoses(low, assets, count, between);
    const std::vector<flesh::ChosenPose>& poses = choice.solved;
    std::vector<render::PoseFeatures> features;
    for (const auto& pose : poses) features.push_back(pose.features);
    flesh::FittedShapes fitted = flesh::fitShapes(low, relaxer, features, relaxed(relaxer, poses));
    flesh::settle(low, relaxer, choice, fitted);
    // Coarse and fine surfaces do not hold the same share of a muscle: each is measured by itself, but of the
    // finest, which hardly differs from the middle one, only the slips.
    const auto write = [&](anatomy::DetailLevel detail, const char* name, double measured) {
        anatomy::LegModel leg = anatomy::loadLeg(folder, detail);
        leg.corrections = {};
        const render::LegTables plain = render::makeLegTables(leg);
        const render::MusclePoser plainPoser(leg, plain);
        const flesh::Relaxer level(leg, plain, plainPoser, flesh::Contacts::Unknown);
        flesh::FittedShapes shapes = carried(leg, level, low, relaxer, fitted);
        const std::size_t left = flesh::settle(leg, level, choice, shapes);
        const std::vector<anatomy::CorrectionPart> parts = giveShapes(leg, level, shapes);
        widen(leg, poses, features, shapes, measured);
        for (std::size_t i = 0; i < poses.size(); ++i)
            for (std::size_t m = 0; m < leg.rig.muscles.size(); ++m) {
                const std::size_t w = m * anatomy::kCorrectionWeights + anatomy::kCorrectionShapes;
                fitted.weights[i][w] = shapes.weights[i][w]; // also for the next level
            }
        anatomy::writeCorrections(folder / name, shapes.common, parts);
        core::logInfo("{}: {} triangles turned over", name, left);
    };
    write(anatomy::DetailLevel::Low, "leg-low.flesh", kAll);
    write(anatomy::DetailLevel::Middle, "leg-middle.flesh", kAll);
    write(anatomy::DetailLevel::High, "leg.flesh", kSlips);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    core::logInfo("flesh of {} muscles in {} poses and {} between them: {:.1f} s", low.rig.muscles.size(),
                  poses.size(), choice.between.size(), time.count());
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"Solves how the muscles of a built leg give way to bones, to each other and to the skin in "
                 "the movements of "
                 "Second Heart, mends triangles that turn over, and writes leg*.flesh beside the leg; or "
                 "draws a section of the moving calf.",
                 "leg-flesh"};
    std::string leg, assets, picture;
    std::size_t poses = 180, between = 180;
    float height = 243; // 65 % of the shank
    app.add_option("leg", leg, "Folder of the built leg")->required()->check(CLI::ExistingDirectory);
    app.add_option("assets", assets, "Folder of the movements and the network")
        ->required()
        ->check(CLI::ExistingDirectory);
    app.add_option("--poses", poses, "How many poses are solved")->check(CLI::Range(2, 400));
    app.add_option("--between", between, "How many more are looked at that lie between these")
        ->check(CLI::Range(0, 2000));
    app.add_option("--section", picture,
                   "Draw sections of the calf at rest and at the top of a heel raise, side by side (PNG)");
    app.add_option("--height", height, "With --section: height of the cut at rest, mm above the ankle");
    CLI11_PARSE(app, argc, argv);
    try {
        if (picture.empty())
            run(leg, assets, poses, between);
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
