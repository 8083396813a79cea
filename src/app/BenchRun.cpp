#include "app/BenchRun.h"

#include "app/BenchStage.h"
#include "core/Error.h"

#include <nlohmann/json.hpp>

#include <glm/gtc/constants.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace pump::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kTickS = 1.0 / 30; ///< time that passes for the leg in each frame, whatever it took
constexpr int kWarmUpFrames = 10;
constexpr std::size_t kFewestFrames = 20;
constexpr int kPassFrames = 20;

/// What makes a workload: cells, samples, and what is changed before drawing.
struct Recipe {
    std::uint32_t cells = 0;
    int samples = 1;
    bool panel = false;
    bool moving = true; ///< the leg; else it stands still and paused
    bool orbit = false; ///< round the leg, all layers solid, without those that cover the rest
    bool cellsOnly = false;
};

Recipe recipeOf(std::string_view id) {
    if (id == "A") return {.moving = false, .orbit = true};
    if (id == "A4x") return {.samples = 4, .moving = false, .orbit = true};
    if (id == "B16k") return {.cells = 16384, .cellsOnly = true};
    if (id == "B65k") return {.cells = 65536, .cellsOnly = true};
    if (id == "B262k") return {.cells = 262144, .cellsOnly = true};
    if (id == "C") return {.cells = 65536, .panel = true};
    if (id == "C4x") return {.cells = 65536, .samples = 4, .panel = true};
    return {.panel = true};
}

/// Turns the camera by an angle round the leg's long axis.
void orbit(scene::CameraView& camera, float angle) {
    const glm::mat4 turn = glm::rotate(glm::mat4(1), angle, glm::vec3(0, 0, 1));
    camera.view = camera.view * turn;
    camera.eye = glm::vec3(glm::inverse(turn) * glm::vec4(camera.eye, 1));
}

BenchStage::Change changeOf(const Recipe& recipe, std::size_t structures) {
    return [recipe, structures](scene::RenderInput& input, std::uint64_t frame) {
        if (recipe.orbit) {
            constexpr std::uint64_t kFramesPerTurn = 120;
            orbit(input.camera,
                  glm::two_pi<float>() * static_cast<float>(frame % kFramesPerTurn) / kFramesPerTurn);
            input.still = false;
            for (std::size_t layer = 0; layer < input.layers.size(); ++layer) {
                input.layers[layer].opacity = isCover(static_cast<anatomy::Layer>(layer)) ? 0.0f : 1.0f;
            }
        }
        if (recipe.cellsOnly) input.hidden.assign(structures, 1);
    };
}

struct FrameTimes {
    std::vector<double> wallMs;
    double processorMs = 0; ///< mean of all threads together
};

/// Times of each frame for about `seconds`.
FrameTimes timeFrames(BenchStage& stage, double seconds, const BenchStage::Change& change) {
    FrameTimes times;
    for (int i = 0; i < kWarmUpFrames; ++i) stage.frame(kTickS, change);
    stage.finish();
    const auto processor = processorNs();
    const auto begin = monotonicNs();
    auto last = begin;
    while (times.wallMs.size() < kFewestFrames || static_cast<double>(last - begin) * 1e-9 < seconds) {
        stage.frame(kTickS, change);
        const auto now = monotonicNs();
        times.wallMs.push_back(static_cast<double>(now - last) * 1e-6);
        last = now;
    }
    stage.finish();
    times.processorMs =
        static_cast<double>(processorNs() - processor) * 1e-6 / static_cast<double>(times.wallMs.size());
    return times;
}

/// Median time of each pass, ms, measured apart: a timestamp makes a CPU driver finish what it has.
std::map<std::string, double> timePasses(BenchStage& stage, const BenchStage::Change& change) {
    auto& ring = stage.graphics().ring();
    ring.setTimestamps(true);
    std::map<std::string, std::vector<double>> all;
    for (int i = 0; i < kPassFrames; ++i) {
        stage.frame(kTickS, change);
        if (i < static_cast<int>(ring.framesInFlight())) continue;
        std::map<std::string, double> sums; // a name may occur more than once in a frame
        for (const auto& pass : ring.passTimes()) sums[pass.name] += pass.milliseconds;
        for (const auto& [name, ms] : sums) all[name].push_back(ms);
    }
    std::map<std::string, double> medians;
    for (const auto& [name, values] : all) medians[name] = quantile(values, 0.5);
    return medians;
}

Json qualityReport(const render::QualitySettings& quality) {
    return {{"detail", kBenchDetails[static_cast<std::size_t>(quality.detail)]},
            {"samples", quality.samples},
            {"renderScale", rounded(static_cast<double>(quality.renderScale), 2)},
            {"tier", quality.tier == render::Tier::Software ? "software" : "gpu"}};
}

void addGoal(Json& report, const BenchWorkload& workload, double fps) {
    if (workload.mustFps <= 0) return;
    report["goalFps"] = {{"must", workload.mustFps},
                         {"aim", workload.aimFps},
                         {"reached", fps >= workload.aimFps    ? "aim"
                                     : fps >= workload.mustFps ? "must"
                                                               : "no"}};
}

/// Time until a still picture has all its samples, s; nothing when the quality does not accumulate.
std::optional<double> secondsToRest(BenchStage& stage) {
    const auto& quality = stage.graphics().renderer().quality();
    if (!quality.accumulate) return std::nullopt;
    const auto begin = monotonicNs();
    for (std::uint32_t i = 0; i < quality.accumulation * 4; ++i) {
        stage.frame(kTickS);
        if (stage.graphics().renderer().stats().accumulatedSamples >= quality.accumulation) {
            stage.finish();
            return static_cast<double>(monotonicNs() - begin) * 1e-9;
        }
    }
    return std::nullopt;
}

Json runDrawing(const BenchWorkload& workload, const BenchDesc& desc) {
    const Recipe recipe = recipeOf(workload.id);
    const bool automatic = workload.id == "default";
    StageDesc stageDesc{.options = desc.options, .window = desc.window, .panel = recipe.panel};
    stageDesc.options.settings.paused = !recipe.moving;
    if (!automatic) stageDesc.comparison = Comparison{desc.detail, recipe.samples, recipe.cells};
    BenchStage stage(stageDesc);
    const auto change = automatic ? BenchStage::Change{} : changeOf(recipe, stage.structures());
    if (automatic) timeFrames(stage, desc.seconds, change); // until the quality has settled
    const auto times = timeFrames(stage, desc.seconds, change);
    Json report = frameTimeReport(times.wallMs);
    report["processorMsPerFrame"] = rounded(times.processorMs, 2);
    addGoal(report, workload, 1000 / quantile(times.wallMs, 0.5));
    const auto& stats = stage.graphics().renderer().stats();
    report["triangles"] = stats.triangles;
    report["vertices"] = stats.vertices;
    report["particles"] = stats.particles;
    report["quality"] = qualityReport(stage.graphics().renderer().quality());
    if (workload.id == "A4x") {
        if (const auto rest = secondsToRest(stage)) report["secondsToAllSamplesAtRest"] = rounded(*rest, 3);
    }
    if (stage.device().device().facts().timestamps) {
        Json passes = Json::object();
        double bloodMs = 0;
        for (const auto& [name, ms] : timePasses(stage, change)) {
            passes[name] = rounded(ms, 3);
            if (name.starts_with("blood")) bloodMs += ms;
        }
        report["passesMs"] = passes;
        if (stats.particles > 0) report["nsPerParticle"] = rounded(bloodMs * 1e6 / stats.particles, 1);
    }
    report["window"] = stage.windowed();
    report["device"] = stage.device().describe();
    return report;
}

/// Time of the deformation by vertices, a walking leg with all layers shown; a straight line through the
/// three levels: what a vertex costs, and what the deformation costs without any.
Json runDeformation(const BenchDesc& desc) {
    Json levels = Json::array();
    double sumX = 0, sumY = 0, sumXx = 0, sumXy = 0, worst = 0;
    std::vector<std::pair<double, double>> points;
    for (const auto detail :
         {anatomy::DetailLevel::High, anatomy::DetailLevel::Middle, anatomy::DetailLevel::Low}) {
        StageDesc stageDesc{.options = desc.options, .window = desc.window};
        stageDesc.options.settings.movement.movement = "walking";
        stageDesc.comparison = Comparison{detail, 1, 0};
        BenchStage stage(stageDesc);
        if (!stage.device().device().facts().timestamps) return {{"timestamps", false}};
        const auto passes = timePasses(stage, [](scene::RenderInput& input, std::uint64_t) {
            for (auto& layer : input.layers) layer.opacity = 1;
        });
        double ms = 0;
        for (const auto& [name, time] : passes)
            if (name.starts_with("deform")) ms += time;
        const double vertices = stage.graphics().renderer().stats().vertices;
        points.emplace_back(vertices, ms);
        sumX += vertices, sumY += ms, sumXx += vertices * vertices, sumXy += vertices * ms;
        levels.push_back({{"detail", kBenchDetails[static_cast<std::size_t>(detail)]},
                          {"vertices", vertices},
                          {"ms", rounded(ms, 3)},
                          {"nsPerVertex", rounded(ms * 1e6 / std::max(vertices, 1.0), 1)}});
    }
    const double n = 3, slope = (n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX),
                 base = (sumY - slope * sumX) / n;
    for (const auto& [vertices, ms] : points)
        worst = std::max(worst, std::abs(base + slope * vertices - ms) / ms);
    return {{"levels", levels},
            {"line",
             {{"nsPerVertex", rounded(slope * 1e6, 1)},
              {"baseMs", rounded(base, 3)},
              {"largestDeviation", rounded(worst, 3)}}}};
}

/// What the window command does until its first frame is on the screen.
Json runStart(const BenchDesc& desc) {
    StageDesc stageDesc{.options = desc.options, .window = desc.window, .panel = true};
    BenchStage stage(stageDesc);
    stage.frame(0);
    stage.finish();
    return {{"firstFrameNs", monotonicNs()},
            {"processorMs", rounded(static_cast<double>(processorNs()) * 1e-6, 1)},
            {"window", stage.windowed()}};
}

/// Median processor time of a step, ns, over about `seconds`. One thread: what else the machine does, does
/// not count.
double stepNs(physiology::Simulation& simulation, double seconds) {
    constexpr int kBatch = 200;
    for (int i = 0; i < 2 * kBatch; ++i) simulation.step();
    std::vector<double> batches;
    const auto begin = monotonicNs();
    while (static_cast<double>(monotonicNs() - begin) * 1e-9 < seconds) {
        const auto start = processorNs();
        for (int i = 0; i < kBatch; ++i) simulation.step();
        batches.push_back(static_cast<double>(processorNs() - start) / kBatch);
    }
    return quantile(batches, 0.5);
}

Json runSimulation(const BenchDesc& desc) {
    physiology::SimulationSettings settings;
    settings.movement = desc.options.settings.movement;
    physiology::Simulation simulation(desc.options.assets, settings);
    const double ns = stepNs(simulation, desc.seconds);
    Json report{{"segments", simulation.snapshot().segments.size()},
                {"stepMs", simulation.settings().stepS * 1000},
                {"nsPerStep", rounded(ns, 0)},
                {"simulatedSecondsPerSecond", rounded(simulation.settings().stepS * 1e9 / ns, 1)},
                {"goal", {{"must", 500}, {"aim", 1000}}}};
    // The same leg cut finer: about 4, 16 and 34 times as many segments.
    Json finer = Json::array();
    for (const int cells : {1, 4, 18, 38}) {
        settings.cells = cells;
        physiology::Simulation fine(desc.options.assets, settings);
        const auto count = static_cast<double>(fine.network().segments.size());
        const double each = stepNs(fine, 0.25 * desc.seconds);
        finer.push_back({{"segments", count},
                         {"nsPerStep", rounded(each, 0)},
                         {"nsPerStepAndSegment", rounded(each / count, 1)}});
    }
    report["bySegments"] = finer;
    settings.cells = 1;
    settings.movement = {.movement = "sitting-still"};
    physiology::Simulation seated(desc.options.assets, settings);
    constexpr double kFourHours = 4 * 3600;
    const auto begin = monotonicNs();
    seated.fastForward(kFourHours);
    report["fourHoursSitting"] = {{"seconds", rounded(static_cast<double>(monotonicNs() - begin) * 1e-9, 3)},
                                  {"swellingMl", rounded(seated.snapshot().swellingMl, 1)},
                                  {"goal", {{"must", 10}}}};
    return report;
}

} // namespace

nlohmann::ordered_json runBenchWorkload(const BenchWorkload& workload, const BenchDesc& desc) {
    Json report;
    if (workload.id == "simulation") {
        report = runSimulation(desc);
    } else if (workload.id == "V") {
        report = runDeformation(desc);
    } else if (workload.id == "D") {
        report = runStart(desc);
    } else {
        report = runDrawing(workload, desc);
    }
    if (const auto peak = peakMemoryMb()) report["peakMemoryMb"] = *peak;
    return report;
}

} // namespace pump::app
