#include "render/Renderer.h"

#include "render/DrawList.h"
#include "render/PassContext.h"
#include "render/Passes.h"
#include "render/passes/BloodPass.h"

#include "core/Error.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <malloc.h>

namespace pump::render {

namespace {

/// Halton sequence: sample places in a pixel that fill it evenly at every count.
float halton(std::uint32_t index, std::uint32_t base) {
    float result = 0, digit = 1;
    for (; index > 0; index /= base) {
        digit /= static_cast<float>(base);
        result += digit * static_cast<float>(index % base);
    }
    return result;
}

template <typename T>
gpu::BufferSlice uploadTable(gpu::Frame& frame, const std::vector<T>& values) {
    if (!values.empty()) return frame.upload(std::span<const T>(values));
    const T one{};
    return frame.uploadValue(one);
}

/// What the picture depends on besides the state that `still` speaks of.
struct Look {
    glm::mat4 view{0}, projection{0};
    std::array<scene::LayerLook, anatomy::kLayerCount> layers{};
    std::vector<std::uint8_t> hidden;
    int highlighted = -1;
    float exaggeration = 1;
    bool heat = false;
    std::size_t props = 0;
    glm::ivec4 area{};

    explicit Look(const scene::RenderInput& input)
        : view(input.camera.view),
          projection(input.camera.projection),
          layers(input.layers),
          hidden(input.hidden),
          highlighted(input.highlighted),
          exaggeration(input.exaggeration),
          heat(input.activationHeat),
          props(input.props.size() + 1000 * input.surroundings.size()),
          area(input.area) {}
    Look() = default;
    bool operator==(const Look& other) const {
        const auto sameOpacity = [](scene::LayerLook a, scene::LayerLook b) {
            return a.opacity == b.opacity;
        };
        return view == other.view && projection == other.projection && hidden == other.hidden &&
               highlighted == other.highlighted && heat == other.heat && props == other.props &&
               area == other.area && exaggeration == other.exaggeration &&
               std::equal(layers.begin(), layers.end(), other.layers.begin(), sameOpacity);
    }
};

} // namespace

namespace {

/// The pixels that show; empty or outside: all of the picture.
VkRect2D shownOf(glm::ivec4 area, VkExtent2D extent) {
    const glm::ivec2 size(extent.width, extent.height);
    const glm::ivec2 low = glm::clamp(glm::ivec2(area), glm::ivec2(0), size);
    const glm::ivec2 high = glm::clamp(glm::ivec2(area) + glm::ivec2(area.z, area.w), low, size);
    if (high.x == low.x || high.y == low.y) return {{0, 0}, extent};
    return {{low.x, low.y},
            {static_cast<std::uint32_t>(high.x - low.x), static_cast<std::uint32_t>(high.y - low.y)}};
}

/// Whole pixels of a picture of another size that cover the area.
VkRect2D scaledArea(const VkRect2D& area, VkExtent2D from, VkExtent2D to) {
    const auto along = [](std::int32_t offset, std::uint32_t size, std::uint32_t all, std::uint32_t other) {
        const std::int64_t end = std::int64_t{offset} + size;
        const std::int64_t low = std::int64_t{offset} * other / all, high = (end * other + all - 1) / all;
        return std::pair(static_cast<std::int32_t>(low), static_cast<std::uint32_t>(high - low));
    };
    const auto [x, width] = along(area.offset.x, area.extent.width, from.width, to.width);
    const auto [y, height] = along(area.offset.y, area.extent.height, from.height, to.height);
    return {{x, y}, {width, height}};
}

/// All that the deformation depends on: while it stays the same, so do the vertices.
std::vector<std::byte> deformKey(const LegDevice& leg, const FrameTables& tables, float exaggeration) {
    std::vector<std::byte> key;
    auto add = [&key](const auto& values) {
        const auto bytes = std::as_bytes(std::span(values));
        key.insert(key.end(), bytes.begin(), bytes.end());
    };
    add(std::array<const LegDevice*, 1>{&leg});
    add(std::array<float, 1>{exaggeration});
    add(tables.joints);
    add(tables.musclePoses);
    add(tables.flows);
    add(tables.valves);
    add(std::array<shared::SkinInput, 1>{tables.skin});
    std::vector<std::uint32_t> hidden;
    for (const shared::StructureState& state : tables.structures)
        hidden.push_back(state.flags & shared::kStructureHidden);
    add(hidden);
    return key;
}

} // namespace

struct Renderer::State {
    explicit State(const RendererDesc& desc);

    std::size_t nearestLevel(anatomy::DetailLevel level) const; ///< that there is
    LegDevice& leg();
    void makeBlood();
    void makeTargets();
    void render(gpu::Frame& frame, const scene::RenderInput& input);
    void draw(const PassContext& context, const DrawList& list);
    FrameSlices upload(gpu::Frame& frame, const FrameTables& tables, const shared::FrameConstants& constants);
    bool scaled() const { return m_inner.width != extent.width || m_inner.height != extent.height; }
    VkSampleCountFlagBits samples() const { return device.samples(quality.samples); }
    bool multisampled() const { return samples() != VK_SAMPLE_COUNT_1_BIT; }

    const gpu::Device& device;
    const gpu::ShaderLibrary& shaders;
    std::array<const anatomy::LegModel*, 3> legs;
    QualitySettings quality;
    VkExtent2D extent;
    VkExtent2D m_inner{};
    std::uint32_t seed;

    std::array<std::unique_ptr<LegDevice>, 3> devices;
    std::shared_ptr<Passes> passes;
    std::unique_ptr<BloodPass> blood;
    gpu::Image picture, inner, multisampledColor, depth;
    std::uint64_t pictureNumber = 0;
    RenderStats stats;
    Look lastLook;
    std::vector<std::byte> lastDeformed; ///< key of what is in the buffers
    std::uint32_t accumulated = 0;       ///< jittered samples in the picture
};

Renderer::State::State(const RendererDesc& desc)
    : device(desc.device),
      shaders(desc.shaders),
      legs(desc.legs),
      quality(desc.quality),
      extent(desc.extent),
      seed(desc.seed) {
    if (std::all_of(legs.begin(), legs.end(), [](const auto* leg) { return leg == nullptr; }))
        throw core::Error(core::ErrorKind::Asset, "there is no leg to draw");
    // What does not need them is made while the passes are.
    const auto coming = desc.passes.valid() ? desc.passes : preparePasses(device, shaders, quality);
    leg();
    makeBlood();
    passes = coming.get();
    if (passes->samples != samples()) passes->makeDrawing(shaders, samples());
    makeTargets();
}

std::size_t Renderer::State::nearestLevel(anatomy::DetailLevel level) const {
    const auto wanted = static_cast<int>(level);
    for (const int step : {0, -1, 1, -2, 2}) {
        const int i = wanted + step;
        if (i >= 0 && i < 3 && legs[static_cast<std::size_t>(i)]) return static_cast<std::size_t>(i);
    }
    return 0;
}

LegDevice& Renderer::State::leg() {
    const std::size_t level = nearestLevel(quality.detail);
    std::unique_ptr<LegDevice>& slot = devices[level];
    if (!slot) {
        slot = std::make_unique<LegDevice>(device, *legs[level]);
        slot->dropMesh();
        ::malloc_trim(0); // tables and staging are larger than what stays
    }
    return *slot;
}

void Renderer::State::makeBlood() {
    blood = std::make_unique<BloodPass>(BloodPassDesc{.device = device,
                                                      .shaders = shaders,
                                                      .leg = *legs[nearestLevel(anatomy::DetailLevel::Low)],
                                                      .tier = quality.tier,
                                                      .cells = quality.particles,
                                                      .seed = seed,
                                                      .samples = samples()});
}

void Renderer::State::makeTargets() {
    const float scale = std::clamp(quality.renderScale, 0.25f, 1.0f);
    auto scaledSize = [scale](std::uint32_t size) {
        return std::max(1u, static_cast<std::uint32_t>(std::lround(static_cast<float>(size) * scale)));
    };
    m_inner = {scaledSize(extent.width), scaledSize(extent.height)};
    constexpr VkImageUsageFlags kPicture = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT |
                                           VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT |
                                           VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_STORAGE_BIT;
    picture =
        gpu::Image(device, {.name = "picture", .extent = extent, .format = kColorFormat, .usage = kPicture});
    inner = {};
    if (scaled())
        inner = gpu::Image(device,
                           {.name = "scaled picture",
                            .extent = m_inner,
                            .format = kColorFormat,
                            .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT});
    multisampledColor = {};
    if (multisampled())
        multisampledColor = gpu::Image(device, {.name = "multisampled colour",
                                                .extent = m_inner,
                                                .format = kColorFormat,
                                                .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT,
                                                .samples = samples()});
    depth = gpu::Image(device, {.name = "depth",
                                .extent = m_inner,
                                .format = kDepthFormat,
                                .usage = VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT,
                                .samples = samples()});
    ++pictureNumber;
    passes->accumulate.resize(device, extent);
    accumulated = 0;
}

FrameSlices Renderer::State::upload(gpu::Frame& frame, const FrameTables& tables,
                                    const shared::FrameConstants& constants) {
    FrameSlices slices;
    slices.constants = frame.uploadValue(constants);
    slices.joints = uploadTable(frame, tables.joints);
    slices.muscleHeaders = uploadTable(frame, tables.muscles);
    slices.musclePoses = uploadTable(frame, tables.musclePoses);
    slices.flows = uploadTable(frame, tables.flows);
    slices.valves = uploadTable(frame, tables.valves);
    slices.structures = uploadTable(frame, tables.structures);
    slices.skin = frame.uploadValue(tables.skin);
    return slices;
}

void Renderer::State::draw(const PassContext& context, const DrawList& list) {
    gpu::CommandRecorder& commands = context.commands;
    passes->mesh->prepare(context);
    blood->prepare(context);
    gpu::RenderingDesc rendering;
    rendering.colors = {{.image = context.targets.color,
                         .clear = VkClearColorValue{{0.1f, 0.12f, 0.15f, 1}},
                         .resolve = context.targets.resolve,
                         .store = context.targets.resolve == nullptr}};
    rendering.depth = gpu::DepthAttachment{.image = context.targets.depth, .clear = 1.0f, .store = false};
    rendering.area = context.targets.area;
    commands.beginRendering(rendering);
    passes->mesh->drawBackground(context);
    passes->props->drawBehind(context);
    passes->mesh->drawSolid(context, list);
    blood->draw(context);
    passes->mesh->drawGhosts(context, list);
    passes->props->drawAmong(context);
    passes->mesh->drawOutline(context, list);
    commands.endRendering();
    stats.triangles = list.triangles;
    stats.structures = list.structures;
}

void Renderer::State::render(gpu::Frame& frame, const scene::RenderInput& input) {
    LegDevice& shown = leg();
    passes->pick.collect(frame.index(), shown.leg);
    const Look look(input);
    const bool still = input.still && look == lastLook;
    lastLook = look;
    if (!still) accumulated = 0;
    const bool refine = still && quality.accumulate;
    const bool complete = refine && accumulated >= quality.accumulation;
    glm::vec2 jitter(0);
    if (refine) jitter = {halton(accumulated + 1, 2) - 0.5f, halton(accumulated + 1, 3) - 0.5f};

    const FrameTables tables = makeFrameTables(shown.leg, shown.tables, shown.poser, input);
    shared::FrameConstants constants = frameConstants(input, shown.tables, {m_inner, extent}, jitter);
    Targets targets;
    const gpu::Image& target = scaled() ? inner : picture;
    targets.color = multisampled() ? &multisampledColor : &target;
    targets.resolve = multisampled() ? &target : nullptr;
    targets.depth = &depth;
    targets.extent = m_inner;
    const VkRect2D shownArea = shownOf(input.area, extent);
    targets.area = scaledArea(shownArea, extent, m_inner);
    targets.samples = samples();
    const PassContext context{
        frame,   frame.commands(), input, tables, constants, shown, upload(frame, tables, constants),
        targets, quality};
    stats.particles = blood->flow().cells();
    if (!complete) {
        if (std::vector<std::byte> key = deformKey(shown, tables, input.exaggeration); key != lastDeformed) {
            passes->deform.record(context);
            lastDeformed = std::move(key);
        }
        stats.vertices = passes->deform.vertices();
        blood->advance(frame, input);
        // At rest there is time for light in each pixel.
        const bool lightVertices = device.facts().software && !refine;
        DrawList list = makeDrawList(shown.leg, shown.tables.edges, tables, constants, lightVertices);
        if (device.facts().software) passes->cull.record(context, list);
        draw(context, list);
        if (scaled())
            context.commands.blit(inner, targets.area, picture, scaledArea(targets.area, m_inner, extent));
        if (refine) {
            ++accumulated;
            passes->accumulate.record(context.commands, picture, shownArea, accumulated);
        }
    }
    if (complete) passes->accumulate.restore(context.commands, picture, shownArea, accumulated);
    stats.accumulatedSamples = refine ? accumulated : 1;
    passes->pick.record(context, frame.index());
}

PassesToCome preparePasses(const gpu::Device& device, const gpu::ShaderLibrary& shaders,
                           const QualitySettings& quality) {
    return std::async(std::launch::async, [&device, &shaders, samples = device.samples(quality.samples)] {
        return std::make_shared<Passes>(device, shaders, samples);
    });
}

Renderer::Renderer(const RendererDesc& desc) : m_state(std::make_unique<State>(desc)) {}
Renderer::~Renderer() {
    if (m_state) vkDeviceWaitIdle(m_state->device.handle());
}
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;

void Renderer::resize(VkExtent2D extent) {
    if (extent.width == m_state->extent.width && extent.height == m_state->extent.height) return;
    m_state->device.waitIdle();
    m_state->extent = {std::max(extent.width, 1u), std::max(extent.height, 1u)};
    m_state->makeTargets();
}

void Renderer::setQuality(const QualitySettings& quality) {
    if (quality == m_state->quality) return;
    m_state->device.waitIdle();
    const QualitySettings before = m_state->quality;
    m_state->quality = quality;
    if (quality.samples != before.samples) m_state->passes->makeDrawing(m_state->shaders, m_state->samples());
    if (quality.samples != before.samples || quality.particles != before.particles ||
        quality.tier != before.tier)
        m_state->makeBlood();
    m_state->makeTargets();
    m_state->leg();
}

void Renderer::setLegs(const std::array<const anatomy::LegModel*, 3>& legs) {
    m_state->legs = legs;
}

const QualitySettings& Renderer::quality() const {
    return m_state->quality;
}
void Renderer::render(gpu::Frame& frame, const scene::RenderInput& input) {
    m_state->render(frame, input);
}
void Renderer::carryBlood(gpu::Frame& frame, const scene::RenderInput& input) {
    m_state->blood->advance(frame, input);
}
const gpu::Image& Renderer::image() const {
    return m_state->picture;
}
std::uint64_t Renderer::imageNumber() const {
    return m_state->pictureNumber;
}
const scene::PickResult& Renderer::pick() const {
    return m_state->passes->pick.result();
}
const RenderStats& Renderer::stats() const {
    return m_state->stats;
}
void Renderer::resetBlood() {
    m_state->blood->reset();
}

} // namespace pump::render
